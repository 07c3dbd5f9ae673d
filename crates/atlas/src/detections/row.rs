//! What the index of records, the filters and the cube see of a record.

use demining::{Kind, Record, Status};
use geometry::{Mercator, index::Entry};

use crate::{day::Day, node_summary::NodeSummary, records::Derived, rows::Rows};

/// The region of a record that lies outside every region.
pub const OUTSIDE: u16 = u16::MAX;

/// Kinds of a record.
pub const KINDS: usize = Kind::ALL.len();
/// Statuses times kinds: the cells of the small tables that nodes and the cube carry.
pub const CELLS: usize = Status::ALL.len() * KINDS;

/// A record as the index, the filters and the cube see it. In memory it lies in columns, see [`Rows`].
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
    /// The district's place among the districts, or [`OUTSIDE`].
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

/// All cells of a status.
pub fn cells_of(status: Status) -> u64 {
    ((1 << KINDS) - 1) << (status.index() * KINDS)
}
