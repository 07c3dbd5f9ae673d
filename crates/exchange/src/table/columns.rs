//! The columns of a file, resolved by their names and the mapping in the request.

use demining::folded_name;

use super::central;
use crate::{
    collections::FieldTable,
    column::{Column, IGNORED, Pair, Part, SAID_BY_GPX, column, is_from_gpx},
    limits::ReadLimits,
    options::Naming,
};

/// Where the rows have their place.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum PlaceOf {
    /// In columns.
    Columns,
    /// In a geometry beside the cells: columns that repeat the place are kept unchanged, and must agree with
    /// it.
    Geometry,
}

/// The columns of a table.
#[derive(Debug)]
pub(super) struct Columns {
    pub all: Vec<Column>,
    /// The names as in the header.
    pub names: Vec<String>,
}

impl Columns {
    /// Resolves a header line; the error is the end of a sentence: "the header line ...".
    pub(super) fn of(header: &[String], naming: Naming<'_>, place: PlaceOf) -> Result<Self, String> {
        if header.len() > ReadLimits::DEFAULT.columns {
            return Err(format!("has more than {} columns", ReadLimits::DEFAULT.columns));
        }
        let names: Vec<String> = header.iter().map(|name| name.trim().to_owned()).collect();
        let is_of_central = place == PlaceOf::Columns && central::is_export(&names);
        let Naming { table, mapping } = naming;
        let is_of_gpx = is_from_gpx(table, names.iter().map(String::as_str));
        let of_name = |name: &String| match mapping.field(name) {
            Some(field) => beside(column(table, field), name, place),
            None if is_of_gpx && SAID_BY_GPX.contains(&folded_name(name).as_str()) => Column::Ignored,
            None if is_of_central => {
                central::column(name).unwrap_or_else(|| beside(column(table, name), name, place))
            }
            None => beside(column(table, name), name, place),
        };
        let all: Vec<Column> = names.iter().map(of_name).collect();
        for (at, column) in all.iter().enumerate() {
            if let Some(first) = all[..at].iter().position(|earlier| earlier.is_same(column)) {
                return Err(format!(
                    "has two columns for the same value: {:?} and {:?}; to ignore one, set columns={{{:?}: \"-\"}}",
                    names[first], names[at], names[at]
                ));
            }
        }
        if place == PlaceOf::Columns {
            place_is_there(&all)?;
        }
        Ok(Self { all, names })
    }

    /// Returns whether the header has this pair of coordinate columns.
    pub(super) fn has_pair(&self, pair: Pair) -> bool {
        self.all
            .iter()
            .any(|column| matches!(column, Column::Place(Part::East(own) | Part::North(own)) if *own == pair))
    }
}

/// Returns the meaning of a column in a file with the place in `place`. An unknown column keeps its own name.
fn beside(meant: Column, name: &str, place: PlaceOf) -> Column {
    match meant {
        Column::Other(_) => Column::Other(name.to_owned()),
        Column::Place(part) if place == PlaceOf::Geometry => Column::Again(part, name.to_owned()),
        known => known,
    }
}

/// Checks that the columns contain the place of a row; the error is the end of a sentence.
fn place_is_there(all: &[Column]) -> Result<(), String> {
    let has =
        |is: fn(&Part) -> bool| all.iter().any(|column| matches!(column, Column::Place(part) if is(part)));
    let reason = match (has(|part| matches!(part, Part::East(_))), has(|part| matches!(part, Part::North(_))))
    {
        (true, false) => "has a column for longitude or easting, but not for latitude or northing",
        (false, true) => "has a column for latitude or northing, but not for longitude or easting",
        (false, false) if !has(|part| matches!(part, Part::Mgrs | Part::Position)) => {
            "has no columns for the place: lon and lat, easting and northing, mgrs, or position"
        }
        _ => return Ok(()),
    };
    Err(reason.to_owned())
}

/// Returns the meaning of a property of a GeoJSON feature, whose place is the geometry.
pub(crate) fn property(name: &str, Naming { table, mapping }: Naming<'_>) -> Column {
    match mapping.field(name) {
        Some(field) => beside(column(table, field), name, PlaceOf::Geometry),
        None => own_property(name, table),
    }
}

/// Returns the meaning of a property without a mapping: only a mapping can ignore one.
pub(super) fn own_property(name: &str, table: &FieldTable) -> Column {
    let meant = if name == IGNORED { Column::Other(name.to_owned()) } else { column(table, name) };
    beside(meant, name, PlaceOf::Geometry)
}

/// Returns whether a column of this name represents a field, by the mapping or by its own name.
pub(crate) fn stands_for(name: &str, Naming { table, mapping }: Naming<'_>, field: &str) -> bool {
    let meant = column(table, mapping.field(name).unwrap_or(name));
    !matches!(meant, Column::Other(_) | Column::Unnamed | Column::Ignored) && meant == column(table, field)
        || folded_name(name) == field
}

#[cfg(test)]
mod tests {
    use demining::Collection;

    use super::*;
    use crate::options::ReadOptions;

    fn check(header: &str, expected: &str) {
        check_of(Collection::Detections, header, expected);
    }

    fn check_of(collection: Collection, header: &str, expected: &str) {
        let header: Vec<String> = header.split(',').map(str::to_owned).collect();
        let options = ReadOptions { collection, ..ReadOptions::default() };
        let found = match Columns::of(&header, options.naming(), PlaceOf::Columns) {
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
    fn a_name_means_what_it_means_in_its_collection() {
        check_of(
            Collection::Accidents,
            "lon,lat,Date,device,Type,Time,victims,Victim sex,detected_on,victim_name",
            r#"Place(East(Degrees)) Place(North(Degrees)) Day("occurred_on") Text("device") Text("class") Time("time") Rows("victims") Member("sex") Other("detected_on") Other("victim_name")"#,
        );
        check(
            "lon,lat,Date,device,time,victims,victim_sex",
            r#"Place(East(Degrees)) Place(North(Degrees)) Day("detected_on") Text("kind") Other("time") Other("victims") Other("victim_sex")"#,
        );
    }

    #[test]
    fn two_columns_for_one_field_are_refused_by_name() {
        let check = |header, expected: &str| {
            check(header, &format!("has two columns for the same value: {expected}: \"-\"}}"));
        };
        check(
            "lon,lat,date,Date found",
            r#""date" and "Date found"; to ignore one, set columns={"Date found""#,
        );
        check("lon,lat,zone,zone", r#""zone" and "zone"; to ignore one, set columns={"zone""#);
        check("lon,lat,Zone,zone", r#""Zone" and "zone"; to ignore one, set columns={"zone""#);
        check("lon,lat,x,y", r#""lon" and "x"; to ignore one, set columns={"x""#);
    }

    #[test]
    fn a_table_without_a_place_is_refused() {
        check(
            "46.1,40.2,ap_mine",
            "has no columns for the place: lon and lat, easting and northing, mgrs, or position",
        );
        check("lon,kind", "has a column for longitude or easting, but not for latitude or northing");
    }
}
