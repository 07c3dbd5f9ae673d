//! Files that are made in one piece are handed out in many.

use std::{
    fs::File,
    io::{self, Read},
};

/// Bytes of a piece.
const PIECE: u64 = 1 << 20;

/// A finished file, from its beginning.
pub(super) struct Pieces(pub File);

impl Pieces {
    /// Appends the next piece; false when that was the last.
    pub(super) fn next_to(&mut self, out: &mut Vec<u8>) -> io::Result<bool> {
        Ok((&mut self.0).take(PIECE).read_to_end(out)? as u64 == PIECE)
    }
}
