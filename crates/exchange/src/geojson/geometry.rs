//! Reads the geometry of a feature as the place of a record.

use std::borrow::Cow;

use demining::RawLocation;

use crate::{
    json::{Cursor, Fault, Json},
    reference::Reference,
};

/// The content of the member `geometry`.
pub(super) enum Geometry<'a> {
    /// Absent, null or empty.
    Missing,
    /// Not a position.
    Unreadable { value: String, reason: String },
    /// Two numbers, as written.
    At(&'a str, &'a str),
}

impl Geometry<'_> {
    pub(super) fn locate(&self, reference: &Reference) -> RawLocation {
        match self {
            Self::Missing => RawLocation::Missing,
            Self::Unreadable { value, reason } => {
                RawLocation::Unreadable { value: value.clone(), reason: reason.clone() }
            }
            Self::At(first, second) => reference.locate(first, second),
        }
    }
}

/// Reads a geometry; valid JSON that is not a point is returned as a value, not as a fault.
pub(super) fn read_geometry<'a>(cursor: &mut Cursor<'a>) -> Result<Geometry<'a>, Fault> {
    if cursor.peek() != Some(b'{') {
        return Ok(match cursor.value().map_err(|fault| fault.within("location"))? {
            Json::Null => Geometry::Missing,
            other => unreadable(other.shown(), format!("is {}, not a geometry", other.what())),
        });
    }
    let (mut kind, mut coordinates) = (None, None);
    cursor
        .object(|cursor, key| {
            match key.as_ref() {
                "type" => kind = Some(cursor.value()?),
                "coordinates" => coordinates = Some(cursor.value()?),
                _ => drop(cursor.value()?),
            }
            Ok(())
        })
        .map_err(|fault| Fault { field: "location".to_owned(), ..fault })?;
    point(kind.as_ref(), coordinates.as_ref())
}

fn point<'a>(kind: Option<&Json<'a>>, coordinates: Option<&Json<'a>>) -> Result<Geometry<'a>, Fault> {
    let kind: &Cow<'_, str> = match kind {
        Some(Json::Text(kind)) => kind,
        Some(other) => return Ok(unreadable(other.shown(), "is not a geometry type".to_owned())),
        None => return Ok(unreadable("", "the geometry has no type".to_owned())),
    };
    if !matches!(kind.as_ref(), "Point" | "MultiPoint") {
        return Ok(unreadable(kind, format!("is a {kind}; a record is a Point")));
    }
    let text = match coordinates {
        Some(Json::Array(text)) => *text,
        None | Some(Json::Null) => return Ok(Geometry::Missing),
        Some(other) => return Ok(unreadable(other.shown(), format!("is {}, not coordinates", other.what()))),
    };
    let mut position = elements(text)?;
    if kind == "MultiPoint" {
        match position.as_slice() {
            [] => return Ok(Geometry::Missing),
            [Json::Array(only)] => position = elements(only)?,
            many => {
                let reason = format!("is a MultiPoint of {}; a record is a Point", many.len());
                return Ok(unreadable(text, reason));
            }
        }
    }
    Ok(match position.as_slice() {
        [] => Geometry::Missing,
        // The third number is the altitude, which is not stored.
        [Json::Number(first), Json::Number(second)]
        | [Json::Number(first), Json::Number(second), Json::Number(_)] => Geometry::At(first, second),
        [_, _] | [_, _, _] => unreadable(text, "coordinates are not all numbers".to_owned()),
        other => unreadable(text, format!("has {} coordinates, not 2 or 3", other.len())),
    })
}

/// Returns the elements of an array that was checked before.
fn elements(text: &str) -> Result<Vec<Json<'_>>, Fault> {
    let mut found = Vec::with_capacity(3);
    Cursor::new(text).array(|cursor| {
        found.push(cursor.value()?);
        Ok(())
    })?;
    Ok(found)
}

fn unreadable<'a>(value: &str, reason: String) -> Geometry<'a> {
    Geometry::Unreadable { value: value.chars().take(80).collect(), reason }
}
