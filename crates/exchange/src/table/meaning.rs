//! The meaning of a row's cells, by the names of their columns.

use std::borrow::Cow;

use demining::{DateOrder, FieldProblem, RawRecord, Value};

use super::{
    cell::{BadCell, Cell},
    columns::{Columns, PlaceOf},
    extra::{member_elsewhere, read_extra},
    place::{Place, Places, Wrong},
    shape::Shape,
    shield::with_decimal_point,
    statement::{day, is_same_id},
};
use crate::{
    collections::{FieldTable, field_table},
    column::{Column, Pair, Part},
    error::ReadError,
    json::read_value,
    options::ReadOptions,
    reference::Reference,
    rows::Row,
};

/// The meaning of the columns of a table, or of the attributes of features.
pub(crate) struct Meaning {
    pub(super) columns: Columns,
    table: &'static FieldTable,
    places: Places,
    dates: Option<DateOrder>,
}

impl Meaning {
    /// Resolves the columns of a table whose rows have their place in columns.
    ///
    /// # Errors
    /// Returns an error if the header line is unusable, or the reference system is ambiguous.
    pub(crate) fn of_table(
        names: &[String],
        options: &ReadOptions,
        has_decimal_comma: bool,
    ) -> Result<Self, ReadError> {
        let columns = Columns::of(names, options.naming(), PlaceOf::Columns).map_err(ReadError::Header)?;
        let reference = options.crs.as_ref().map(Reference::east_north);
        if columns.has_pair(Pair::Plane)
            && reference.is_none()
            && !columns.all.contains(&Column::Place(Part::Crs))
        {
            return Err(ReadError::Reference(
                "easting and northing need a reference system: specify it in the request or in a column crs"
                    .to_owned(),
            ));
        }
        let reference = reference.unwrap_or_default();
        if columns.has_pair(Pair::Degrees) && !reference.is_in_degrees() {
            return Err(ReadError::Reference(format!(
                "the header names longitude or latitude, which are degrees, but {} uses easting and northing: \
                 specify another system, or name the columns easting and northing",
                reference.name()
            )));
        }
        Ok(Self {
            columns,
            table: field_table(options.collection),
            places: Places::new(reference, has_decimal_comma),
            dates: options.dates,
        })
    }

    /// Resolves the attributes of features that have a geometry. `own` is the reference system that the file
    /// names, with the east coordinate first.
    ///
    /// # Errors
    /// Returns an error if two attributes have the same meaning, or the request names another reference
    /// system.
    pub(crate) fn of_attributes(
        names: &[String],
        own: Option<&Reference>,
        options: &ReadOptions,
    ) -> Result<Self, ReadError> {
        let columns = Columns::of(names, options.naming(), PlaceOf::Geometry).map_err(ReadError::Header)?;
        let own = own.map(Reference::east_north);
        let asked = options.crs.as_ref().map(Reference::east_north);
        let reference = match (own, asked) {
            (Some(own), Some(asked)) if own != asked => {
                return Err(ReadError::Reference(format!(
                    "the file is in {}, but the request specifies {}",
                    own.name(),
                    asked.name()
                )));
            }
            (own, asked) => own.or(asked).unwrap_or_default(),
        };
        Ok(Self {
            columns,
            table: field_table(options.collection),
            places: Places::new(reference, false),
            dates: options.dates,
        })
    }

    /// Returns the number of columns.
    pub(crate) fn n_columns(&self) -> usize {
        self.columns.all.len()
    }

