//! Helpers with the same meaning in every format.

use demining::{DateOrder, Detection, Value, read_day};

/// Converts a day to ISO form if the order of dates is specified. Otherwise it is validated as written.
pub(crate) fn day(value: Value, order: Option<DateOrder>) -> Value {
    if order.is_none() || value.is_empty() {
        return value;
    }
    match read_day(&value, order) {
        Ok(day) => Value::Text(day.to_string()),
        Err(reason) => Value::Unreadable { value: value.as_text().to_owned(), reason },
    }
}

/// Returns whether two texts name the same record: one may have the prefix `uuid:`.
pub(crate) fn is_same_id(a: &str, b: &str) -> bool {
    a == b || Detection::parse_id(a).is_some_and(|id| Detection::parse_id(b) == Some(id))
}
