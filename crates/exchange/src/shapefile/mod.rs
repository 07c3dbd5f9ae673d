//! A Shapefile in a zip archive: shapes (`.shp`) and attributes (`.dbf`) are unpacked in parallel, one row of
//! each at a time.

mod dbf;
mod encoding;
mod names;
mod read;
mod shp;

use std::io::{self, Read};

pub(crate) use read::read_shapefile;

use crate::error::ReadError;

/// Fills the buffer from a file of the archive.
fn fill(input: &mut impl Read, row: u64, buffer: &mut [u8]) -> Result<(), ReadError> {
    input.read_exact(buffer).map_err(|source| unreadable(row, source))
}

/// Skips this many bytes.
fn skip(input: &mut impl Read, row: u64, length: u64) -> Result<(), ReadError> {
    let skipped = io::copy(&mut input.take(length), &mut io::sink()).map_err(|s| unreadable(row, s))?;
    if skipped == length { Ok(()) } else { Err(broken(row, "a file in the archive is truncated")) }
}

/// Reads to the end, which verifies the checksum of the file.
fn finish(input: &mut impl Read, row: u64) -> Result<(), ReadError> {
    io::copy(input, &mut io::sink()).map(drop).map_err(|source| unreadable(row, source))
}

fn unreadable(row: u64, source: io::Error) -> ReadError {
    match source.kind() {
        io::ErrorKind::UnexpectedEof => broken(row, "a file in the archive is truncated"),
        io::ErrorKind::InvalidData | io::ErrorKind::InvalidInput => broken(row, source.to_string()),
        _ => ReadError::Io { row, source },
    }
}

fn broken(row: u64, reason: impl Into<String>) -> ReadError {
    ReadError::Broken { row, reason: reason.into() }
}
