//! A record as about 50 bytes. What a filter needs comes first, so that it is read without the rest.
//!
//! Location (8 bytes) and id (16) stand at fixed places. Then: kind, status and review in one
//! byte; region, operator, quantity and days; which of the optional fields there are; these.
//! Texts that many records have in common, and the commit they came with, are kept once a chunk.

use std::{ops::Range, sync::Arc};

use demining::{AsGiven, Details, Detection, Disposal, Fix, Kind, Record, Review, SourceReliability, Status};
use geometry::LonLat;
use jiff::civil::date;
use uuid::Uuid;

use super::{
    bytes::{In, Out},
    shared::{Commit, Shared},
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

/// The optional fields, by their bit.
#[derive(Clone, Copy)]
enum Has {
    AsGiven,
    Accuracy,
    Fix,
    Model,
    Year,
    Depth,
    Disposal,
    Team,
    HazardArea,
    Reliability,
    Note,
    Photos,
    Extra,
}

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
    let has = [
        (Has::AsGiven, d.location_as_given.is_some()),
        (Has::Accuracy, d.accuracy_m.is_some()),
        (Has::Fix, d.fix.is_some()),
        (Has::Model, d.model.is_some()),
        (Has::Year, d.made_in_year.is_some()),
        (Has::Depth, d.depth_cm.is_some()),
        (Has::Disposal, d.disposal.is_some()),
        (Has::Team, d.team.is_some()),
        (Has::HazardArea, d.hazard_area.is_some()),
        (Has::Reliability, d.source_reliability.is_some()),
        (Has::Note, d.note.is_some()),
        (Has::Photos, !d.photos.is_empty()),
        (Has::Extra, d.extra.is_some()),
    ];
    out.number(has.iter().fold(0, |bits, (field, there)| bits | u64::from(*there) << *field as u32));
    if let Some(given) = &d.location_as_given {
        out.text(&given.coordinates);
        shared.write_text(&given.crs, &mut out);
    }
    for measure in [d.accuracy_m, d.depth_cm].into_iter().flatten() {
        out.measure(measure);
    }
    let words = [
        d.fix.map(Fix::index),
        d.disposal.map(Disposal::index),
        d.source_reliability.map(SourceReliability::index),
    ];
    for word in words.into_iter().flatten() {
        out.number(word as u64);
    }
    for text in [&d.model, &d.team, &d.hazard_area].into_iter().flatten() {
        shared.write_text(text, &mut out);
    }
    if let Some(year) = d.made_in_year {
        out.signed(i64::from(year));
    }
    if let Some(note) = &d.note {
        shared.write_own_text(note, &mut out);
    }
    if let Some(extra) = &d.extra {
        out.text(extra);
    }
    if !d.photos.is_empty() {
        out.number(d.photos.len() as u64);
        d.photos.iter().for_each(|photo| out.text(photo));
    }
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

/// What there is of a record beside what its row holds. Words of closed lists are given by their place in them.
pub struct Rest<'a> {
    /// Its id.
    pub id: Uuid,
    /// The commit that it came with.
    pub commit: Commit,
    by: &'a str,
    /// Coordinates and their reference system.
    location_as_given: Option<(&'a str, &'a str)>,
    pub accuracy_m: Option<f64>,
    pub depth_cm: Option<f64>,
    pub fix: Option<usize>,
    pub disposal: Option<usize>,
    pub source_reliability: Option<usize>,
    pub model: Option<&'a str>,
    pub team: Option<&'a str>,
    pub hazard_area: Option<&'a str>,
    pub made_in_year: Option<i16>,
    pub note: Option<&'a str>,
    extra: Option<&'a str>,
    n_photos: u64,
    /// Bytes that the names of photos stand in.
    photos: In<'a>,
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
        let bits = read.number();
        let has = |field: Has| bits >> field as u32 & 1 == 1;
        // In the order in which they were written.
        Rest {
            id: self.id(),
            commit,
            by,
            location_as_given: has(Has::AsGiven).then(|| (read.text(), self.shared.read_text(&mut read))),
            accuracy_m: has(Has::Accuracy).then(|| read.measure()),
            depth_cm: has(Has::Depth).then(|| read.measure()),
            fix: has(Has::Fix).then(|| read.number() as usize),
            disposal: has(Has::Disposal).then(|| read.number() as usize),
            source_reliability: has(Has::Reliability).then(|| read.number() as usize),
            model: has(Has::Model).then(|| self.shared.read_text(&mut read)),
            team: has(Has::Team).then(|| self.shared.read_text(&mut read)),
            hazard_area: has(Has::HazardArea).then(|| self.shared.read_text(&mut read)),
            made_in_year: has(Has::Year).then(|| read.signed() as i16),
            note: has(Has::Note).then(|| self.shared.read_text(&mut read)),
            extra: has(Has::Extra).then(|| read.text()),
            n_photos: if has(Has::Photos) { read.number() } else { 0 },
            photos: read,
        }
    }

    /// The whole record.
    pub fn record(self, operators: &Operators) -> Arc<Record> {
        let (head, read) = self.head();
        let mut rest = self.rest_of(read);
        let owned = |text: Option<&str>| text.map(str::to_owned);
        let details = Details {
            id: self.id(),
            location: head.location,
            location_as_given: rest.location_as_given.map(|(coordinates, crs)| AsGiven {
                coordinates: coordinates.to_owned(),
                crs: crs.to_owned(),
            }),
            accuracy_m: rest.accuracy_m,
            fix: rest.fix.map(|at| Fix::ALL[at]),
            kind: Kind::ALL[usize::from(head.kind)],
            model: owned(rest.model),
            made_in_year: rest.made_in_year,
            quantity: head.quantity,
            depth_cm: rest.depth_cm,
            detected_on: from_1900(head.detected_on),
            status: Status::ALL[usize::from(head.status)],
            neutralised_on: head.neutralised_on.map(from_1900),
            disposal: rest.disposal.map(|at| Disposal::ALL[at]),
            operator: operators.name(head.operator).map(|name| name.to_string()),
            team: owned(rest.team),
            hazard_area: owned(rest.hazard_area),
            source_reliability: rest.source_reliability.map(|at| SourceReliability::ALL[at]),
            note: owned(rest.note),
            photos: (0..rest.n_photos).map(|_| rest.photos.text().to_owned()).collect(),
            extra: owned(rest.extra),
        };
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
