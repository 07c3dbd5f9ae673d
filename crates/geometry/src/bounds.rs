//! An axis-parallel box of longitude and latitude.

use crate::LonLat;

/// A box in WGS84 degrees, including all four edges. It never crosses the antimeridian: represent a box that
/// does as two of these.
///
/// ```
/// use geometry::{Bounds, LonLat};
/// let karabakh = Bounds::new(46.2, 39.3, 47.6, 40.5)?;
/// assert!(karabakh.contains(LonLat::new(46.75, 39.82)?));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Bounds {
    west: f64,
    south: f64,
    east: f64,
    north: f64,
}

/// An error that occurs when four numbers are not a valid box.
#[derive(Debug, Clone, Copy, PartialEq, thiserror::Error)]
pub enum BoundsError {
    /// A corner is not a valid position.
    #[error(transparent)]
    Corner(#[from] crate::LonLatError),
    /// The western edge is east of the eastern one.
    #[error("west {west} is greater than east {east}")]
    WestEast {
        /// The western edge, as specified.
        west: f64,
        /// The eastern edge, as specified.
        east: f64,
    },
    /// The southern edge is north of the northern one.
    #[error("south {south} is greater than north {north}")]
    SouthNorth {
        /// The southern edge, as specified.
        south: f64,
        /// The northern edge, as specified.
        north: f64,
    },
}

impl Bounds {
    /// The whole world.
    pub const WORLD: Self = Self { west: -180.0, south: -90.0, east: 180.0, north: 90.0 };

    /// Creates the box between `west`, `south`, `east` and `north`, in degrees.
    ///
    /// # Errors
    /// Returns an error if a number is NaN, infinite or out of range, or an edge is beyond its opposite.
    pub fn new(west: f64, south: f64, east: f64, north: f64) -> Result<Self, BoundsError> {
        LonLat::new(west, south)?;
        LonLat::new(east, north)?;
        if west > east {
            return Err(BoundsError::WestEast { west, east });
        }
        if south > north {
            return Err(BoundsError::SouthNorth { south, north });
        }
        Ok(Self { west, south, east, north })
    }

    /// Creates the box that contains only this position.
    pub fn of(at: LonLat) -> Self {
        Self { west: at.lon(), south: at.lat(), east: at.lon(), north: at.lat() }
    }

    /// Returns the western edge, degrees.
    pub fn west(&self) -> f64 {
        self.west
    }

    /// Returns the southern edge, degrees.
    pub fn south(&self) -> f64 {
        self.south
    }

    /// Returns the eastern edge, degrees.
    pub fn east(&self) -> f64 {
        self.east
    }

    /// Returns the northern edge, degrees.
    pub fn north(&self) -> f64 {
        self.north
    }

    /// Returns west, south, east, north: the order of a `bbox` in the API.
    pub fn to_array(&self) -> [f64; 4] {
        [self.west, self.south, self.east, self.north]
    }

    /// Returns whether the position is in the box or on its edge.
    pub fn contains(&self, at: LonLat) -> bool {
        (self.west..=self.east).contains(&at.lon()) && (self.south..=self.north).contains(&at.lat())
    }

    /// Returns whether the other box is completely within this one.
    pub fn covers(&self, other: &Self) -> bool {
        self.west <= other.west
            && other.east <= self.east
            && self.south <= other.south
            && other.north <= self.north
    }

    /// Returns whether the two boxes share at least one point.
    pub fn intersects(&self, other: &Self) -> bool {
        self.west <= other.east
            && other.west <= self.east
            && self.south <= other.north
            && other.south <= self.north
    }

    /// Returns the smallest box that contains both.
    #[must_use]
    pub fn union(&self, other: &Self) -> Self {
        Self {
            west: self.west.min(other.west),
            south: self.south.min(other.south),
            east: self.east.max(other.east),
            north: self.north.max(other.north),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_box_needs_numbers_in_range_and_in_order() {
        assert!(Bounds::new(46.0, 39.0, 46.0, 39.0).is_ok());
        assert!(matches!(Bounds::new(47.0, 39.0, 46.0, 40.0), Err(BoundsError::WestEast { .. })));
        assert!(matches!(Bounds::new(46.0, 41.0, 47.0, 40.0), Err(BoundsError::SouthNorth { .. })));
        assert!(matches!(Bounds::new(f64::NAN, 41.0, 47.0, 40.0), Err(BoundsError::Corner(_))));
    }

    #[test]
    fn edges_belong_to_the_box() {
        let a = Bounds::new(46.0, 39.0, 47.0, 40.0).unwrap();
        let b = Bounds::new(47.0, 40.0, 48.0, 41.0).unwrap();
        assert!(a.intersects(&b) && !a.covers(&b) && a.union(&b).covers(&b));
        assert!(a.contains(LonLat::new(47.0, 40.0).unwrap()));
    }
}
