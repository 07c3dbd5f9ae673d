//! The stored fields of a record: their columns and how the hash chain covers them. They derive from the
//! table of fields in `demining`; a new column also needs a schema migration, and a test compares the two.
//!
//! The columns are the same in the log and in the quarantine. Reading uses column positions, because every
//! start replays the store at a million records in a second or two.

use std::sync::LazyLock;

use demining::{
    Details, Detection,
    field::{FieldKind, FieldRole, FieldValue},
};
use geometry::{LonLat, wkb};
use jiff::civil::Date;
use uuid::Uuid;

use crate::value::{Column, Value, day_text, instant_text, json_list, readable};

/// The name of the collection.
pub(crate) const COLLECTION: &str = "detections";

/// A stored field of a record.
pub(crate) struct Field {
    /// Permanent and never reused: the hash chain identifies fields by it.
    pub number: u16,
    pub column: &'static str,
    pub hashed: HashedAs,
    of: &'static demining::field::Field<Details>,
    /// Whether every record has a value.
    is_needed: bool,
}

/// How the hash chain covers a field.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum HashedAs {
    /// A value, hashed as stored.
    Plain,
    /// A text that people write, hashed as stored.
    Text,
    /// A text that may have to be redacted. The chain covers its digest; the named column holds its seal.
    FreeText(&'static str),
    /// A position, stored as a geometry.
    Position,
}

/// Buffers for values whose stored form differs from that in a record.
#[derive(Default)]
struct Scratch {
    day: [u8; 10],
    text: String,
    point: [u8; wkb::POINT_BLOB_BYTES],
}

/// The fields of a detection, by ascending number. Its id is stored separately.
pub(crate) static FIELDS: LazyLock<Vec<Field>> = LazyLock::new(|| {
    let blank = Details::blank(Uuid::nil(), LonLat::new(0.0, 0.0).expect("zero is a position"));
    let content = Detection::FIELDS.iter().filter(|field| field.role != FieldRole::Id);
    let mut fields: Vec<Field> = content
        .map(|field| Field {
            number: field.number,
            column: if field.kind == FieldKind::Position { "geom" } else { field.name },
            hashed: match field.kind {
                FieldKind::Position => HashedAs::Position,
                // Leaked once, for the life of the program.
                _ if field.is_free_text => HashedAs::FreeText(format!("{}_seal", field.name).leak()),
                FieldKind::Text { .. } => HashedAs::Text,
                _ => HashedAs::Plain,
            },
            of: field,
            is_needed: (field.get)(&blank) != FieldValue::Null,
        })
        .collect();
    fields.sort_by_key(|field| field.number);
    fields
});

impl Field {
    fn value<'a>(&self, details: &'a Details, scratch: &'a mut Scratch) -> Value<'a> {
        match (self.of.get)(details) {
            FieldValue::Null | FieldValue::Id(_) => Value::Null,
            FieldValue::Text(text) | FieldValue::Object(text) | FieldValue::Rows(text) => text.into(),
            FieldValue::Word(word) => word.text.into(),
            FieldValue::Whole(number) => number.cast_signed().into(),
            FieldValue::Real(number) => number.into(),
            FieldValue::Day(day) => {
                scratch.day = day_text(day);
                Value::Text(&scratch.day)
            }
            FieldValue::Instant(at) => {
                scratch.text = instant_text(at);
                (&scratch.text).into()
            }
            FieldValue::Time(time) => {
                scratch.text = time.strftime("%H:%M").to_string();
                (&scratch.text).into()
            }
            FieldValue::Texts(texts) => {
                scratch.text = json_list(texts);
                (&scratch.text).into()
            }
            FieldValue::Position(location) => {
                scratch.point = wkb::point_blob(location);
                Value::Bytes(&scratch.point)
            }
        }
    }

