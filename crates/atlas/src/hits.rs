//! Counting the rows of a leaf that match, many at a time.
//!
//! Filters by days look at every row there is, and nothing tells which will match: so there are no
//! branches that depend on a row. Rows are marked first, in columns of 16 bits that the compiler
//! turns into vector instructions, and then added up by status and kind whether they match or not,
//! the others as nothing.

use std::ops::Range;

use demining::{LIMITS, Status};
use geometry::index::LeafView;

use crate::{
    counts::{Counts, Tally},
    day::Day,
    query::{Open, Query},
    row::{CELLS, KINDS, Row},
    rows::{BLOCK, Block},
};

/// For each row of a block all bits when it matches, none when it does not.
type Marks = [u16; BLOCK];

/// Rows of a leaf at most.
const LEAF: u64 = 256;

/// Cells of status and kind, and those that there are not, so that no index is out of bounds.
const TABLE: usize = 64;

impl Query<'_> {
    /// Adds those of the leaf's rows to a table that match in what is open; places must not be.
    pub fn tally(&self, rows: &LeafView<'_, Row>, range: Range<usize>, open: Open, tally: &mut Tally) {
        // Records in the upper half, items in the lower. Two tables, because one row often falls into
        // the same cell as the one before it, and would have to wait for it.
        let mut tables = [[0_u64; TABLE]; 2];
        for (block, part) in rows.leaf().blocks(range) {
            let marks = self.marks(block, part, open);
            let cells = self.cells_seen(block);
            for at in (0..BLOCK).step_by(2) {
                for (odd, table) in tables.iter_mut().enumerate() {
                    let at = at + odd;
                    // All bits or none, of 64.
                    let mark = i64::from(marks[at].cast_signed()).cast_unsigned();
                    let one = 1 << 32 | u64::from(block.quantity.low[at]);
                    table[usize::from(cells[at]) % TABLE] += one & mark;
                }
            }
            if let Some(high) = &block.quantity.high {
                for (at, high) in high.iter().enumerate() {
                    let mark = i64::from(marks[at].cast_signed()).cast_unsigned();
                    tables[0][usize::from(cells[at]) % TABLE] += (u64::from(*high) << 16) & mark;
                }
            }
        }
        for cell in (0..CELLS).filter(|cell| self.cells >> cell & 1 == 1) {
            let sum = tables[0][cell] + tables[1][cell];
            tally.0[cell] += Counts { records: sum >> 32, quantity: sum & u64::from(u32::MAX) };
        }
    }

    /// Marks the rows of the part that match in what is open, whatever their status and kind.
    fn marks(&self, block: &Block, part: Range<usize>, open: Open) -> Marks {
        let mut marks = [u16::MAX; BLOCK];
        if open.days {
            let (from, width, as_of) = (self.from.0, self.width, self.as_of.0);
            for (mark, (found, dealt)) in
                marks.iter_mut().zip(block.detected_on.iter().zip(&block.neutralised_on))
            {
                // Dealt with later is not dealt with; no day lies beyond the last one, so none is never inside.
                let dealt = dealt | all_or_none(*dealt > as_of);
                let inside = all_or_none(found.wrapping_sub(from) <= width)
                    | all_or_none(dealt.wrapping_sub(from) <= width);
                *mark = inside & all_or_none(*found <= as_of);
            }
        }
        if open.regions {
            for (marks, region) in marks.iter_mut().zip(&block.region) {
                *marks &= all_or_none(self.wants_region(*region));
            }
        }
        if open.operators {
            for (at, marks) in marks.iter_mut().enumerate() {
                *marks &= all_or_none(self.wants_operator(block.operator.get(at)));
            }
        }
        marks[..part.start].fill(0);
        marks[part.end..].fill(0);
        marks
    }

    /// The cell of status and kind that each row is seen in.
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

/// All bits, or none.
fn all_or_none(matches: bool) -> u16 {
    if matches { u16::MAX } else { 0 }
}

// What the tables rest on: sums below 2^32, and what was dealt with standing just behind what was only
// found, which has no day on which it was dealt with.
const _: () = {
    assert!(LIMITS.quantity as u64 * LEAF < 1 << 32 && CELLS <= TABLE);
    assert!(Status::Detected.index() == 0 && Status::Neutralised.index() == 1);
};
