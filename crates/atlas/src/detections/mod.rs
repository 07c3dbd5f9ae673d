//! Detections in memory: as records by number, as rows by place, and as counts.
//!
//! The files, lowest first:
//! - `cells` numbers the pairs of status and kind.
//! - `counts` counts records and items.
//! - `day` represents days and months as small numbers.
//! - `operators` numbers the names of operators.
//! - `row` is a record as the index, the filters and the cube see it.
//! - `rows` stores the rows of a leaf in columns.
//! - `node_summary` summarises the rows below a node of the index.
//! - `entry` joins the three for the index.
//! - `records` stores all records, packed, by number.
//! - `cube` counts by region, operator, kind, status and month.

pub mod cells;
pub mod counts;
pub mod cube;
pub mod day;
mod entry;
pub mod node_summary;
pub mod operators;
pub mod records;
pub mod row;
pub mod rows;
