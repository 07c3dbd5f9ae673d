//! Converts JSON values to those of rows.

use std::borrow::Cow;

use demining::{RawRecord, Value};

use super::{Cursor, Fault, Json, compact};

/// Converts a value to that of a row.
#[inline]
pub(crate) fn to_value(json: Json<'_>) -> Value {
    match json {
        Json::Null => Value::Null,
        Json::Bool(is) => Value::Bool(is),
        Json::Number(text) => Value::Number(text.to_owned()),
        Json::Text(text) => Value::Text(text.into_owned()),
        Json::Array(text) | Json::Object(text) => Value::Json(compact(text)),
    }
}

/// Returns the members of a JSON object text as properties.
pub(crate) fn read_members(text: &str) -> Result<Vec<(Cow<'static, str>, Value)>, Fault> {
    let mut cursor = Cursor::new(text);
    let mut members = Vec::new();
    cursor.object(|cursor, key| {
        members.push((RawRecord::name(key), to_value(cursor.value()?)));
        Ok(())
    })?;
    cursor.finish()?;
    Ok(members)
}

/// Reads a cell that may contain JSON, such as a list of names.
pub(crate) fn read_value(text: &str) -> Result<Value, Fault> {
    let mut cursor = Cursor::new(text);
    let value = cursor.value()?;
    cursor.finish()?;
    Ok(to_value(value))
}
