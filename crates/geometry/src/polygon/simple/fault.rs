//! Why polygons are not simple.

use geo::Coord;

/// Why polygons are not simple. Polygons and rings are counted from 0; ring 0 is the exterior.
#[derive(Debug, Clone, Copy, PartialEq, thiserror::Error)]
pub enum NotSimple {
    /// A ring crosses itself, or touches itself, or runs back on itself.
    #[error("ring {ring} of polygon {polygon} crosses or touches itself near {}, {}", near.x, near.y)]
    Itself {
        /// Which polygon.
        polygon: usize,
        /// Which ring.
        ring: usize,
        /// An end of the edge that meets another, degrees.
        near: Coord<f64>,
    },
    /// A hole is not inside the outer ring of its polygon.
    #[error("hole {ring} of polygon {polygon} does not lie inside its outer ring")]
    HoleOutside {
        /// Which polygon.
        polygon: usize,
        /// Which ring.
        ring: usize,
    },
    /// Two holes of a polygon cover the same ground.
    #[error("holes {ring} and {other} of polygon {polygon} overlap")]
    Holes {
        /// Which polygon.
        polygon: usize,
        /// Which ring.
        ring: usize,
        /// Which other ring.
        other: usize,
    },
    /// Two polygons cover the same ground.
    #[error("polygons {polygon} and {other} overlap")]
    Polygons {
        /// Which polygon.
        polygon: usize,
        /// Which other polygon.
        other: usize,
    },
    /// So many edges lie so close together that it would take too long to tell.
    #[error("the edges are too entangled to be checked")]
    TooEntangled,
}
