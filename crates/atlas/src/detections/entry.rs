//! What the index is to know of rows: how a node sums them up, and how a leaf holds them.

use geometry::{Mercator, index::Entry};

use super::{node_summary::NodeSummary, row::Row, rows::Rows};

impl Entry for Row {
    type Summary = NodeSummary;
    type Leaf = Rows;

    fn place(&self) -> Mercator {
        self.place
    }

    fn number(&self) -> u32 {
        self.number
    }
}
