//! What the cells of a row say, by the names of their columns.

use std::borrow::Cow;

use demining::{Problem, RawDetection, RawLocation, Value};

use super::{
    cell::{BadCell, Cell},
    columns::{Column, Columns, PlaceOf},
    shape::Shape,
    shield::with_decimal_point,
};
use crate::{
    error::ReadError,
    geojson::{as_given, read_members, read_value},
    limits::ReadOptions,
    position::{locate_pair, locate_text},
    reference::{AxisOrder, Reference, References},
    rows::Row,
};

/// The meaning of the columns of a table, or of the attributes of features.
pub(crate) struct Meaning {
    columns: Columns,
    has_decimal_comma: bool,
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

/// Field, value and reason of a problem.
type Wrong = (String, String, String);

impl Meaning {
    /// Of a table whose rows have their place in columns.
    ///
    /// # Errors
    /// When the header line cannot be used, or it is not clear which reference system is meant.
    pub(crate) fn of_table(
        names: &[String],
        options: &ReadOptions,
        has_decimal_comma: bool,
    ) -> Result<Self, ReadError> {
        let columns = Columns::of(names, &options.columns, PlaceOf::Columns).map_err(ReadError::Header)?;
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
        Ok(Self { columns, has_decimal_comma, reference, references: References::default() })
    }

    /// Of features that have a geometry beside their attributes. `own` is the reference system that
    /// the file names, whose coordinates come east first.
    ///
    /// # Errors
    /// When two attributes mean the same, or the request names another reference system.
    pub(crate) fn of_attributes(
        names: &[String],
        own: Option<&Reference>,
        options: &ReadOptions,
    ) -> Result<Self, ReadError> {
        let columns = Columns::of(names, &options.columns, PlaceOf::Geometry).map_err(ReadError::Header)?;
        let own = own.map(Reference::east_north);
        let asked = options.crs.as_ref().map(Reference::east_north);
        let reference = match (own, asked) {
            (Some(own), Some(asked)) if own != asked => {
                return Err(ReadError::Reference(format!(
                    "the file is in {}, and the request says {}",
                    own.name(),
                    asked.name()
                )));
            }
            (own, asked) => own.or(asked).unwrap_or_default(),
        };
        Ok(Self { columns, has_decimal_comma: false, reference, references: References::default() })
    }

    /// How many columns there are.
    pub(crate) fn n_columns(&self) -> usize {
        self.columns.all.len()
    }

    /// The row with this number. `id` stands outside the cells; these come in the order of the
    /// columns, and what is missing at the end is blank.
    pub(crate) fn row<'a>(
        &mut self,
        number: u64,
        id: Option<&str>,
        cells: impl Iterator<Item = Result<Cell<'a>, BadCell>>,
        place: Shape,
    ) -> Row {
        let mut id = id.map_or(Value::Null, |id| Value::Text(id.to_owned()));
        let read = self.cells(number, &mut id, cells, place);
        read.map_err(|(field, value, reason)| {
            let id = (!id.is_empty()).then(|| id.as_text());
            Problem::new(number, id, &field, &value, reason)
        })
    }

