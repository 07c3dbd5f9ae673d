//! A table as rows. The row number is the line of the file on which the row begins.

use std::{borrow::Cow, io::Read, ops::ControlFlow};

use demining::{Problem, RawDetection, RawLocation, Value};

use super::{
    columns::{Column, Columns},
    record::{Cells, Records, find_separator},
    shield::{unshielded, with_decimal_point},
};
use crate::{
    error::ReadError,
    geojson::{as_given, read_members, read_value},
    limits::ReadOptions,
    position::{locate_pair, locate_text},
    reference::{AxisOrder, Reference, References},
    rows::{Document, ReadSummary, Row, Rows},
    window::Window,
};

pub(crate) fn read_table<R: Read, F: FnMut(Row) -> ControlFlow<()>>(
    mut window: Window<R>,
    options: &ReadOptions,
    rows: &mut Rows<F>,
) -> Result<ReadSummary, ReadError> {
    let separator = find_separator(&mut window, options.max_row_bytes)?;
    let mut records = Records::new(window, separator, options.max_row_bytes);
    let mut cells = Cells::default();
    if records.next(&mut cells)?.is_none() {
        return Err(ReadError::Empty);
    }
    let header: Result<Vec<String>, _> = cells.iter().map(|cell| String::from_utf8(cell.to_vec())).collect();
    let header = header.map_err(|_| ReadError::Header("is not UTF-8".to_owned()))?;
    let columns = Columns::of(&header).map_err(ReadError::Header)?;
    let reference = options.crs.as_ref().map(Reference::east_north);
    if columns.is_projected && reference.is_none() && !columns.all.contains(&Column::Crs) {
        return Err(ReadError::Reference(
            "easting and northing need a reference system: name it in the request or in a column crs"
                .to_owned(),
        ));
    }
    let reference = reference.unwrap_or_default();
    if columns.is_in_degrees && !reference.is_in_degrees() {
        return Err(ReadError::Reference(format!(
            "the header names longitude or latitude, which are degrees, and {} has easting and northing: \
             name another system, or call the columns easting and northing",
            reference.name()
        )));
    }
    let mut table = Table { columns, separator, reference, references: References::default() };
    let mut stopped = false;
    while !stopped && let Some(line) = records.next(&mut cells)? {
        // Spreadsheets fill up with rows of nothing.
        if cells.iter().all(|cell| cell.trim_ascii().is_empty()) {
            continue;
        }
        rows.next()?;
        stopped = rows.give(table.row(&cells, line)).is_break();
    }
    Ok(ReadSummary { document: Document::Table, rows: rows.count, bytes: records.offset(), stopped })
}

/// Meaning of the cells.
struct Table {
    columns: Columns,
    separator: u8,
    reference: Reference,
    references: References,
}

/// The cells of a row that say where it is.
#[derive(Default)]
struct Place<'a> {
    east: &'a str,
    north: &'a str,
    mgrs: &'a str,
    position: &'a str,
    crs: &'a str,
    as_given: &'a str,
    as_given_crs: &'a str,
}

impl Table {
    fn row(&mut self, cells: &Cells, line: u64) -> Row {
        let mut id = Value::Null;
        let read = self.cells(cells, line, &mut id);
        read.map_err(|(field, value, reason)| {
            let id = (!id.is_empty()).then(|| id.as_text());
            Problem::new(line, id, &field, &value, reason)
        })
    }

