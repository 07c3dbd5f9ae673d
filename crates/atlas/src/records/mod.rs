//! The slot table: records by their number, packed, persistent, so that a clone is a snapshot.

mod bytes;
mod chunk;
mod packed;
mod shared;

use std::sync::Arc;

use demining::Record;
use geometry::LonLat;

use crate::operators::Operators;
use chunk::{Chunk, SLOTS};
pub use packed::{Derived, Packed};

/// Chunks of a shelf.
const SHELF: usize = 128;

type Shelf = Vec<Arc<Chunk>>;

/// Records by number. A clone shares everything; a write copies the chunk it falls into.
#[derive(Clone, Debug, Default)]
pub struct Records {
    shelves: Arc<Vec<Arc<Shelf>>>,
}

impl Records {
    /// The record with this number.
    pub fn get(&self, number: u32) -> Option<Packed<'_>> {
        let (shelf, chunk, slot) = split(number);
        self.shelves.get(shelf)?.get(chunk)?.get(slot, number)
    }

    /// Where the record with this number lies, at full precision.
    pub fn location(&self, number: u32) -> Option<LonLat> {
        self.get(number).map(Packed::location)
    }

    /// Puts a record in its slot.
    pub fn put(&mut self, number: u32, record: &Record, derived: Derived, operators: &Operators) {
        let (_, _, slot) = split(number);
        let chunk = self.chunk_mut(number);
        if chunk.is_worn() {
            *chunk = chunk.renewed(number - slot as u32, operators);
        }
        chunk.set(slot, Some((record, derived)));
    }

    /// Empties a slot.
    pub fn remove(&mut self, number: u32) {
        if self.get(number).is_some() {
            let (_, _, slot) = split(number);
            self.chunk_mut(number).set(slot, None);
        }
    }

    /// The records after this number, in order.
    pub fn after(&self, number: Option<u32>) -> impl Iterator<Item = Packed<'_>> {
        let first = number.map_or(Some(0), |number| number.checked_add(1));
        let (shelf, chunk, slot) = first.map_or((usize::MAX, 0, 0), split);
        let shelves = self.shelves.iter().enumerate().skip(shelf);
        shelves.flat_map(move |(s, chunks)| {
            let here = s == shelf;
            chunks.iter().enumerate().skip(if here { chunk } else { 0 }).flat_map(move |(c, records)| {
                let skipped = if here && c == chunk { slot } else { 0 };
                let base = (s * SHELF + c) * SLOTS;
                (skipped..records.len()).filter_map(move |slot| records.get(slot, (base + slot) as u32))
            })
        })
    }

    /// Gives back room that is not needed, after a load.
    pub fn shrink(&mut self) {
        for shelf in Arc::make_mut(&mut self.shelves) {
            for chunk in Arc::make_mut(shelf) {
                Arc::make_mut(chunk).shrink();
            }
        }
    }

    fn chunk_mut(&mut self, number: u32) -> &mut Chunk {
        let (shelf, chunk, _) = split(number);
        let shelves = Arc::make_mut(&mut self.shelves);
        if shelves.len() <= shelf {
            shelves.resize_with(shelf + 1, Arc::default);
        }
        let chunks = Arc::make_mut(&mut shelves[shelf]);
        if chunks.len() <= chunk {
            chunks.resize_with(chunk + 1, Arc::default);
        }
        Arc::make_mut(&mut chunks[chunk])
    }
}

fn split(number: u32) -> (usize, usize, usize) {
    let number = number as usize;
    (number / (SHELF * SLOTS), number / SLOTS % SHELF, number % SLOTS)
}
