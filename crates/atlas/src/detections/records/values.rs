//! The fields of a record that its row does not hold: which ones have a value, and the values, in the order
//! of the table of fields. Lists of texts come last.

use demining::{
    Details, Detection,
    field::{Field, FieldKind, FieldValue},
};

use jiff::civil::Time;

use super::{
    bytes::{In, Out},
    shared::Shared,
};
use crate::detections::day::{from_1900, since_1900};

/// The fields stored elsewhere: in the row, or in the index of operators.
const ELSEWHERE: [&str; 6] = ["kind", "quantity", "detected_on", "status", "neutralised_on", "operator"];

/// Number of fields with a single value.
const N_SINGLE: usize = count(false);
/// Number of fields that are lists.
const N_LISTS: usize = count(true);

/// Number of fields packed here. Data packed with another number cannot be read.
pub const N_FIELDS: usize = N_SINGLE + N_LISTS;

const SINGLE: [&Field<Details>; N_SINGLE] = select(false);
const LISTS: [&Field<Details>; N_LISTS] = select(true);

const _: () = assert!(N_FIELDS <= 64, "one bit tells whether a field has a value");

/// Returns `true` if a field is packed here, as a list or not.
const fn is_packed(field: &Field<Details>, as_list: bool) -> bool {
    let mut at = 0;
    while at < ELSEWHERE.len() {
        if is_equal(field.spec.name.as_bytes(), ELSEWHERE[at].as_bytes()) {
            return false;
        }
        at += 1;
    }
    let is_list = matches!(field.spec.kind, FieldKind::Texts);
    !matches!(field.spec.kind, FieldKind::Id | FieldKind::Position) && is_list == as_list
}

const fn is_equal(a: &[u8], b: &[u8]) -> bool {
    let mut at = 0;
    while at < a.len() && at < b.len() {
        if a[at] != b[at] {
            return false;
        }
        at += 1;
    }
    a.len() == b.len()
}

const fn count(lists: bool) -> usize {
    let (mut n, mut at) = (0, 0);
    while at < Detection::FIELDS.len() {
        n += is_packed(&Detection::FIELDS[at], lists) as usize;
        at += 1;
    }
    n
}

const fn select<const N: usize>(lists: bool) -> [&'static Field<Details>; N] {
    let mut all = [&Detection::FIELDS[0]; N];
    let (mut n, mut at) = (0, 0);
    while at < Detection::FIELDS.len() {
        if is_packed(&Detection::FIELDS[at], lists) {
            all[n] = &Detection::FIELDS[at];
            n += 1;
        }
        at += 1;
    }
    all
}

/// Returns the position of a field among the values, by its number; `None` if it is stored elsewhere or is a
/// list.
pub fn slot(number: u16) -> Option<usize> {
    SINGLE.iter().position(|field| field.number == number)
}

/// Writes the fields of a record.
pub fn write(details: &Details, out: &mut Out<'_>, shared: &mut Shared) {
    let all = SINGLE.iter().chain(&LISTS);
    let bit = |(nth, field): (u32, &&Field<Details>)| u64::from(!(field.get)(details).is_null()) << nth;
    out.number((0..).zip(all.clone()).map(bit).sum());
    for field in all {
        match (field.get)(details) {
            // A name often equals that of the previous record; a longer text is mostly unique.
            FieldValue::Text(text) if is_name(field) => shared.write_text(text, out),
            FieldValue::Text(text) => shared.write_own_text(text, out),
            FieldValue::Object(json) | FieldValue::Rows(json) => out.text(json),
            FieldValue::Time(time) => out.number(minutes(time)),
            FieldValue::Word(word) => out.number(word.index as u64),
            FieldValue::Whole(number) => out.number(number),
            FieldValue::Real(measure) => out.measure(measure),
            FieldValue::Day(day) => out.signed(i64::from(since_1900(day))),
            FieldValue::Instant(at) => out.signed(at.as_millisecond()),
            FieldValue::Texts(texts) => {
                out.number(texts.len() as u64);
                for text in texts {
                    out.text(text);
                }
            }
            FieldValue::Null | FieldValue::Id(_) | FieldValue::Position(_) => {}
        }
    }
}

fn is_name(field: &Field<Details>) -> bool {
    matches!(field.kind, FieldKind::Text { max_chars } if max_chars <= demining::RECORD_LIMITS.name_chars)
}

/// Reads which fields have a value. [`Values`] reads the values one by one.
pub fn read<'a>(mut read: In<'a>, shared: &'a Shared) -> Values<'a> {
    let there = read.number();
    Values { there, bytes: read.0, shared }
}

/// The values of the fields, without copies of their texts. They are read on demand, because a filter usually
/// needs only one, and reading each costs time.
pub struct Values<'a> {
    /// One bit for each field that has a value.
    there: u64,
    bytes: &'a [u8],
    shared: &'a Shared,
}

impl<'a> Values<'a> {
    /// Returns the value of the field in a [`slot`].
    pub fn at(&self, slot: usize) -> FieldValue<'a> {
        if !self.has(slot) {
            return FieldValue::Null;
        }
        let mut read = In(self.bytes);
        let before = SINGLE[..slot].iter().enumerate().filter(|(nth, _)| self.has(*nth));
        for (_, field) in before {
            value(field, &mut read, self.shared);
        }
        value(SINGLE[slot], &mut read, self.shared)
    }

    /// Sets the fields of a detection.
    pub fn copy_to(&self, details: &mut Details) {
        let mut read = In(self.bytes);
        for (nth, field) in SINGLE.iter().enumerate() {
            if self.has(nth) {
                (field.set)(details, value(field, &mut read, self.shared));
            }
        }
        for (nth, field) in LISTS.iter().enumerate() {
            if self.has(N_SINGLE + nth) {
                let n_texts = read.number();
                let texts: Vec<String> = (0..n_texts).map(|_| read.text().to_owned()).collect();
                (field.set)(details, FieldValue::Texts(&texts));
            }
        }
    }

    fn has(&self, nth: usize) -> bool {
        self.there >> nth & 1 == 1
    }
}

/// Returns the minutes since midnight.
fn minutes(time: Time) -> u64 {
    u64::from(time.hour().unsigned_abs()) * 60 + u64::from(time.minute().unsigned_abs())
}

/// Returns the time at so many minutes after midnight.
fn time_of(minutes: u64) -> Option<Time> {
    Time::new((minutes / 60).try_into().ok()?, (minutes % 60).try_into().ok()?, 0, 0).ok()
}

/// Reads the value of a field that has one.
fn value<'a>(field: &Field<Details>, read: &mut In<'a>, shared: &'a Shared) -> FieldValue<'a> {
    match field.kind {
        FieldKind::Text { .. } => FieldValue::Text(shared.read_text(read)),
        FieldKind::Object => FieldValue::Object(read.text()),
        FieldKind::Rows(_) => FieldValue::Rows(read.text()),
        FieldKind::Time => time_of(read.number()).map_or(FieldValue::Null, FieldValue::Time),
        FieldKind::Word(words) => words.at(read.number() as usize).map_or(FieldValue::Null, FieldValue::Word),
        FieldKind::Whole { .. } | FieldKind::Year => FieldValue::Whole(read.number()),
        FieldKind::Measure { .. } => FieldValue::Real(read.measure()),
        FieldKind::Day => FieldValue::Day(from_1900(read.signed() as i32)),
        FieldKind::Instant => {
            jiff::Timestamp::from_millisecond(read.signed()).map_or(FieldValue::Null, FieldValue::Instant)
        }
        FieldKind::Id | FieldKind::Position | FieldKind::Texts => FieldValue::Null,
    }
}