    /// Returns the row with this number. `id` comes from outside the cells; the cells are in column order,
    /// and missing ones at the end are blank.
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
            FieldProblem::new(number, id, &field, &value, reason)
        })
    }

    fn cells<'a>(
        &mut self,
        number: u64,
        id: &mut Value,
        cells: impl Iterator<Item = Result<Cell<'a>, BadCell>>,
        shape: Shape,
    ) -> Result<RawRecord, Wrong> {
        let mut place = Place::default();
        let mut properties = Vec::with_capacity(self.columns.all.len() + 4);
        let (mut extra, mut again, mut is_measured) = (Vec::new(), Vec::new(), false);
        for ((cell, column), name) in cells.zip(&self.columns.all).zip(&self.columns.names) {
            let cell = cell.map_err(|bad| (name.clone(), bad.value, bad.reason))?;
            let text = cell.text();
            if text.is_empty() || *column == Column::Ignored {
                continue;
            }
            let wrong = |reason: String| (name.clone(), text.to_owned(), reason);
            let mut keep = |field, value| properties.push((field, value));
            match column {
                Column::Id if id.is_empty() || is_same_id(id.as_text(), text) => {
                    *id = Value::Text(text.to_owned());
                }
                Column::Id => {
                    return Err(wrong(format!("conflicts with another id of the row, {}", id.as_text())));
                }
                Column::Place(part) => {
                    place.put(*part, text);
                    if *part == Part::Position {
                        again.push((name, other(cell).map_err(wrong)?));
                    }
                }
                Column::Again(part, _) => {
                    if !place.put(*part, text) {
                        return Err(wrong("contradicts the place stated elsewhere in the row".to_owned()));
                    }
                    again.push((name, other(cell).map_err(wrong)?));
                }
                Column::AsGiven => place.as_given = text,
                Column::AsGivenCrs => place.as_given_crs = text,
                Column::Photos if text.starts_with('[') => {
                    keep(Cow::Borrowed("photos"), read_value(text).map_err(|fault| wrong(fault.reason))?);
                }
                Column::Photos => keep(Cow::Borrowed("photos"), Value::Text(text.to_owned())),
                Column::Extra if text.starts_with('{') => {
                    extra = read_extra(text, self.table).map_err(|fault| match fault.field.as_str() {
                        "" => wrong(fault.reason),
                        _ => (fault.field, fault.value, fault.reason),
                    })?;
                }
                Column::Extra => keep(Cow::Borrowed("extra"), Value::Text(text.to_owned())),
                Column::Number(field) => {
                    let number = with_decimal_point(text, self.places.has_decimal_comma);
                    keep(Cow::Borrowed(*field), Value::Text(number.into_owned()));
                }
                Column::Measured => {
                    let number = with_decimal_point(text, self.places.has_decimal_comma);
                    is_measured = number.parse::<f64>().is_ok_and(|metres| metres > 0.0);
                    keep(Cow::Borrowed("accuracy_m"), Value::Text(number.into_owned()));
                }
                Column::Day(field) => {
                    keep(Cow::Borrowed(*field), day(Value::Text(text.to_owned()), self.dates));
                }
                Column::Rows(field) if text.starts_with('[') => {
                    keep(Cow::Borrowed(*field), read_value(text).map_err(|fault| wrong(fault.reason))?);
                }
                // The reader of the table collects them.
                Column::Member(_) if shape == Shape::InCells => {}
                Column::Member(_) => return Err(wrong(member_elsewhere(self.table))),
                Column::Text(field) | Column::Time(field) | Column::Rows(field) => {
                    keep(Cow::Borrowed(*field), Value::Text(text.to_owned()));
                }
                Column::Other(own) => {
                    keep(Cow::Owned(own.clone()), other(cell).map_err(wrong)?);
                }
                Column::Unnamed => return Err(wrong("is in a column without a name".to_owned())),
                Column::Ignored => {}
            }
        }
        let (location, is_of_cells) = self.places.locate(&place, shape)?;
        for (name, value) in again {
            // If the table states the place elsewhere, text that is not a place is an ordinary property.
            let is_kept = if shape == Shape::InCells { place.is_free_text() } else { !is_of_cells };
            if is_kept {
                properties.push((Cow::Owned(name.clone()), value));
            }
        }
        if is_measured && !properties.iter().any(|(name, _)| name == "fix") {
            properties.push((Cow::Borrowed("fix"), Value::Text("gnss".to_owned())));
        }
        for (name, value) in extra {
            if name == "id" || properties.iter().any(|(known, _)| *known == name) {
                return Err((
                    name.into_owned(),
                    value.as_text().to_owned(),
                    "is in extra and in a column".to_owned(),
                ));
            }
            properties.push((name, value));
        }
        Ok(RawRecord { row: number, id: std::mem::replace(id, Value::Null), location, properties })
    }
}

/// Converts a cell of an unknown column to its stored form.
fn other(cell: Cell<'_>) -> Result<Value, String> {
    Ok(match cell {
        Cell::Number(number) => Value::Number(number.to_owned()),
        Cell::Bool(is) => Value::Bool(is),
        Cell::Json(json) => read_value(json).map_err(|fault| fault.reason)?,
        Cell::Blank | Cell::Text(_) => Value::Text(cell.text().to_owned()),
    })
}
