//! Records as bytes.

mod digits;
mod feature;
mod row;

use demining::{Detection, Record};

pub use feature::{detection_to, feature_at_to, feature_to};
pub use row::{CSV_HEADER, csv_detection_to, csv_row_to};

use crate::format::Format;

/// Writes records in a format, one by one: [`head_to`](Self::head_to) once, every record, then
/// [`tail_to`](Self::tail_to). What was appended can be sent and cleared at any time.
///
/// ```
/// use exchange::{Format, Writer};
/// let mut out = Vec::new();
/// let writer = Writer::new(Format::GeoJson);
/// writer.head_to(&mut out);
/// writer.tail_to(&mut out);
/// assert_eq!(out, b"{\"type\":\"FeatureCollection\",\"features\":[\n]}\n");
/// ```
#[derive(Debug)]
pub struct Writer {
    format: Format,
    is_first: bool,
}

impl Writer {
    /// A writer that has written nothing.
    pub fn new(format: Format) -> Self {
        Self { format, is_first: true }
    }

    /// Appends what comes before the records.
    pub fn head_to(&self, out: &mut Vec<u8>) {
        match self.format {
            Format::GeoJson => out.extend_from_slice(b"{\"type\":\"FeatureCollection\",\"features\":[\n"),
            Format::GeoJsonSeq | Format::GeoJsonLines => {}
            Format::Csv => out.extend_from_slice(CSV_HEADER.as_bytes()),
        }
    }

    /// Appends a record. `region` is the id of the district that it lies in.
    pub fn record_to(&mut self, record: &Record, region: Option<&str>, out: &mut Vec<u8>) {
        self.before(out);
        match self.format {
            Format::Csv => csv_row_to(record, region, out),
            _ => feature_to(record, region, out),
        }
        self.after(out);
    }

    /// Appends a detection that is no record yet.
    pub fn detection_to(&mut self, detection: &Detection, out: &mut Vec<u8>) {
        self.before(out);
        match self.format {
            Format::Csv => csv_detection_to(detection, out),
            _ => detection_to(detection, out),
        }
        self.after(out);
    }

    fn before(&mut self, out: &mut Vec<u8>) {
        match self.format {
            Format::GeoJson if !self.is_first => out.extend_from_slice(b",\n"),
            Format::GeoJsonSeq => out.push(0x1e),
            Format::GeoJson | Format::GeoJsonLines | Format::Csv => {}
        }
        self.is_first = false;
    }

    fn after(&self, out: &mut Vec<u8>) {
        if matches!(self.format, Format::GeoJsonSeq | Format::GeoJsonLines) {
            out.push(b'\n');
        }
    }

    /// Appends what comes after the records.
    pub fn tail_to(&self, out: &mut Vec<u8>) {
        if self.format == Format::GeoJson {
            out.extend_from_slice(if self.is_first { b"]}\n" } else { b"\n]}\n" });
        }
    }
}
