//! Room that is kept for the next start.
//!
//! `SQLite` makes an index of its log (`-shm`, 32 KiB) when a store is opened, and takes it away when it
//! is closed in order. On a full disk it could not be made, and nobody could even read. So a small file
//! lies beside the store; it gives way when a start finds no room, and comes back once there is some.

use std::{
    fs::{self, OpenOptions},
    io::{self, Write},
    path::Path,
};

use crate::sqlite::file::names::beside;

/// Bytes of the file: the index of the log, and a little for what else is written first.
const BYTES: u64 = 64 << 10;

/// Bytes that are added at a time: where there is room for less than all, as much as there is.
const PIECE: usize = 4 << 10;

const ENDING: &str = "-reserve";

/// Sees to it that the room is kept.
///
/// # Errors
/// When there is not enough; what there is, is kept.
pub(crate) fn keep(path: &Path) -> io::Result<()> {
    let mut file = OpenOptions::new().create(true).append(true).open(beside(path, ENDING))?;
    let mut length = file.metadata()?.len();
    if length >= BYTES {
        return Ok(());
    }
    while length < BYTES {
        // No zeros: those need no room on some file systems.
        if let Err(error) = file.write_all(&[b'.'; PIECE]) {
            file.set_len(length)?;
            return Err(error);
        }
        length += PIECE as u64;
    }
    file.sync_all()
}

/// Gives the room back to the disk; false when there was none.
pub(crate) fn release(path: &Path) -> bool {
    fs::remove_file(beside(path, ENDING)).is_ok()
}
