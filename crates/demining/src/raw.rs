//! A row as read from a file, before validation.

use std::borrow::Cow;

/// A value as it was in the file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Value {
    /// Absent, JSON null or an empty cell.
    Null,
    /// JSON true or false.
    Bool(bool),
    /// A number, as written.
    Number(String),
    /// Text.
    Text(String),
    /// An array or object, as JSON text.
    Json(String),
    /// A value that the format's reader could not interpret.
    Unreadable {
        /// The original value.
        value: String,
        /// The reason, as the end of a sentence that begins with the field's name.
        reason: String,
    },
}

impl Value {
    /// Returns the value as text, for messages.
    pub fn as_text(&self) -> &str {
        match self {
            Self::Null => "",
            Self::Bool(true) => "true",
            Self::Bool(false) => "false",
            Self::Number(text)
            | Self::Text(text)
            | Self::Json(text)
            | Self::Unreadable { value: text, .. } => text,
        }
    }

    /// Returns whether the value is null or blank text.
    pub fn is_empty(&self) -> bool {
        match self {
            Self::Null => true,
            Self::Text(text) => text.trim().is_empty(),
            _ => false,
        }
    }
}

/// The coordinates and the reference system as entered.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct AsGiven {
    /// The coordinates as written, such as `4435012.4 8531207.1`.
    pub coordinates: String,
    /// The reference system, such as `EPSG:28408` or `MGRS`.
    pub crs: String,
}

/// The place of a row.
#[derive(Debug, Clone, PartialEq)]
pub enum RawLocation {
    /// No place: no geometry, or blank cells.
    Missing,
    /// A value that is not a point; `reason` explains why.
    Unreadable {
        /// The original value.
        value: String,
        /// The reason.
        reason: String,
    },
    /// Two numbers in WGS84 degrees, not yet validated.
    At {
        /// Longitude.
        lon: f64,
        /// Latitude.
        lat: f64,
        /// The coordinates as entered, if they were not WGS84 longitude and latitude.
        as_given: Option<AsGiven>,
        /// The possible error of the transformation to WGS84, metres; 0 without a transformation.
        transform_accuracy_m: f64,
    },
}

/// A row of an upload: values as received, by field name.
#[derive(Debug, Clone, PartialEq)]
pub struct RawRecord {
    /// The position of the feature, counted from 1, or the line in a CSV file.
    pub row: u64,
    /// The id on the feature or in its column.
    pub id: Value,
    /// The place.
    pub location: RawLocation,
    /// Every other property in its original order. Names are unique; see [`RawRecord::name`].
    pub properties: Vec<(Cow<'static, str>, Value)>,
}
