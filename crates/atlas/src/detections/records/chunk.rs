//! A chunk of slots: the bytes of its records one after the other.

use super::{
    ends::Ends,
    packed::{Packed, pack},
    shared::{Shared, Texts},
};
use crate::detections::{operators::Operators, row::Derived};
use demining::Record;

/// Slots of a chunk: what a write copies, about 10 kB. Fewer would share less.
pub const SLOTS: usize = 256;
/// Shared texts and commits beyond this are looked through for those that nobody needs any more. Its
/// slots need at most [`SLOTS`] commits, so this leaves room for changes before it is done again.
const MANY_SHARED: usize = SLOTS + SLOTS / 2;

/// The records of some numbers that follow each other.
#[derive(Clone, Debug, Default)]
pub struct Chunk {
    /// Where each slot lies; an empty one has no bytes.
    pub(super) ends: Ends,
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
        let range = self.ends.range(slot)?;
        (!range.is_empty()).then(|| Packed { number, bytes: &self.bytes[range], shared: &self.shared })
    }

    /// Puts a record in a slot, or empties it.
    pub fn set(&mut self, slot: usize, record: Option<(&Record, Derived)>) {
        let range = self.ends.range(slot).unwrap_or(self.bytes.len()..self.bytes.len());
        if range.end == self.bytes.len() {
            // The usual way of a load: in order, at the end.
            self.bytes.truncate(range.start);
            if let Some((record, derived)) = record {
                pack(record, derived, &mut self.bytes, &mut self.shared);
            }
            self.ends.set_len(slot, self.bytes.len() - range.start);
        } else {
            let mut packed = Vec::new();
            if let Some((record, derived)) = record {
                pack(record, derived, &mut packed, &mut self.shared);
            }
            self.ends.set_len(slot, packed.len());
            self.bytes.splice(range, packed);
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
        self.ends.shrink();
        self.bytes.shrink_to_fit();
        self.shared.shrink();
    }
}
