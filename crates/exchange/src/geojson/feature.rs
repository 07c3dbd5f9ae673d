//! The text of one Feature as a row.

use std::{borrow::Cow, collections::HashMap};

use demining::{AsGiven, DateOrder, Problem, RawDetection, RawLocation, Value};

use super::geometry::{Geometry, read_geometry};
use crate::{
    json::{Cursor, Fault, Json, compact},
    limits::{Limits, Mapping, ReadOptions},
    reference::Reference,
    rows::Row,
    table::{
        Column, IGNORED, Part, Place, Places, SAID_BY_GPX, Shape, day, folded, is_from_gpx, is_own_name,
        is_same_id, property,
    },
};

/// What the features of a file have in common.
pub(crate) struct Features<'o> {
    mapping: &'o Mapping,
    dates: Option<DateOrder>,
    /// Whether the request names the reference system, and with it the order of axes.
    is_asked: bool,
    places: Places,
    /// What names of properties mean that are not the fields' own.
    meanings: HashMap<String, Column>,
}

/// Names whose meaning is kept: files have few, and a hostile one does not fill the memory.
const MEANINGS: usize = 1_000;

impl<'o> Features<'o> {
    /// Of a file that is read so.
    pub(super) fn new(options: &'o ReadOptions) -> Self {
        Self {
            mapping: &options.columns,
            dates: options.dates,
            is_asked: options.crs.is_some(),
            places: Places::new(options.crs.clone().unwrap_or_default(), false),
            meanings: HashMap::new(),
        }
    }

    /// The system of the coordinates of features that name none.
    pub(super) fn reference(&self) -> &Reference {
        &self.places.reference
    }

    /// Sets the system that the document names.
    pub(super) fn set_reference(&mut self, reference: Reference) {
        self.places.reference = reference;
    }

    /// Reads the text of one Feature. One that names a reference system, in the way that GeoJSON had before
    /// RFC 7946, is in that.
    pub(super) fn read_text(&mut self, text: &str, row: u64) -> Row {
        let mut draft = Draft::default();
        let mut cursor = Cursor::new(text);
        let read = draft.read(&mut cursor, self).and_then(|()| cursor.finish());
        draft.verdict(read, row, self)
    }

    /// Reads the Feature that `text` begins with, and its length; none when it is not sound, or not
    /// all of it is there.
    pub(super) fn read_leading(&mut self, text: &str, row: u64) -> Option<(Row, usize)> {
        let mut draft = Draft::default();
        let mut cursor = Cursor::new(text);
        draft.read(&mut cursor, self).ok()?;
        Some((draft.verdict(Ok(()), row, self), cursor.at()))
    }

