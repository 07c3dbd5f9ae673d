//! The changes of single records in a fold, and of the index with them.

use demining::Revision;
use geometry::index::{Edit, Index};

use super::scope::Scope;
use crate::{detections::row::Row, reference::ReferenceData};

/// The change of a record in the view of a scope.
#[derive(Clone, Copy, Debug)]
pub struct Move {
    /// In the numbering of the scope.
    pub revision: Revision,
    pub number: u32,
    pub old: Option<Row>,
    pub new: Option<Row>,
}

impl Move {
    /// Returns what a scope shows of the change; `None` if it shows nothing of it.
    pub fn shown(&self, scope: Scope, reference: &ReferenceData) -> Option<Self> {
        let show = |row: Option<Row>| row.and_then(|row| scope.show(row, reference));
        let (old, new) = (show(self.old), show(self.new));
        (old.is_some() || new.is_some()).then_some(Self { old, new, ..*self })
    }

    /// Returns the rows before and after.
    pub fn rows(&self) -> impl Iterator<Item = Row> {
        self.old.into_iter().chain(self.new)
    }
}

/// Returns the index after these moves, in order.
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
