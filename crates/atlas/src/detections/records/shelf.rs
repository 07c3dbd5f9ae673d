//! A shelf of consecutive chunks, the unit of loading and saving.

use std::sync::Arc;

use demining::Record;

use super::{
    chunk::{Chunk, SLOTS},
    shared::Texts,
};
use crate::detections::row::Derived;

/// Chunks of a shelf.
pub(super) const SHELF: usize = 64;

/// Chunks in order. Clones share them.
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

    /// Frees unused capacity and shares texts with other shelves.
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
