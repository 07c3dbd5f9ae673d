//! Checks whether writing works again by retrying a small write of each kind that failed.

use std::{
    io::{self, Write},
    sync::{Arc, atomic::Ordering},
};

use super::{
    write_health::{Kinds, WriteHealth},
    writer::Writer,
};
use crate::{background, photos::Photos};

/// Size of the test file: retrying is only worthwhile if this much fits.
const ATTEMPT_BYTES: usize = 1 << 20;

/// Returns what cannot be done at the moment, as a sentence. It retries a small write of each kind that
/// failed last; one caller at a time does so.
pub async fn hindrance(health: &WriteHealth, photos: &Arc<Photos>, writer: &Writer) -> Option<&'static str> {
    let Kinds { writing, temporary, trying } = &*health.0;
    if !writing.load(Ordering::Relaxed) && !temporary.load(Ordering::Relaxed) {
        return None;
    }
    let Ok(_trying) = trying.try_lock() else {
        return Some("the server is retrying a failed write");
    };
    if writing.load(Ordering::Relaxed) {
        let photos = Arc::clone(photos);
        let has_room = background::run("photo", move || photos.attempt()).await;
        if !matches!(has_room, Ok(Ok(()))) || writer.probe().await.is_err() {
            return Some(
                "nothing can be written now: the disk is full, or another program has locked the store",
            );
        }
        health.note(false);
    }
    if temporary.load(Ordering::Relaxed) {
        if !matches!(background::run("temporary", attempt).await, Ok(Ok(()))) {
            return Some(
                "temporary files cannot be created at the moment: workbooks, archives and GeoPackages are stored \
                 and read later",
            );
        }
        health.note_temporary(false);
    }
    None
}

/// Writes a temporary file and removes it.
fn attempt() -> io::Result<()> {
    tempfile::tempfile()?.write_all(&vec![b'.'; ATTEMPT_BYTES])
}
