//! Records as bytes.

mod digits;
mod feature;
mod features;
mod fields;
mod flatgeobuf;
mod geopackage;
mod geoparquet;
mod list;
mod markup;
mod pieces;
mod row;
mod xlsx;

use std::io;

use demining::{Detection, Record};

pub use feature::{detection_to, feature_at_to, feature_to};
pub(crate) use fields::Cells;
pub use fields::Fields;
pub use row::csv_row_to;

use self::{
    features::Features,
    flatgeobuf::Buffers,
    geopackage::Package,
    geoparquet::Groups,
    markup::{Placemarks, Waypoints},
    row::Lines,
    xlsx::Sheets,
};
use crate::format::Format;

/// What a format makes of records.
pub(crate) trait Form: Send {
    /// Appends what comes before the records.
    fn head_to(&mut self, out: &mut Vec<u8>) -> io::Result<()>;

    /// Appends a record, if the format has bytes for it at once.
    fn record_to(&mut self, cells: Cells<'_>, out: &mut Vec<u8>) -> io::Result<()>;

    /// Appends the next piece of what comes after the records, some MiB at most. False when that
    /// was the last.
    fn tail_to(&mut self, out: &mut Vec<u8>) -> io::Result<bool>;
}

/// Writes records in a format, one by one: [`head_to`](Self::head_to) once, every record, then
/// [`tail_to`](Self::tail_to) until it says that it has no more. What was appended can be sent and
/// cleared at any time.
///
/// Formats that cannot be written from front to back are made in a temporary file, which is gone
/// when the writer is dropped.
///
/// ```
/// use exchange::{Format, Writer};
/// let mut out = Vec::new();
/// let mut writer = Writer::new(Format::GeoJson)?;
/// writer.head_to(&mut out)?;
/// while writer.tail_to(&mut out)? {}
/// assert_eq!(out, b"{\"type\":\"FeatureCollection\",\"features\":[\n\n]}\n");
/// # Ok::<(), std::io::Error>(())
/// ```
pub struct Writer {
    form: Box<dyn Form>,
    fields: Fields,
}

impl Writer {
    /// A writer that has written nothing.
    ///
    /// # Errors
    /// When the format is not [written](Format::is_written), or a temporary file cannot be made.
    pub fn new(format: Format) -> io::Result<Self> {
        Self::of(format, Fields::All)
    }

    /// A writer of these fields that has written nothing.
    ///
    /// # Errors
    /// As [`new`](Self::new).
    pub fn of(format: Format, fields: Fields) -> io::Result<Self> {
        let form: Box<dyn Form> = match format {
            Format::GeoJson => Box::new(Features::collection()),
            Format::GeoJsonSeq => Box::new(Features::sequence()),
            Format::GeoJsonLines => Box::new(Features::lines()),
            Format::Csv => Box::new(Lines(fields)),
            Format::Kml => Box::new(Placemarks(fields)),
            Format::Gpx => Box::new(Waypoints),
            Format::Xlsx => Box::new(Sheets::new(fields)?),
            Format::GeoPackage => Box::new(Package::new(fields)?),
            Format::FlatGeobuf => Box::new(Buffers::new(fields)),
            Format::GeoParquet => Box::new(Groups::new(fields)?),
            other => {
                let reason = format!("{other} is not written here");
                return Err(io::Error::new(io::ErrorKind::Unsupported, reason));
            }
        };
        Ok(Self { form, fields })
    }

    /// Appends what comes before the records.
    ///
    /// # Errors
    /// When a temporary file cannot be written.
    pub fn head_to(&mut self, out: &mut Vec<u8>) -> io::Result<()> {
        self.form.head_to(out)
    }

    /// Appends a record. `region` is the id of the district that it lies in.
    ///
    /// # Errors
    /// When a temporary file cannot be written, or the format holds no more records.
    pub fn record_to(&mut self, record: &Record, region: Option<&str>, out: &mut Vec<u8>) -> io::Result<()> {
        self.form.record_to(
            Cells { fields: self.fields, detection: &record.detection, record: Some((record, region)) },
            out,
        )
    }

    /// Appends a detection that is no record yet.
    ///
    /// # Errors
    /// As [`record_to`](Self::record_to).
    pub fn detection_to(&mut self, detection: &Detection, out: &mut Vec<u8>) -> io::Result<()> {
        self.form.record_to(Cells { fields: self.fields, detection, record: None }, out)
    }

    /// Appends the next piece of what comes after the records, some MiB at most; false when that was
    /// the last.
    ///
    /// # Errors
    /// As [`record_to`](Self::record_to).
    pub fn tail_to(&mut self, out: &mut Vec<u8>) -> io::Result<bool> {
        self.form.tail_to(out)
    }
}
