//! Tables: CSV with a header line, and what cells mean by the names of their columns, also of the
//! attributes that other formats have beside a geometry.

mod attribute;
mod cell;
mod columns;
mod meaning;
mod read;
mod record;
mod shape;
mod shield;

pub(crate) use attribute::Attribute;
pub(crate) use columns::{folded, is_field, stands_for};
pub(crate) use meaning::Meaning;
pub(crate) use read::read_table;
pub(crate) use shape::Shape;
pub(crate) use shield::push_cell;
