//! Features as rows: one by one from a document, a sequence or lines.

mod document;
mod extent;
mod feature;
mod geometry;
mod sequence;

pub(crate) use document::read_document;
pub(crate) use feature::{as_given, read_members, read_reference_name, read_value};
pub(crate) use sequence::read_sequence;
