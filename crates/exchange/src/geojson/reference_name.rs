//! Reads the reference system of a document or a feature, named in the pre-RFC 7946 way.

use std::borrow::Cow;

use crate::json::{Cursor, Fault, Json};

/// Reads the name in an old-style `crs` member: `{"type": "name", "properties": {"name": "..."}}`.
pub(crate) fn read_reference_name<'a>(cursor: &mut Cursor<'a>) -> Result<Option<Cow<'a, str>>, Fault> {
    if cursor.peek() != Some(b'{') {
        return match cursor.value()? {
            Json::Null => Ok(None),
            other => Err(cursor.fault("crs", other.shown(), "is not a named reference system")),
        };
    }
    let mut name = None;
    cursor.object(|cursor, key| {
        if key != "properties" || cursor.peek() != Some(b'{') {
            return cursor.value().map(drop);
        }
        cursor.object(|cursor, key| {
            if let (Json::Text(text), "name") = (cursor.value()?, key.as_ref()) {
                name = Some(text);
            }
            Ok(())
        })
    })?;
    if name.is_none() {
        return Err(cursor.fault("crs", "", "is not a named reference system"));
    }
    Ok(name)
}
