//! Defines rows as entries of the index: their summary in a node, and their storage in a leaf.

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
