//! Whether what was to be written last could be: `/readyz` tells, and finds out when it is over.

use std::{
    io::{self, Write},
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
};

use tokio::sync::Mutex;

use super::Writer;
use crate::{background, photos::Photos};

/// What a temporary file must be able to hold, so that it is worth while to try again.
const ATTEMPT_BYTES: usize = 1 << 20;

/// Whether writing works, shared by all who write.
#[derive(Clone, Debug, Default)]
pub struct WriteHealth(Arc<Kinds>);

#[derive(Debug, Default)]
struct Kinds {
    /// With records and photos.
    writing: AtomicBool,
    /// With temporary files.
    temporary: AtomicBool,
    trying: Mutex<()>,
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

impl WriteHealth {
    /// What cannot be done just now, as a sentence. What failed last is tried again, a little of each; only one at
    /// a time does that.
    pub async fn hindrance(&self, photos: &Arc<Photos>, writer: &Writer) -> Option<&'static str> {
        let Kinds { writing, temporary, trying } = &*self.0;
        if !writing.load(Ordering::Relaxed) && !temporary.load(Ordering::Relaxed) {
            return None;
        }
        let Ok(_trying) = trying.try_lock() else {
            return Some("what could not be written before is being tried again");
        };
        if writing.load(Ordering::Relaxed) {
            let photos = Arc::clone(photos);
            let has_room = background::run("photo", move || photos.attempt()).await;
            if !matches!(has_room, Ok(Ok(()))) || writer.probe().await.is_err() {
                return Some(
                    "nothing can be written just now: the disk is full, or another program holds the store",
                );
            }
            self.note(false);
        }
        if temporary.load(Ordering::Relaxed) {
            if !matches!(background::run("temporary", attempt).await, Ok(Ok(()))) {
                return Some(
                    "temporary files cannot be made just now: workbooks, archives and GeoPackages are kept and \
                     wait to be read",
                );
            }
            self.note_temporary(false);
        }
        None
    }
}

/// Writes a temporary file, and removes it.
fn attempt() -> io::Result<()> {
    tempfile::tempfile()?.write_all(&vec![b'.'; ATTEMPT_BYTES])
}
