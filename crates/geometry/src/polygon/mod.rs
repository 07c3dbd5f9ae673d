//! Polygons in degrees: validated reading, and containment queries.

mod area;
mod districts;
mod edges;
pub(crate) mod rings;
mod shape;
mod simple;

pub use area::{Area, Relation};
pub use districts::Districts;
pub use rings::{PolygonError, multi_polygon};
pub use shape::{Position, Shape, ShapeError};
pub use simple::{NotSimple, check_simple};
