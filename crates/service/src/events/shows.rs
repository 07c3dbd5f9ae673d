//! What the listeners of an audience are shown, and what they see of a commit.

use atlas::{Delta, Filter, Folded, SmallFilter, View};
use demining::AccidentDetails;

/// What an audience is shown.
#[derive(Clone, Debug)]
pub enum Shows {
    /// The detections that match a filter.
    Detections(Filter),
    /// The accidents that match a filter.
    Accidents(SmallFilter<AccidentDetails>),
    /// The public counts of accidents.
    AccidentCounts,
}

impl Shows {
    /// Distinguishes the audiences of different kinds.
    pub(super) fn kind(&self) -> &'static str {
        match self {
            Self::Detections(_) => "detections",
            Self::Accidents(_) => "accidents",
            Self::AccidentCounts => "accident counts",
        }
    }

    /// Returns what an audience sees of a fold; `None` if nothing that it is shown changed.
    pub(super) fn seen(&self, folded: &Folded, view: &View) -> Option<Change> {
        match self {
            Self::Detections(filter) => folded.seen(view, filter).map(Change::Places),
            Self::Accidents(filter) => folded.seen_accidents(view.scope(), filter).map(Change::Places),
            // Counts of districts have no place, and a change of one may withhold others.
            Self::AccidentCounts => folded.changes_accident_counts().then_some(Change::Anywhere),
        }
    }
}

/// Where something changed.
pub enum Change {
    /// At these places.
    Places(Delta),
    /// Possibly everywhere.
    Anywhere,
}

impl Change {
    /// Returns where something changed in either of two.
    pub(super) fn and(self, other: Self) -> Self {
        match (self, other) {
            (Self::Places(one), Self::Places(other)) => Self::Places(one.and(&other)),
            _ => Self::Anywhere,
        }
    }
}
