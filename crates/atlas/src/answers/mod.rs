//! What readers are answered: pages, figures, groups and tiles.
//!
//! The files, lowest first:
//! - `page` gives records by number, and counts them.
//! - `figures` tells what is recorded in each region.
//! - `happened` tells what happened in some days.
//! - `summary` groups counts.
//! - `tile` makes vector tiles.

pub mod figures;
pub mod happened;
pub mod page;
pub mod summary;
pub mod tile;
