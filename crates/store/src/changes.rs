//! Positions in the change log, and pages of it.

use demining::{Change, Judged, Revision};

use crate::collections::{ChangesOf, Stored};

/// A position in the change log: everything up to here was seen.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Position {
    /// The revision.
    pub revision: Revision,
    /// The change within the revision, from 0; `u32::MAX` after the last one.
    pub seq: u32,
}

impl Position {
    /// Returns the position after all of `revision`.
    pub fn after(revision: Revision) -> Self {
        Self { revision, seq: u32::MAX }
    }
}

/// A page of the change log.
#[derive(Debug, Clone, PartialEq)]
pub struct Changes {
    /// The changes in order; those of one collection that follow each other are together. They are whole
    /// revisions, unless a single one has more changes than the limit.
    pub runs: Vec<ChangesOf>,
    /// Where the next page begins.
    pub next: Position,
    /// Whether there are more changes already.
    pub more: bool,
}

impl Changes {
    /// Returns the page of at most `limit` changes after a position. `following` holds the changes after it,
    /// one more than `limit` if there are so many, and `positions` those of the changes.
    pub(crate) fn cut(
        following: Vec<ChangesOf>,
        mut positions: Vec<Position>,
        after: Position,
        limit: usize,
    ) -> Self {
        let mut runs = following;
        let more = positions.len() > limit;
        if more {
            // The extra row only shows whether a revision ends before it.
            let beyond = positions.last().map(|p| p.revision);
            let whole = positions.iter().take_while(|p| Some(p.revision) != beyond).count();
            let kept = if whole == 0 { limit } else { whole };
            truncate(&mut runs, kept);
            positions.truncate(kept);
        }
        let cut = more && positions.first().map(|p| p.revision) == positions.last().map(|p| p.revision);
        let next = match positions.last() {
            None => after,
            Some(last) if cut => *last,
            Some(last) => Position::after(last.revision),
        };
        Self { runs, next, more }
    }

    /// Returns how many changes there are.
    pub fn len(&self) -> usize {
        self.runs.iter().map(ChangesOf::len).sum()
    }

    /// Returns `true` if there are none.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Returns the changes of one collection, in order.
    pub fn of<T: Stored>(&self) -> impl Iterator<Item = &Change<Judged<T>>> {
        self.runs.iter().flat_map(ChangesOf::of)
    }
}

/// Keeps the first `kept` changes.
fn truncate(runs: &mut Vec<ChangesOf>, kept: usize) {
    let mut left = kept;
    for run in runs.iter_mut() {
        run.truncate(left);
        left -= run.len();
    }
    runs.retain(|run| !run.is_empty());
}
