//! A chunk of slots: the bytes of its records one after the other.

use super::{
    packed::{Derived, Packed, pack},
    shared::{Shared, Texts},
};
use crate::operators::Operators;
use demining::Record;

/// Slots of a chunk: what a write copies, about 10 kB. Fewer would share less.
pub const SLOTS: usize = 256;
/// Shared texts and commits beyond this are looked through for those that nobody needs any more.
const MANY_SHARED: usize = 2 * SLOTS;

/// The records of some numbers that follow each other.
#[derive(Clone, Debug, Default)]
pub struct Chunk {
    /// Where each slot ends. It begins where the one before ends; an empty one has no bytes.
    pub(super) ends: Vec<u32>,
    pub(super) bytes: Vec<u8>,
    pub(super) shared: Shared,
}

impl Chunk {
    /// How many slots were ever used, counted from the first.
    pub fn len(&self) -> usize {
        self.ends.len()
    }

    /// The record in a slot; `number` is its own.
    pub fn get(&self, slot: usize, number: u32) -> Option<Packed<'_>> {
        let range = self.range(slot)?;
        (!range.is_empty()).then(|| Packed { number, bytes: &self.bytes[range], shared: &self.shared })
    }

    /// Puts a record in a slot, or empties it.
    pub fn set(&mut self, slot: usize, record: Option<(&Record, Derived)>) {
        let end = self.bytes.len() as u32;
        if self.ends.len() <= slot {
            self.ends.resize(slot + 1, end);
        }
        let Some(range) = self.range(slot) else { return };
        if range.start == self.bytes.len() {
            // The usual way of a load: in order, at the end.
            if let Some((record, derived)) = record {
                pack(record, derived, &mut self.bytes, &mut self.shared);
            }
            self.ends[slot..].fill(self.bytes.len() as u32);
        } else {
            let mut packed = Vec::new();
            if let Some((record, derived)) = record {
                pack(record, derived, &mut packed, &mut self.shared);
            }
            let (before, after) = (range.len() as u32, packed.len() as u32);
            self.bytes.splice(range, packed);
            for end in &mut self.ends[slot..] {
                *end = *end - before + after;
            }
        }
        if self.ends.len() == SLOTS {
            self.shrink();
        }
    }

    /// Whether changes have left much that no record needs.
    pub fn is_worn(&self) -> bool {
        self.shared.len() > MANY_SHARED
    }

    /// The same records, with nothing that none of them needs. `first` is the number of the first slot.
    pub fn renewed(&self, first: u32, operators: &Operators) -> Self {
        let mut new = Self::default();
        for (slot, number) in (0..self.len()).zip(first..) {
            let packed = self.get(slot, number);
            let record = packed.map(|packed| (packed.record(operators), packed.derived()));
            new.set(slot, record.as_ref().map(|(record, derived)| (&**record, *derived)));
        }
        new
    }

    /// Shares its texts with others.
    pub fn share(&mut self, texts: &mut Texts) {
        self.shared.share(texts);
    }

    /// Gives back room that is not needed.
    pub fn shrink(&mut self) {
        self.ends.shrink_to_fit();
        self.bytes.shrink_to_fit();
        self.shared.shrink();
    }

    fn range(&self, slot: usize) -> Option<std::ops::Range<usize>> {
        let end = *self.ends.get(slot)?;
        let start = if slot == 0 { 0 } else { self.ends[slot - 1] };
        Some(start as usize..end as usize)
    }
}
