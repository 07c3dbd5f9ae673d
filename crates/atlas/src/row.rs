//! What the index of records holds of each: a row of 28 bytes.

use demining::{Kind, Record, Status};
use geometry::{Mercator, index::Entry};

use crate::{day::Day, digest::Digest, records::Derived};

/// The region of a record that lies outside every region.
pub const OUTSIDE: u16 = u16::MAX;

/// Kinds of a record.
pub const KINDS: usize = Kind::ALL.len();
/// Statuses times kinds: the cells of the small tables that nodes and the cube carry.
pub const CELLS: usize = Status::ALL.len() * KINDS;

/// A record as the index, the filters and the cube see it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Row {
    /// Where, in Mercator units: 2^-32 of the square, about a centimetre.
    pub place: Mercator,
    /// The record's number: its slot, and the key of paging.
    pub number: u32,
    /// Items.
    pub quantity: u32,
    /// The operator's number in the table of operators; 0 is none.
    pub operator: u32,
    /// The day it was found.
    pub detected_on: Day,
    /// The day it was dealt with, or none.
    pub neutralised_on: Day,
    /// The district's place among the districts, or [`OUTSIDE`].
    pub region: u16,
    /// Position of the kind in its list.
    pub kind: u8,
    /// Position of the status in its list.
    pub status: u8,
}

impl Row {
    /// The row of a record whose region and operator are known.
    pub fn new(record: &Record, derived: Derived) -> Self {
        let (detection, Derived { region, operator }) = (&record.detection, derived);
        Self {
            place: detection.location.into(),
            number: record.number,
            quantity: detection.quantity,
            operator,
            detected_on: detection.detected_on.into(),
            neutralised_on: detection.neutralised_on.into(),
            region,
            kind: detection.kind.index() as u8,
            status: detection.status.index() as u8,
        }
    }

    /// The cell of status and kind that it is counted in.
    pub fn cell(&self) -> usize {
        usize::from(self.status) * KINDS + usize::from(self.kind)
    }
}

impl Entry for Row {
    type Summary = Digest;

    fn place(&self) -> Mercator {
        self.place
    }

    fn number(&self) -> u32 {
        self.number
    }
}

/// All cells of a status.
pub fn cells_of(status: Status) -> u64 {
    ((1 << KINDS) - 1) << (status.index() * KINDS)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_row_takes_28_bytes() {
        assert_eq!(size_of::<Row>(), 28);
    }
}
