//! Tables: CSV with a header line, and the cells in it.

mod columns;
mod read;
mod record;
mod shield;

pub(crate) use read::read_table;
pub(crate) use shield::push_cell;
