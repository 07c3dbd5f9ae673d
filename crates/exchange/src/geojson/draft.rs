//! The state while a feature is read, member by member and property by property.

use std::borrow::Cow;

use demining::{RawRecord, Value};

use super::{
    features::Features,
    geometry::{Geometry, read_geometry},
    reference_name::read_reference_name,
    values::{fault, field, said_twice},
};
use crate::{
    column::{Column, Part},
    json::{Cursor, Fault, Json, to_value},
    options::Naming,
    table::{member_elsewhere, read_extra},
};

/// Enough for the properties of most rows. They take just under 1 KiB; larger allocations cost glibc's
/// allocator many times as much for each row.
const PROPERTIES: usize = 18;

/// The parts of a feature read so far.
pub(super) struct Draft<'a> {
    pub(super) kind: Option<Json<'a>>,
    pub(super) id: Value,
    pub(super) id_property: Value,
    pub(super) geometry: Geometry<'a>,
    pub(super) as_given: Value,
    pub(super) as_given_crs: Value,
    pub(super) reference: Option<Cow<'a, str>>,
    pub(super) properties: Vec<(Cow<'static, str>, Value)>,
    /// Properties that represent a field under another name: their index and that name.
    pub(super) other_names: Vec<(usize, String)>,
    /// An id under another name.
    pub(super) other_id: Option<(String, Value)>,
    /// Properties that repeat the place.
    pub(super) again: Vec<(Part, usize)>,
    /// The members of a property `extra`, as in exports converted by other programs.
    pub(super) extra: Vec<(Cow<'static, str>, Value)>,
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
    pub(super) fn read(&mut self, cursor: &mut Cursor<'a>, features: &mut Features<'_>) -> Result<(), Fault> {
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
            None => Err(cursor.fault("type", "", "is missing: each row must be a Feature")),
        }
    }

    fn properties(&mut self, cursor: &mut Cursor<'a>, features: &mut Features<'_>) -> Result<(), Fault> {
        let Naming { table, mapping } = features.naming;
        let mut next = 0;
        cursor.object(|cursor, key| {
            let value = to_value(cursor.value()?);
            // Most names are the fields' own names.
            match table.property(key, &mut next) {
                Some(own) if mapping.is_empty() => {
                    self.properties.push((Cow::Borrowed(own), field(table, own, value, features.dates)?));
                    Ok(())
                }
                _ => self.property(key, value, features),
            }
        })
    }

    /// Adds a property according to the meaning of its name.
    pub(super) fn property(
        &mut self,
        key: &str,
        value: Value,
        features: &mut Features<'_>,
    ) -> Result<(), Fault> {
        let own_name = || Cow::Owned(key.to_owned());
        let table = features.naming.table;
        match features.meaning(key) {
            Column::Id if key == "id" => self.id_property = value,
            Column::Id | Column::Member(_) if value.is_empty() => {}
            Column::Id => match &self.other_id {
                Some((other, _)) => return Err(said_twice(key, &value, "id", other)),
                None => self.other_id = Some((key.to_owned(), value)),
            },
            Column::AsGiven => self.as_given = value,
            Column::AsGivenCrs => self.as_given_crs = value,
            Column::Extra => match &value {
                Value::Json(json) if json.starts_with('{') => self.extra = read_extra(json, table)?,
                Value::Text(text) if text.trim_start().starts_with('{') => {
                    self.extra = read_extra(text, table)?;
                }
                _ => self.properties.push((own_name(), value)),
            },
            Column::Number(meant)
            | Column::Text(meant)
            | Column::Day(meant)
            | Column::Time(meant)
            | Column::Rows(meant) => self.field(key, meant, value, features)?,
            Column::Photos => self.field(key, "photos", value, features)?,
            Column::Measured => self.field(key, "accuracy_m", value, features)?,
            Column::Member(_) => return Err(fault(key, value.as_text(), member_elsewhere(table))),
            Column::Place(part) | Column::Again(part, _) => {
                self.again.push((part, self.properties.len()));
                self.properties.push((own_name(), value));
            }
            Column::Ignored => {}
            Column::Unnamed | Column::Other(_) => self.properties.push((RawRecord::name(key), value)),
        }
        Ok(())
    }

    /// Adds a property that represents a field.
    fn field(
        &mut self,
        key: &str,
        meant: &'static str,
        value: Value,
        features: &Features<'_>,
    ) -> Result<(), Fault> {
        if key != meant {
            if value == Value::Null {
                return Ok(());
            }
            self.other_names.push((self.properties.len(), key.to_owned()));
        }
        self.properties
            .push((Cow::Borrowed(meant), field(features.naming.table, meant, value, features.dates)?));
        Ok(())
    }
}
