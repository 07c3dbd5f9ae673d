//! Reads records in any format.

use std::{io::Read, ops::ControlFlow};

use crate::{
    error::ReadError,
    flatgeobuf::read_flatgeobuf,
    format::Format,
    geojson::{read_document, read_sequence},
    geopackage::read_geopackage,
    markup::{read_gpx, read_kml, read_kmz},
    options::ReadOptions,
    rows::{Document, ReadSummary, Row, Rows},
    shapefile::read_shapefile,
    table::read_table,
    window::Window,
    xlsx::read_workbook,
};

/// Reads records and passes each row to `row`, which may stop the reading.
///
/// Rows are numbered from 1 in GeoJSON, and by line in a table. Memory use does not grow with the input;
/// `input` need not be buffered. A byte order mark is accepted.
///
/// # Errors
/// Returns an error that makes the whole input unreadable. Rows may have been passed on by then; a caller
/// that needs all or nothing must discard them.
pub fn read(
    format: Format,
    input: impl Read,
    options: &ReadOptions,
    row: impl FnMut(Row) -> ControlFlow<()>,
) -> Result<ReadSummary, ReadError> {
    let window = |input| Window::new(input).map_err(|source| ReadError::Io { row: 0, source });
    let mut rows = Rows::new(row, options);
    match format {
        Format::GeoJson => read_document(window(input)?, options, &mut rows),
        Format::GeoJsonSeq | Format::GeoJsonLines => read_sequence(window(input)?, options, &mut rows),
        Format::Csv => read_table(window(input)?, options, &mut rows),
        Format::Kml => read_kml(input, options, &mut rows),
        Format::Kmz => read_kmz(input, options, &mut rows),
        Format::Gpx => read_gpx(input, options, &mut rows),
        Format::Xlsx => read_workbook(input, options, &mut rows),
        Format::GeoPackage => read_geopackage(input, options, &mut rows),
        Format::FlatGeobuf => read_flatgeobuf(input, options, &mut rows),
        Format::Shapefile => read_shapefile(input, options, &mut rows),
        Format::GeoParquet | Format::PmTiles => Err(ReadError::NotRead(format)),
    }
}

/// Reads a body that is one GeoJSON Feature: row 1.
///
/// # Errors
/// Returns an error if the body is not a Feature.
pub fn read_feature(body: &[u8], options: &ReadOptions) -> Result<Row, ReadError> {
    let mut only = None;
    let summary = read(Format::GeoJson, body, options, |row| {
        only = Some(row);
        ControlFlow::Break(())
    })?;
    match (summary.document, only) {
        (Document::Feature, Some(row)) => Ok(row),
        _ => Err(ReadError::NotOneFeature),
    }
}
