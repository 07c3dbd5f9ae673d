//! The frame of a file: magic bytes, then buffers, each preceded by its length.

use std::io::{self, BufReader, Read};

use super::MAGIC;
use crate::error::ReadError;

/// The buffers of a file, one after another. A stated length is trusted only as far as bytes follow.
pub(super) struct Frames<R> {
    input: BufReader<R>,
    buffer: Vec<u8>,
    limit: usize,
    /// The number of bytes read so far.
    pub bytes: u64,
}

impl<R: Read> Frames<R> {
    /// Opens a file that begins with the FlatGeobuf magic bytes; buffers of more than `limit` bytes are
    /// rejected.
    pub(super) fn new(input: R, limit: usize) -> Result<Self, ReadError> {
        let mut frames = Self { input: BufReader::new(input), buffer: Vec::new(), limit, bytes: 0 };
        match frames.fill(0, MAGIC.len())? {
            0 => Err(ReadError::Empty),
            8 if frames.buffer[..7] == MAGIC[..7] => Ok(frames),
            _ => Err(broken(0, "is not a FlatGeobuf file of version 3")),
        }
    }

    /// Returns the next buffer, including its length; `None` at the end of the file.
    pub(super) fn next(&mut self, row: u64) -> Result<Option<&[u8]>, ReadError> {
        self.buffer.clear();
        if self.fill(row, 4)? == 0 {
            return Ok(None);
        }
        let Some(length) = self.buffer.first_chunk() else { return Err(cut(row)) };
        let length = u32::from_le_bytes(*length) as usize;
        if length > self.limit {
            return Err(ReadError::RowTooLong { row, limit: self.limit });
        }
        if self.fill(row, length)? < length {
            return Err(cut(row));
        }
        Ok(Some(&self.buffer))
    }

    /// Skips this many bytes.
    pub(super) fn skip(&mut self, length: u64) -> Result<(), ReadError> {
        let skipped = io::copy(&mut (&mut self.input).take(length), &mut io::sink())
            .map_err(|source| ReadError::Io { row: 0, source })?;
        self.bytes += skipped;
        if skipped < length { Err(cut(0)) } else { Ok(()) }
    }

    /// Reads up to this many bytes into the buffer; returns how many there were.
    fn fill(&mut self, row: u64, length: usize) -> Result<usize, ReadError> {
        let read = (&mut self.input)
            .take(length as u64)
            .read_to_end(&mut self.buffer)
            .map_err(|source| ReadError::Io { row, source })?;
        self.bytes += read as u64;
        Ok(read)
    }
}

pub(super) fn broken(row: u64, reason: impl Into<String>) -> ReadError {
    ReadError::Broken { row, reason: reason.into() }
}

fn cut(row: u64) -> ReadError {
    broken(row, "the file is truncated")
}
