//! Whether what was to be written last could be: `/readyz` tells, and finds out when it is over.

use std::{
    io::{self, Write},
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
};

use tokio::sync::Mutex;

use crate::{app::App, behind};

/// What a temporary file must be able to hold, so that it is worth while to try again.
const ATTEMPT_BYTES: usize = 1 << 20;

/// Trouble with writing, shared by all who write.
#[derive(Clone, Debug, Default)]
pub struct Trouble(Arc<Kinds>);

#[derive(Debug, Default)]
struct Kinds {
    /// With records and photos.
    writing: AtomicBool,
    /// With temporary files.
    temporary: AtomicBool,
    trying: Mutex<()>,
}

impl Trouble {
    /// Something could not be written, or could again.
    pub fn note(&self, is_there: bool) {
        note(&self.0.writing, is_there);
    }

    /// A temporary file could not be made or written, or could again.
    pub fn note_temporary(&self, is_there: bool) {
        note(&self.0.temporary, is_there);
    }
}

/// The same over and over: what all processors share is written only when it changes.
fn note(kind: &AtomicBool, is_there: bool) {
    if kind.load(Ordering::Relaxed) != is_there {
        kind.store(is_there, Ordering::Relaxed);
    }
}

impl App {
    /// What cannot be done just now, as a sentence. What failed last is tried again, a little of each; only one at
    /// a time does that.
    pub(crate) async fn hindrance(self: &Arc<Self>) -> Option<&'static str> {
        let Kinds { writing, temporary, trying } = &*self.trouble.0;
        if !writing.load(Ordering::Relaxed) && !temporary.load(Ordering::Relaxed) {
            return None;
        }
        let Ok(_trying) = trying.try_lock() else {
            return Some("what could not be written before is being tried again");
        };
        if writing.load(Ordering::Relaxed) {
            let photos = Arc::clone(&self.photos);
            let has_room = behind::run("photo", move || photos.attempt()).await;
            if !matches!(has_room, Ok(Ok(()))) || self.writer.probe().await.is_err() {
                return Some(
                    "nothing can be written just now: the disk is full, or another program holds the store",
                );
            }
            self.trouble.note(false);
        }
        if temporary.load(Ordering::Relaxed) {
            if !matches!(behind::run("temporary", attempt).await, Ok(Ok(()))) {
                return Some(
                    "temporary files cannot be made just now: workbooks, archives and GeoPackages are kept and \
                     wait to be read",
                );
            }
            self.trouble.note_temporary(false);
        }
        None
    }
}

/// Writes a temporary file, and removes it.
fn attempt() -> io::Result<()> {
    tempfile::tempfile()?.write_all(&vec![b'.'; ATTEMPT_BYTES])
}
