//! A row to send, and its expected outcome.

use serde_json::{Map, Value, json};

use super::{
    entry::{Entry, Language},
    field::Field,
    parameter::Parameter,
};

/// A place in Kalbajar, longitude and latitude, and the same in EPSG:28408, easting and northing.
pub const PLACE: [f64; 2] = [46.0412, 40.1063];
pub const PLACE_IN_28408: [f64; 2] = [8_588_879.70, 4_441_942.22];

/// The model of a record that exists beforehand.
pub const SEEDED: &str = "as seeded";

/// The reason sent with a correction whose row states none.
pub const REASON: &str = "the table of doors";

/// The statement of a row, for reports.
#[derive(Clone, Copy, Debug)]
pub enum Statement {
    Field(#[expect(dead_code, reason = "shown by Debug")] Field),
    Parameter(#[expect(dead_code, reason = "shown by Debug")] Parameter),
}

/// One row.
#[derive(Debug, Clone)]
pub struct Row {
    /// The field or parameter under test.
    pub states: Option<Statement>,
    /// The format and the entry point.
    pub cell: String,
    pub id: String,
    /// The property with the id, if it is not `id`.
    pub id_as: Option<&'static str>,
    /// The place, east first, in the system of its parcel.
    pub place: [f64; 2],
    /// Properties by their domain names.
    pub properties: Map<String, Value>,
    /// Whether a record with this id exists beforehand.
    pub is_seeded: bool,
    /// The expected outcome.
    pub checks: Vec<Check>,
    /// A phrase with which the whole request may be refused instead.
    pub or_refused: Option<&'static str>,
}

/// An expectation about a row after it was sent.
#[derive(Debug, Clone)]
pub enum Check {
    /// The record exists.
    Stands,
    /// The record is at this longitude and latitude.
    At([f64; 2]),
    /// The record has this value.
    Has(&'static str, Value),
    /// The record does not have this property, with this value or any other.
    Lacks(&'static str),
    /// The record does not exist.
    Absent,
    /// The last change of the record has this reason.
    Reason(&'static str),
    /// The response mentions this, about the row or in refusing the whole request.
    Told(&'static str),
    /// The whole request is refused with a message that mentions this.
    Refused(&'static str),
}

impl Row {
    /// Creates a row without special properties.
    pub fn plain() -> Self {
        let Value::Object(properties) = json!({"kind": "ap_mine", "detected_on": "2023-03-14"}) else {
            unreachable!("an object is one")
        };
        Self {
            states: None,
            cell: String::new(),
            id: String::new(),
            id_as: None,
            place: PLACE,
            properties,
            is_seeded: false,
            checks: Vec::new(),
            or_refused: None,
        }
    }

    /// Creates a row that changes an existing record.
    pub fn change() -> Self {
        Self { is_seeded: true, ..Self::plain() }.with("model", json!("as changed"))
    }

    /// Adds a property.
    #[must_use]
    pub fn with(mut self, name: &str, value: Value) -> Self {
        self.properties.insert(name.to_owned(), value);
        self
    }

    /// Removes a property.
    #[must_use]
    pub fn without(mut self, name: &str) -> Self {
        self.properties.remove(name);
        self
    }

    /// Adds a property that must come back.
    #[must_use]
    pub fn carrying(self, name: &'static str, value: Value) -> Self {
        self.with(name, value.clone()).checked(Check::Has(name, value))
    }

    /// Adds an expectation.
    #[must_use]
    pub fn checked(mut self, check: Check) -> Self {
        self.checks.push(check);
        self
    }

    /// Allows refusal with a message that mentions this.
    #[must_use]
    pub fn or_refused(self, naming: &'static str) -> Self {
        Self { or_refused: Some(naming), ..self }
    }

    /// Returns the record that exists beforehand, if any.
    pub fn seed(&self) -> Option<Value> {
        self.is_seeded.then(|| {
            json!({
                "type": "Feature", "id": self.id, "geometry": {"type": "Point", "coordinates": PLACE},
                "properties": {"kind": "ap_mine", "model": SEEDED, "detected_on": "2023-03-14"},
            })
        })
    }

    /// Returns the properties as table columns, the id first: one column each, lists and objects as text.
    pub fn columns(&self) -> Vec<(String, Value)> {
        let mut columns = vec![(self.id_as.unwrap_or("id").to_owned(), json!(self.id))];
        for (name, value) in &self.properties {
            match (name.as_str(), value) {
                ("location_as_given", Value::Object(given)) => {
                    columns.push((name.clone(), given["coordinates"].clone()));
                    columns.push((format!("{name}_crs"), given["crs"].clone()));
                }
                ("photos", Value::Array(names)) => {
                    let names: Vec<&str> = names.iter().filter_map(Value::as_str).collect();
                    columns.push((name.clone(), json!(names.join(";"))));
                }
                (_, Value::Array(_) | Value::Object(_)) => {
                    columns.push(("extra".to_owned(), json!(json!({ name: value }).to_string())));
                }
                _ => columns.push((name.clone(), value.clone())),
            }
        }
        columns
    }

    /// Returns the row as a Feature.
    pub fn feature(&self) -> Value {
        let geometry = json!({"type": "Point", "coordinates": self.place});
        let mut feature = json!({"type": "Feature", "geometry": geometry, "properties": self.properties});
        match self.id_as {
            None => feature["id"] = json!(self.id),
            Some(name) => feature["properties"][name] = json!(self.id),
        }
        feature
    }
}

/// Rows sent together, and how.
#[derive(Debug, Clone)]
pub struct Parcel {
    pub entry: Entry,
    pub language: Language,
    pub rows: Vec<Row>,
    /// The parameters of the address, or flags of the command.
    pub asked: Vec<(&'static str, String)>,
    pub headers: Vec<(&'static str, String)>,
    pub packing: Packing,
    /// The reference system named in a GIS file.
    pub system: &'static str,
}

/// An encoding of a body.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Packing {
    None,
    Gzip,
    Zstd,
    Brotli,
    /// Preceded by a byte order mark.
    Marked,
}

impl Parcel {
    /// Creates a parcel of rows without parameters.
    pub fn new(entry: Entry, language: Language, rows: Vec<Row>) -> Self {
        Self {
            entry,
            language,
            rows,
            asked: Vec::new(),
            headers: Vec::new(),
            packing: Packing::None,
            system: "EPSG:4326",
        }
    }

    /// Adds a parameter.
    #[must_use]
    pub fn asking(mut self, name: &'static str, value: &str) -> Self {
        self.asked.push((name, value.to_owned()));
        self
    }

    /// Returns whether it states a parameter or encodes its bytes.
    pub fn states(&self, names: &str) -> bool {
        let is_named = |name: &str| names.split('|').any(|own| own == name);
        self.packing != Packing::None
            || self.asked.iter().chain(&self.headers).any(|(name, _)| is_named(name))
    }

    /// Adds a header.
    #[must_use]
    pub fn headed(mut self, name: &'static str, value: &str) -> Self {
        self.headers.push((name, value.to_owned()));
        self
    }

    /// Encodes the bytes.
    #[must_use]
    pub fn packed(self, packing: Packing) -> Self {
        Self { packing, ..self }
    }
}
