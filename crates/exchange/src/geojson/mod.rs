//! Reads features as rows: one by one from a document, a sequence or lines.
//!
//! The files, lowest first:
//! - `geometry` reads the geometry of a feature.
//! - `reference_name` reads the name of a reference system.
//! - `values` reads values of properties.
//! - `features` holds the settings shared by the features of a file.
//! - `draft` reads the members and properties of a feature.
//! - `settle` resolves the combined meaning of the properties.
//! - `feature` converts the text of one feature to a row.
//! - `extent` finds the ends of values in a stream.
//! - `document` reads a whole document.
//! - `sequence` reads features one by one, from a sequence or lines.

mod document;
mod draft;
mod extent;
mod feature;
mod features;
mod geometry;
mod reference_name;
mod sequence;
mod settle;
mod values;

pub(crate) use document::read_document;
pub(crate) use reference_name::read_reference_name;
pub(crate) use sequence::read_sequence;