    fn cells(&mut self, cells: &Cells, line: u64, id: &mut Value) -> Result<RawDetection, Wrong> {
        let (found, wanted) = (cells.len(), self.columns.all.len());
        if found != wanted {
            let reason = format!("has {found} cells where the header has {wanted}; is a quote not closed?");
            return Err((String::new(), String::new(), reason));
        }
        if cells.has_stray_quote() {
            let reason = "has text behind a closing quote; is a quote not closed, or not doubled?".to_owned();
            return Err((String::new(), String::new(), reason));
        }
        let mut place = Place::default();
        let mut properties = Vec::with_capacity(wanted + 4);
        let mut extra = Vec::new();
        for ((cell, column), name) in cells.iter().zip(&self.columns.all).zip(&self.columns.names) {
            let wrong = |reason: String| (name.clone(), String::from_utf8_lossy(cell).into_owned(), reason);
            let cell = std::str::from_utf8(cell).map_err(|_| wrong("is not UTF-8".to_owned()))?;
            let cell = unshielded(cell.trim());
            if cell.is_empty() {
                continue;
            }
            let mut keep = |field, value| properties.push((field, value));
            match column {
                Column::Id => *id = Value::Text(cell.to_owned()),
                Column::East => place.east = cell,
                Column::North => place.north = cell,
                Column::Mgrs => place.mgrs = cell,
                Column::Position => place.position = cell,
                Column::Crs => place.crs = cell,
                Column::AsGiven => place.as_given = cell,
                Column::AsGivenCrs => place.as_given_crs = cell,
                Column::Photos if cell.starts_with('[') => {
                    keep(Cow::Borrowed("photos"), read_value(cell).map_err(|fault| wrong(fault.reason))?);
                }
                Column::Photos => keep(Cow::Borrowed("photos"), Value::Text(cell.to_owned())),
                Column::Extra if cell.starts_with('{') => {
                    extra = read_members(cell).map_err(|fault| wrong(fault.reason))?;
                }
                Column::Extra => keep(Cow::Borrowed("extra"), Value::Text(cell.to_owned())),
                Column::Number(field) => {
                    keep(
                        Cow::Borrowed(*field),
                        Value::Text(with_decimal_point(cell, self.separator).into_owned()),
                    );
                }
                Column::Text(field) => keep(Cow::Borrowed(*field), Value::Text(cell.to_owned())),
                Column::Other(own) => keep(Cow::Owned(own.clone()), Value::Text(cell.to_owned())),
                Column::Unnamed => return Err(wrong("stands in a column without a name".to_owned())),
            }
        }
        for (name, value) in extra {
            if name == "id" || properties.iter().any(|(known, _)| *known == name) {
                return Err((
                    name.into_owned(),
                    value.as_text().to_owned(),
                    "stands in extra and in a column".to_owned(),
                ));
            }
            properties.push((name, value));
        }
        let location = self.locate(&place)?;
        Ok(RawDetection { row: line, id: id.clone(), location, properties })
    }

    /// The place from the first of the ways to say it that is filled in.
    fn locate(&mut self, place: &Place<'_>) -> Result<RawLocation, Wrong> {
        let wrong = |field: &str, value: &str, reason| (field.to_owned(), value.to_owned(), reason);
        let reference = match place.crs {
            "" if self.columns.is_projected && self.reference.is_lon_lat() && !place.east.is_empty() => {
                return Err(wrong("crs", "", "is missing beside easting and northing".to_owned()));
            }
            "" => &self.reference,
            name => self
                .references
                .get(name, AxisOrder::EastNorth)
                .map_err(|reason| wrong("crs", name, reason))?,
        };
        if self.columns.is_in_degrees && !reference.is_in_degrees() {
            let reason = "has easting and northing, and the columns are longitude and latitude".to_owned();
            return Err(wrong("crs", place.crs, reason));
        }
        let mut location = if place.east.is_empty() != place.north.is_empty() {
            RawLocation::Unreadable {
                value: format!("{} {}", place.east, place.north),
                reason: "longitude or latitude is missing".to_owned(),
            }
        } else if !place.east.is_empty() {
            let east = with_decimal_point(place.east, self.separator);
            let north = with_decimal_point(place.north, self.separator);
            let is_text = |cell: &str| cell.parse::<f64>().is_err() && cell.contains(DEGREE_MARKS);
            if reference.is_lon_lat() && (is_text(&east) || is_text(&north)) {
                locate_pair(&north, &east)
            } else {
                reference.locate(&east, &north)
            }
        } else if !place.mgrs.is_empty() {
            locate_text(place.mgrs)
        } else if !place.position.is_empty() {
            locate_text(place.position)
        } else {
            RawLocation::Missing
        };
        let given = as_given(place.as_given, place.as_given_crs)
            .map_err(|reason| wrong("location_as_given", place.as_given, reason))?;
        if let (RawLocation::At { as_given, .. }, Some(given)) = (&mut location, given) {
            *as_given = Some(given);
        }
        Ok(location)
    }
}

/// Characters that stand in degrees with minutes, seconds or letters and in no number.
const DEGREE_MARKS: [char; 13] = ['°', 'º', '′', '″', '’', '”', '\'', '"', ':', 'N', 'S', 'E', 'W'];

/// Field, value and reason of a problem.
type Wrong = (String, String, String);
