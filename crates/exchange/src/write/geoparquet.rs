//! Writes records as GeoParquet 1.1: points in well-known binary, WGS84 longitude and latitude.
//!
//! Rows are buffered until a group is full, so memory does not grow with their number.

use std::{fmt::Write, io};

use demining::Content;
use geometry::{Bounds, wkb};
use jiff::civil::Date;
use parquet::{
    basic::Compression,
    data_type::{ByteArray, ByteArrayType, DoubleType, Int32Type, Int64Type},
    errors::ParquetError,
    file::{
        metadata::KeyValue,
        properties::WriterProperties,
        writer::{SerializedColumnWriter, SerializedFileWriter},
    },
    schema::parser::parse_message_type,
};

use super::{
    Form,
    fields::{CellKind, CellValue, Cells, Columns, Fields},
};

/// The number of rows in a group.
const GROUP: usize = 20_000;

/// A file of groups of rows.
pub(super) struct Groups<T: Content> {
    /// `None` once it is finished.
    writer: Option<SerializedFileWriter<Vec<u8>>>,
    points: Vec<ByteArray>,
    columns: Columns<T>,
    /// The values of each column.
    values: Vec<Column>,
    extent: Option<Bounds>,
}

/// The values of a field in the group, and for every row whether it has one.
struct Column {
    is_there: Vec<i16>,
    values: Values,
}

enum Values {
    Text(Vec<ByteArray>),
    Whole(Vec<i64>),
    Real(Vec<f64>),
    Day(Vec<i32>),
}

impl<T: Content> Groups<T> {
    /// Creates an empty file.
    pub(super) fn new(fields: Fields) -> io::Result<Self> {
        let columns = Columns::of(fields);
        let schema = parse_message_type(&schema(&columns))?;
        let properties = WriterProperties::builder()
            .set_compression(Compression::SNAPPY)
            .set_created_by("clearline".to_owned())
            .build();
        let writer = SerializedFileWriter::new(Vec::new(), schema.into(), properties.into())?;
        let values = columns.iter().map(|field| Column::of(field.kind)).collect();
        Ok(Self { writer: Some(writer), points: Vec::new(), columns, values, extent: None })
    }

    /// Writes the buffered rows, and appends the resulting bytes.
    fn flush_to(&mut self, out: &mut Vec<u8>) -> io::Result<()> {
        let Some(writer) = &mut self.writer else { return Ok(()) };
        if !self.points.is_empty() {
            let mut group = writer.next_row_group()?;
            if let Some(mut column) = group.next_column()? {
                column.typed::<ByteArrayType>().write_batch(&self.points, None, None)?;
                column.close()?;
            }
            for values in &self.values {
                if let Some(mut column) = group.next_column()? {
                    values.write_to(&mut column)?;
                    column.close()?;
                }
            }
            group.close()?;
            self.points.clear();
            self.values.iter_mut().for_each(Column::clear);
        }
        writer.flush()?;
        out.append(writer.inner_mut());
        Ok(())
    }
}

impl<T: Content> Form<T> for Groups<T> {
    fn head_to(&mut self, out: &mut Vec<u8>) -> io::Result<()> {
        self.flush_to(out)
    }

    fn record_to(&mut self, cells: Cells<'_, T>, out: &mut Vec<u8>) -> io::Result<()> {
        let at = cells.content.location();
        self.points.push(wkb::point(at).to_vec().into());
        self.extent =
            Some(self.extent.map_or_else(|| Bounds::of(at), |extent| extent.union(&Bounds::of(at))));
        for (column, (_, value)) in self.values.iter_mut().zip(cells.values(&self.columns)) {
            column.push(value);
        }
        if self.points.len() == GROUP { self.flush_to(out) } else { Ok(()) }
    }

    fn tail_to(&mut self, out: &mut Vec<u8>) -> io::Result<bool> {
        self.flush_to(out)?;
        if let Some(mut writer) = self.writer.take() {
            writer.append_key_value_metadata(KeyValue::new("geo".to_owned(), metadata(self.extent)));
            writer.finish()?;
            out.append(writer.inner_mut());
        }
        Ok(false)
    }
}

impl Column {
    fn of(kind: CellKind) -> Self {
        let values = match kind {
            CellKind::Text => Values::Text(Vec::new()),
            CellKind::Whole | CellKind::Instant => Values::Whole(Vec::new()),
            CellKind::Real => Values::Real(Vec::new()),
            CellKind::Day => Values::Day(Vec::new()),
        };
        Self { is_there: Vec::new(), values }
    }

    fn push(&mut self, value: CellValue<'_>) {
        let there = match (&mut self.values, value) {
            (Values::Text(all), CellValue::Text(text)) => {
                all.push(text.into_owned().into_bytes().into());
                1
            }
            (Values::Whole(all), CellValue::Whole(number)) => {
                all.push(number.cast_signed());
                1
            }
            (Values::Whole(all), CellValue::Instant(at)) => {
                all.push(at.as_microsecond());
                1
            }
            (Values::Real(all), CellValue::Real(number)) => {
                all.push(number);
                1
            }
            (Values::Day(all), CellValue::Day(day)) => {
                all.push(days(day));
                1
            }
            _ => 0,
        };
        self.is_there.push(there);
    }

    fn write_to(&self, column: &mut SerializedColumnWriter<'_>) -> Result<(), ParquetError> {
        let is_there = Some(self.is_there.as_slice());
        match &self.values {
            Values::Text(all) => column.typed::<ByteArrayType>().write_batch(all, is_there, None)?,
            Values::Whole(all) => column.typed::<Int64Type>().write_batch(all, is_there, None)?,
            Values::Real(all) => column.typed::<DoubleType>().write_batch(all, is_there, None)?,
            Values::Day(all) => column.typed::<Int32Type>().write_batch(all, is_there, None)?,
        };
        Ok(())
    }

    fn clear(&mut self) {
        self.is_there.clear();
        match &mut self.values {
            Values::Text(all) => all.clear(),
            Values::Whole(all) => all.clear(),
            Values::Real(all) => all.clear(),
            Values::Day(all) => all.clear(),
        }
    }
}

/// Returns the number of days since 1970.
fn days(day: Date) -> i32 {
    let seconds = day.to_zoned(jiff::tz::TimeZone::UTC).map_or(0, |at| at.timestamp().as_second());
    seconds.div_euclid(86_400) as i32
}

/// Returns the columns as a Parquet schema.
fn schema<T: Content>(columns: &Columns<T>) -> String {
    let mut schema = format!("message {} {{ required byte_array geometry;", T::COLLECTION.name());
    for field in columns.iter() {
        let kind = match field.kind {
            CellKind::Text => ("byte_array", " (STRING)"),
            CellKind::Whole => ("int64", ""),
            CellKind::Real => ("double", ""),
            CellKind::Day => ("int32", " (DATE)"),
            CellKind::Instant => ("int64", " (TIMESTAMP(MICROS,true))"),
        };
        // Writing to a String cannot fail.
        let _ = write!(schema, " optional {} {}{};", kind.0, field.name, kind.1);
    }
    schema.push_str(" }");
    schema
}

/// Returns the GeoParquet metadata of the geometry. Without a stated reference system it is WGS84.
fn metadata(extent: Option<Bounds>) -> String {
    let bounds = extent.map_or(String::new(), |extent| format!(r#","bbox":{:?}"#, extent.to_array()));
    format!(
        r#"{{"version":"1.1.0","primary_column":"geometry","columns":{{"geometry":{{"encoding":"WKB","geometry_types":["Point"]{bounds}}}}}}}"#
    )
}
