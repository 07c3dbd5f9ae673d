//! Writes records as bytes.

mod digits;
mod feature;
mod features;
mod fields;
mod flatgeobuf;
mod geopackage;
mod geoparquet;
mod list;
mod markup;
mod order;
mod pieces;
mod row;
mod xlsx;

use std::io;

use demining::{Content, Details, Judged, Record};

pub use feature::{content_to, feature_at_to, feature_to};
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

/// The writer of a format, for records with content of type `T`.
pub(crate) trait Form<T>: Send {
    /// Appends the part before the records.
    fn head_to(&mut self, out: &mut Vec<u8>) -> io::Result<()>;

    /// Appends a record, if the format yields bytes for it immediately.
    fn record_to(&mut self, cells: Cells<'_, T>, out: &mut Vec<u8>) -> io::Result<()>;

    /// Appends the next piece of the part after the records, at most some MiB. Returns false after the last
    /// piece.
    fn tail_to(&mut self, out: &mut Vec<u8>) -> io::Result<bool>;
}

/// Writes records of one collection in a format, detections unless `T` is the content of another one. It
/// writes them one by one: call [`head_to`](Self::head_to) once, then write every record, then call
/// [`tail_to`](Self::tail_to) until it returns false. The appended bytes can be sent and cleared at any time.
///
/// Formats that cannot be written from front to back use a temporary file, which is deleted when the writer
/// is dropped.
///
/// ```
/// use exchange::{Format, Writer};
/// let mut out = Vec::new();
/// let mut writer: Writer = Writer::new(Format::GeoJson)?;
/// writer.head_to(&mut out)?;
/// while writer.tail_to(&mut out)? {}
/// assert_eq!(out, b"{\"type\":\"FeatureCollection\",\"features\":[\n\n]}\n");
/// # Ok::<(), std::io::Error>(())
/// ```
pub struct Writer<T: Content = Details> {
    form: Box<dyn Form<T>>,
    fields: Fields,
}

impl<T: Content> Writer<T> {
    /// Creates a writer.
    ///
    /// # Errors
    /// Returns an error if the format is not [written](Format::is_written), or a temporary file cannot be
    /// created.
    pub fn new(format: Format) -> io::Result<Self> {
        Self::of(format, Fields::All)
    }

    /// Creates a writer for these fields.
    ///
    /// # Errors
    /// As [`new`](Self::new).
    pub fn of(format: Format, fields: Fields) -> io::Result<Self> {
        let form: Box<dyn Form<T>> = match format {
            Format::GeoJson => Box::new(Features::collection()),
            Format::GeoJsonSeq => Box::new(Features::sequence()),
            Format::GeoJsonLines => Box::new(Features::lines()),
            Format::Csv => Box::new(Lines::new(fields)),
            Format::Kml => Box::new(Placemarks::new(fields)),
            Format::Gpx => Box::new(Waypoints::new(fields)),
            Format::Xlsx => Box::new(Sheets::new(fields)?),
            Format::GeoPackage => Box::new(Package::new(fields)?),
            Format::FlatGeobuf => Box::new(Buffers::new(fields)),
            Format::GeoParquet => Box::new(Groups::new(fields)?),
            other => {
                let reason = format!("{other} files of records cannot be written");
                return Err(io::Error::new(io::ErrorKind::Unsupported, reason));
            }
        };
        Ok(Self { form, fields })
    }

    /// Appends the part before the records.
    ///
    /// # Errors
    /// Returns an error if a temporary file cannot be written.
    pub fn head_to(&mut self, out: &mut Vec<u8>) -> io::Result<()> {
        self.form.head_to(out)
    }

    /// Appends a record. `region` is the id of the district that contains it.
    ///
    /// # Errors
    /// Returns an error if a temporary file cannot be written, or the format's capacity is exceeded.
    pub fn record_to(
        &mut self,
        record: &Record<Judged<T>>,
        region: Option<&str>,
        out: &mut Vec<u8>,
    ) -> io::Result<()> {
        self.form.record_to(Cells::of_record(record, region, self.fields), out)
    }

    /// Appends content that is not yet a record.
    ///
    /// # Errors
    /// As [`record_to`](Self::record_to).
    pub fn content_to(&mut self, content: &Judged<T>, out: &mut Vec<u8>) -> io::Result<()> {
        self.form.record_to(Cells::of_content(content, self.fields), out)
    }

    /// Appends the next piece of the part after the records, at most some MiB; returns false after the last
    /// piece.
    ///
    /// # Errors
    /// As [`record_to`](Self::record_to).
    pub fn tail_to(&mut self, out: &mut Vec<u8>) -> io::Result<bool> {
        self.form.tail_to(out)
    }
}
