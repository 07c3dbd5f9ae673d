//! The reasons why polygons are not simple.

use geo::Coord;

/// An error that occurs when polygons are not simple. Polygons and rings are counted from 0; ring 0 is the
/// exterior.
#[derive(Debug, Clone, Copy, PartialEq, thiserror::Error)]
pub enum NotSimple {
    /// A ring crosses itself, touches itself or doubles back on itself.
    #[error("ring {ring} of polygon {polygon} crosses or touches itself near {}, {}", near.x, near.y)]
    Itself {
        /// The polygon.
        polygon: usize,
        /// The ring.
        ring: usize,
        /// An end of the edge that meets another, degrees.
        near: Coord<f64>,
    },
    /// A hole is not inside the outer ring of its polygon.
    #[error("hole {ring} of polygon {polygon} is not inside its outer ring")]
    HoleOutside {
        /// The polygon.
        polygon: usize,
        /// The ring.
        ring: usize,
    },
    /// Two holes of a polygon overlap.
    #[error("holes {ring} and {other} of polygon {polygon} overlap")]
    Holes {
        /// The polygon.
        polygon: usize,
        /// The ring.
        ring: usize,
        /// The other ring.
        other: usize,
    },
    /// Two polygons overlap.
    #[error("polygons {polygon} and {other} overlap")]
    Polygons {
        /// The polygon.
        polygon: usize,
        /// The other polygon.
        other: usize,
    },
    /// Too many edges are so close together that the check would take too long.
    #[error("the edges are too entangled to be checked")]
    TooEntangled,
}
