//! Pure geometry: independent of mine action, without IO and without a clock.
//!
//! Coordinates are WGS84 longitude and latitude in degrees, always in this order, stored to 1e-7 degree (1.1
//! cm). [`LonLat`], [`Bounds`] and [`TileId`] validate all input: their values are valid and never NaN.
//!
//! - [`index`]: many records in Morton order, with summaries.
//! - [`Area`], [`Shape`], [`Districts`], [`Places`]: containment and nearest neighbours.
//! - [`Shapes`], [`clip`]: polygons as drawn on tiles.
//! - [`destination`], [`declination`]: positions by bearing and distance, and the declination of a compass.
//! - [`crs`], [`notation`]: coordinate reference systems and written coordinates.
//! - [`wkb`]: geometries as bytes.

#![cfg_attr(test, allow(clippy::unwrap_used))]

mod bearing;
mod bounds;
pub mod crs;
pub mod index;
mod lonlat;
mod magnetic;
mod measure;
mod mercator;
mod mercator_bounds;
pub mod notation;
mod places;
mod polygon;
mod shapes;
mod tile;
pub mod wkb;

pub use bearing::{FARTHEST_M, destination, destination_accuracy_m};
pub use bounds::{Bounds, BoundsError};
pub use lonlat::{LonLat, LonLatError};
pub use magnetic::{DECLINATION_YEARS, declination};
pub use measure::{area_m2, distance_m};
pub use mercator::Mercator;
pub use mercator_bounds::MercatorBounds;
pub use places::Places;
pub use polygon::{
    Area, Districts, NotSimple, PolygonError, Position, Relation, Shape, ShapeError, check_simple,
    multi_polygon,
};
pub use shapes::{Shapes, TileSpace, clip};
pub use tile::{MAX_ZOOM, TileError, TileId};
