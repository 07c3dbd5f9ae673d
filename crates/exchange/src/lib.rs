//! Formats in and out: bytes become raw rows for [`demining`] to judge, records become bytes.
//!
//! No network, no files, no database, no clock. Every reader streams: it holds one row at a time,
//! whatever the size of the file, within [`Limits`].
#![cfg_attr(test, allow(clippy::unwrap_used))]

mod error;
mod format;
mod geojson;
mod json;
mod limits;
mod position;
mod reference;
mod rows;
mod table;
mod window;

use std::{io::Read, ops::ControlFlow};

pub use error::ReadError;
pub use format::{Format, UnknownFormat};
pub use limits::{Limits, ReadOptions};
pub use reference::{AxisOrder, Reference};
pub use rows::{Document, ReadSummary, Row};

pub fn read(
    format: Format,
    input: impl Read,
    options: &ReadOptions,
    row: impl FnMut(Row) -> ControlFlow<()>,
) -> Result<ReadSummary, ReadError> {
    let window = window::Window::new(input).map_err(|source| ReadError::Io { row: 0, source })?;
    let mut rows = rows::Rows::new(row, options);
    match format {
        Format::GeoJson => geojson::read_document(window, options, &mut rows),
        Format::GeoJsonSeq | Format::GeoJsonLines => geojson::read_sequence(window, options, &mut rows),
        Format::Csv => table::read_table(window, options, &mut rows),
    }
}
