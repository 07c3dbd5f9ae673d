//! A shelf: some chunks that follow each other. What a load and a saved file handle at once.

use std::sync::Arc;

use demining::Record;

use super::{
    chunk::{Chunk, SLOTS},
    shared::Texts,
};
use crate::detections::row::Derived;

/// Chunks of a shelf.
pub(super) const SHELF: usize = 64;

/// Chunks in order. A clone shares them.
#[derive(Clone, Debug, Default)]
pub struct Shelf {
    pub(super) chunks: Vec<Arc<Chunk>>,
}

impl Shelf {
    /// Puts a record in the slot `at`, counted from the first of the shelf.
    pub fn put(&mut self, at: u32, record: &Record, derived: Derived) {
        let (chunk, slot) = (at as usize / SLOTS, at as usize % SLOTS);
        self.chunk_mut(chunk).set(slot, Some((record, derived)));
    }

    /// Gives back room that is not needed; texts that other shelves have too are shared with them.
    pub fn shrink(&mut self, texts: &mut Texts) {
        for chunk in &mut self.chunks {
            let chunk = Arc::make_mut(chunk);
            chunk.share(texts);
            chunk.shrink();
        }
        self.chunks.shrink_to_fit();
    }

    pub(super) fn chunk_mut(&mut self, at: usize) -> &mut Chunk {
        debug_assert!(at < SHELF);
        if self.chunks.len() <= at {
            self.chunks.resize_with(at + 1, Arc::default);
        }
        Arc::make_mut(&mut self.chunks[at])
    }
}
