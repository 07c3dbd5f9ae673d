//! Features as rows: one by one from a document, a sequence or lines.
//!
//! The files, lowest first:
//! - `geometry` reads the geometry of a feature.
//! - `reference_name` reads the name of a reference system.
//! - `values` reads values of properties.
//! - `features` holds what the features of a file have in common.
//! - `draft` reads the members and properties of a feature.
//! - `settle` says what the properties mean together.
//! - `feature` makes a row of the text of one feature.
//! - `extent` finds where the parts of a document lie.
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
