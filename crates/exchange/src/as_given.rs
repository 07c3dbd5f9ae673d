//! Coordinates as they were entered, of a record that was exported.

use demining::AsGiven;

use crate::{
    json::{Cursor, Fault, Json},
    limits::ReadLimits,
};

/// The coordinates as they were entered, from a record that was exported.
fn read_as_given(cursor: &mut Cursor<'_>) -> Result<Option<AsGiven>, Fault> {
    if cursor.peek() != Some(b'{') {
        return match cursor.value()? {
            Json::Null => Ok(None),
            other => Err(cursor.fault("", other.shown(), "is not an object of coordinates and crs")),
        };
    }
    let (mut coordinates, mut crs) = (None, None);
    cursor.object(|cursor, key| {
        let slot = match key.as_ref() {
            "coordinates" => &mut coordinates,
            "crs" => &mut crs,
            _ => return Err(cursor.fault(key, "", "is unknown beside coordinates and crs")),
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

/// Both or neither, and neither longer than the limit. Both may also stand in one JSON object, as
/// GDAL makes a table of a Feature.
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
