//! Records by number. A clone is a snapshot.

use std::sync::Arc;

use demining::Record;
use geometry::LonLat;

use super::{
    chunk::{Chunk, SLOTS},
    packed::Packed,
    shelf::{SHELF, Shelf},
};
use crate::detections::{operators::Operators, row::Derived};

/// Record numbers in a shelf.
pub const RECORDS_OF_SHELF: u32 = (SHELF * SLOTS) as u32;

/// Records by number. Clones share everything; a write copies one chunk.
#[derive(Clone, Debug, Default)]
pub struct Records {
    shelves: Arc<Vec<Arc<Shelf>>>,
}

impl Records {
    /// Returns the record with this number.
    pub fn get(&self, number: u32) -> Option<Packed<'_>> {
        let (shelf, chunk, slot) = split(number);
        self.shelves.get(shelf)?.chunks.get(chunk)?.get(slot, number)
    }

    /// Returns the location of the record with this number, at full precision.
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

    /// Returns the records after this number, in order.
    pub fn after(&self, number: Option<u32>) -> impl Iterator<Item = Packed<'_>> {
        let first = number.map_or(Some(0), |number| number.checked_add(1));
        let (shelf, chunk, slot) = first.map_or((usize::MAX, 0, 0), split);
        let shelves = self.shelves.iter().enumerate().skip(shelf);
        shelves.flat_map(move |(s, chunks)| {
            let here = s == shelf;
            let chunks = chunks.chunks.iter().enumerate().skip(if here { chunk } else { 0 });
            chunks.flat_map(move |(c, records)| {
                let skipped = if here && c == chunk { slot } else { 0 };
                let base = (s * SHELF + c) * SLOTS;
                (skipped..records.len()).filter_map(move |slot| records.get(slot, (base + slot) as u32))
            })
        })
    }

    /// Returns the number of shelves, including empty ones.
    pub fn n_shelves(&self) -> usize {
        self.shelves.len()
    }

    /// Returns the records of a shelf, in order.
    pub fn shelf(&self, at: usize) -> impl Iterator<Item = Packed<'_>> {
        let chunks = self.shelves.get(at).map_or(&[][..], |shelf| &shelf.chunks);
        let first = at * SHELF * SLOTS;
        chunks.iter().zip((first..).step_by(SLOTS)).flat_map(|(chunk, base)| {
            (0..chunk.len()).filter_map(move |slot| chunk.get(slot, (base + slot) as u32))
        })
    }

    /// Puts a whole shelf in its place.
    pub fn put_shelf(&mut self, at: usize, shelf: Shelf) {
        let shelves = Arc::make_mut(&mut self.shelves);
        if shelves.len() <= at {
            shelves.resize_with(at + 1, Arc::default);
        }
        debug_assert!(shelves[at].chunks.is_empty(), "shelf {at} is put in its place once");
        shelves[at] = Arc::new(shelf);
    }

    /// Appends a shelf to the bytes.
    pub fn save_shelf(&self, at: usize, bytes: &mut Vec<u8>) {
        if let Some(shelf) = self.shelves.get(at) {
            shelf.save(bytes);
        }
    }

    fn chunk_mut(&mut self, number: u32) -> &mut Chunk {
        let (shelf, chunk, _) = split(number);
        let shelves = Arc::make_mut(&mut self.shelves);
        if shelves.len() <= shelf {
            shelves.resize_with(shelf + 1, Arc::default);
        }
        Arc::make_mut(&mut shelves[shelf]).chunk_mut(chunk)
    }
}

fn split(number: u32) -> (usize, usize, usize) {
    let number = number as usize;
    (number / (SHELF * SLOTS), number / SLOTS % SHELF, number % SLOTS)
}
