//! Tables: CSV with a header line, and what cells mean by the names of their columns, also of the
//! attributes that other formats have beside a geometry.

mod attribute;
mod cell;
mod columns;
mod meaning;
mod read;
mod record;
mod shield;

pub(crate) use attribute::Attribute;
pub(crate) use cell::{BadCell, Cell};
pub(crate) use columns::{folded, is_field};
pub(crate) use meaning::{Meaning, Shape};
pub(crate) use read::read_table;
pub(crate) use shield::push_cell;
