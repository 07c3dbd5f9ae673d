//! What the index of records, the filters and the cube see of a record.

use demining::{Record, Status};
use geometry::Mercator;

use super::{cells::KINDS, day::Day};

/// What was found out about a record.
#[derive(Clone, Copy, Debug)]
pub struct Derived {
    /// The number of its district.
    pub region: u16,
    /// The number of its operator.
    pub operator: u32,
}

/// A record as the index, the filters and the cube see it. In memory it lies in columns, see
/// [`Rows`](super::rows::Rows).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Row {
    /// Where, in Mercator units: 2^-32 of the square, about a centimetre.
    pub place: Mercator,
    /// The record's number: its slot, and the key of paging.
    pub number: u32,
    /// Items.
    pub quantity: u32,
    /// The operator's number in the table of operators; 0 is none.
    pub operator: u32,
    /// The day it was found.
    pub detected_on: Day,
    /// The day it was dealt with, or none.
    pub neutralised_on: Day,
    /// The district's place among the districts, or [`OUTSIDE`](crate::reference::OUTSIDE).
    pub region: u16,
    /// Position of the kind in its list.
    pub kind: u8,
    /// Position of the status in its list.
    pub status: u8,
    /// Position in its list of where it stands in review.
    pub review: u8,
}

impl Row {
    /// The row of a record whose region and operator are known.
    pub fn new(record: &Record, derived: Derived) -> Self {
        let (detection, Derived { region, operator }) = (&record.detection, derived);
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

    /// Whether it has this status.
    pub fn is(&self, status: Status) -> bool {
        usize::from(self.status) == status.index()
    }

    /// As it stood at the end of a day: nothing before it was found, and detected until it was dealt with.
    pub fn as_of(self, day: Day) -> Option<Self> {
        let dealt_with_later = self.neutralised_on != Day::NONE && self.neutralised_on > day;
        (self.detected_on <= day).then_some(if dealt_with_later {
            Self { status: Status::Detected.index() as u8, neutralised_on: Day::NONE, ..self }
        } else {
            self
        })
    }

    /// The cell of status and kind that it is counted in.
    pub fn cell(&self) -> usize {
        usize::from(self.status) * KINDS + usize::from(self.kind)
    }
}
