//! Values of properties, and what is wrong with them.

use std::sync::LazyLock;

use demining::{DateOrder, Detection, Value, field::FieldKind};

use crate::{
    json::{Fault, read_value},
    table::day,
};

/// The names of the fields that are days, and of those that are lists.
static DAYS: LazyLock<Vec<&str>> = LazyLock::new(|| named(FieldKind::Day));
static LISTS: LazyLock<Vec<&str>> = LazyLock::new(|| named(FieldKind::Texts));

fn named(kind: FieldKind) -> Vec<&'static str> {
    Detection::FIELDS.iter().filter(|field| field.kind == kind).map(|field| field.name).collect()
}

/// The value of a field by its own name.
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

/// Two properties stand for one field.
pub(super) fn said_twice(name: &str, value: &Value, field: &str, other: &str) -> Fault {
    let reason =
        format!("stands for {field}, as {other} does; leave one out with columns={{{name:?}: \"-\"}}");
    fault(name, value.as_text(), reason)
}
