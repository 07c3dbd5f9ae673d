//! Tables: CSV with a header line, and the meaning of cells by their column names, also for the attributes
//! that other formats have beside a geometry.

mod attribute;
mod cell;
mod central;
mod columns;
mod extra;
mod grouping;
mod lines;
mod meaning;
mod place;
mod read;
mod record;
mod shape;
mod shield;
mod statement;

pub(crate) use attribute::{Attribute, NOT_A_DAY};
pub(crate) use columns::{property, stands_for};
pub(crate) use extra::{member_elsewhere, read_extra};
pub(crate) use lines::TableLines;
pub(crate) use meaning::Meaning;
pub(crate) use place::{Place, Places};
pub(crate) use read::read_table;
pub(crate) use shape::Shape;
pub(crate) use shield::push_cell;
pub(crate) use statement::{day, is_same_id};
