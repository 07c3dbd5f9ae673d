//! Vector tiles: what lies in a tile, in its whole units, as bytes.
//!
//! The files, lowest first:
//! - `layer` writes a layer of few features.
//! - `points` writes a layer of many points.
//! - `grid` gathers the records of a tile into cells.
//! - `places` makes the tile of places.
//! - `regions` makes the tile of regions, with their figures.
//! - `detections` makes the tile of detections.

mod detections;
mod grid;
mod layer;
mod places;
mod points;
mod regions;

pub use detections::{CROWD, MOST_SINGLES, SINGLES_FROM};
pub use grid::GRID_BITS;
pub use places::places_tile;
pub use regions::{regions_tile, regions_under};
