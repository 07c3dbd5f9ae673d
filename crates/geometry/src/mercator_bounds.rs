//! An axis-parallel box in the Web Mercator square.

use std::f64::consts::PI;

use crate::{Bounds, LonLat, Mercator, TileId};

/// How far a box is widened before it is compared with degrees: more than rounding can move an edge.
const SLACK_DEG: f64 = 1e-9;

/// A box of whole Mercator units, including all four edges.
///
/// `min` is the north-western corner, `max` the south-eastern one: `y` grows to the south.
///
/// ```
/// use geometry::{Bounds, LonLat, Mercator, MercatorBounds};
/// let window = MercatorBounds::from(Bounds::new(46.2, 39.3, 47.6, 40.5)?);
/// assert!(window.contains(Mercator::from(LonLat::new(46.75, 39.82)?)));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct MercatorBounds {
    /// The north-western corner: smallest x and y.
    pub min: Mercator,
    /// The south-eastern corner: greatest x and y.
    pub max: Mercator,
}

impl MercatorBounds {
    /// Creates the box that contains only this position.
    #[inline]
    pub fn of(place: Mercator) -> Self {
        Self { min: place, max: place }
    }

    /// Returns whether the position is in the box or on its edge.
    #[inline]
    pub fn contains(&self, place: Mercator) -> bool {
        (self.min.x..=self.max.x).contains(&place.x) && (self.min.y..=self.max.y).contains(&place.y)
    }

    /// Returns whether the other box is completely within this one.
    #[inline]
    pub fn covers(&self, other: &Self) -> bool {
        self.contains(other.min) && self.contains(other.max)
    }

    /// Returns whether the two boxes share at least one unit.
    #[inline]
    pub fn intersects(&self, other: &Self) -> bool {
        self.min.x <= other.max.x
            && other.min.x <= self.max.x
            && self.min.y <= other.max.y
            && other.min.y <= self.max.y
    }

    /// Returns the smallest box that contains both.
    #[inline]
    #[must_use]
    pub fn union(&self, other: &Self) -> Self {
        Self {
            min: Mercator { x: self.min.x.min(other.min.x), y: self.min.y.min(other.min.y) },
            max: Mercator { x: self.max.x.max(other.max.x), y: self.max.y.max(other.max.y) },
        }
    }

    /// Returns west, south, east and north, in degrees, of everything drawn in the box.
    ///
    /// The first and last rows of the square also contain everything up to the pole, so they extend to it. No
    /// position whose [`Mercator`] is in the box is outside these numbers.
    pub(crate) fn degrees(&self) -> [f64; 4] {
        let lon = |x: f64| x / 4_294_967_296.0 * 360.0 - 180.0;
        let lat = |y: f64| (PI * (1.0 - 2.0 * y / 4_294_967_296.0)).sinh().atan().to_degrees();
        let south = if self.max.y == u32::MAX { -90.0 } else { lat(f64::from(self.max.y) + 1.0) - SLACK_DEG };
        let north = if self.min.y == 0 { 90.0 } else { lat(f64::from(self.min.y)) + SLACK_DEG };
        [
            (lon(f64::from(self.min.x)) - SLACK_DEG).max(-180.0),
            south,
            (lon(f64::from(self.max.x) + 1.0) + SLACK_DEG).min(180.0),
            north,
        ]
    }
}

impl From<Bounds> for MercatorBounds {
    /// Returns the units of all positions in the box; some of the outermost may be up to 1 cm outside it.
    fn from(bounds: Bounds) -> Self {
        let corner =
            |lon, lat| Mercator::from(LonLat::new(lon, lat).expect("a corner of a box is a position"));
        Self { min: corner(bounds.west(), bounds.north()), max: corner(bounds.east(), bounds.south()) }
    }
}

impl From<TileId> for MercatorBounds {
    fn from(tile: TileId) -> Self {
        let min = tile.corner();
        let reach = (tile.width() - 1) as u32;
        Self { min, max: Mercator { x: min.x + reach, y: min.y + reach } }
    }
}

impl From<MercatorBounds> for Bounds {
    /// Returns the box in degrees, widened outward by at most 1e-7 degree.
    fn from(bounds: MercatorBounds) -> Self {
        let [west, south, east, north] = bounds.degrees();
        Bounds::new(west, south, east, north).expect("the edges are clamped to the world and in order")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_tile_and_its_box_hold_the_same_units() {
        let tile = TileId::new(9, 321, 195).unwrap();
        let bounds = MercatorBounds::from(tile);
        assert_eq!(TileId::at(bounds.min, 9), tile);
        assert_eq!(TileId::at(bounds.max, 9), tile);
        assert_eq!(u64::from(bounds.max.x - bounds.min.x) + 1, tile.width());
        let world = MercatorBounds::from(TileId::new(0, 0, 0).unwrap());
        assert_eq!(Bounds::from(world), Bounds::WORLD);
    }

    #[test]
    fn every_position_of_a_box_in_degrees_is_in_its_units_and_the_other_way() {
        let window = Bounds::new(46.2, 39.3, 47.6, 40.5).unwrap();
        let units = MercatorBounds::from(window);
        for (lon, lat) in [(46.2, 39.3), (47.6, 40.5), (46.2, 40.5), (47.0, 40.0)] {
            let at = LonLat::new(lon, lat).unwrap();
            assert!(units.contains(at.into()), "{at:?}");
            assert!(Bounds::from(MercatorBounds::of(at.into())).contains(at), "{at:?}");
        }
        assert!(!units.contains(LonLat::new(46.199, 40.0).unwrap().into()));
        let pole = LonLat::new(12.0, 89.0).unwrap();
        assert!(Bounds::from(MercatorBounds::of(pole.into())).contains(pole));
    }

    #[test]
    fn boxes_that_touch_share_a_unit() {
        let a = MercatorBounds { min: Mercator { x: 1, y: 1 }, max: Mercator { x: 5, y: 5 } };
        let b = MercatorBounds { min: Mercator { x: 5, y: 5 }, max: Mercator { x: 9, y: 9 } };
        let c = MercatorBounds::of(Mercator { x: 6, y: 2 });
        assert!(a.intersects(&b) && !a.covers(&b) && !a.intersects(&c));
        assert!(a.union(&b).covers(&b) && a.union(&b).covers(&c));
    }
}
