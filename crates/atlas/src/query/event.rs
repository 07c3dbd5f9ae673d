//! What can happen to a record, so that what happened in some days can be asked for.

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
    /// The month in which it happened.
    pub fn month(self, facet: &Facet) -> Month {
        match self {
            Self::Found => facet.detected,
            Self::Neutralised => facet.neutralised,
        }
    }
}
