//! What names of columns, attributes and properties mean. This is the one list of them, for every format.

use demining::folded_name;

use super::{
    central,
    place::{Pair, Part},
};
use crate::limits::{Limits, Mapping};

/// Where the rows have their place.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum PlaceOf {
    /// In columns.
    Columns,
    /// In a geometry beside the cells: columns that say it again are kept as they are, and must agree.
    Geometry,
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

/// The columns of a table.
#[derive(Debug)]
pub(super) struct Columns {
    pub all: Vec<Column>,
    /// The names as they stand in the header.
    pub names: Vec<String>,
}

/// Names of columns, folded, and what they mean. Every field's own name is among them.
const NAMES: &[(&str, &[&str])] = &[
    ("id", &["id", "uuid", "record_id"]),
    ("longitude", &["lon", "longitude", "long", "lng", "location_longitude"]),
    ("latitude", &["lat", "latitude", "location_latitude"]),
    ("easting", &["easting"]),
    ("northing", &["northing"]),
    ("x", &["x", "east"]),
    ("y", &["y", "north"]),
    ("mgrs", &["mgrs", "mgrs_coordinate", "mgrs_coordinates", "grid_reference"]),
    ("position", &["position", "location", "coordinates", "coordinate", "dms"]),
    ("crs", &["crs", "epsg", "srid", "datum", "reference_system"]),
    ("as_given", &["location_as_given"]),
    ("as_given_crs", &["location_as_given_crs"]),
    ("photos", &["photos", "photo", "pictures", "images"]),
    ("extra", &["extra"]),
    (
        "kind",
        &["kind", "type", "category", "device", "device_type", "ordnance", "ordnance_type", "eo_category"],
    ),
    ("model", &["model", "device_model", "mine_model"]),
    ("made_in_year", &["made_in_year", "year_made", "production_year", "year_of_production"]),
    ("quantity", &["quantity", "qty", "count", "amount", "number_of_items"]),
    ("depth_cm", &["depth_cm", "depth_in_cm"]),
    (
        "accuracy_m",
        &["accuracy_m", "accuracy", "accuracy_in_m", "horizontal_accuracy", "horizontal_accuracy_m"],
    ),
    ("measured", &["location_accuracy", "location_precision"]),
    ("fix", &["fix", "fix_type", "position_method"]),
    (
        "detected_on",
        &[
            "detected_on",
            "date",
            "detected",
            "date_found",
            "found_on",
            "found",
            "date_detected",
            "detection_date",
        ],
    ),
    ("status", &["status", "state"]),
    (
        "neutralised_on",
        &[
            "neutralised_on",
            "neutralized_on",
            "neutralised",
            "neutralized",
            "date_neutralised",
            "date_neutralized",
            "disposed_on",
            "disposal_date",
            "destroyed_on",
            "date_destroyed",
        ],
    ),
    ("disposal", &["disposal", "disposal_method"]),
    ("operator", &["operator", "organisation", "organization", "agency"]),
    ("team", &["team", "team_name"]),
    ("hazard_area", &["hazard_area", "hazardous_area", "minefield"]),
    ("source_reliability", &["source_reliability", "reliability"]),
    ("reason", &["reason"]),
    ("base_revision", &["base_revision"]),
    ("note", &["note", "notes", "comment", "comments", "remark", "remarks", "description"]),
];

impl Columns {
    /// Reads a header line; the reason is a sentence's end: "the header line ...".
    pub(super) fn of(header: &[String], mapping: &Mapping, place: PlaceOf) -> Result<Self, String> {
        if header.len() > Limits::DEFAULT.columns {
            return Err(format!("has more than {} columns", Limits::DEFAULT.columns));
        }
        let names: Vec<String> = header.iter().map(|name| name.trim().to_owned()).collect();
        let is_of_central = place == PlaceOf::Columns && central::is_export(&names);
        let is_of_gpx = is_from_gpx(names.iter().map(String::as_str));
        let of_name = |name: &String| match mapping.field(name) {
            Some(field) => beside(column(field), name, place),
            None if is_of_gpx && SAID_BY_GPX.contains(&folded_name(name).as_str()) => Column::Ignored,
            None if is_of_central => {
                central::column(name).unwrap_or_else(|| beside(column(name), name, place))
            }
            None => beside(column(name), name, place),
        };
        let all: Vec<Column> = names.iter().map(of_name).collect();
        for (at, column) in all.iter().enumerate() {
            if let Some(first) = all[..at].iter().position(|earlier| earlier.is_same(column)) {
                return Err(format!(
                    "has two columns for the same: {:?} and {:?}; leave one out with columns={{{:?}: \"-\"}}",
                    names[first], names[at], names[at]
                ));
            }
        }
        if place == PlaceOf::Columns {
            place_is_there(&all)?;
        }
        Ok(Self { all, names })
    }

    /// Whether the header calls the coordinates easting and northing, or longitude and latitude.
    pub(super) fn has_pair(&self, pair: Pair) -> bool {
        self.all
            .iter()
            .any(|column| matches!(column, Column::Place(Part::East(own) | Part::North(own)) if *own == pair))
    }
}

