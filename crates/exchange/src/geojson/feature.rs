//! The text of one Feature as a row.

use std::borrow::Cow;

use demining::{AsGiven, Problem, RawDetection, RawLocation, Value};

use super::geometry::{Geometry, read_geometry};
use crate::{
    json::{Cursor, Fault, Json, compact},
    limits::Limits,
    reference::{AxisOrder, Reference, References},
    rows::Row,
};

/// Reads the text of one Feature. `reference` is the system of the document it stands in, used
/// unless the feature names one itself, in the way that GeoJSON had before RFC 7946.
pub(crate) fn read_feature_text(
    text: &str,
    row: u64,
    reference: &Reference,
    references: &mut References,
) -> Row {
    let mut draft = Draft::default();
    let mut cursor = Cursor::new(text);
    let read = draft.read(&mut cursor).and_then(|()| cursor.finish());
    draft.verdict(read, row, reference, references)
}

/// Reads the Feature that `text` begins with, and its length; none when it is not sound, or not
/// all of it is there.
pub(super) fn read_leading_feature(
    text: &str,
    row: u64,
    reference: &Reference,
    references: &mut References,
) -> Option<(Row, usize)> {
    let mut draft = Draft::default();
    let mut cursor = Cursor::new(text);
    draft.read(&mut cursor).ok()?;
    Some((draft.verdict(Ok(()), row, reference, references), cursor.at()))
}

/// Properties that most rows have at most. They take just under 1 KiB: larger pieces of memory cost
/// glibc's allocator many times as much, for each row.
const PROPERTIES: usize = 18;

/// What was read of a feature so far.
struct Draft<'a> {
    kind: Option<Json<'a>>,
    id: Value,
    id_property: Value,
    geometry: Geometry<'a>,
    as_given: Option<AsGiven>,
    reference: Option<Cow<'a, str>>,
    properties: Vec<(Cow<'static, str>, Value)>,
}

impl Default for Draft<'_> {
    fn default() -> Self {
        Self {
            kind: None,
            id: Value::Null,
            id_property: Value::Null,
            geometry: Geometry::Missing,
            as_given: None,
            reference: None,
            properties: Vec::with_capacity(PROPERTIES),
        }
    }
}

impl<'a> Draft<'a> {
    fn read(&mut self, cursor: &mut Cursor<'a>) -> Result<(), Fault> {
        if cursor.peek() != Some(b'{') {
            let found = cursor.value()?;
            return Err(cursor.fault("", found.shown(), format!("is {}, not a Feature", found.what())));
        }
        cursor.object(|cursor, key| {
            match key.as_ref() {
                "type" => self.kind = Some(cursor.value()?),
                "id" => self.id = to_value(cursor.value()?),
                "geometry" => self.geometry = read_geometry(cursor)?,
                "properties" if cursor.peek() == Some(b'{') => self.properties(cursor)?,
                "properties" => match cursor.value()? {
                    Json::Null => {}
                    other => {
                        let reason = format!("is {}, not an object", other.what());
                        return Err(cursor.fault("properties", other.shown(), reason));
                    }
                },
                "crs" => self.reference = read_reference_name(cursor)?,
                // RFC 7946, section 6.1: other members have no meaning here.
                _ => drop(cursor.value()?),
            }
            Ok(())
        })?;
        match &self.kind {
            Some(Json::Text(kind)) if kind == "Feature" => Ok(()),
            Some(other) => Err(cursor.fault("type", other.shown(), "is not Feature")),
            None => Err(cursor.fault("type", "", "is missing: a row is a Feature")),
        }
    }

    fn properties(&mut self, cursor: &mut Cursor<'a>) -> Result<(), Fault> {
        cursor.object(|cursor, key| {
            match key.as_ref() {
                "id" => self.id_property = to_value(cursor.value()?),
                "location_as_given" => self.as_given = read_as_given(cursor)?,
                _ => self.properties.push((RawDetection::name(key), to_value(cursor.value()?))),
            }
            Ok(())
        })
    }

    /// The row, or the problem that kept it from being read.
    fn verdict(
        &mut self,
        read: Result<(), Fault>,
        row: u64,
        reference: &Reference,
        references: &mut References,
    ) -> Row {
        read.and_then(|()| self.row(row, reference, references)).map_err(|fault| {
            let id = if self.id.is_empty() { &self.id_property } else { &self.id };
            let id = (!id.is_empty()).then(|| id.as_text());
            Problem::new(row, id, &fault.field, &fault.value, fault.reason)
        })
    }

    fn row(
        &mut self,
        row: u64,
        reference: &Reference,
        references: &mut References,
    ) -> Result<RawDetection, Fault> {
        let fault = |field: &str, value: &str, reason: String| Fault {
            at: 0,
            field: field.to_owned(),
            value: value.to_owned(),
            reason,
        };
        if !self.id.is_empty() && !self.id_property.is_empty() {
            let (outer, inner) = (self.id.as_text(), self.id_property.as_text());
            if outer != inner {
                return Err(fault(
                    "id",
                    inner,
                    format!("stands in the properties, but the Feature has {outer}"),
                ));
            }
        }
        let own = match &self.reference {
            Some(name) => Some(
                references.get(name, AxisOrder::EastNorth).map_err(|reason| fault("crs", name, reason))?,
            ),
            None => None,
        };
        let mut location = self.geometry.locate(own.unwrap_or(reference));
        if let (RawLocation::At { as_given, .. }, Some(given)) = (&mut location, self.as_given.take()) {
            *as_given = Some(given);
        }
        let id = if self.id.is_empty() { &mut self.id_property } else { &mut self.id };
        Ok(RawDetection {
            row,
            id: std::mem::replace(id, Value::Null),
            location,
            properties: std::mem::take(&mut self.properties),
        })
    }
}

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
    let limit = Limits::DEFAULT.as_given_chars;
    match (coordinates.is_empty(), crs.is_empty()) {
        (true, true) => Ok(None),
        (false, false) if coordinates.chars().count().max(crs.chars().count()) <= limit => {
            Ok(Some(AsGiven { coordinates: coordinates.to_owned(), crs: crs.to_owned() }))
        }
        (false, false) => Err(format!("is longer than {limit} characters")),
        _ => Err("needs both the coordinates and their reference system".to_owned()),
    }
}

/// The name in an old-style `crs` member: `{"type": "name", "properties": {"name": "..."}}`.
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

fn to_value(json: Json<'_>) -> Value {
    match json {
        Json::Null => Value::Null,
        Json::Bool(is) => Value::Bool(is),
        Json::Number(text) => Value::Number(text.to_owned()),
        Json::Text(text) => Value::Text(text.into_owned()),
        Json::Array(text) | Json::Object(text) => Value::Json(compact(text)),
    }
}

/// The members of a JSON object text as properties.
pub(crate) fn read_members(text: &str) -> Result<Vec<(Cow<'static, str>, Value)>, Fault> {
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
