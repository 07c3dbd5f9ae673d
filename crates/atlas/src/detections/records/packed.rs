//! A record in about 50 bytes. The values that filters need come first, so that they can be read without the
//! rest.
//!
//! Location (8 bytes) and id (16) are at fixed positions. Then follow: kind, status and review in one byte;
//! region, operator, quantity and days; the commit; the [other fields](super::values). Texts that many
//! records have in common, and commits, are stored once per chunk.

use std::ops::Range;

use demining::{Details, Detection, Kind, Record, Review, Status};
use geometry::LonLat;
use jiff::civil::date;
use uuid::Uuid;

use super::{
    bytes::{In, Out},
    shared::{Commit, Shared},
    values::{self, Values},
};
use crate::{
    detections::{
        day::{Day, from_1900, since_1900},
        operators::Operators,
        row::{Derived, Row},
    },
    reference::OUTSIDE,
};

/// Position of the location.
const LOCATION: Range<usize> = 0..8;
/// Position of the id.
const ID: Range<usize> = 8..24;

/// 2010-01-01 as days since 1900. Days are stored relative to it, in two bytes for 22 years either way, and
/// the day something was dealt with relative to the day it was found.
const USUAL_DAY: i32 = 40_177;

/// Appends the packed record to the bytes.
pub fn pack(record: &Record, derived: Derived, bytes: &mut Vec<u8>, shared: &mut Shared) {
    let d = &record.content;
    let (lon, lat) = d.location.e7();
    bytes.extend_from_slice(&lon.to_le_bytes());
    bytes.extend_from_slice(&lat.to_le_bytes());
    bytes.extend_from_slice(d.id.as_bytes());
    bytes.push((d.kind.index() | d.status.index() << 4 | record.review.index() << 6) as u8);
    let mut out = Out(bytes);
    // Outside every region becomes 0, which takes one byte.
    out.number(u64::from(derived.region.wrapping_add(1)));
    out.number(u64::from(derived.operator));
    out.number(u64::from(d.quantity));
    let detected_on = since_1900(d.detected_on);
    out.signed(i64::from(detected_on - USUAL_DAY));
    if let Some(on) = d.neutralised_on {
        out.signed(i64::from(since_1900(on) - detected_on));
    }
    out.number(shared.commit(record));
    values::write(d, &mut out, shared);
}

/// A packed record in its slot.
#[derive(Clone, Copy)]
pub struct Packed<'a> {
    /// The record number.
    pub number: u32,
    pub(super) bytes: &'a [u8],
    pub(super) shared: &'a Shared,
}

/// The values that come first.
struct Head {
    location: LonLat,
    kind: u8,
    status: u8,
    review: u8,
    region: u16,
    operator: u32,
    quantity: u32,
    /// Days since 1900.
    detected_on: i32,
    neutralised_on: Option<i32>,
}

/// The values of a record that its row does not hold.
pub struct Rest<'a> {
    /// The record's id.
    pub id: Uuid,
    /// The commit of its last change.
    pub commit: Commit,
    by: &'a str,
    /// The other fields.
    pub values: Values<'a>,
}

impl<'a> Packed<'a> {
    /// Returns the location at full precision.
    pub fn location(self) -> LonLat {
        let mut read = In(&self.bytes[LOCATION]);
        let (lon, lat) = (i32::from_le_bytes(read.array()), i32::from_le_bytes(read.array()));
        LonLat::from_e7(lon, lat).expect("it was a position when it was written")
    }

    /// Returns the record's id.
    pub fn id(self) -> Uuid {
        Uuid::from_bytes(In(&self.bytes[ID]).array())
    }

    /// Returns the row for the index.
    pub fn row(self) -> Row {
        let (head, _) = self.head();
        let day = |days: i32| Day(days.clamp(0, i32::from(Day::LAST.0)) as u16);
        Row {
            place: head.location.into(),
            number: self.number,
            quantity: head.quantity,
            operator: head.operator,
            detected_on: day(head.detected_on),
            neutralised_on: head.neutralised_on.map_or(Day::NONE, day),
            region: head.region,
            kind: head.kind,
            status: head.status,
            review: head.review,
        }
    }

    /// Returns the row, or `None` if the bytes are not a record. It checks only what the row needs.
    pub fn checked_row(self) -> Option<Row> {
        let mut read = In(self.bytes.get(..ID.end + 1)?);
        LonLat::from_e7(i32::from_le_bytes(read.array()), i32::from_le_bytes(read.array())).ok()?;
        let row = self.row();
        let known = usize::from(row.kind) < Kind::ALL.len() && usize::from(row.status) < Status::ALL.len();
        known.then_some(row)
    }

    /// Returns the number of its district.
    pub fn region(self) -> u16 {
        self.head().0.region
    }

    /// Returns its derived values.
    pub fn derived(self) -> Derived {
        let (Head { region, operator, .. }, _) = self.head();
        Derived { region, operator }
    }

    fn head(self) -> (Head, In<'a>) {
        let location = self.location();
        let mut read = In(&self.bytes[ID.end..]);
        let [values] = read.array();
        let status = values >> 4 & 0b11;
        let region = (read.number() as u16).wrapping_sub(1);
        let (operator, quantity) = (read.number() as u32, read.number() as u32);
        let detected_on = (read.signed() as i32).wrapping_add(USUAL_DAY);
        let is_neutralised = usize::from(status) == Status::Neutralised.index();
        let neutralised_on = is_neutralised.then(|| (read.signed() as i32).wrapping_add(detected_on));
        let (kind, review) = (values & 0b1111, values >> 6);
        (
            Head { location, kind, status, review, region, operator, quantity, detected_on, neutralised_on },
            read,
        )
    }

    /// Returns the values beside its row, without copying them.
    pub fn rest(self) -> Rest<'a> {
        self.rest_of(self.head().1)
    }

    fn rest_of(self, mut read: In<'a>) -> Rest<'a> {
        let (commit, by) = self.shared.commit_at(read.number());
        Rest { id: self.id(), commit, by, values: values::read(read, self.shared) }
    }

    /// Returns the whole record.
    pub fn record(self, operators: &Operators) -> Record {
        let (head, read) = self.head();
        let rest = self.rest_of(read);
        let mut details = Details {
            kind: Kind::ALL[usize::from(head.kind)],
            quantity: head.quantity,
            detected_on: from_1900(head.detected_on),
            status: Status::ALL[usize::from(head.status)],
            neutralised_on: head.neutralised_on.map(from_1900),
            operator: operators.name(head.operator).map(|name| name.to_string()),
            ..Details::blank(self.id(), head.location)
        };
        rest.values.copy_to(&mut details);
        // The record was validated before; relative to the last of days, no date is in the future.
        let content = Detection::new(details, date(9999, 12, 30)).expect("it was judged before");
        Record {
            content,
            number: self.number,
            review: Review::ALL[usize::from(head.review)],
            revision: rest.commit.revision(),
            updated_at: rest.commit.at(),
            updated_by: rest.by.to_owned(),
        }
    }
}

const _: () = assert!(OUTSIDE.wrapping_add(1) == 0, "outside every region is written as 0");
const _: () = assert!(Kind::ALL.len() <= 16 && Status::ALL.len() <= 4 && Review::ALL.len() <= 4);
