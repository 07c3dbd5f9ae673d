//! Values of properties, and what is wrong with them.

use std::borrow::Cow;

use demining::{DateOrder, RawDetection, Value};

use crate::{
    json::{Cursor, Fault, Json, compact},
    limits::Mapping,
    table::{Column, Place, day, property},
};

/// The value of a field by its own name.
pub(super) fn field(name: &str, value: Value, dates: Option<DateOrder>) -> Result<Value, Fault> {
    match (name, &value) {
        ("detected_on" | "neutralised_on", _) => Ok(day(value, dates)),
        ("photos", Value::Text(text)) if text.starts_with('[') => read_value(text),
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

pub(super) fn to_value(json: Json<'_>) -> Value {
    match json {
        Json::Null => Value::Null,
        Json::Bool(is) => Value::Bool(is),
        Json::Number(text) => Value::Number(text.to_owned()),
        Json::Text(text) => Value::Text(text.into_owned()),
        Json::Array(text) | Json::Object(text) => Value::Json(compact(text)),
    }
}

/// The members of a property `extra`, as exports to formats without nested values have them. What could not stand
/// beside each other as properties cannot stand here either: an export as GeoJSON writes them as such.
pub(crate) fn read_extra(text: &str) -> Result<Vec<(Cow<'static, str>, Value)>, Fault> {
    let members = read_members(text)?;
    let mut place = Place::default();
    for (name, value) in &members {
        let Column::Again(part, _) = property(name, &Mapping::default()) else { continue };
        if !value.is_empty() && !place.put(part, value.as_text().trim()) {
            return Err(fault(name, value.as_text(), "says the place once more, and otherwise".to_owned()));
        }
    }
    Ok(members)
}

/// The members of a JSON object text as properties.
fn read_members(text: &str) -> Result<Vec<(Cow<'static, str>, Value)>, Fault> {
    let mut cursor = Cursor::new(text);
    let mut members = Vec::new();
    cursor.object(|cursor, key| {
        members.push((RawDetection::name(key), to_value(cursor.value()?)));
        Ok(())
    })?;
    cursor.finish()?;
    Ok(members)
}

/// A cell that may hold JSON, such as a list of names.
pub(crate) fn read_value(text: &str) -> Result<Value, Fault> {
    let mut cursor = Cursor::new(text);
    let value = cursor.value()?;
    cursor.finish()?;
    Ok(to_value(value))
}
