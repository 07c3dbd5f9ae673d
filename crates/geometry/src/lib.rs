//! Pure geometry. This room knows no mines, does no IO and holds no clock.
//!
//! Coordinates are WGS84 longitude and latitude in degrees, always in this order, kept to
//! 1e-7 degree (1.1 cm). [`LonLat`], [`Bounds`] and [`TileId`] are the only doors: what passed
//! them is valid, and no NaN gets any further.
//!
//! - [`index`]: many records in Morton order, with summaries.
//! - [`Area`], [`Shape`], [`Districts`], [`Places`]: what lies where, and what is near.
//! - [`Shapes`], [`clip`]: polygons as tiles show them.
//! - [`destination`], [`declination`]: places by a bearing, and where a compass points.
//! - [`crs`], [`notation`]: coordinates as they were measured and as they are written.
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
