//! The fields of a record as the store keeps them: their columns, and how the hash chain takes them. They derive from
//! the table of fields in `demining`; a column needs a step of the schema beside, and a test compares the two.
//!
//! The columns are the same wherever a record is kept: in the log and in the quarantine. Reading goes by the position
//! of a column: a store is replayed at every start, a million rows in a second or two.

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

/// A field of a record in its column.
pub(crate) struct Field {
    /// Permanent, and never used for another field: the hash chain names fields so.
    pub number: u16,
    pub column: &'static str,
    pub hashed: HashedAs,
    of: &'static demining::field::Field<Details>,
    /// Whether every record has a value.
    is_needed: bool,
}

/// What a field is for the hash chain.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum HashedAs {
    /// A value, hashed as it is stored.
    Plain,
    /// The same of a text that people write.
    Text,
    /// A text that may have to be redacted. The chain has its digest, and the column of this name its seal.
    FreeText(&'static str),
    /// A position, stored as a geometry.
    Position,
}

/// Room for values that are not stored as a record has them.
#[derive(Default)]
struct Scratch {
    day: [u8; 10],
    text: String,
    point: [u8; wkb::POINT_BLOB_BYTES],
}

/// The fields of a detection, by ascending number. Its id stands beside the content.
pub(crate) static FIELDS: LazyLock<Vec<Field>> = LazyLock::new(|| {
    let blank = Details::blank(Uuid::nil(), LonLat::new(0.0, 0.0).expect("zero is a position"));
    let content = Detection::FIELDS.iter().filter(|field| field.role != FieldRole::Id);
    let mut fields: Vec<Field> = content
        .map(|field| Field {
            number: field.number,
            column: if field.kind == FieldKind::Position { "geom" } else { field.name },
            hashed: match field.kind {
                FieldKind::Position => HashedAs::Position,
                // Made once, for as long as the program runs.
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
            FieldValue::Text(text) | FieldValue::Object(text) => text.into(),
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
    /// What is wrong with the column.
    fn set(&self, details: &mut Details, column: Column<'_>) -> Result<(), String> {
        let set = self.of.set;
        if matches!(column.value, Value::Null) {
            if self.is_needed {
                return Err(format!("{} is empty", column.name));
            }
            set(details, FieldValue::Null);
            return Ok(());
        }
        let value = match self.of.kind {
            FieldKind::Text { .. } => {
                set(details, FieldValue::Text(&readable(column.needed()?)));
                return Ok(());
            }
            FieldKind::Object => FieldValue::Object(column.needed()?),
            FieldKind::Word(words) => {
                let text = column.needed()?;
                words
                    .find(text)
                    .map(FieldValue::Word)
                    .ok_or_else(|| format!("{} {text:?} is unknown", column.name))?
            }
            FieldKind::Whole => FieldValue::Whole(column.needed_whole::<u32>()?.into()),
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

/// How many columns the content of a record has: every field but its id.
pub(crate) const N_CONTENT: usize = Detection::FIELDS.len() - 1;

/// The columns of the content, in the order of [`read`].
pub(crate) fn content() -> impl Iterator<Item = &'static str> {
    FIELDS.iter().map(|field| field.column)
}

/// The columns of the content with those of seals, each after its text.
pub(crate) fn sealed_content() -> impl Iterator<Item = &'static str> {
    FIELDS.iter().flat_map(|field| {
        let seal = match field.hashed {
            HashedAs::FreeText(seal) => Some(seal),
            HashedAs::Plain | HashedAs::Text | HashedAs::Position => None,
        };
        std::iter::once(field.column).chain(seal)
    })
}

/// Tells each field with its value, in order.
pub(crate) fn each_value<E>(
    details: &Details,
    mut tell: impl FnMut(&'static Field, Value<'_>) -> Result<(), E>,
) -> Result<(), E> {
    let mut scratch = Scratch::default();
    FIELDS.iter().try_for_each(|field| tell(field, field.value(details, &mut scratch)))
}

/// Reads the content; `value` has the value of a column by its position and its name.
///
/// # Errors
/// What is wrong with which column.
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

/// What was judged when it was written is judged by all rules but the one on the future: a clock
/// that was set back must not make a store unreadable.
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
