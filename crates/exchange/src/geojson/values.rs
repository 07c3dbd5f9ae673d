//! Property values and their problems.

use std::sync::LazyLock;

use demining::{DateOrder, Detection, Value, field::FieldKind};

use crate::{
    json::{Fault, read_value},
    table::day,
};

/// The names of the date fields and of the list fields.
static DAYS: LazyLock<Vec<&str>> = LazyLock::new(|| named(FieldKind::Day));
static LISTS: LazyLock<Vec<&str>> = LazyLock::new(|| named(FieldKind::Texts));

fn named(kind: FieldKind) -> Vec<&'static str> {
    Detection::FIELDS.iter().filter(|field| field.kind == kind).map(|field| field.name).collect()
}

/// Returns the value of a field under its own name.
pub(super) fn field(name: &str, value: Value, dates: Option<DateOrder>) -> Result<Value, Fault> {
    match &value {
        _ if DAYS.contains(&name) => Ok(day(value, dates)),
        Value::Text(text) if text.starts_with('[') && LISTS.contains(&name) => read_value(text),
        _ => Ok(value),
    }
}

pub(super) fn fault(field: &str, value: &str, reason: String) -> Fault {
    Fault { at: 0, field: field.to_owned(), value: value.to_owned(), reason }
}

/// Creates the fault for two properties that represent one field.
pub(super) fn said_twice(name: &str, value: &Value, field: &str, other: &str) -> Fault {
    let reason = format!("maps to {field}, as does {other}; to ignore one, set columns={{{name:?}: \"-\"}}");
    fault(name, value.as_text(), reason)
}
