//! The state of the intake: the atlas, the store, and the uploads being judged.

use std::{
    collections::HashSet,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use atlas::Atlas;
use tokio::sync::Semaphore;
use uuid::Uuid;

use crate::{
    access::Policy,
    log::{WriteHealth, Writer},
    memory::Memory,
    readers::Readers,
};

/// Large uploads that are judged and committed at once. Each takes up to about 400 MiB decoded and judged;
/// small uploads need no slot and share commits freely.
const LARGE_AT_ONCE: usize = 2;

/// Maximum number of forms, each of another record, that are judged at once.
const N_TURNS: usize = 64;

/// The single path for incoming data.
pub struct Intake {
    /// The derived data.
    pub atlas: Arc<Atlas>,
    /// Reads the store.
    pub readers: Readers,
    /// Writes to the store.
    pub writer: Writer,
    /// Sets the review state of new records.
    pub policy: Policy,
    /// The memory of messages being judged.
    pub memory: Memory,
    /// Whether temporary files can be written.
    pub health: WriteHealth,
    /// The slots of large uploads.
    pub(super) large: Arc<Semaphore>,
    /// The uploads being judged.
    at_work: Mutex<HashSet<Uuid>>,
    /// Judges forms about one record one after the other, because each must see what the previous one added.
    turns: [Turns; N_TURNS],
}

type Turns = tokio::sync::Mutex<()>;

/// The turn of a record; dropping it ends the turn.
pub type Turn<'a> = tokio::sync::MutexGuard<'a, ()>;

impl Intake {
    /// Creates an intake that is judging nothing yet.
    pub fn new(
        (atlas, readers, writer): (Arc<Atlas>, Readers, Writer),
        policy: Policy,
        health: WriteHealth,
    ) -> Self {
        Self {
            atlas,
            readers,
            writer,
            policy,
            memory: Memory::of_writers(),
            health,
            large: Arc::new(Semaphore::new(LARGE_AT_ONCE)),
            at_work: Mutex::default(),
            turns: std::array::from_fn(|_| Turns::default()),
        }
    }

    /// Waits until no other form about the record is being judged.
    pub(super) async fn turn(&self, record: Uuid) -> Turn<'_> {
        // The last byte of an id is random.
        self.turns[usize::from(record.as_bytes()[15]) % N_TURNS].lock().await
    }

    fn at_work(&self) -> MutexGuard<'_, HashSet<Uuid>> {
        self.at_work.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Marks an upload as being judged; dropping it ends that.
pub(super) struct AtWork(Arc<Intake>, Uuid);

impl AtWork {
    /// Returns `None` if the upload is being judged already.
    pub(super) fn begin(intake: &Arc<Intake>, id: Uuid) -> Option<Self> {
        intake.at_work().insert(id).then(|| Self(Arc::clone(intake), id))
    }
}

impl Drop for AtWork {
    fn drop(&mut self) {
        self.0.at_work().remove(&self.1);
    }
}
