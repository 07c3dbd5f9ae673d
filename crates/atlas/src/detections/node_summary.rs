//! The summary of the rows below a node of the index, by which most queries are decided without entering it.

use demining::Status;
use geometry::index::Summary;

use super::{
    cells::{CELLS, cells_of, each_cell},
    counts::{Counts, Tally},
    day::Day,
    row::Row,
};
use crate::reference::OUTSIDE;

/// Bits that regions are spread over; the last is for records outside every region.
pub const REGION_BITS: u32 = 128;
/// Bits that operators are spread over.
pub const OPERATOR_BITS: u32 = 64;

/// The range from the least to the greatest value seen; it is empty while `least` exceeds `greatest`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Span<T> {
    pub least: T,
    pub greatest: T,
}

impl<T: Copy + Ord> Span<T> {
    fn add(&mut self, value: T) {
        self.least = self.least.min(value);
        self.greatest = self.greatest.max(value);
    }

    fn merge(&mut self, other: &Self) {
        self.least = self.least.min(other.least);
        self.greatest = self.greatest.max(other.greatest);
    }

    /// Returns `true` if no value was seen.
    pub fn is_empty(&self) -> bool {
        self.least > self.greatest
    }

    /// Returns `true` if every value is between the two, ends included; also for an empty span.
    pub fn within(&self, from: T, to: T) -> bool {
        from <= self.least && self.greatest <= to
    }

    /// Returns `true` if some value may be between the two, ends included; never for an empty span.
    pub fn meets(&self, from: T, to: T) -> bool {
        !self.is_empty() && self.least <= to && from <= self.greatest
    }
}

/// The summary of a node: counts by status and kind, and ranges of other values below it.
#[derive(Clone, Debug)]
pub struct NodeSummary {
    records: [u32; CELLS],
    quantity: [u64; CELLS],
    /// One bit for each non-empty cell.
    pub cells: u64,
    /// Record numbers.
    pub numbers: Span<u32>,
    /// Days found.
    pub detected: Span<Day>,
    /// Days dealt with, of the records that have one.
    pub neutralised: Span<Day>,
    /// A bit of 0 means that no region of that bit occurs below.
    pub regions: u128,
    /// A bit of 0 means that no operator of that bit occurs below.
    pub operators: u64,
    /// A bit of 0 means that no record below is in that review state.
    pub reviews: u8,
}

impl Default for NodeSummary {
    fn default() -> Self {
        // Empty spans have their ends reversed.
        let days = Span { least: Day::LAST, greatest: Day::FIRST };
        Self {
            records: [0; CELLS],
            quantity: [0; CELLS],
            cells: 0,
            numbers: Span { least: u32::MAX, greatest: 0 },
            detected: days,
            neutralised: days,
            regions: 0,
            operators: 0,
            reviews: 0,
        }
    }
}

impl Summary<Row> for NodeSummary {
    fn add(&mut self, row: &Row) {
        let cell = row.cell();
        self.records[cell] += 1;
        self.quantity[cell] += u64::from(row.quantity);
        self.cells |= 1 << cell;
        self.numbers.add(row.number);
        self.detected.add(row.detected_on);
        if row.neutralised_on != Day::NONE {
            self.neutralised.add(row.neutralised_on);
        }
        self.regions |= region_bit(row.region);
        self.operators |= operator_bit(row.operator);
        self.reviews |= 1 << row.review;
    }

    fn merge(&mut self, other: &Self) {
        for cell in 0..CELLS {
            self.records[cell] += other.records[cell];
            self.quantity[cell] += other.quantity[cell];
        }
        self.cells |= other.cells;
        self.numbers.merge(&other.numbers);
        self.detected.merge(&other.detected);
        self.neutralised.merge(&other.neutralised);
        self.regions |= other.regions;
        self.operators |= other.operators;
        self.reviews |= other.reviews;
    }
}

impl NodeSummary {
    /// Counts the records and items in these cells of status and kind.
    pub fn counts(&self, cells: u64) -> Counts {
        each_cell(cells & self.cells).map(|cell| self.count(cell)).sum()
    }

    /// Adds the counts of these cells to a table.
    pub fn add_to(&self, tally: &mut Tally, cells: u64) {
        each_cell(cells & self.cells).for_each(|cell| tally.0[cell] += self.count(cell));
    }

    fn count(&self, cell: usize) -> Counts {
        Counts { records: u64::from(self.records[cell]), quantity: self.quantity[cell] }
    }

    /// Returns `true` if everything below was found, and where applicable dealt with, by the end of this day.
    pub fn is_settled_by(&self, day: Day) -> bool {
        self.detected.greatest <= day && (self.neutralised.is_empty() || self.neutralised.greatest <= day)
    }

    /// Returns `true` if every record below has a day on which it was dealt with.
    pub fn all_neutralised(&self) -> bool {
        self.cells & !cells_of(Status::Neutralised) == 0
    }
}

/// Returns the bit of a region.
pub fn region_bit(region: u16) -> u128 {
    let last = REGION_BITS - 1;
    1 << if region == OUTSIDE { last } else { u32::from(region) % last }
}

/// Returns the bit of an operator.
pub fn operator_bit(operator: u32) -> u64 {
    1 << (operator % OPERATOR_BITS)
}
