//! What names of columns, attributes and properties mean, in every format: parts of the place are listed here, fields
//! have their names and aliases in their tables.

use demining::{
    COMMON_FIELDS, Detection,
    field::{FieldKind, FieldRole, FieldSpec},
    folded_name,
};

/// What a column says of a place.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Part {
    /// The first of a pair: longitude, easting or x.
    East(Pair),
    /// The second of a pair: latitude, northing or y.
    North(Pair),
    /// A military grid reference.
    Mgrs,
    /// A whole position as text.
    Position,
    /// The reference system of the coordinates in the cells of this row.
    Crs,
}

/// What the names of a pair of columns say of their numbers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Pair {
    /// `longitude` and `latitude`: degrees.
    Degrees,
    /// `easting` and `northing`: metres on a plane.
    Plane,
    /// `x` and `y`, `east` and `north`: either.
    Open,
}

impl Pair {
    pub(crate) const ALL: [Self; 3] = [Self::Degrees, Self::Plane, Self::Open];

    /// Its columns, as a problem names them.
    pub(crate) fn names(self) -> &'static str {
        match self {
            Self::Degrees => "longitude, latitude",
            Self::Plane => "easting, northing",
            Self::Open => "x, y",
        }
    }
}

/// What a column holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Column {
    /// The record's id.
    Id,
    /// A part of the place.
    Place(Part),
    /// A part of the place that is said beside a geometry, by the column's own name.
    Again(Part, String),
    /// The accuracy that a phone measured with the position, metres.
    Measured,
    /// The coordinates as they were once entered, in an export.
    AsGiven,
    /// Their reference system.
    AsGivenCrs,
    /// Names of photos: a JSON array, or separated by semicolons.
    Photos,
    /// Further properties as a JSON object, in an export.
    Extra,
    /// A field that holds a number.
    Number(&'static str),
    /// A field that holds a day.
    Day(&'static str),
    /// A field that holds text.
    Text(&'static str),
    /// A column that the model does not know, by its own name.
    Other(String),
    /// A column without a name, whose cells must be blank.
    Unnamed,
    /// A column that the mapping leaves out.
    Ignored,
}

/// Names of columns that say the place, folded, and what they mean. The fields' own are in the tables of fields.
const PLACES: &[(Column, &[&str])] = &[
    (Column::Place(Part::East(Pair::Degrees)), &["lon", "longitude", "long", "lng", "location_longitude"]),
    (Column::Place(Part::North(Pair::Degrees)), &["lat", "latitude", "location_latitude"]),
    (Column::Place(Part::East(Pair::Plane)), &["easting"]),
    (Column::Place(Part::North(Pair::Plane)), &["northing"]),
    (Column::Place(Part::East(Pair::Open)), &["x", "east"]),
    (Column::Place(Part::North(Pair::Open)), &["y", "north"]),
    (Column::Place(Part::Mgrs), &["mgrs", "mgrs_coordinate", "mgrs_coordinates", "grid_reference"]),
    (Column::Place(Part::Position), &["position", "location", "coordinates", "coordinate", "dms"]),
    (Column::Place(Part::Crs), &["crs", "epsg", "srid", "datum", "reference_system"]),
    (Column::Measured, &["location_accuracy", "location_precision"]),
];

impl Column {
    /// Whether two columns say the same of a row. Names that differ only in case are one name for many programs.
    pub(crate) fn is_same(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Unnamed | Self::Ignored, _) => false,
            (Self::Place(Part::East(_)), Self::Place(Part::East(_)))
            | (Self::Place(Part::North(_)), Self::Place(Part::North(_)))
            | (Self::Measured, Self::Number("accuracy_m"))
            | (Self::Number("accuracy_m"), Self::Measured) => true,
            (Self::Other(a) | Self::Again(_, a), Self::Other(b) | Self::Again(_, b)) => {
                a == b || a.to_lowercase() == b.to_lowercase()
            }
            (a, b) => a == b,
        }
    }
}

/// Whether a field can be named in a mapping: one of those above, by any of its names, or
/// [`IGNORED`].
pub(crate) fn is_field(name: &str) -> bool {
    !matches!(column(name), Column::Other(_) | Column::Unnamed)
}

/// What a mapping says of a column that is left out.
pub(crate) const IGNORED: &str = "-";

/// What a column of this name means.
pub(crate) fn column(name: &str) -> Column {
    let folded = folded_name(name);
    if name == IGNORED {
        return Column::Ignored;
    }
    if folded.is_empty() {
        return Column::Unnamed;
    }
    let meant = known(&folded).or_else(|| known(from_gpx(&folded)?));
    meant.unwrap_or_else(|| Column::Other(name.to_owned()))
}

/// What a folded name means, if it means something.
fn known(folded: &str) -> Option<Column> {
    let place = PLACES.iter().find(|(_, names)| names.contains(&folded));
    let field = || {
        let is_called = |field: &&FieldSpec| field.name == folded || field.aliases.contains(&folded);
        let sent = COMMON_FIELDS.iter().filter(|field| field.role == FieldRole::Sent);
        Detection::FIELDS.iter().map(|field| &field.spec).chain(sent).find(is_called).and_then(of_field)
    };
    place.map(|(column, _)| column.clone()).or_else(field)
}

/// The column of a field that a row may give.
fn of_field(field: &FieldSpec) -> Option<Column> {
    Some(match (field.role, field.kind) {
        (FieldRole::Id, _) => Column::Id,
        (FieldRole::Rest, _) => Column::Extra,
        (FieldRole::Place, _) if field.name == "location_as_given" => Column::AsGiven,
        (FieldRole::Place, _) if field.name == "location_as_given_crs" => Column::AsGivenCrs,
        (FieldRole::Place | FieldRole::Derived, _) => return None,
        (FieldRole::Sent, _) => Column::Text(field.name),
        (_, FieldKind::Texts) => Column::Photos,
        (_, FieldKind::Whole | FieldKind::Year | FieldKind::Measure { .. }) => Column::Number(field.name),
        (_, FieldKind::Day) => Column::Day(field.name),
        _ => Column::Text(field.name),
    })
}

/// The name of a field in our GPX, which GDAL puts its own prefix before.
fn from_gpx(folded: &str) -> Option<&str> {
    folded.strip_prefix("ogr_")
}

/// Whether this is a field's own name, in any letters, or what GDAL makes of it in GPX.
pub(crate) fn is_own_name(name: &str, field: &str) -> bool {
    let folded = folded_name(name);
    from_gpx(&folded).unwrap_or(&folded) == field
}

/// Whether GDAL made these names from our GPX: then `type` and `time`, which GPX has beside the fields, say the same
/// again.
pub(crate) fn is_from_gpx<'a>(mut names: impl Iterator<Item = &'a str>) -> bool {
    names.any(|name| name == "ogr_kind")
}

/// Elements of GPX that say once more what fields say in a file of ours.
pub(crate) const SAID_BY_GPX: [&str; 2] = ["type", "time"];