impl Column {
    /// Whether two columns say the same of a row. Names that differ only in case are one name for many programs.
    fn is_same(&self, other: &Self) -> bool {
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

/// What a column means in a file whose rows have their place there. One that means nothing keeps its own name.
fn beside(meant: Column, name: &str, place: PlaceOf) -> Column {
    match meant {
        Column::Other(_) => Column::Other(name.to_owned()),
        Column::Place(part) if place == PlaceOf::Geometry => Column::Again(part, name.to_owned()),
        known => known,
    }
}

/// Whether the columns say where a row is; the reason is a sentence's end.
fn place_is_there(all: &[Column]) -> Result<(), String> {
    let has =
        |is: fn(&Part) -> bool| all.iter().any(|column| matches!(column, Column::Place(part) if is(part)));
    let reason = match (has(|part| matches!(part, Part::East(_))), has(|part| matches!(part, Part::North(_))))
    {
        (true, false) => "has a column for longitude or easting, but none for latitude or northing",
        (false, true) => "has a column for latitude or northing, but none for longitude or easting",
        (false, false) if !has(|part| matches!(part, Part::Mgrs | Part::Position)) => {
            "has no columns for the place: lon and lat, easting and northing, mgrs, or position"
        }
        _ => return Ok(()),
    };
    Err(reason.to_owned())
}

/// What a property of a GeoJSON feature means: the place is the geometry.
pub(crate) fn property(name: &str, mapping: &Mapping) -> Column {
    beside(mapping.field(name).map_or_else(|| own(name), column), name, PlaceOf::Geometry)
}

/// Whether a field can be named in a mapping: one of those above, by any of its names, or
/// [`IGNORED`].
pub(crate) fn is_field(name: &str) -> bool {
    !matches!(column(name), Column::Other(_) | Column::Unnamed)
}

/// Whether a column of this name stands for a field, by the mapping or by itself.
pub(crate) fn stands_for(name: &str, mapping: &Mapping, field: &str) -> bool {
    let meant = column(mapping.field(name).unwrap_or(name));
    !matches!(meant, Column::Other(_) | Column::Unnamed | Column::Ignored) && meant == column(field)
        || folded_name(name) == field
}

/// What a mapping says of a column that is left out.
pub(crate) const IGNORED: &str = "-";

/// What a column of this name means by itself: only a mapping leaves one out.
fn own(name: &str) -> Column {
    if name == IGNORED { Column::Other(name.to_owned()) } else { column(name) }
}

fn column(name: &str) -> Column {
    let folded = folded_name(name);
    if name == IGNORED {
        return Column::Ignored;
    }
    if folded.is_empty() {
        return Column::Unnamed;
    }
    let known = |name: &str| NAMES.iter().find(|(_, names)| names.contains(&name));
    let Some((field, _)) = known(&folded).or_else(|| known(from_gpx(&folded)?)) else {
        return Column::Other(name.to_owned());
    };
    match *field {
        "id" => Column::Id,
        "longitude" => Column::Place(Part::East(Pair::Degrees)),
        "latitude" => Column::Place(Part::North(Pair::Degrees)),
        "easting" => Column::Place(Part::East(Pair::Plane)),
        "northing" => Column::Place(Part::North(Pair::Plane)),
        "x" => Column::Place(Part::East(Pair::Open)),
        "y" => Column::Place(Part::North(Pair::Open)),
        "mgrs" => Column::Place(Part::Mgrs),
        "position" => Column::Place(Part::Position),
        "crs" => Column::Place(Part::Crs),
        "measured" => Column::Measured,
        "as_given" => Column::AsGiven,
        "as_given_crs" => Column::AsGivenCrs,
        "photos" => Column::Photos,
        "extra" => Column::Extra,
        "quantity" | "made_in_year" | "depth_cm" | "accuracy_m" => Column::Number(field),
        "detected_on" | "neutralised_on" => Column::Day(field),
        field => Column::Text(field),
    }
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

#[cfg(test)]
mod tests {
    use super::*;

    fn check(header: &str, expected: &str) {
        let header: Vec<String> = header.split(',').map(str::to_owned).collect();
        let found = match Columns::of(&header, &Mapping::default(), PlaceOf::Columns) {
            Ok(columns) => columns.all.iter().map(|c| format!("{c:?}")).collect::<Vec<_>>().join(" "),
            Err(reason) => reason,
        };
        assert_eq!(found, expected);
    }

    #[test]
    fn columns_are_known_by_their_common_names() {
        check(
            "Longitude,LAT,Date Found,Device Type,Depth (cm),Grid zone,",
            r#"Place(East(Degrees)) Place(North(Degrees)) Day("detected_on") Text("kind") Number("depth_cm") Other("Grid zone") Unnamed"#,
        );
    }

    #[test]
    fn two_columns_for_one_field_are_refused_by_name() {
        let check = |header, expected: &str| {
            check(header, &format!("has two columns for the same: {expected}: \"-\"}}"));
        };
        check(
            "lon,lat,date,Date found",
            r#""date" and "Date found"; leave one out with columns={"Date found""#,
        );
        check("lon,lat,zone,zone", r#""zone" and "zone"; leave one out with columns={"zone""#);
        check("lon,lat,Zone,zone", r#""Zone" and "zone"; leave one out with columns={"zone""#);
        check("lon,lat,x,y", r#""lon" and "x"; leave one out with columns={"x""#);
    }

    #[test]
    fn a_table_without_a_place_is_refused() {
        check(
            "46.1,40.2,ap_mine",
            "has no columns for the place: lon and lat, easting and northing, mgrs, or position",
        );
        check("lon,kind", "has a column for longitude or easting, but none for latitude or northing");
    }
}