    /// What a property of this name means.
    fn meaning(&mut self, name: &str) -> Column {
        if let Some(known) = self.meanings.get(name) {
            return known.clone();
        }
        let meaning = property(name, self.mapping);
        if self.meanings.len() < MEANINGS {
            self.meanings.insert(name.to_owned(), meaning.clone());
        }
        meaning
    }
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
    as_given: Value,
    as_given_crs: Value,
    reference: Option<Cow<'a, str>>,
    properties: Vec<(Cow<'static, str>, Value)>,
    /// Properties that stand for a field under another name: which, and that name.
    other_names: Vec<(usize, String)>,
    /// An id under another name.
    other_id: Option<(String, Value)>,
    /// Properties that say the place once more.
    again: Vec<(Part, usize)>,
    /// The members of a property `extra`, as exports by way of other programs have them.
    extra: Vec<(Cow<'static, str>, Value)>,
}

impl Default for Draft<'_> {
    fn default() -> Self {
        Self {
            kind: None,
            id: Value::Null,
            id_property: Value::Null,
            geometry: Geometry::Missing,
            as_given: Value::Null,
            as_given_crs: Value::Null,
            reference: None,
            properties: Vec::with_capacity(PROPERTIES),
            other_names: Vec::new(),
            other_id: None,
            again: Vec::new(),
            extra: Vec::new(),
        }
    }
}

impl<'a> Draft<'a> {
    fn read(&mut self, cursor: &mut Cursor<'a>, features: &mut Features<'_>) -> Result<(), Fault> {
        if cursor.peek() != Some(b'{') {
            let found = cursor.value()?;
            return Err(cursor.fault("", found.shown(), format!("is {}, not a Feature", found.what())));
        }
        cursor.object(|cursor, key| {
            match key.as_ref() {
                "type" => self.kind = Some(cursor.value()?),
                "id" => self.id = to_value(cursor.value()?),
                "geometry" => self.geometry = read_geometry(cursor)?,
                "properties" if cursor.peek() == Some(b'{') => self.properties(cursor, features)?,
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

    fn properties(&mut self, cursor: &mut Cursor<'a>, features: &mut Features<'_>) -> Result<(), Fault> {
        cursor.object(|cursor, key| {
            let value = to_value(cursor.value()?);
            // Most names are the fields' own.
            match RawDetection::name(key) {
                Cow::Borrowed(own) if features.mapping.is_empty() => {
                    self.properties.push((Cow::Borrowed(own), field(own, value, features.dates)?));
                    Ok(())
                }
                _ => self.property(key, value, features),
            }
        })
    }

    /// Takes a property by what its name means.
    fn property(&mut self, key: &str, value: Value, features: &mut Features<'_>) -> Result<(), Fault> {
        let own_name = || Cow::Owned(key.to_owned());
        match features.meaning(key) {
            Column::Id if key == "id" => self.id_property = value,
            Column::Id if value.is_empty() => {}
            Column::Id => match &self.other_id {
                Some((other, _)) => return Err(said_twice(key, &value, "id", other)),
                None => self.other_id = Some((key.to_owned(), value)),
            },
            Column::AsGiven => self.as_given = value,
            Column::AsGivenCrs => self.as_given_crs = value,
            Column::Extra => match &value {
                Value::Json(json) if json.starts_with('{') => self.extra = read_members(json)?,
                Value::Text(text) if text.trim_start().starts_with('{') => self.extra = read_members(text)?,
                _ => self.properties.push((own_name(), value)),
            },
            Column::Number(meant) | Column::Text(meant) | Column::Day(meant) => {
                self.field(key, meant, value, features.dates)?;
            }
            Column::Photos => self.field(key, "photos", value, features.dates)?,
            Column::Measured => self.field(key, "accuracy_m", value, features.dates)?,
            Column::Place(part) | Column::Again(part, _) => {
                self.again.push((part, self.properties.len()));
                self.properties.push((own_name(), value));
            }
            Column::Ignored => {}
            Column::Unnamed | Column::Other(_) => self.properties.push((RawDetection::name(key), value)),
        }
        Ok(())
    }

    /// Takes a property that stands for a field.
    fn field(
        &mut self,
        key: &str,
        meant: &'static str,
        value: Value,
        dates: Option<DateOrder>,
    ) -> Result<(), Fault> {
        if key != meant {
            if value == Value::Null {
                return Ok(());
            }
            self.other_names.push((self.properties.len(), key.to_owned()));
        }
        self.properties.push((Cow::Borrowed(meant), field(meant, value, dates)?));
        Ok(())
    }

    /// The row, or the problem that kept it from being read.
    fn verdict(&mut self, read: Result<(), Fault>, row: u64, features: &mut Features<'_>) -> Row {
        read.and_then(|()| self.row(row, features)).map_err(|fault| {
            let id = if self.id.is_empty() { &self.id_property } else { &self.id };
            let id = (!id.is_empty()).then(|| id.as_text());
            Problem::new(row, id, &fault.field, &fault.value, fault.reason)
        })
    }

    fn row(&mut self, row: u64, features: &mut Features<'_>) -> Result<RawDetection, Fault> {
        self.id = self.take_id(features)?;
        if !self.other_names.is_empty() {
            self.settle_names(features.mapping)?;
        }
        let location = self.locate(features)?;
        for (name, value) in std::mem::take(&mut self.extra) {
            if name == "id"
                || self.properties.iter().any(|(known, given)| *known == name && *given != Value::Null)
            {
                return Err(fault(&name, value.as_text(), "stands in extra and in a property".to_owned()));
            }
            self.properties.push((name, value));
        }
        let id = std::mem::replace(&mut self.id, Value::Null);
        Ok(RawDetection { row, id, location, properties: std::mem::take(&mut self.properties) })
    }

    /// The record's id. A number on the Feature is that of its row in the program that wrote it, and no record's id.
    fn take_id(&mut self, features: &mut Features<'_>) -> Result<Value, Fault> {
        let mut outer = std::mem::replace(&mut self.id, Value::Null);
        match features.mapping.field("id") {
            Some(IGNORED) => outer = Value::Null,
            // What is said of the property holds for the member of the Feature too.
            Some(field) if folded(field) != "id" => {
                let outer = std::mem::replace(&mut outer, Value::Null);
                if !outer.is_empty() {
                    self.property("id", outer, features)?;
                }
            }
            _ if matches!(outer, Value::Number(_)) => outer = Value::Null,
            _ => {}
        }
        let inner = std::mem::replace(&mut self.id_property, Value::Null);
        if !outer.is_empty() && !inner.is_empty() && !is_same_id(outer.as_text(), inner.as_text()) {
            let reason = format!("stands in the properties, but the Feature has {}", outer.as_text());
            self.id = outer;
            return Err(fault("id", inner.as_text(), reason));
        }
        let id = if outer.is_empty() { inner } else { outer };
        let Some((name, value)) = self.other_id.take() else { return Ok(id) };
        if id.is_empty() {
            return Ok(value);
        }
        let is_meant = features.mapping.field(&name).is_some() || is_own_name(&name, "id");
        if is_meant && !is_same_id(id.as_text(), value.as_text()) {
            let fault = said_twice(&name, &value, "id", "id");
            self.id = id;
            return Err(fault);
        }
        if !is_meant {
            self.properties.push((Cow::Owned(name), value));
        }
        Ok(id)
    }

    /// Decides what properties mean that stand for a field under another name. A name of the request, or the field's
    /// own in other letters, says it; beside the field itself, and in what Clearline wrote, any other is a property
    /// of its own.
    fn settle_names(&mut self, mapping: &Mapping) -> Result<(), Fault> {
        let is_export = ["revision", "updated_at"]
            .iter()
            .all(|own| self.properties.iter().any(|(name, value)| name == own && *value != Value::Null));
        let mut other_names = std::mem::take(&mut self.other_names);
        if is_from_gpx(other_names.iter().map(|(_, key)| key.as_str())) && mapping.is_empty() {
            for (nth, (name, value)) in self.properties.iter_mut().enumerate() {
                let key = other_names.iter().find(|(other, _)| *other == nth).map(|(_, key)| key.as_str());
                if SAID_BY_GPX.contains(&key.unwrap_or(name)) {
                    (*name, *value) = (Cow::Borrowed(""), Value::Null);
                }
            }
            other_names.retain(|(_, key)| !SAID_BY_GPX.contains(&key.as_str()));
        }
        for (nth, key) in &other_names {
            let (nth, key) = (*nth, key.clone());
            let meant = self.properties[nth].0.clone();
            let is_said = mapping.field(&key).is_some() || is_own_name(&key, &meant);
            let twin = self
                .properties
                .iter()
                .enumerate()
                .find(|(at, (name, value))| *at != nth && *name == meant && *value != Value::Null);
            let twin = twin.map(|(at, _)| at);
            let Some(property) = self.properties.get_mut(nth) else { continue };
            match twin {
                _ if !is_said && is_export => property.0 = Cow::Owned(key),
                Some(_) if is_said => {
                    let value = std::mem::replace(&mut property.1, Value::Null);
                    return Err(said_twice(&key, &value, &meant, "another property"));
                }
                Some(at) if !is_export && other_names.iter().any(|(other, _)| *other == at) => {
                    let value = std::mem::replace(&mut property.1, Value::Null);
                    return Err(said_twice(&key, &value, &meant, "another property"));
                }
                Some(_) => property.0 = Cow::Owned(key),
                None => {}
            }
        }
        // A field's own name with nothing in it, beside another name that has something, says nothing.
        for nth in 0..self.properties.len() {
            let (name, value) = &self.properties[nth];
            let is_said = |(other, value): &(Cow<'_, str>, Value)| other == name && *value != Value::Null;
            if *value == Value::Null && self.properties.iter().any(is_said) {
                self.properties[nth].0 = Cow::Borrowed("");
            }
        }
        Ok(())
    }

    /// The place by the geometry, or by properties when there is none.
    fn locate(&mut self, features: &mut Features<'_>) -> Result<RawLocation, Fault> {
        let places = &mut features.places;
        let mut location = match self.reference.as_deref() {
            None => self.geometry.locate(&places.reference),
            Some(name) => {
                let own = places.named(name).map_err(|reason| fault("crs", name, reason))?.clone();
                if features.is_asked && own.name() != places.reference.name() && own != places.reference {
                    let asked = places.reference.name();
                    return Err(fault("crs", name, format!("is not what the request says, {asked}")));
                }
                // The request says which axis comes first.
                self.geometry.locate(if features.is_asked { &places.reference } else { &own })
            }
        };
        if self.again.is_empty() && self.as_given.is_empty() && self.as_given_crs.is_empty() {
            return Ok(location);
        }
        let mut place = Place::default();
        place.as_given = self.as_given.as_text();
        place.as_given_crs = self.as_given_crs.as_text();
        for (part, nth) in &self.again {
            let (name, value) = &self.properties[*nth];
            if !value.is_empty() && !place.put(*part, value.as_text().trim()) {
                return Err(fault(
                    name,
                    value.as_text(),
                    "says the place once more, and otherwise".to_owned(),
                ));
            }
        }
        let wrong = |(field, value, reason): (String, String, String)| fault(&field, &value, reason);
        if location != RawLocation::Missing {
            places.settle(&place, &mut location).map_err(wrong)?;
            return Ok(location);
        }
        let (location, is_of_properties) = places.locate(&place, Shape::Missing).map_err(wrong)?;
        if is_of_properties {
            for (_, nth) in self.again.iter().rev() {
                self.properties.remove(*nth);
            }
        }
        Ok(location)
    }
}

/// The value of a field by its own name.
fn field(name: &str, value: Value, dates: Option<DateOrder>) -> Result<Value, Fault> {
    match (name, &value) {
        ("detected_on" | "neutralised_on", _) => Ok(day(value, dates)),
        ("photos", Value::Text(text)) if text.starts_with('[') => read_value(text),
        _ => Ok(value),
    }
}

fn fault(field: &str, value: &str, reason: String) -> Fault {
    Fault { at: 0, field: field.to_owned(), value: value.to_owned(), reason }
}

/// Two properties stand for one field.
fn said_twice(name: &str, value: &Value, field: &str, other: &str) -> Fault {
    let reason =
        format!("stands for {field}, as {other} does; leave one out with columns={{{name:?}: \"-\"}}");
    fault(name, value.as_text(), reason)
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
