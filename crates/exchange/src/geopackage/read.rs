//! Converts features to rows.

use std::{fs::File, io::Read, ops::ControlFlow};

use geometry::wkb::{Place, read_place_blob};
use rusqlite::types::ValueRef;

use super::{layer::Layer, stranger::Stranger};
use crate::{
    error::ReadError,
    options::ReadOptions,
    rows::{Document, ReadSummary, Row, Rows},
    spool::spool,
    table::{Attribute, Meaning, Shape},
};

pub(crate) fn read_geopackage<R: Read, F: FnMut(Row) -> ControlFlow<()>>(
    input: R,
    options: &ReadOptions,
    rows: &mut Rows<F>,
) -> Result<ReadSummary, ReadError> {
    let spooled = spool(input, options.max_spooled_bytes)?;
    let bytes = whole_length(spooled.as_file())?;
    let file = Stranger::open(spooled.path(), options)?;
    let layer = Layer::find(&file, options)?;
    let names: Vec<String> = layer.attributes.iter().map(|attribute| attribute.name.clone()).collect();
    let mut meaning = Meaning::of_attributes(&names, layer.reference.as_ref(), options)?;
    let mut stopped = false;
    let work = file.begin_rows()?;
    work.renew();
    let mut features = file.conn.prepare(&select(&layer)).map_err(|error| file.reason(0, &error))?;
    let mut features = features.query([]).map_err(|error| file.reason(0, &error))?;
    while !stopped
        && let Some(feature) = features.next().map_err(|error| file.reason(rows.count + 1, &error))?
    {
        let number = rows.next()?;
        work.renew();
        let value = |nth: usize| feature.get_ref(nth).map_err(|error| file.reason(number, &error));
        let place = shape(value(0)?);
        let mut attributes = Vec::with_capacity(layer.attributes.len());
        let mut length = 0;
        for (nth, attribute) in (1..).zip(&layer.attributes) {
            let value = value(nth)?;
            length += value.as_bytes_or_null().ok().flatten().map_or(8, <[u8]>::len);
            if length > options.max_row_bytes {
                return Err(ReadError::RowTooLong { row: number, limit: options.max_row_bytes });
            }
            attributes.push(self::attribute(value, attribute.is_bool));
        }
        let row = meaning.row(number, None, attributes.iter().map(Attribute::cell), place);
        stopped = rows.give(row).is_break();
    }
    Ok(ReadSummary { document: Document::Table, rows: rows.count, bytes, stopped })
}

/// Returns the length of an SQLite file, which must match its header.
fn whole_length(file: &File) -> Result<u64, ReadError> {
    let failed = |source| ReadError::Io { row: 0, source };
    let length = file.metadata().map_err(failed)?.len();
    let mut header = Vec::with_capacity(100);
    file.take(100).read_to_end(&mut header).map_err(failed)?;
    let four =
        |at: usize| header.get(at..at + 4).and_then(|bytes| bytes.try_into().ok()).map(u32::from_be_bytes);
    // Very old programs do not update the page count; in that case two change counters differ.
    let (Some(pages), Some(changes), Some(changes_then)) = (four(28), four(24), four(92)) else {
        return Ok(length);
    };
    // The page size is stored in two bytes, 65,536 as 1.
    let page = match header.get(16..18) {
        Some([0, 1]) => 65_536,
        Some(&[high, low]) => u64::from(u16::from_be_bytes([high, low])),
        _ => 0,
    };
    if changes == changes_then && length < u64::from(pages) * page {
        return Err(ReadError::Broken { row: 0, reason: "the file is truncated".to_owned() });
    }
    Ok(length)
}

fn select(layer: &Layer) -> String {
    let mut sql = format!("SELECT {}", quoted(&layer.geometry));
    for attribute in &layer.attributes {
        sql.push_str(", ");
        sql.push_str(&quoted(&attribute.name));
    }
    sql.push_str(" FROM ");
    sql.push_str(&quoted(&layer.table));
    sql
}

/// Returns a name quoted for SQL.
fn quoted(name: &str) -> String {
    format!("\"{}\"", name.replace('"', "\"\""))
}

fn shape(value: ValueRef<'_>) -> Shape {
    let blob = match value {
        ValueRef::Null => return Shape::Missing,
        ValueRef::Blob(blob) => blob,
        _ => return Shape::Other("is not a geometry"),
    };
    match read_place_blob(blob) {
        Ok(Place::Empty) => Shape::Missing,
        Ok(Place::Point { x, y }) => Shape::at(x, y),
        Ok(Place::Other(kind)) => Shape::of_kind(kind),
        Err(_) => Shape::Other("is not a valid geometry"),
    }
}

fn attribute(value: ValueRef<'_>, is_bool: bool) -> Attribute<'_> {
    match value {
        ValueRef::Null | ValueRef::Blob([]) => Attribute::Blank,
        ValueRef::Integer(number @ (0 | 1)) if is_bool => Attribute::Bool(number == 1),
        ValueRef::Integer(number) => Attribute::Number(number.to_string()),
        ValueRef::Real(number) => Attribute::real(number),
        ValueRef::Text(text) => Attribute::text(text),
        ValueRef::Blob(bytes) => Attribute::bad(format!("{} bytes", bytes.len()), "is binary data, not text"),
    }
}
