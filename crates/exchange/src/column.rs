//! The meaning of column, attribute and property names in every format. The parts of a place are listed here;
//! fields have their names and aliases in the field tables.

use demining::{
    field::{FieldKind, FieldRole, FieldSpec},
    folded_name,
};

use crate::collections::FieldTable;

/// The part of a place that a column contains.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Part {
    /// The east value of a pair: longitude, easting or x.
    East(Pair),
    /// The north value of a pair: latitude, northing or y.
    North(Pair),
    /// A military grid reference.
    Mgrs,
    /// A whole position as text.
    Position,
    /// The reference system of the coordinates in this row's cells.
    Crs,
}

/// What the column names of a pair imply about its numbers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Pair {
    /// `longitude` and `latitude`: degrees.
    Degrees,
    /// `easting` and `northing`: metres on a plane.
    Plane,
    /// `x` and `y`, `east` and `north`: degrees or metres.
    Open,
}

impl Pair {
    pub(crate) const ALL: [Self; 3] = [Self::Degrees, Self::Plane, Self::Open];

    /// Returns the column names, as used in problems.
    pub(crate) fn names(self) -> &'static str {
        match self {
            Self::Degrees => "longitude, latitude",
            Self::Plane => "easting, northing",
            Self::Open => "x, y",
        }
    }
}

/// The content of a column.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Column {
    /// The record's id.
    Id,
    /// A part of the place.
    Place(Part),
    /// A part of the place in addition to a geometry, with the column's own name.
    Again(Part, String),
    /// The accuracy that a phone measured together with the position, metres.
    Measured,
    /// The coordinates as entered, in an export.
    AsGiven,
    /// The reference system of those coordinates.
    AsGivenCrs,
    /// Names of photos: a JSON array, or separated by semicolons.
    Photos,
    /// Unknown properties as a JSON object, in an export.
    Extra,
    /// A field that holds a number.
    Number(&'static str),
    /// A field that holds a day.
    Day(&'static str),
    /// A field that holds a time of the day.
    Time(&'static str),
    /// A field that holds text.
    Text(&'static str),
    /// A repeated group: a JSON array.
    Rows(&'static str),
    /// A field of the repeated group, in a table with a line for each of its rows.
    Member(&'static str),
    /// An unknown column, by its own name.
    Other(String),
    /// A column without a name, whose cells must be blank.
    Unnamed,
    /// A column that the mapping ignores.
    Ignored,
}

/// The normalised names of place columns, and their meanings. The field tables have the names of the fields.
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
    /// Returns whether two columns have the same meaning. Names that differ only in case are the same to many
    /// programs.
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

/// Returns whether a mapping may name this field: one of the above, by any of its names, or [`IGNORED`].
pub(crate) fn is_field(table: &FieldTable, name: &str) -> bool {
    !matches!(column(table, name), Column::Other(_) | Column::Unnamed)
}

/// The word in a mapping for a column to ignore.
pub(crate) const IGNORED: &str = "-";

/// Returns the meaning of a column with this name, in a file of the table's collection.
pub(crate) fn column(table: &FieldTable, name: &str) -> Column {
    let folded = folded_name(name);
    if name == IGNORED {
        return Column::Ignored;
    }
    if folded.is_empty() {
        return Column::Unnamed;
    }
    let meant = known(table, &folded).or_else(|| known(table, from_gpx(&folded)?));
    meant.unwrap_or_else(|| Column::Other(name.to_owned()))
}

/// Returns the meaning of a normalised name, if it has one.
fn known(table: &FieldTable, folded: &str) -> Option<Column> {
    let place = PLACES.iter().find(|(_, names)| names.contains(&folded)).map(|(column, _)| column.clone());
    place.or_else(|| table.find(folded).and_then(of_field)).or_else(|| member(table, folded))
}

/// Returns the meaning of a name such as `victim_sex`: a field of the repeated group.
fn member(table: &FieldTable, folded: &str) -> Option<Column> {
    let (_, group) = table.group()?;
    let own = folded.strip_prefix(group.row)?.strip_prefix('_')?;
    let is_called = |field: &&FieldSpec| field.name == own || field.aliases.contains(&own);
    group.fields.iter().find(is_called).map(|field| Column::Member(field.name))
}

/// Returns the column of a field, if a row may set the field.
fn of_field(field: &FieldSpec) -> Option<Column> {
    Some(match (field.role, field.kind) {
        (FieldRole::Id, _) => Column::Id,
        (FieldRole::Rest, _) => Column::Extra,
        (FieldRole::Place, _) if field.name == "location_as_given" => Column::AsGiven,
        (FieldRole::Place, _) if field.name == "location_as_given_crs" => Column::AsGivenCrs,
        (FieldRole::Place | FieldRole::Derived, _) => return None,
        (FieldRole::Sent, _) => Column::Text(field.name),
        (_, FieldKind::Texts) => Column::Photos,
        (_, FieldKind::Whole { .. } | FieldKind::Year | FieldKind::Measure { .. }) => {
            Column::Number(field.name)
        }
        (_, FieldKind::Day) => Column::Day(field.name),
        (_, FieldKind::Time) => Column::Time(field.name),
        (_, FieldKind::Rows(_)) => Column::Rows(field.name),
        _ => Column::Text(field.name),
    })
}

/// Removes the prefix that GDAL adds to the names of fields in our GPX.
fn from_gpx(folded: &str) -> Option<&str> {
    folded.strip_prefix("ogr_")
}

/// Returns whether this is the field's own name, ignoring case, or GDAL's form of it in GPX.
pub(crate) fn is_own_name(name: &str, field: &str) -> bool {
    let folded = folded_name(name);
    from_gpx(&folded).unwrap_or(&folded) == field
}

/// Returns whether these names are GDAL's names for our GPX. In that case `type` and `time`, which GPX has
/// besides the fields, repeat them.
pub(crate) fn is_from_gpx<'a>(table: &FieldTable, mut names: impl Iterator<Item = &'a str>) -> bool {
    let class = table.class().map(|field| field.name);
    names.any(|name| class.is_some() && from_gpx(name) == class)
}

/// GPX elements that repeat fields in our own files.
pub(crate) const SAID_BY_GPX: [&str; 2] = ["type", "time"];
