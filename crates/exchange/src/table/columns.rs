//! What the columns of a table mean, from their names in the header line.

use crate::limits::{Limits, Mapping};

/// Where the rows have their place.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum PlaceOf {
    /// In columns.
    Columns,
    /// In a geometry beside the cells: columns that would say it again are kept as they are.
    Geometry,
}

/// What a column holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Column {
    /// The record's id.
    Id,
    /// Longitude, or easting when the header says so.
    East,
    /// Latitude or northing.
    North,
    /// A military grid reference.
    Mgrs,
    /// A whole position as text.
    Position,
    /// The reference system of this row's coordinates.
    Crs,
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
    /// Whether the header calls the coordinates easting and northing.
    pub is_projected: bool,
    /// Whether the header calls the coordinates longitude and latitude.
    pub is_in_degrees: bool,
}

/// Names of columns, folded, and what they mean. Every field's own name is among them.
const NAMES: &[(&str, &[&str])] = &[
    ("id", &["id", "uuid", "record_id"]),
    ("east", &["lon", "longitude", "long", "lng", "x", "easting", "east"]),
    ("north", &["lat", "latitude", "y", "northing", "north"]),
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
    ("note", &["note", "notes", "comment", "comments", "remark", "remarks", "description"]),
];

impl Columns {
    /// Reads a header line; the reason is a sentence's end: "the header line ...".
    pub(super) fn of(header: &[String], mapping: &Mapping, place: PlaceOf) -> Result<Self, String> {
        use Column::{Crs, East, Mgrs, North, Position};
        if header.len() > Limits::DEFAULT.columns {
            return Err(format!("has more than {} columns", Limits::DEFAULT.columns));
        }
        let names: Vec<String> = header.iter().map(|name| name.trim().to_owned()).collect();
        let meant: Vec<&str> = names.iter().map(|name| mapping.field(name).unwrap_or(name)).collect();
        let of_name = |(name, meant): (&String, &&str)| match column(meant) {
            Column::Other(_) => Column::Other(name.clone()),
            East | North | Mgrs | Position | Crs if place == PlaceOf::Geometry => Column::Other(name.clone()),
            known => known,
        };
        let all: Vec<Column> = names.iter().zip(&meant).map(of_name).collect();
        for (at, column) in all.iter().enumerate() {
            if !matches!(column, Column::Unnamed | Column::Ignored)
                && let Some(first) = all[..at].iter().position(|earlier| earlier == column)
            {
                return Err(format!("has two columns for the same: {:?} and {:?}", names[first], names[at]));
            }
        }
        if place == PlaceOf::Columns {
            place_is_there(&all)?;
        }
        let meant: Vec<String> = meant.into_iter().map(folded).collect();
        let is_projected = meant.iter().any(|name| name.starts_with("easting"));
        let is_in_degrees = meant
            .iter()
            .any(|name| matches!(name.as_str(), "lon" | "longitude" | "long" | "lng" | "lat" | "latitude"));
        let in_cells = place == PlaceOf::Columns;
        Ok(Self {
            all,
            names,
            is_projected: in_cells && is_projected,
            is_in_degrees: in_cells && is_in_degrees,
        })
    }
}

/// Whether the columns say where a row is; the reason is a sentence's end.
fn place_is_there(all: &[Column]) -> Result<(), String> {
    let has = |column| all.contains(&column);
    let reason = match (has(Column::East), has(Column::North)) {
        (true, false) => "has a column for longitude or easting, but none for latitude or northing",
        (false, true) => "has a column for latitude or northing, but none for longitude or easting",
        (false, false) if !has(Column::Mgrs) && !has(Column::Position) => {
            "has no columns for the place: lon and lat, easting and northing, mgrs, or position"
        }
        _ => return Ok(()),
    };
    Err(reason.to_owned())
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
        || folded(name) == field
}

/// What a mapping says of a column that is left out.
pub(crate) const IGNORED: &str = "-";

fn column(name: &str) -> Column {
    let folded = folded(name);
    if name == IGNORED {
        return Column::Ignored;
    }
    if folded.is_empty() {
        return Column::Unnamed;
    }
    let Some((field, _)) = NAMES.iter().find(|(_, names)| names.contains(&folded.as_str())) else {
        return Column::Other(name.to_owned());
    };
    match *field {
        "id" => Column::Id,
        "east" => Column::East,
        "north" => Column::North,
        "mgrs" => Column::Mgrs,
        "position" => Column::Position,
        "crs" => Column::Crs,
        "as_given" => Column::AsGiven,
        "as_given_crs" => Column::AsGivenCrs,
        "photos" => Column::Photos,
        "extra" => Column::Extra,
        "quantity" | "made_in_year" | "depth_cm" | "accuracy_m" => Column::Number(field),
        field => Column::Text(field),
    }
}

/// Small letters and digits, with one underscore for whatever lies between them.
pub(crate) fn folded(name: &str) -> String {
    let lower = name.to_lowercase();
    let words = lower.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty());
    words.collect::<Vec<_>>().join("_")
}

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
            r#"East North Text("detected_on") Text("kind") Number("depth_cm") Other("Grid zone") Unnamed"#,
        );
    }

    #[test]
    fn two_columns_for_one_field_are_refused_by_name() {
        check("lon,lat,date,Date found", r#"has two columns for the same: "date" and "Date found""#);
        check("lon,lat,zone,zone", r#"has two columns for the same: "zone" and "zone""#);
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
