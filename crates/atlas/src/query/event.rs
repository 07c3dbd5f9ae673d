//! The events of a record, for queries by when they happened.

use crate::detections::{cube::Facet, day::Month};

/// One of the two events of a record.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Event {
    /// It was found.
    Found,
    /// It was neutralised.
    Neutralised,
}

impl Event {
    /// Returns the month in which it happened.
    pub fn month(self, facet: &Facet) -> Month {
        match self {
            Self::Found => facet.detected,
            Self::Neutralised => facet.neutralised,
        }
    }
}
