//! What the cells of a row say, by the names of their columns.

use std::borrow::Cow;

use demining::{DateOrder, FieldProblem, RawDetection, Value};

use super::{
    cell::{BadCell, Cell},
    columns::{Columns, PlaceOf},
    extra::read_extra,
    place::{Place, Places, Wrong},
    shape::Shape,
    shield::with_decimal_point,
    statement::{day, is_same_id},
};
use crate::{
    column::{Column, Pair, Part},
    error::ReadError,
    json::read_value,
    options::ReadOptions,
    reference::Reference,
    rows::Row,
};

/// The meaning of the columns of a table, or of the attributes of features.
pub(crate) struct Meaning {
    columns: Columns,
    places: Places,
    dates: Option<DateOrder>,
}

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
        if columns.has_pair(Pair::Plane)
            && reference.is_none()
            && !columns.all.contains(&Column::Place(Part::Crs))
        {
            return Err(ReadError::Reference(
                "easting and northing need a reference system: name it in the request or in a column crs"
                    .to_owned(),
            ));
        }
        let reference = reference.unwrap_or_default();
        if columns.has_pair(Pair::Degrees) && !reference.is_in_degrees() {
            return Err(ReadError::Reference(format!(
                "the header names longitude or latitude, which are degrees, and {} has easting and northing: \
                 name another system, or call the columns easting and northing",
                reference.name()
            )));
        }
        Ok(Self { columns, places: Places::new(reference, has_decimal_comma), dates: options.dates })
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
        Ok(Self { columns, places: Places::new(reference, false), dates: options.dates })
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
            FieldProblem::new(number, id, &field, &value, reason)
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
                    return Err(wrong(format!("stands beside another id of the row, {}", id.as_text())));
                }
                Column::Place(part) => {
                    place.put(*part, text);
                    if *part == Part::Position {
                        again.push((name, other(cell).map_err(wrong)?));
                    }
                }
                Column::Again(part, _) => {
                    if !place.put(*part, text) {
                        return Err(wrong("says the place once more, and otherwise".to_owned()));
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
                    extra = read_extra(text).map_err(|fault| match fault.field.as_str() {
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
                Column::Text(field) => keep(Cow::Borrowed(*field), Value::Text(text.to_owned())),
                Column::Other(own) => {
                    keep(Cow::Owned(own.clone()), other(cell).map_err(wrong)?);
                }
                Column::Unnamed => return Err(wrong("stands in a column without a name".to_owned())),
                Column::Ignored => {}
            }
        }
        let (location, is_of_cells) = self.places.locate(&place, shape)?;
        for (name, value) in again {
            // Text that is no place, in a table that says the place otherwise too, is a property like others.
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
                    "stands in extra and in a column".to_owned(),
                ));
            }
            properties.push((name, value));
        }
        Ok(RawDetection { row: number, id: std::mem::replace(id, Value::Null), location, properties })
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
