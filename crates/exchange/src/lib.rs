//! Formats in and out: converts bytes to raw rows for [`demining`] to validate, and records to bytes.
//!
//! Uses no network, no clock, and no files except temporary ones. Every reader of records streams: it holds
//! one row at a time, whatever the size of the file, within [`ReadLimits`]. A bad row is distinct from a
//! broken file: the former is a [`FieldProblem`](demining::FieldProblem) and reading continues, the latter is
//! a [`ReadError`].
//!
//! ```
//! use std::ops::ControlFlow;
//! use exchange::{Document, Format, ReadOptions, read};
//!
//! let body = br#"{"type": "FeatureCollection", "features": [{"type": "Feature",
//!     "geometry": {"type": "Point", "coordinates": [46.0412, 40.1063]},
//!     "properties": {"kind": "ap_mine", "detected_on": "2023-03-14"}}]}"#;
//! let mut rows = Vec::new();
//! let summary = read(Format::GeoJson, body.as_slice(), &ReadOptions::default(), |row| {
//!     rows.push(row);
//!     ControlFlow::Continue(())
//! })?;
//! assert_eq!((summary.document, rows.len()), (Document::FeatureCollection, 1));
//! # Ok::<(), exchange::ReadError>(())
//! ```
#![cfg_attr(test, allow(clippy::unwrap_used))]
// GeoJSON is always the name of a format here, never of an item.
#![allow(clippy::doc_markdown)]

mod archive;
mod area;
mod as_given;
mod collections;
mod column;
pub mod csv;
mod error;
mod figures;
mod flatgeobuf;
mod format;
mod geojson;
mod geopackage;
mod json;
mod limits;
mod markup;
mod names;
mod options;
mod places;
mod position;
mod read;
mod reference;
mod regions;
mod rows;
mod shapefile;
mod spool;
mod table;
mod window;
mod write;
mod xform;
mod xlsx;
mod xml;

pub use area::{AreaError, MAX_VERTICES, read_area};
pub use error::{DataError, ReadError};
pub use figures::read_figures;
pub use format::{Format, UnknownFormat};
pub use limits::ReadLimits;
pub use options::{Mapping, ReadOptions};
pub use places::read_places;
pub use read::{read, read_feature};
pub use reference::{AxisOrder, Reference};
pub use regions::read_regions;
pub use rows::{Document, ReadSummary, Row};
pub use write::{Fields, Writer, content_to, csv_row_to, feature_at_to, feature_to};
pub use xform::{Content, ENTITY_HEADER, Find, Submission, Update, entity_to, read_kobo, read_submission};