    /// # Errors
    /// If the column is invalid: the reason.
    fn set(&self, details: &mut Details, column: Column<'_>) -> Result<(), String> {
        let set = self.of.set;
        if matches!(column.value, Value::Null) {
            if self.is_needed {
                return Err(format!("{} is empty", column.name));
            }
            // The record begins blank: a field without a value stays as it is.
            return Ok(());
        }
        let value = match self.of.kind {
            FieldKind::Text { .. } => {
                set(details, FieldValue::Text(&readable(column.needed()?)));
                return Ok(());
            }
            FieldKind::Object => FieldValue::Object(column.needed()?),
            FieldKind::Rows(_) => FieldValue::Rows(column.needed()?),
            FieldKind::Time => FieldValue::Time(column.needed_time()?),
            FieldKind::Word(words) => {
                let text = column.needed_bytes()?;
                words.find(text).map(FieldValue::Word).ok_or_else(|| {
                    format!("{} {:?} is unknown", column.name, String::from_utf8_lossy(text))
                })?
            }
            FieldKind::Whole { .. } => FieldValue::Whole(column.needed_whole::<u32>()?.into()),
            FieldKind::Year => FieldValue::Whole(u64::from(column.needed_whole::<i16>()?.unsigned_abs())),
            FieldKind::Measure { .. } => column.real()?.map_or(FieldValue::Null, FieldValue::Real),
            FieldKind::Day => FieldValue::Day(column.needed_day()?),
            FieldKind::Instant => FieldValue::Instant(column.needed_instant()?),
            FieldKind::Texts => {
                let texts: Vec<String> = column.json()?.unwrap_or_default();
                set(details, if texts.is_empty() { FieldValue::Null } else { FieldValue::Texts(&texts) });
                return Ok(());
            }
            FieldKind::Position => FieldValue::Position(wkb::read_point_blob(column.blob()?)?),
            FieldKind::Id => FieldValue::Null,
        };
        set(details, value);
        Ok(())
    }
}

/// Number of content columns: every field but the id.
pub(crate) const N_CONTENT: usize = Detection::FIELDS.len() - 1;

/// Returns the content columns, in the order of [`read`].
pub(crate) fn content() -> impl Iterator<Item = &'static str> {
    FIELDS.iter().map(|field| field.column)
}

/// Returns the content columns with those of the seals, each after its text.
pub(crate) fn sealed_content() -> impl Iterator<Item = &'static str> {
    FIELDS.iter().flat_map(|field| {
        let seal = match field.hashed {
            HashedAs::FreeText(seal) => Some(seal),
            HashedAs::Plain | HashedAs::Text | HashedAs::Position => None,
        };
        std::iter::once(field.column).chain(seal)
    })
}

/// Calls `tell` with each field and its value, in order.
pub(crate) fn each_value<E>(
    details: &Details,
    mut tell: impl FnMut(&'static Field, Value<'_>) -> Result<(), E>,
) -> Result<(), E> {
    let mut scratch = Scratch::default();
    FIELDS.iter().try_for_each(|field| tell(field, field.value(details, &mut scratch)))
}

/// Reads the content; `value` returns the value of a column by its position and name.
///
/// # Errors
/// If a column is invalid: its name and the reason.
pub(crate) fn read<'r>(
    id: Uuid,
    mut value: impl FnMut(usize, &str) -> Result<Value<'r>, String>,
) -> Result<Details, String> {
    let nowhere = LonLat::new(0.0, 0.0).map_err(|error| error.to_string())?;
    let mut details = Details::blank(id, nowhere);
    for (k, field) in FIELDS.iter().enumerate() {
        field.set(&mut details, Column { value: value(k, field.column)?, name: field.column })?;
    }
    Ok(details)
}

/// Validates stored content by all rules but the one on future dates: a clock that was set back must not make
/// a store unreadable.
pub(crate) fn judged(content: Details) -> Result<Detection, String> {
    Detection::new(content, Date::MAX).map_err(|problems| {
        let told: Vec<String> = problems
            .iter()
            .map(|p| {
                if p.value.is_empty() {
                    format!("{} {}", p.field, p.reason)
                } else {
                    format!("{} {} {}", p.field, p.value, p.reason)
                }
            })
            .collect();
        told.join("; ")
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_ascend_and_none_is_used_twice() {
        assert!(FIELDS.is_sorted_by(|a, b| a.number < b.number));
        assert!(FIELDS.iter().all(|field| field.number < 1000));
        assert_eq!(FIELDS.len(), N_CONTENT);
    }
}
