//! Reads the coordinates as entered, from an exported record.

use demining::AsGiven;

use crate::{
    json::{Cursor, Fault, Json},
    limits::ReadLimits,
};

/// Reads the coordinates as entered, from an exported record.
fn read_as_given(cursor: &mut Cursor<'_>) -> Result<Option<AsGiven>, Fault> {
    if cursor.peek() != Some(b'{') {
        return match cursor.value()? {
            Json::Null => Ok(None),
            other => Err(cursor.fault("", other.shown(), "is not an object with coordinates and crs")),
        };
    }
    let (mut coordinates, mut crs) = (None, None);
    cursor.object(|cursor, key| {
        let slot = match key.as_ref() {
            "coordinates" => &mut coordinates,
            "crs" => &mut crs,
            _ => return Err(cursor.fault(key, "", "is unknown; only coordinates and crs are allowed")),
        };
        match cursor.value()? {
            Json::Text(text) => *slot = Some(text.into_owned()),
            other => return Err(cursor.fault(key, other.shown(), "is not text")),
        }
        Ok(())
    })?;
    as_given(coordinates.as_deref().unwrap_or(""), crs.as_deref().unwrap_or(""))
        .map_err(|reason| cursor.fault("location_as_given", "", reason))
}

/// Returns the coordinates and the reference system; both or neither must be present, and neither may exceed
/// the limit. Both may also be in one JSON object, which is how GDAL converts a Feature to a table.
pub(crate) fn as_given(coordinates: &str, crs: &str) -> Result<Option<AsGiven>, String> {
    let (coordinates, crs) = (coordinates.trim(), crs.trim());
    if crs.is_empty() && coordinates.starts_with('{') {
        return read_as_given(&mut Cursor::new(coordinates)).map_err(|fault| fault.reason);
    }
    let limit = ReadLimits::DEFAULT.as_given_chars;
    match (coordinates.is_empty(), crs.is_empty()) {
        (true, true) => Ok(None),
        (false, false) if coordinates.chars().count().max(crs.chars().count()) <= limit => {
            Ok(Some(AsGiven { coordinates: coordinates.to_owned(), crs: crs.to_owned() }))
        }
        (false, false) => Err(format!("is longer than {limit} characters")),
        _ => Err("needs both the coordinates and their reference system".to_owned()),
    }
}
