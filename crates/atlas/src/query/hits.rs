//! Counts the matching rows of a leaf, many at a time.
//!
//! Filters by days examine every row, and matches are unpredictable, so the code has no branches that depend
//! on a row. It first marks rows, in columns of 16 bits that the compiler vectorises, and then sums all rows
//! by status and kind, counting unmarked rows as zero.

use std::ops::Range;

use demining::{RECORD_LIMITS, Status};
use geometry::{
    Mercator,
    index::{Leaf, LeafView},
};

use super::{judge::Open, plan::Query};
use crate::detections::{
    cells::{CELLS, KINDS},
    counts::{Counts, Tally},
    day::{Day, Days},
    row::Row,
    rows::{BLOCK, Block},
};

/// For each row of a block, all bits set if it matches, otherwise none.
type Marks = [u16; BLOCK];

/// Cells of status and kind, padded so that no index is out of bounds.
const TABLE: usize = 64;

/// Rows that are summed before a sum could exceed half of 64 bits.
const MOST_ROWS: usize = 4_096;

/// Sums over rows, many at a time.
pub struct Sums {
    /// Records in the upper half, items in the lower. There are two tables, because consecutive rows often
    /// have the same cell and would have to wait for each other.
    tables: [[u64; TABLE]; 2],
    /// Upper bound of the rows in the tables.
    rows: usize,
    /// The sums of earlier rows.
    tally: Tally,
}

impl Default for Sums {
    fn default() -> Self {
        Self { tables: [[0; TABLE]; 2], rows: 0, tally: Tally::default() }
    }
}

impl Sums {
    /// Adds the rows of the leaf that match the open conditions, except for places.
    pub fn add(&mut self, query: &Query<'_>, rows: &LeafView<'_, Row>, range: Range<usize>, open: Open) {
        if self.rows + range.len() > MOST_ROWS {
            self.settle();
        }
        self.rows += range.len();
        for (block, part) in rows.leaf().blocks(range) {
            let marks = query.marks(block, part, open);
            self.add_marked(block, &marks, &query.cells_seen(block));
        }
    }

    fn add_marked(&mut self, block: &Block, marks: &Marks, cells: &[u8; BLOCK]) {
        let [even, odd] = &mut self.tables;
        // Extend all bits or none to 64.
        let wide = |mark: u16| i64::from(mark.cast_signed()).cast_unsigned();
        for at in (0..BLOCK).step_by(2) {
            for (table, at) in [(&mut *even, at), (&mut *odd, at + 1)] {
                let one = 1 << 32 | u64::from(block.quantity.low[at]);
                table[usize::from(cells[at]) % TABLE] += one & wide(marks[at]);
            }
        }
        if let Some(high) = &block.quantity.high {
            for (at, high) in high.iter().enumerate() {
                even[usize::from(cells[at]) % TABLE] += u64::from(*high) << 8 & wide(marks[at]);
            }
        }
    }

    /// Adds one row.
    pub fn add_row(&mut self, row: &Row) {
        self.tally.0[row.cell()] += Counts::one(row.quantity);
    }

    /// Returns the table to add to directly.
    pub fn tally_mut(&mut self) -> &mut Tally {
        &mut self.tally
    }

    /// Takes the sums of these cells.
    pub fn take(&mut self, cells: u64) -> Tally {
        self.settle();
        for (cell, counts) in self.tally.0.iter_mut().enumerate() {
            if cells >> cell & 1 == 0 {
                *counts = Counts::default();
            }
        }
        std::mem::take(&mut self.tally)
    }

    fn settle(&mut self) {
        for (cell, counts) in self.tally.0.iter_mut().enumerate() {
            let sum = self.tables[0][cell] + self.tables[1][cell];
            *counts += Counts { records: sum >> 32, quantity: sum & u64::from(u32::MAX) };
        }
        (self.tables, self.rows) = ([[0; TABLE]; 2], 0);
    }
}

