//! Splits the rows of a leaf into runs, so that few exact places must be looked up.
//!
//! The index has the place of a row to a centimetre; the exact place is in its record, far away in memory.
//! Rows follow each other on the Z curve, so a few of them are in a small box, and most boxes are wholly
//! inside or outside the requested places.

use std::ops::Range;

use geometry::{
    MercatorBounds,
    index::{Leaf, LeafView},
};

use super::{judge::Open, part::Part, plan::Query};
use crate::detections::row::Row;

impl Query<'_> {
    /// Calls `each` with runs of the range in order and their open conditions, which for most runs no longer
    /// include places. Runs outside the requested places are skipped.
    pub fn each_run(
        &self,
        rows: &LeafView<'_, Row>,
        range: Range<usize>,
        open: Open,
        each: &mut impl FnMut(Range<usize>, Open),
    ) {
        if !open.places || range.is_empty() {
            return each(range, open);
        }
        let places = range.clone().map(|at| MercatorBounds::of(rows.leaf().place(at)));
        let Some(bounds) = places.reduce(|a, b| a.union(&b)) else { return };
        match self.judge_places(&bounds) {
            Part::None => {}
            Part::All => each(range, Open { places: false, ..open }),
            // On the edge, to a centimetre.
            Part::Some if range.len() == 1 => each(range, open),
            Part::Some => {
                let middle = range.start + range.len() / 2;
                self.each_run(rows, range.start..middle, open, each);
                self.each_run(rows, middle..range.end, open, each);
            }
        }
    }
}