    fn cells<'a>(
        &mut self,
        number: u64,
        id: &mut Value,
        cells: impl Iterator<Item = Result<Cell<'a>, BadCell>>,
        shape: Shape,
    ) -> Result<RawDetection, Wrong> {
        let mut place = Place::default();
        let mut properties = Vec::with_capacity(self.columns.all.len() + 4);
        let mut extra = Vec::new();
        for ((cell, column), name) in cells.zip(&self.columns.all).zip(&self.columns.names) {
            let cell = cell.map_err(|bad| (name.clone(), bad.value, bad.reason))?;
            let text = cell.text();
            if text.is_empty() || *column == Column::Ignored {
                continue;
            }
            let wrong = |reason: String| (name.clone(), text.to_owned(), reason);
            let mut keep = |field, value| properties.push((field, value));
            match column {
                Column::Id if id.is_empty() || id.as_text() == text => *id = Value::Text(text.to_owned()),
                Column::Id => {
                    return Err(wrong(format!("stands beside another id of the row, {}", id.as_text())));
                }
                Column::East => place.east = text,
                Column::North => place.north = text,
                Column::Mgrs => place.mgrs = text,
                Column::Position => place.position = text,
                Column::Crs => place.crs = text,
                Column::AsGiven => place.as_given = text,
                Column::AsGivenCrs => place.as_given_crs = text,
                Column::Photos if text.starts_with('[') => {
                    keep(Cow::Borrowed("photos"), read_value(text).map_err(|fault| wrong(fault.reason))?);
                }
                Column::Photos => keep(Cow::Borrowed("photos"), Value::Text(text.to_owned())),
                Column::Extra if text.starts_with('{') => {
                    extra = read_members(text).map_err(|fault| wrong(fault.reason))?;
                }
                Column::Extra => keep(Cow::Borrowed("extra"), Value::Text(text.to_owned())),
                Column::Number(field) => {
                    keep(Cow::Borrowed(*field), Value::Text(self.with_point(text).into_owned()));
                }
                Column::Text(field) => keep(Cow::Borrowed(*field), Value::Text(text.to_owned())),
                Column::Other(own) => {
                    keep(Cow::Owned(own.clone()), other(cell).map_err(wrong)?);
                }
                Column::Unnamed => return Err(wrong("stands in a column without a name".to_owned())),
                Column::Ignored => {}
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
        let location = self.locate(&place, shape)?;
        Ok(RawDetection { row: number, id: std::mem::replace(id, Value::Null), location, properties })
    }

    /// The place, and what was entered for it.
    fn locate(&mut self, place: &Place<'_>, shape: Shape) -> Result<RawLocation, Wrong> {
        let mut location = match shape {
            Shape::InCells => self.locate_cells(place)?,
            Shape::Missing => RawLocation::Missing,
            Shape::Point { x, y } => self.reference.locate(&x.to_string(), &y.to_string()),
            Shape::Other(reason) => {
                RawLocation::Unreadable { value: String::new(), reason: reason.to_owned() }
            }
        };
        let given = as_given(place.as_given, place.as_given_crs)
            .map_err(|reason| ("location_as_given".to_owned(), place.as_given.to_owned(), reason))?;
        if let (RawLocation::At { as_given, .. }, Some(given)) = (&mut location, given) {
            *as_given = Some(given);
        }
        Ok(location)
    }

    /// The place from the first of the ways to say it that is filled in.
    fn locate_cells(&mut self, place: &Place<'_>) -> Result<RawLocation, Wrong> {
        let wrong = |field: &str, value: &str, reason| (field.to_owned(), value.to_owned(), reason);
        let has_decimal_comma = self.has_decimal_comma;
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
        let location = if place.east.is_empty() != place.north.is_empty() {
            RawLocation::Unreadable {
                value: format!("{} {}", place.east, place.north),
                reason: "longitude or latitude is missing".to_owned(),
            }
        } else if !place.east.is_empty() {
            let east = with_decimal_point(place.east, has_decimal_comma);
            let north = with_decimal_point(place.north, has_decimal_comma);
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
        Ok(location)
    }

    fn with_point<'a>(&self, number: &'a str) -> Cow<'a, str> {
        with_decimal_point(number, self.has_decimal_comma)
    }
}

/// A cell of a column that the model does not know, as it is kept.
fn other(cell: Cell<'_>) -> Result<Value, String> {
    Ok(match cell {
        Cell::Number(number) => Value::Number(number.to_owned()),
        Cell::Bool(is) => Value::Bool(is),
        Cell::Json(json) => read_value(json).map_err(|fault| fault.reason)?,
        Cell::Blank | Cell::Text(_) => Value::Text(cell.text().to_owned()),
    })
}

/// Characters that stand in degrees with minutes, seconds or letters and in no number.
const DEGREE_MARKS: [char; 13] = ['°', 'º', '′', '″', '’', '”', '\'', '"', ':', 'N', 'S', 'E', 'W'];
