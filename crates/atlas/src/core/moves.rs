//! What becomes of single records in a fold, and of the index with them.

use demining::Revision;
use geometry::index::{Edit, Index};

use super::scope::Scope;
use crate::{detections::row::Row, reference::ReferenceData};

/// What became of a record in what a scope shows.
#[derive(Clone, Copy, Debug)]
pub struct Move {
    /// As the scope counts.
    pub revision: Revision,
    pub number: u32,
    pub old: Option<Row>,
    pub new: Option<Row>,
}

impl Move {
    /// What a scope shows of it; none when it shows nothing of it.
    pub fn shown(&self, scope: Scope, reference: &ReferenceData) -> Option<Self> {
        let show = |row: Option<Row>| row.and_then(|row| scope.show(row, reference));
        let (old, new) = (show(self.old), show(self.new));
        (old.is_some() || new.is_some()).then_some(Self { old, new, ..*self })
    }

    /// What it was and what it is.
    pub fn rows(&self) -> impl Iterator<Item = Row> {
        self.old.into_iter().chain(self.new)
    }
}

/// The index after these moves, in their order.
pub fn moved(index: &Index<Row>, moves: &[Move]) -> Index<Row> {
    let mut edits: Vec<Edit<Row>> = Vec::with_capacity(moves.len() * 2);
    for Move { number, old, new, .. } in moves {
        if let Some(old) = old
            && new.is_none_or(|new| new.place != old.place)
        {
            edits.push(Edit::Remove { place: old.place, number: *number });
        }
        edits.extend(new.map(Edit::Put));
    }
    index.commit(edits)
}
