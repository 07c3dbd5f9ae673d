//! The results for readers: pages, figures, groups and tiles.
//!
//! The files, lowest first:
//! - `page` returns records by number, and counts them.
//! - `figures` computes the figures of each region.
//! - `happened` counts the events in a range of days.
//! - `summary` groups counts.
//! - `tile` writes vector tiles.

pub mod figures;
pub mod happened;
pub mod page;
pub mod summary;
pub mod tile;
