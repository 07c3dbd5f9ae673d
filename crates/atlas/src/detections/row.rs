//! A record as the index, the filters and the cube see it.

use demining::{Record, Status};
use geometry::Mercator;

use super::{cells::KINDS, day::Day};

/// The derived values of a record.
#[derive(Clone, Copy, Debug)]
pub struct Derived {
    /// The number of its district.
    pub region: u16,
    /// The number of its operator.
    pub operator: u32,
}

/// A record as the index, the filters and the cube see it. In memory it is stored in columns, see
/// [`Rows`](super::rows::Rows).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Row {
    /// The place in Mercator units: 2^-32 of the square, about a centimetre.
    pub place: Mercator,
    /// The record's number: its slot, and the key of paging.
    pub number: u32,
    /// Number of items.
    pub quantity: u32,
    /// The operator's number in the table of operators; 0 for none.
    pub operator: u32,
    /// The day it was found.
    pub detected_on: Day,
    /// The day it was dealt with, or [`Day::NONE`].
    pub neutralised_on: Day,
    /// The district's position among the districts, or [`OUTSIDE`](crate::reference::OUTSIDE).
    pub region: u16,
    /// Position of the kind in its vocabulary.
    pub kind: u8,
    /// Position of the status in its vocabulary.
    pub status: u8,
    /// Position of the review state in its vocabulary.
    pub review: u8,
}

impl Row {
    /// Creates the row of a record with its derived values.
    pub fn new(record: &Record, derived: Derived) -> Self {
        let (detection, Derived { region, operator }) = (&record.content, derived);
        Self {
            place: detection.location.into(),
            number: record.number,
            quantity: detection.quantity,
            operator,
            detected_on: detection.detected_on.into(),
            neutralised_on: detection.neutralised_on.into(),
            region,
            kind: detection.kind.index() as u8,
            status: detection.status.index() as u8,
            review: record.review.index() as u8,
        }
    }

    /// Returns `true` if it has this status.
    pub fn is(&self, status: Status) -> bool {
        usize::from(self.status) == status.index()
    }

    /// Returns the row at the end of a day: `None` before it was found, and detected until it was dealt with.
    pub fn as_of(self, day: Day) -> Option<Self> {
        let dealt_with_later = self.neutralised_on != Day::NONE && self.neutralised_on > day;
        (self.detected_on <= day).then_some(if dealt_with_later {
            Self { status: Status::Detected.index() as u8, neutralised_on: Day::NONE, ..self }
        } else {
            self
        })
    }

    /// Returns the cell of status and kind that it is counted in.
    pub fn cell(&self) -> usize {
        usize::from(self.status) * KINDS + usize::from(self.kind)
    }
}
