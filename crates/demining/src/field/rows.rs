//! The rows of a repeated group, and the JSON array that files and the store hold.

use std::ops::Deref;

use serde_json::Value as Json;

use super::{Field, FieldKind, FieldSpec, FieldValue};
use crate::json_text::{into_text, push_json_text};

/// A row of a group.
pub(crate) trait GroupRow: Default + 'static {
    /// The fields, of which a missing one has no value.
    const FIELDS: &'static [Field<Self>];
}

/// Copies the specifications of fields, for a [`Group`].
pub(crate) const fn specs<T, const N: usize>(fields: &[Field<T>; N]) -> [FieldSpec; N] {
    let mut specs = [fields[0].spec; N];
    let mut at = 0;
    while at < N {
        specs[at] = fields[at].spec;
        at += 1;
    }
    specs
}

/// The rows of a group, beside the JSON array that files and the store hold.
///
/// The array has one object for each row, with the members in the order of the fields. A field without a
/// value is left out.
#[derive(Debug, Clone, PartialEq)]
pub struct Rows<T> {
    all: Vec<T>,
    json: Option<String>,
}

impl<T> Default for Rows<T> {
    fn default() -> Self {
        Self { all: Vec::new(), json: None }
    }
}

impl<T> Deref for Rows<T> {
    type Target = [T];

    fn deref(&self) -> &[T] {
        &self.all
    }
}

#[expect(private_bounds, reason = "the rows of groups are types of this crate")]
impl<T: GroupRow> Rows<T> {
    /// Creates the rows of a record.
    pub fn new(all: Vec<T>) -> Self {
        let json = (!all.is_empty()).then(|| {
            let rows = all.iter().map(|row| T::FIELDS.iter().map(|field| (field.name, (field.get)(row))));
            rows_json(rows)
        });
        Self { all, json }
    }

    /// Reads the array. Anything in it that is not a value of its field is left out: it was validated before.
    pub(crate) fn read(json: &str) -> Self {
        let rows: Vec<serde_json::Map<String, Json>> = serde_json::from_str(json).unwrap_or_default();
        let read = |members: serde_json::Map<String, Json>| {
            let mut row = T::default();
            for field in T::FIELDS {
                if let Some(value) = members.get(field.name).and_then(|value| stored(&field.spec, value)) {
                    (field.set)(&mut row, value);
                }
            }
            row
        };
        Self::new(rows.into_iter().map(read).collect())
    }

    /// The value of the field.
    pub(crate) fn value(&self) -> FieldValue<'_> {
        self.json.as_deref().map_or(FieldValue::Null, FieldValue::Rows)
    }
}

/// Writes rows as a JSON array of objects.
pub(crate) fn rows_json<'a, R>(rows: impl Iterator<Item = R>) -> String
where
    R: Iterator<Item = (&'static str, FieldValue<'a>)>,
{
    let mut json = b"[".to_vec();
    for (nth, row) in rows.enumerate() {
        if nth > 0 {
            json.push(b',');
        }
        json.push(b'{');
        let start = json.len();
        for (name, value) in row {
            let text = match value {
                FieldValue::Word(word) => word.text,
                FieldValue::Text(text) => text,
                _ => continue,
            };
            if json.len() > start {
                json.push(b',');
            }
            push_json_text(&mut json, name);
            json.push(b':');
            push_json_text(&mut json, text);
        }
        json.push(b'}');
    }
    json.push(b']');
    into_text(json)
}

/// The value of a member that was stored.
fn stored<'a>(spec: &FieldSpec, value: &'a Json) -> Option<FieldValue<'a>> {
    let text = value.as_str()?;
    match spec.kind {
        FieldKind::Word(words) => words.find(text.as_bytes()).map(FieldValue::Word),
        FieldKind::Text { .. } => Some(FieldValue::Text(text)),
        _ => None,
    }
}
