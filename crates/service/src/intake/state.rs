//! What the intake works with: the atlas, the store, and what is being judged.

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

/// Large uploads that are judged and committed at once. Unpacked and judged, one takes up to some
/// 400 MiB; small ones need no place and share commits freely.
const LARGE_AT_ONCE: usize = 2;

/// At most this many forms, each of another record, are judged at once.
const N_TURNS: usize = 64;

/// The one way in.
pub struct Intake {
    /// Everything derived.
    pub atlas: Arc<Atlas>,
    /// The store, to be read.
    pub readers: Readers,
    /// The store, to be written.
    pub writer: Writer,
    /// Where new records start in review.
    pub policy: Policy,
    /// The memory of what is being judged.
    pub memory: Memory,
    /// Whether temporary files can be written.
    pub health: WriteHealth,
    /// The places of large uploads.
    pub(super) large: Arc<Semaphore>,
    /// The uploads that are being judged.
    at_work: Mutex<HashSet<Uuid>>,
    /// Forms about one record are judged one after the other: what one adds, the next has to know of.
    turns: [Turns; N_TURNS],
}

type Turns = tokio::sync::Mutex<()>;

/// The turn of a record, given back when it goes.
pub type Turn<'a> = tokio::sync::MutexGuard<'a, ()>;

impl Intake {
    /// Nothing is being judged yet.
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

    /// Waits until no other form about a record is being judged.
    pub(super) async fn turn(&self, record: Uuid) -> Turn<'_> {
        // The last byte of an id is made at random.
        self.turns[usize::from(record.as_bytes()[15]) % N_TURNS].lock().await
    }

    fn at_work(&self) -> MutexGuard<'_, HashSet<Uuid>> {
        self.at_work.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A place at work on an upload, given back when it goes.
pub(super) struct AtWork(Arc<Intake>, Uuid);

impl AtWork {
    /// None when it is at work already.
    pub(super) fn begin(intake: &Arc<Intake>, id: Uuid) -> Option<Self> {
        intake.at_work().insert(id).then(|| Self(Arc::clone(intake), id))
    }
}

impl Drop for AtWork {
    fn drop(&mut self) {
        self.0.at_work().remove(&self.1);
    }
}
