//! Passes a finished file on in pieces.

use std::{
    fs::File,
    io::{self, Read},
};

/// The size of a piece, bytes.
const PIECE: u64 = 1 << 20;

/// A finished file, read from its beginning.
pub(super) struct Pieces(pub File);

impl Pieces {
    /// Appends the next piece; returns false after the last piece.
    pub(super) fn next_to(&mut self, out: &mut Vec<u8>) -> io::Result<bool> {
        Ok((&mut self.0).take(PIECE).read_to_end(out)? as u64 == PIECE)
    }
}
