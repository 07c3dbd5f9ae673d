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

/// The model of a record that was there before.
pub const SEEDED: &str = "as seeded";

/// The reason that a correction is sent with, where the row itself states none.
pub const REASON: &str = "the table of doors";

/// What a row states, as a report shows it.
#[derive(Clone, Copy, Debug)]
pub enum Statement {
    Field(#[expect(dead_code, reason = "shown by Debug")] Field),
    Parameter(#[expect(dead_code, reason = "shown by Debug")] Parameter),
}

/// One row.
#[derive(Debug, Clone)]
pub struct Row {
    /// The field or parameter that it stands for.
    pub states: Option<Statement>,
    /// The format and the entry point.
    pub cell: String,
    pub id: String,
    /// The property that holds the id, when it is not `id`.
    pub id_as: Option<&'static str>,
    /// East first, in the system of its parcel.
    pub place: [f64; 2],
    /// Properties by the names of the domain.
    pub properties: Map<String, Value>,
    /// Whether a record with this id was there before.
    pub is_seeded: bool,
    /// What must hold afterwards.
    pub checks: Vec<Check>,
    /// What a refusal of the whole request may name instead.
    pub or_refused: Option<&'static str>,
}

/// What must hold of a row once it was sent.
#[derive(Debug, Clone)]
pub enum Check {
    /// The record is there.
    Stands,
    /// The record lies at this longitude and latitude.
    At([f64; 2]),
    /// The record has this value.
    Has(&'static str, Value),
    /// The record does not have this property, with this value or any other.
    Lacks(&'static str),
    /// There is no record.
    Absent,
    /// The last change of the record has this reason.
    Reason(&'static str),
    /// The answer names this, in what it says of the row or in the refusal of the whole request.
    Told(&'static str),
    /// The whole request is refused, and the refusal names this.
    Refused(&'static str),
}

impl Row {
    /// A row that has nothing special.
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

    /// A row that changes a record that is there.
    pub fn change() -> Self {
        Self { is_seeded: true, ..Self::plain() }.with("model", json!("as changed"))
    }

    /// The row with a property.
    #[must_use]
    pub fn with(mut self, name: &str, value: Value) -> Self {
        self.properties.insert(name.to_owned(), value);
        self
    }

    /// The row without a property.
    #[must_use]
    pub fn without(mut self, name: &str) -> Self {
        self.properties.remove(name);
        self
    }

    /// The row with a property that must come back.
    #[must_use]
    pub fn carrying(self, name: &'static str, value: Value) -> Self {
        self.with(name, value.clone()).checked(Check::Has(name, value))
    }

    /// The row with a check.
    #[must_use]
    pub fn checked(mut self, check: Check) -> Self {
        self.checks.push(check);
        self
    }

    /// The row, which may also be refused with a message that names this.
    #[must_use]
    pub fn or_refused(self, naming: &'static str) -> Self {
        Self { or_refused: Some(naming), ..self }
    }

    /// The record that is there before, if one is.
    pub fn seed(&self) -> Option<Value> {
        self.is_seeded.then(|| {
            json!({
                "type": "Feature", "id": self.id, "geometry": {"type": "Point", "coordinates": PLACE},
                "properties": {"kind": "ap_mine", "model": SEEDED, "detected_on": "2023-03-14"},
            })
        })
    }

    /// Its properties as a table has them, the id first: one column for each, lists and objects as text.
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

    /// The row as a Feature.
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

/// Rows that are sent together, and how.
#[derive(Debug, Clone)]
pub struct Parcel {
    pub entry: Entry,
    pub language: Language,
    pub rows: Vec<Row>,
    /// Parameters of the address, or flags of the command.
    pub asked: Vec<(&'static str, String)>,
    pub headers: Vec<(&'static str, String)>,
    pub packing: Packing,
    /// The system that a file of GIS programs names for itself.
    pub system: &'static str,
}

/// What is done to the bytes of a body.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Packing {
    None,
    Gzip,
    Zstd,
    Brotli,
    /// A byte order mark stands before them.
    Marked,
}

impl Parcel {
    /// Rows that are sent with nothing said beside them.
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

    /// The same with a parameter.
    #[must_use]
    pub fn asking(mut self, name: &'static str, value: &str) -> Self {
        self.asked.push((name, value.to_owned()));
        self
    }

    /// Whether it states a parameter, or packs its bytes.
    pub fn states(&self, names: &str) -> bool {
        let is_named = |name: &str| names.split('|').any(|own| own == name);
        self.packing != Packing::None
            || self.asked.iter().chain(&self.headers).any(|(name, _)| is_named(name))
    }

    /// The same with a header.
    #[must_use]
    pub fn headed(mut self, name: &'static str, value: &str) -> Self {
        self.headers.push((name, value.to_owned()));
        self
    }

    /// The same with its bytes packed.
    #[must_use]
    pub fn packed(self, packing: Packing) -> Self {
        Self { packing, ..self }
    }
}
