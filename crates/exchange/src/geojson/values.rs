//! Property values and their problems.

use demining::{DateOrder, Value, field::FieldKind};

use crate::{
    collections::FieldTable,
    json::{Fault, read_value},
    table::day,
};

/// Returns the value of a field under its own name.
#[inline]
pub(super) fn field(
    table: &FieldTable,
    name: &str,
    value: Value,
    dates: Option<DateOrder>,
) -> Result<Value, Fault> {
    match &value {
        Value::Text(text) if text.starts_with('[') && table.is(name, |kind| kind == FieldKind::Texts) => {
            read_value(text)
        }
        _ if dates.is_some() && table.is(name, |kind| kind == FieldKind::Day) => Ok(day(value, dates)),
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
