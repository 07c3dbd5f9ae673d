//! Room that is kept for the next start.
//!
//! `SQLite` makes an index of its log (`-shm`, 32 KiB) when a store is opened, and takes it away when it
//! is closed in order. On a full disk it could not be made, and nobody could even read. So a small file
//! lies beside the store; it gives way when a start finds no room, and comes back once there is some.

use std::{
    fs::{self, File},
    io::{self, Write},
    path::Path,
};

use crate::lock::beside;

/// Bytes of the file: the index of the log, and a little for what else is written first.
const BYTES: usize = 64 << 10;

const ENDING: &str = "-reserve";

/// Sees to it that the room is kept.
///
/// # Errors
/// When there is none.
pub(crate) fn keep(path: &Path) -> io::Result<()> {
    let file = beside(path, ENDING);
    if file.metadata().is_ok_and(|about| about.len() == BYTES as u64) {
        return Ok(());
    }
    // Bytes that are no zeros: those need no room on some file systems.
    let made = File::create(&file).and_then(|mut made| {
        made.write_all(&[b'.'; BYTES])?;
        made.sync_all()
    });
    if made.is_err() {
        let _ = fs::remove_file(&file);
    }
    made
}

/// Gives the room back to the disk; false when there was none.
pub(crate) fn release(path: &Path) -> bool {
    fs::remove_file(beside(path, ENDING)).is_ok()
}
