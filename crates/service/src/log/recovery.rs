//! Whether writing works again: what failed last is tried, a little of each.

use std::{
    io::{self, Write},
    sync::{Arc, atomic::Ordering},
};

use super::{
    write_health::{Kinds, WriteHealth},
    writer::Writer,
};
use crate::{background, photos::Photos};

/// What a temporary file must be able to hold, so that it is worth while to try again.
const ATTEMPT_BYTES: usize = 1 << 20;

/// What cannot be done just now, as a sentence. What failed last is tried again, a little of each; only one at
/// a time does that.
pub async fn hindrance(health: &WriteHealth, photos: &Arc<Photos>, writer: &Writer) -> Option<&'static str> {
    let Kinds { writing, temporary, trying } = &*health.0;
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
        health.note(false);
    }
    if temporary.load(Ordering::Relaxed) {
        if !matches!(background::run("temporary", attempt).await, Ok(Ok(()))) {
            return Some(
                "temporary files cannot be made just now: workbooks, archives and GeoPackages are kept and \
                 wait to be read",
            );
        }
        health.note_temporary(false);
    }
    None
}

/// Writes a temporary file, and removes it.
fn attempt() -> io::Result<()> {
    tempfile::tempfile()?.write_all(&vec![b'.'; ATTEMPT_BYTES])
}
