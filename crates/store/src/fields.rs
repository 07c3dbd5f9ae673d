//! The stored fields of a record: their columns and how the hash chain covers them. They derive from the
//! table of fields in `demining`; a new column also needs a schema migration, and a test compares the two.
//!
//! The columns are the same in the log and in the quarantine, and each collection has its own. Reading uses
//! column positions, because every start replays the store at a million records in a second or two.

use demining::{
    Content, Judged,
    field::{FieldKind, FieldRole, FieldValue},
};
use geometry::{LonLat, wkb};
use jiff::civil::Date;
use uuid::Uuid;

use crate::value::{Column, Value, day_text, instant_text, json_list, readable};

/// The column of a field.
#[derive(Debug, Clone, Copy)]
pub(crate) struct FieldColumn {
    /// Permanent and never reused: the hash chain identifies fields by it.
    pub number: u16,
    pub name: &'static str,
    pub hashed: HashedAs,
}

impl FieldColumn {
    /// Returns the column of the seal, if the field is a free text.
    pub(crate) fn seal(self) -> Option<&'static str> {
        match self.hashed {
            HashedAs::FreeText(seal) => Some(seal),
            HashedAs::Plain | HashedAs::Text | HashedAs::Position => None,
        }
    }
}

/// A stored field of the content `T`.
struct Field<T: 'static> {
    column: FieldColumn,
    of: &'static demining::field::Field<T>,
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

impl<T: Content> Field<T> {
    fn value<'a>(&self, content: &'a T, scratch: &'a mut Scratch) -> Value<'a> {
        match (self.of.get)(content) {
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
    fn set(&self, content: &mut T, column: Column<'_>) -> Result<(), String> {
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
                set(content, FieldValue::Text(&readable(column.needed()?)));
                return Ok(());
            }
            FieldKind::Object => FieldValue::Object(column.needed()?),
            FieldKind::Rows(_) => {
                let rows = FieldValue::Rows(column.needed()?);
                set(content, rows);
                // Reading leaves out whatever is not a value of the group.
                let is_read = (self.of.get)(content) == rows;
                return if is_read {
                    Ok(())
                } else {
                    Err(format!("{} is not the expected JSON", column.name))
                };
            }
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
                set(content, if texts.is_empty() { FieldValue::Null } else { FieldValue::Texts(&texts) });
                return Ok(());
            }
            FieldKind::Position => FieldValue::Position(wkb::read_point_blob(column.blob()?)?),
            FieldKind::Id => FieldValue::Null,
        };
        set(content, value);
        Ok(())
    }
}

/// The stored fields of a collection, by ascending number. The id is stored separately.
pub struct Fields<T: 'static> {
    all: Vec<Field<T>>,
    columns: Vec<FieldColumn>,
}

impl<T: Content> Fields<T> {
    pub(crate) fn new() -> Self {
        let blank = T::blank(Uuid::nil(), nowhere());
        let content = T::FIELDS.iter().filter(|field| field.role != FieldRole::Id);
        let mut all: Vec<Field<T>> = content
            .map(|field| Field {
                column: FieldColumn {
                    number: field.number,
                    name: if field.kind == FieldKind::Position { "geom" } else { field.name },
                    hashed: match field.kind {
                        FieldKind::Position => HashedAs::Position,
                        // Leaked once, for the life of the program.
                        _ if field.is_free_text => HashedAs::FreeText(format!("{}_seal", field.name).leak()),
                        FieldKind::Text { .. } => HashedAs::Text,
                        _ => HashedAs::Plain,
                    },
                },
                of: field,
                is_needed: (field.get)(&blank) != FieldValue::Null,
            })
            .collect();
        all.sort_by_key(|field| field.column.number);
        let columns = all.iter().map(|field| field.column).collect();
        Self { all, columns }
    }

    /// Returns the columns, in the order of [`Self::read`].
    pub(crate) fn columns(&self) -> &[FieldColumn] {
        &self.columns
    }

    /// Calls `tell` with each column and its value, in order.
    pub(crate) fn each_value<E>(
        &self,
        content: &T,
        mut tell: impl FnMut(FieldColumn, Value<'_>) -> Result<(), E>,
    ) -> Result<(), E> {
        let mut scratch = Scratch::default();
        self.all.iter().try_for_each(|field| tell(field.column, field.value(content, &mut scratch)))
    }

    /// Reads the content; `value` returns the value of a column by its position and name.
    ///
    /// # Errors
    /// If a column is invalid: its name and the reason.
    pub(crate) fn read<'r>(
        &self,
        id: Uuid,
        mut value: impl FnMut(usize, &str) -> Result<Value<'r>, String>,
    ) -> Result<T, String> {
        let mut content = T::blank(id, nowhere());
        for (k, field) in self.all.iter().enumerate() {
            let name = field.column.name;
            field.set(&mut content, Column { value: value(k, name)?, name })?;
        }
        Ok(content)
    }
}

/// The place of a record that has none yet.
fn nowhere() -> LonLat {
    LonLat::new(0.0, 0.0).expect("zero is a position")
}

/// Returns the names of the columns with those of the seals, each after its text.
pub(crate) fn sealed(columns: &'static [FieldColumn]) -> impl Iterator<Item = &'static str> {
    columns.iter().flat_map(|column| std::iter::once(column.name).chain(column.seal()))
}

/// Validates stored content by all rules but the one on future dates: a clock that was set back must not make
/// a store unreadable.
pub(crate) fn judged<T: Content>(content: T) -> Result<Judged<T>, String> {
    Judged::new(content, Date::MAX).map_err(|problems| {
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
    use demining::Collection;

    use crate::collections::columns;

    #[test]
    fn numbers_ascend_and_none_is_used_twice() {
        for collection in Collection::ALL {
            let columns = columns(*collection);
            assert!(columns.is_sorted_by(|a, b| a.number < b.number), "{collection}");
            assert!(columns.iter().all(|column| column.number < 1000), "{collection}");
        }
    }
}
