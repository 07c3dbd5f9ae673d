//! A chunk of slots: the bytes of its records, concatenated.

use super::{
    ends::Ends,
    packed::{Packed, pack},
    shared::{Shared, Texts},
};
use crate::detections::{operators::Operators, row::Derived};
use demining::Record;

/// Slots of a chunk, which a write copies: about 10 kB. Smaller chunks would share less.
pub const SLOTS: usize = 256;
/// Number of shared texts and commits beyond which the chunk is rebuilt without unused ones. Its slots need
/// at most [`SLOTS`] commits, so this leaves room for changes before the next rebuild.
const MANY_SHARED: usize = SLOTS + SLOTS / 2;

/// The records of consecutive numbers.
#[derive(Clone, Debug, Default)]
pub struct Chunk {
    /// The position of each slot; an empty one has no bytes.
    pub(super) ends: Ends,
    pub(super) bytes: Vec<u8>,
    pub(super) shared: Shared,
}

impl Chunk {
    /// Returns how many slots were ever used, counted from the first.
    pub fn len(&self) -> usize {
        self.ends.len()
    }

    /// Returns the record in a slot; `number` is its record number.
    pub fn get(&self, slot: usize, number: u32) -> Option<Packed<'_>> {
        let range = self.ends.range(slot)?;
        (!range.is_empty()).then(|| Packed { number, bytes: &self.bytes[range], shared: &self.shared })
    }

    /// Puts a record in a slot, or empties it.
    pub fn set(&mut self, slot: usize, record: Option<(&Record, Derived)>) {
        let range = self.ends.range(slot).unwrap_or(self.bytes.len()..self.bytes.len());
        if range.end == self.bytes.len() {
            // The usual case in a load: in order, at the end.
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

    /// Returns `true` if changes have left much unused data.
    pub fn is_worn(&self) -> bool {
        self.shared.len() > MANY_SHARED
    }

    /// Returns a chunk with the same records, without unused data. `first` is the number of the first slot.
    pub fn renewed(&self, first: u32, operators: &Operators) -> Self {
        let mut new = Self::default();
        for (slot, number) in (0..self.len()).zip(first..) {
            let packed = self.get(slot, number);
            let record = packed.map(|packed| (packed.record(operators), packed.derived()));
            new.set(slot, record.as_ref().map(|(record, derived)| (record, *derived)));
        }
        new
    }

    /// Shares its texts with other chunks.
    pub fn share(&mut self, texts: &mut Texts) {
        self.shared.share(texts);
    }

    /// Frees unused capacity.
    pub fn shrink(&mut self) {
        self.ends.shrink();
        self.bytes.shrink_to_fit();
        self.shared.shrink();
    }
}