impl Query<'_> {
    /// Returns the place of the first row of the leaf that matches the open conditions, except for places.
    pub fn first(&self, rows: &LeafView<'_, Row>, range: Range<usize>, open: Open) -> Option<Mercator> {
        let (mut at, leaf) = (range.start, rows.leaf());
        for (block, part) in leaf.blocks(range) {
            let (marks, cells) = (self.marks(block, part.clone(), open), self.cells_seen(block));
            for i in part {
                if marks[i] != 0 && self.cells >> cells[i] & 1 == 1 {
                    return Some(leaf.place(at));
                }
                at += 1;
            }
        }
        None
    }

    /// Marks the rows of the part that match the open conditions, whatever their status and kind.
    fn marks(&self, block: &Block, part: Range<usize>, open: Open) -> Marks {
        let mut marks = [u16::MAX; BLOCK];
        if open.days {
            let (Days { from: Day(from), width }, as_of) = (self.days, self.as_of.0);
            for (mark, (found, dealt)) in
                marks.iter_mut().zip(block.detected_on.iter().zip(&block.neutralised_on))
            {
                // Treat days after `as_of` as no day. `Day::NONE` is after the last day, so no range contains
                // it.
                let dealt = dealt | all_or_none(*dealt > as_of);
                let inside = all_or_none(found.wrapping_sub(from) <= width)
                    | all_or_none(dealt.wrapping_sub(from) <= width);
                *mark = inside & all_or_none(*found <= as_of);
            }
            if self.found != Days::ALL {
                let Days { from: Day(from), width } = self.found;
                for (mark, found) in marks.iter_mut().zip(&block.detected_on) {
                    *mark &= all_or_none(found.wrapping_sub(from) <= width);
                }
            }
            if let Some(Days { from: Day(from), width }) = self.dealt_with {
                for (mark, dealt) in marks.iter_mut().zip(&block.neutralised_on) {
                    let dealt = dealt | all_or_none(*dealt > as_of);
                    *mark &= all_or_none(dealt.wrapping_sub(from) <= width);
                }
            }
        }
        if open.regions {
            for (at, marks) in marks.iter_mut().enumerate() {
                *marks &= all_or_none(self.wants_region(block.region(at)));
            }
        }
        if open.operators {
            for (at, marks) in marks.iter_mut().enumerate() {
                *marks &= all_or_none(self.wants_operator(block.operator.get(at)));
            }
        }
        marks[..part.start].fill(0);
        marks[part.end..].fill(0);
        if open.condition {
            // Evaluate the most expensive condition last, and only for rows that match the others.
            let cells = self.cells_seen(block);
            for at in part {
                let matches = marks[at] != 0 && self.cells >> cells[at] & 1 == 1;
                marks[at] = all_or_none(matches && self.passes(block.get(at)));
            }
        }
        marks
    }

    /// Returns the cell of status and kind of each row as of the query's day.
    fn cells_seen(&self, block: &Block) -> [u8; BLOCK] {
        let mut cells = [0; BLOCK];
        for (at, cell) in cells.iter_mut().enumerate() {
            *cell = block.cell(at);
        }
        if self.as_of != Day::LAST {
            for (cell, dealt) in cells.iter_mut().zip(&block.neutralised_on) {
                let later = *dealt != Day::NONE.0 && *dealt > self.as_of.0;
                *cell -= if later { KINDS as u8 } else { 0 };
            }
        }
        cells
    }
}

/// Returns all bits set, or none.
fn all_or_none(matches: bool) -> u16 {
    if matches { u16::MAX } else { 0 }
}

// The tables rely on this: sums stay below 2^32; `Neutralised` directly follows `Detected`; detected records
// have no day dealt with.
const _: () = {
    assert!(RECORD_LIMITS.quantity as u64 * (MOST_ROWS as u64) < 1 << 32 && CELLS <= TABLE);
    assert!(Status::Detected.index() == 0 && Status::Neutralised.index() == 1);
};
