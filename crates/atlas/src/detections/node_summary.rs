//! What a node of the index says about the rows below it, so that most questions are answered
//! without entering it.

use demining::Status;
use geometry::index::Summary;

use super::{
    cells::{CELLS, cells_of, each_cell},
    counts::{Counts, Tally},
    day::Day,
    row::Row,
};
use crate::reference::OUTSIDE;

/// Bits that regions are spread over; the last is for what lies outside every region.
pub const REGION_BITS: u32 = 128;
/// Bits that operators are spread over.
pub const OPERATOR_BITS: u32 = 64;

/// From the least to the greatest of the values seen; empty while the first lies above the second.
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

    /// Whether no value was seen.
    pub fn is_empty(&self) -> bool {
        self.least > self.greatest
    }

    /// Whether every value lies between the two, ends inside. True of an empty span.
    pub fn within(&self, from: T, to: T) -> bool {
        from <= self.least && self.greatest <= to
    }

    /// Whether some value may lie between the two, ends inside. False of an empty span.
    pub fn meets(&self, from: T, to: T) -> bool {
        !self.is_empty() && self.least <= to && from <= self.greatest
    }
}

/// The summary of a node: counts by status and kind, and what else there is below it.
#[derive(Clone, Debug)]
pub struct NodeSummary {
    records: [u32; CELLS],
    quantity: [u64; CELLS],
    /// One bit for each cell that holds a record.
    pub cells: u64,
    /// Numbers of records.
    pub numbers: Span<u32>,
    /// Days found.
    pub detected: Span<Day>,
    /// Days dealt with, of those that have one.
    pub neutralised: Span<Day>,
    /// Where a bit is 0 no region that falls on it is below.
    pub regions: u128,
    /// Where a bit is 0 no operator that falls on it is below.
    pub operators: u64,
    /// Where a bit is 0 nothing below stands so in review.
    pub reviews: u8,
}

impl Default for NodeSummary {
    fn default() -> Self {
        // A span that nothing has been added to starts with its ends beyond each other.
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
    /// Records and items in these cells of status and kind.
    pub fn counts(&self, cells: u64) -> Counts {
        each_cell(cells & self.cells).map(|cell| self.count(cell)).sum()
    }

    /// Adds what is in these cells to a table.
    pub fn add_to(&self, tally: &mut Tally, cells: u64) {
        each_cell(cells & self.cells).for_each(|cell| tally.0[cell] += self.count(cell));
    }

    fn count(&self, cell: usize) -> Counts {
        Counts { records: u64::from(self.records[cell]), quantity: self.quantity[cell] }
    }

    /// Whether everything below was found, and what was dealt with was, by the end of this day.
    pub fn is_settled_by(&self, day: Day) -> bool {
        self.detected.greatest <= day && (self.neutralised.is_empty() || self.neutralised.greatest <= day)
    }

    /// Whether every record below has a day on which it was dealt with.
    pub fn all_neutralised(&self) -> bool {
        self.cells & !cells_of(Status::Neutralised) == 0
    }
}

/// The bit that a region falls on.
pub fn region_bit(region: u16) -> u128 {
    let last = REGION_BITS - 1;
    1 << if region == OUTSIDE { last } else { u32::from(region) % last }
}

/// The bit that an operator falls on.
pub fn operator_bit(operator: u32) -> u64 {
    1 << (operator % OPERATOR_BITS)
}
