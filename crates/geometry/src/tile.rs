//! The address of a map tile.

use std::ops::RangeInclusive;

use crate::{Bounds, Mercator};

/// The highest supported zoom, at which a tile is 4 to 8 metres wide.
pub const MAX_ZOOM: u8 = 22;

/// A tile of the `WebMercatorQuad` set: zoom 0..=22, column `x` from the west, row `y` from the north.
///
/// Its western and northern edges belong to it, its eastern and southern ones to its neighbours, so every
/// position is in exactly one tile of each zoom.
///
/// ```
/// use geometry::{LonLat, TileId};
/// let tile = TileId::at(LonLat::new(46.3183, 40.0581)?, 9);
/// assert_eq!((tile.z(), tile.x(), tile.y()), (9, 321, 193));
/// assert_eq!(TileId::new(3, 8, 0).unwrap_err().to_string(), "column 8 is outside 0..7 at zoom 3");
/// # Ok::<(), geometry::LonLatError>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct TileId {
    z: u8,
    x: u32,
    y: u32,
}

/// An error that occurs when three numbers are not a tile.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum TileError {
    /// The zoom is above [`MAX_ZOOM`].
    #[error("zoom {0} is outside 0..22")]
    Zoom(u8),
    /// The column does not exist at this zoom.
    #[error("column {x} is outside 0..{} at zoom {z}", (1_u32 << z) - 1)]
    Column {
        /// The zoom.
        z: u8,
        /// The requested column.
        x: u32,
    },
    /// The row does not exist at this zoom.
    #[error("row {y} is outside 0..{} at zoom {z}", (1_u32 << z) - 1)]
    Row {
        /// The zoom.
        z: u8,
        /// The requested row.
        y: u32,
    },
}

impl TileId {
    /// Creates the tile at zoom `z`, column `x`, row `y`.
    ///
    /// # Errors
    /// Returns an error if the tile does not exist.
    pub fn new(z: u8, x: u32, y: u32) -> Result<Self, TileError> {
        if z > MAX_ZOOM {
            return Err(TileError::Zoom(z));
        }
        if x >> z != 0 {
            return Err(TileError::Column { z, x });
        }
        if y >> z != 0 {
            return Err(TileError::Row { z, y });
        }
        Ok(Self { z, x, y })
    }

    /// Returns the tile of zoom `z`, at most [`MAX_ZOOM`], that contains the position.
    pub fn at(place: impl Into<Mercator>, z: u8) -> Self {
        let (place, z) = (place.into(), z.min(MAX_ZOOM));
        // A shift by 32 would overflow: zoom 0 has one tile.
        let cut = |units: u32| if z == 0 { 0 } else { units >> (32 - z) };
        Self { z, x: cut(place.x), y: cut(place.y) }
    }

    /// Returns the zoom.
    pub fn z(self) -> u8 {
        self.z
    }

    /// Returns the column, from the west.
    pub fn x(self) -> u32 {
        self.x
    }

    /// Returns the row, from the north.
    pub fn y(self) -> u32 {
        self.y
    }

    /// Returns the tile of the next lower zoom that contains this one; `None` at zoom 0.
    pub fn parent(self) -> Option<Self> {
        (self.z > 0).then(|| Self { z: self.z - 1, x: self.x >> 1, y: self.y >> 1 })
    }

    /// Returns this tile, or the tile of zoom `z` that contains it if `z` is lower.
    #[must_use]
    pub fn ancestor(self, z: u8) -> Self {
        let up = self.z.saturating_sub(z);
        Self { z: self.z - up, x: self.x >> up, y: self.y >> up }
    }

    /// Returns the four tiles of the next zoom; none at [`MAX_ZOOM`].
    pub fn children(self) -> impl Iterator<Item = Self> {
        let (z, x, y) = (self.z + 1, self.x * 2, self.y * 2);
        let all = [(x, y), (x + 1, y), (x, y + 1), (x + 1, y + 1)];
        all.into_iter().filter(move |_| z <= MAX_ZOOM).map(move |(x, y)| Self { z, x, y })
    }

    /// Returns the north-western corner in Mercator units.
    pub fn corner(self) -> Mercator {
        let shift = 32 - u32::from(self.z);
        let units = |index: u32| (u64::from(index) << shift) as u32;
        Mercator { x: units(self.x), y: units(self.y) }
    }

    /// Returns the middle in Mercator units: the south-eastern one of the four units around it.
    pub fn middle(self) -> Mercator {
        let (Mercator { x, y }, half) = (self.corner(), (self.width() / 2) as u32);
        Mercator { x: x + half, y: y + half }
    }

    /// Returns the width and height in Mercator units: 2^32 at zoom 0.
    pub fn width(self) -> u64 {
        1 << (32 - u32::from(self.z))
    }

    /// Returns the keys of all positions in the tile (see [`Mercator::key`]).
    pub fn keys(self) -> RangeInclusive<u64> {
        let first = self.corner().key();
        first..=first | (u64::MAX.checked_shr(2 * u32::from(self.z)).unwrap_or(0))
    }

    /// Returns the box of the tile in degrees.
    pub fn bounds(self) -> Bounds {
        let n = f64::from(1_u32 << self.z);
        let lon = |x: u32| f64::from(x) / n * 360.0 - 180.0;
        let lat = |y: u32| (std::f64::consts::PI * (1.0 - 2.0 * f64::from(y) / n)).sinh().atan().to_degrees();
        Bounds::new(lon(self.x), lat(self.y + 1), lon(self.x + 1), lat(self.y))
            .expect("a tile of the square is within 180 and 85.06 degrees")
    }
}

impl From<TileId> for Bounds {
    fn from(tile: TileId) -> Self {
        tile.bounds()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::LonLat;

    #[test]
    fn a_tile_is_one_range_of_keys_and_its_children_part_it() {
        let tile = TileId::new(9, 321, 195).unwrap();
        let mut next = *tile.keys().start();
        let mut children: Vec<_> = tile.children().collect();
        children.sort_by_key(|c| *c.keys().start());
        for child in children {
            assert_eq!(*child.keys().start(), next);
            assert_eq!(child.parent(), Some(tile));
            next = child.keys().end().wrapping_add(1);
        }
        assert_eq!(next, tile.keys().end() + 1);
        assert_eq!(TileId::new(0, 0, 0).unwrap().keys(), 0..=u64::MAX);
    }

    #[test]
    fn a_position_lies_in_the_tile_that_names_it_at_every_zoom() {
        let at = LonLat::new(46.3183, 40.0581).unwrap();
        for z in 0..=MAX_ZOOM {
            let tile = TileId::at(at, z);
            assert!(tile.bounds().contains(at) && tile.keys().contains(&Mercator::from(at).key()));
            assert_eq!(TileId::at(at, MAX_ZOOM).ancestor(z), tile);
        }
    }

    #[test]
    fn an_address_out_of_range_is_refused_with_the_range() {
        assert_eq!(TileId::new(23, 0, 0), Err(TileError::Zoom(23)));
        assert_eq!(TileId::new(0, 1, 0), Err(TileError::Column { z: 0, x: 1 }));
        assert_eq!(TileId::new(2, 3, 4), Err(TileError::Row { z: 2, y: 4 }));
        assert_eq!(TileId::new(22, u32::MAX, 0), Err(TileError::Column { z: 22, x: u32::MAX }));
    }
}
