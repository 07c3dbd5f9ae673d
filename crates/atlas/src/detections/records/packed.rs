//! A record as about 50 bytes. What a filter needs comes first, so that it is read without the rest.
//!
//! Location (8 bytes) and id (16) stand at fixed places. Then: kind, status and review in one
//! byte; region, operator, quantity and days; which of the other fields there are; [these](super::values).
//! Texts that many records have in common, and the commit they came with, are kept once a chunk.

use std::{ops::Range, sync::Arc};

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

/// Where the location stands.
const LOCATION: Range<usize> = 0..8;
/// Where the id stands.
const ID: Range<usize> = 8..24;

/// 2010-01-01, as days since 1900: days are kept by their distance from it, in two bytes for 22 years
/// either way, and the day something was dealt with by its distance from the day it was found.
const USUAL_DAY: i32 = 40_177;

/// Writes the record at the end of the bytes.
pub fn pack(record: &Record, derived: Derived, bytes: &mut Vec<u8>, shared: &mut Shared) {
    let d = &record.detection;
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

/// A record in its slot.
#[derive(Clone, Copy)]
pub struct Packed<'a> {
    /// Its number.
    pub number: u32,
    pub(super) bytes: &'a [u8],
    pub(super) shared: &'a Shared,
}

/// What stands first.
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

/// What there is of a record beside what its row holds.
pub struct Rest<'a> {
    /// Its id.
    pub id: Uuid,
    /// The commit that it came with.
    pub commit: Commit,
    by: &'a str,
    /// Its other fields.
    pub values: Values<'a>,
}

impl<'a> Packed<'a> {
    /// Where it lies, at full precision.
    pub fn location(self) -> LonLat {
        let mut read = In(&self.bytes[LOCATION]);
        let (lon, lat) = (i32::from_le_bytes(read.array()), i32::from_le_bytes(read.array()));
        LonLat::from_e7(lon, lat).expect("it was a position when it was written")
    }

    /// Its id.
    pub fn id(self) -> Uuid {
        Uuid::from_bytes(In(&self.bytes[ID]).array())
    }

    /// What the index holds of it.
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

    /// The same of bytes that may be no record; none when they are none. It looks no further than
    /// the row needs.
    pub fn checked_row(self) -> Option<Row> {
        let mut read = In(self.bytes.get(..ID.end + 1)?);
        LonLat::from_e7(i32::from_le_bytes(read.array()), i32::from_le_bytes(read.array())).ok()?;
        let row = self.row();
        let known = usize::from(row.kind) < Kind::ALL.len() && usize::from(row.status) < Status::ALL.len();
        known.then_some(row)
    }

    /// The number of its district.
    pub fn region(self) -> u16 {
        self.head().0.region
    }

    /// What was found out about it.
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

    /// What there is of it beside its row, without copying it.
    pub fn rest(self) -> Rest<'a> {
        self.rest_of(self.head().1)
    }

    fn rest_of(self, mut read: In<'a>) -> Rest<'a> {
        let (commit, by) = self.shared.commit_at(read.number());
        Rest { id: self.id(), commit, by, values: values::read(read, self.shared) }
    }

    /// The whole record.
    pub fn record(self, operators: &Operators) -> Arc<Record> {
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
        // It was judged before it came here; judged on the last of days, no date lies in the future.
        let detection = Detection::new(details, date(9999, 12, 30)).expect("it was judged before");
        Arc::new(Record {
            detection,
            number: self.number,
            review: Review::ALL[usize::from(head.review)],
            revision: rest.commit.revision(),
            updated_at: rest.commit.at(),
            updated_by: rest.by.to_owned(),
        })
    }
}

const _: () = assert!(OUTSIDE.wrapping_add(1) == 0, "outside every region is written as 0");
const _: () = assert!(Kind::ALL.len() <= 16 && Status::ALL.len() <= 4 && Review::ALL.len() <= 4);
