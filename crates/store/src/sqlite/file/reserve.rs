//! Disk space reserved for the next start.
//!
//! `SQLite` creates an index of its log (`-shm`, 32 KiB) when a store is opened, and removes it when the
//! store is closed cleanly. On a full disk it could not be created, and not even reading would be possible.
//! So a small file is kept beside the store; it is deleted when a start finds no room, and created again once
//! there is some.

use std::{
    fs::{self, OpenOptions},
    io::{self, Write},
    path::Path,
};

use crate::sqlite::file::names::beside;

/// Bytes of the file: the index of the log, and a little for the first writes.
const BYTES: u64 = 64 << 10;

/// Bytes added at a time: if there is not enough room for all, reserve as much as possible.
const PIECE: usize = 4 << 10;

const ENDING: &str = "-reserve";

/// Reserves the space.
///
/// # Errors
/// If there is not enough; the part that fits is kept.
pub(crate) fn keep(path: &Path) -> io::Result<()> {
    let mut file = OpenOptions::new().create(true).append(true).open(beside(path, ENDING))?;
    let mut length = file.metadata()?.len();
    if length >= BYTES {
        return Ok(());
    }
    while length < BYTES {
        // Not zeros: some file systems store those without using space.
        if let Err(error) = file.write_all(&[b'.'; PIECE]) {
            file.set_len(length)?;
            return Err(error);
        }
        length += PIECE as u64;
    }
    file.sync_all()
}

/// Frees the reserved space; returns `false` if there was none.
pub(crate) fn release(path: &Path) -> bool {
    fs::remove_file(beside(path, ENDING)).is_ok()
}
