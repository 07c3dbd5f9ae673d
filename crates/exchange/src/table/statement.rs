//! Helpers with the same meaning in every format.

use demining::{DateOrder, Detection, Value, read_day};
use uuid::Uuid;

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
    a == b || record_id(a).is_some_and(|id| record_id(b) == Some(id))
}

/// Returns the id of a record of any collection.
pub(super) fn record_id(text: &str) -> Option<Uuid> {
    Detection::parse_id(text)
}
