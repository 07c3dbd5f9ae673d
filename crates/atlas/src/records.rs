//! The slot table: records by their number, persistent, so that a clone is a snapshot.

use std::sync::Arc;

use demining::Record;
use geometry::LonLat;

use crate::row::Row;

/// Slots of a chunk: what a write copies.
const CHUNK: usize = 128;
/// Chunks of a shelf.
const SHELF: usize = 128;

/// A record with what was found out about it.
#[derive(Clone, Debug)]
pub struct Slot {
    /// The record.
    pub record: Arc<Record>,
    /// The number of its operator.
    pub operator: u32,
    /// The number of its district.
    pub region: u16,
}

impl Slot {
    /// The record as the index sees it.
    pub fn row(&self) -> Row {
        Row::new(&self.record, self.region, self.operator)
    }
}

type Chunk = Vec<Option<Slot>>;
type Shelf = Vec<Arc<Chunk>>;

/// Records by number. A clone shares everything; a write copies the chunk it falls into.
#[derive(Clone, Debug, Default)]
pub struct Records {
    shelves: Arc<Vec<Arc<Shelf>>>,
}

impl Records {
    /// The record with this number.
    pub fn get(&self, number: u32) -> Option<&Slot> {
        let (shelf, chunk, slot) = split(number);
        self.shelves.get(shelf)?.get(chunk)?.get(slot)?.as_ref()
    }

    /// Where the record with this number lies, at full precision.
    pub fn location(&self, number: u32) -> Option<LonLat> {
        self.get(number).map(|slot| slot.record.detection.location)
    }

    /// Puts a record in the slot, or takes it out, and hands back what was there.
    pub fn set(&mut self, number: u32, slot: Option<Slot>) -> Option<Slot> {
        let (shelf, chunk, at) = split(number);
        let shelves = Arc::make_mut(&mut self.shelves);
        if shelves.len() <= shelf {
            shelves.resize_with(shelf + 1, Arc::default);
        }
        let chunks = Arc::make_mut(&mut shelves[shelf]);
        if chunks.len() <= chunk {
            chunks.resize_with(chunk + 1, Arc::default);
        }
        let slots = Arc::make_mut(&mut chunks[chunk]);
        if slots.len() <= at {
            slots.resize_with(at + 1, || None);
        }
        std::mem::replace(&mut slots[at], slot)
    }

    /// The slots after this number that hold a record, by number, each with the number.
    pub fn after(&self, number: Option<u32>) -> impl Iterator<Item = (u32, &Slot)> {
        let first = number.map_or(Some(0), |number| number.checked_add(1));
        let (shelf, chunk, slot) = first.map_or((usize::MAX, 0, 0), split);
        let shelves = self.shelves.iter().enumerate().skip(shelf);
        shelves.flat_map(move |(s, chunks)| {
            let here = s == shelf;
            chunks.iter().enumerate().skip(if here { chunk } else { 0 }).flat_map(move |(c, slots)| {
                let skipped = if here && c == chunk { slot } else { 0 };
                let base = (s * SHELF + c) * CHUNK;
                let slots = slots.iter().enumerate().skip(skipped);
                slots.filter_map(move |(i, slot)| Some(((base + i) as u32, slot.as_ref()?)))
            })
        })
    }
}

fn split(number: u32) -> (usize, usize, usize) {
    let number = number as usize;
    (number / (SHELF * CHUNK), number / CHUNK % SHELF, number % CHUNK)
}
