//! Rows of a leaf cut into runs, so that the exact places of few have to be looked up.
//!
//! The place of a row as the index has it tells to a centimetre where it lies; what it is exactly stands with its
//! record, far away in memory. Rows follow each other on the Z curve, so a few of them lie in a small box, and
//! most boxes lie wholly inside of what is asked for, or outside.

use std::ops::Range;

use geometry::{
    MercatorBounds,
    index::{Leaf, LeafView},
};

use super::{judge::Open, part::Part, plan::Query};
use crate::detections::row::Row;

impl Query<'_> {
    /// Shows the rows of the range in order, in runs and with what is open of each: of most no longer their
    /// places. Runs that lie outside of what is asked for are left out.
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
