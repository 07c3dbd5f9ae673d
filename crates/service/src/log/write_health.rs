//! Whether the last writes succeeded.

use std::sync::{
    Arc,
    atomic::{AtomicBool, Ordering},
};

use tokio::sync::Mutex;

/// Whether writing works, shared by all writers.
#[derive(Clone, Debug, Default)]
pub struct WriteHealth(pub(super) Arc<Kinds>);

#[derive(Debug, Default)]
pub(super) struct Kinds {
    /// Records and photos.
    pub(super) writing: AtomicBool,
    /// Temporary files.
    pub(super) temporary: AtomicBool,
    pub(super) trying: Mutex<()>,
}

impl WriteHealth {
    /// Records whether writing is failing.
    pub fn note(&self, is_failing: bool) {
        note(&self.0.writing, is_failing);
    }

    /// Records whether temporary files are failing.
    pub fn note_temporary(&self, is_failing: bool) {
        note(&self.0.temporary, is_failing);
    }
}

/// Store only changes, because all processors share this value.
fn note(kind: &AtomicBool, is_failing: bool) {
    if kind.load(Ordering::Relaxed) != is_failing {
        kind.store(is_failing, Ordering::Relaxed);
    }
}
