//! Vector tiles: the content of a tile, in whole tile units, encoded.
//!
//! The files, lowest first:
//! - `layer` writes a layer of few features.
//! - `points` writes a layer of many points.
//! - `grid` gathers the records of a tile into cells.
//! - `places` writes the tile of places.
//! - `regions` writes the tile of regions, with their figures.
//! - `detections` writes the tile of detections.

mod detections;
mod grid;
mod layer;
mod places;
mod points;
mod regions;

pub use detections::{CROWD, MOST_SINGLES, SINGLES_FROM};
pub use grid::GRID_BITS;
pub use places::places_tile;
pub use points::{Points, Pool, point_unit};
pub use regions::{regions_tile, regions_under};
