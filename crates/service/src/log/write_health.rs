//! Whether what was to be written last could be.

use std::sync::{
    Arc,
    atomic::{AtomicBool, Ordering},
};

use tokio::sync::Mutex;

/// Whether writing works, shared by all who write.
#[derive(Clone, Debug, Default)]
pub struct WriteHealth(pub(super) Arc<Kinds>);

#[derive(Debug, Default)]
pub(super) struct Kinds {
    /// With records and photos.
    pub(super) writing: AtomicBool,
    /// With temporary files.
    pub(super) temporary: AtomicBool,
    pub(super) trying: Mutex<()>,
}

impl WriteHealth {
    /// Something could not be written, or could again.
    pub fn note(&self, is_failing: bool) {
        note(&self.0.writing, is_failing);
    }

    /// A temporary file could not be made or written, or could again.
    pub fn note_temporary(&self, is_failing: bool) {
        note(&self.0.temporary, is_failing);
    }
}

/// The same over and over: what all processors share is written only when it changes.
fn note(kind: &AtomicBool, is_failing: bool) {
    if kind.load(Ordering::Relaxed) != is_failing {
        kind.store(is_failing, Ordering::Relaxed);
    }
}
