//! Positions in the change log, and pages of it.

use demining::{Change, Revision};

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
    /// The changes in order. They are whole revisions, unless a single one has more changes than the limit.
    pub changes: Vec<Change>,
    /// Where the next page begins.
    pub next: Position,
    /// Whether there are more changes already.
    pub more: bool,
}

impl Changes {
    /// Returns the page of at most `limit` changes after a position. `following` holds the changes after it
    /// with their places in their revisions: one more than `limit` if there are so many.
    pub(crate) fn cut(following: Vec<(Change, u32)>, after: Position, limit: usize) -> Self {
        let position = |(change, seq): &(Change, u32)| Position { revision: change.revision, seq: *seq };
        let mut positions: Vec<Position> = following.iter().map(position).collect();
        let mut changes: Vec<Change> = following.into_iter().map(|(change, _)| change).collect();
        let more = changes.len() > limit;
        if more {
            // The extra row only shows whether a revision ends before it.
            let beyond = positions.last().map(|p| p.revision);
            let whole = positions.iter().take_while(|p| Some(p.revision) != beyond).count();
            let kept = if whole == 0 { limit } else { whole };
            changes.truncate(kept);
            positions.truncate(kept);
        }
        let cut = more && positions.first().map(|p| p.revision) == positions.last().map(|p| p.revision);
        let next = match positions.last() {
            None => after,
            Some(last) if cut => *last,
            Some(last) => Position::after(last.revision),
        };
        Self { changes, next, more }
    }
}
