//! A row as a format gives it, before anything is believed.

use std::borrow::Cow;

/// A value as it stood in the file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Value {
    /// Absent, JSON null or an empty cell.
    Null,
    /// JSON true or false.
    Bool(bool),
    /// A number, as it was written.
    Number(String),
    /// Text.
    Text(String),
    /// An array or object, as JSON text.
    Json(String),
    /// Something that the reader of the format could not make sense of.
    Unreadable {
        /// What stood there.
        value: String,
        /// Why, as the end of a sentence that begins with the field's name.
        reason: String,
    },
}

impl Value {
    /// The value as text, for a message.
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

    /// Whether there is nothing: null or blank text.
    pub fn is_empty(&self) -> bool {
        match self {
            Self::Null => true,
            Self::Text(text) => text.trim().is_empty(),
            _ => false,
        }
    }
}

/// The coordinates and the reference system as they were entered.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct AsGiven {
    /// The coordinates as written, such as `4435012.4 8531207.1`.
    pub coordinates: String,
    /// The reference system, such as `EPSG:28408` or `MGRS`.
    pub crs: String,
}

/// Where a row says it is.
#[derive(Debug, Clone, PartialEq)]
pub enum RawLocation {
    /// Nowhere: no geometry, or blank cells.
    Missing,
    /// Something that is no point; `reason` says what.
    Unreadable {
        /// What stood there.
        value: String,
        /// Why it is no point.
        reason: String,
    },
    /// Two numbers in WGS84 degrees, not yet checked.
    At {
        /// Longitude.
        lon: f64,
        /// Latitude.
        lat: f64,
        /// What was entered, when it was not WGS84 longitude and latitude.
        as_given: Option<AsGiven>,
        /// What the transformation to WGS84 may be off by, metres; 0 when there was none.
        transform_accuracy_m: f64,
    },
}

/// A row of an upload: fields by their names in the domain, values as they came.
#[derive(Debug, Clone, PartialEq)]
pub struct RawDetection {
    /// The feature counted from 1, or the line in a CSV file.
    pub row: u64,
    /// The id given on the feature or in its column.
    pub id: Value,
    /// Where.
    pub location: RawLocation,
    /// Every other field in the order it came. Names are unique; see [`RawDetection::name`].
    pub properties: Vec<(Cow<'static, str>, Value)>,
}
