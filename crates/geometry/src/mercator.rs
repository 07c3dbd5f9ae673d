//! Web Mercator as integers, and the order of records along the Z curve.

use std::f64::consts::PI;

use crate::LonLat;

/// The width of the Web Mercator square in units: a position is a pair of `u32`.
const WORLD: f64 = 4_294_967_296.0;

/// A position in the Web Mercator square (EPSG:3857), in 2^-32 of its width (9 mm at the equator).
///
/// `x` grows to the east from the antimeridian, `y` to the south from 85.0511° N, as in tile addresses, so
/// the upper bits of both are the tile at any zoom. Positions nearer to a pole than 85.0511° are drawn on the
/// edge of the square. Source of the formulas: EPSG Guidance Note 7-2, method 1024, on a sphere.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Mercator {
    /// Units to the east.
    pub x: u32,
    /// Units to the south.
    pub y: u32,
}

impl Mercator {
    /// Returns the position on the Z curve (Morton order): alternating bits of `y` and `x`, `y` first.
    ///
    /// All positions of a tile, at any zoom, are one contiguous range of keys.
    ///
    /// ```
    /// use geometry::Mercator;
    /// assert_eq!(Mercator { x: 0b01, y: 0b10 }.key(), 0b1001);
    /// ```
    #[inline]
    pub fn key(self) -> u64 {
        spread(self.x) | spread(self.y) << 1
    }

    /// Returns the position with this key.
    #[inline]
    pub fn from_key(key: u64) -> Self {
        Self { x: gather(key), y: gather(key >> 1) }
    }
}

impl From<LonLat> for Mercator {
    fn from(at: LonLat) -> Self {
        let x = (at.lon() + 180.0) / 360.0;
        let y = 0.5 - at.lat().to_radians().sin().atanh() / (2.0 * PI);
        // A cast from a float saturates: the antimeridian and the poles map to the last unit.
        Self { x: (x * WORLD) as u32, y: (y * WORLD) as u32 }
    }
}

impl From<Mercator> for LonLat {
    /// Returns the middle of the unit.
    fn from(at: Mercator) -> Self {
        let lon = (f64::from(at.x) + 0.5) / WORLD * 360.0 - 180.0;
        let lat = (PI * (1.0 - 2.0 * (f64::from(at.y) + 0.5) / WORLD)).sinh().atan().to_degrees();
        LonLat::new(lon, lat).expect("a unit of the square is within 180 and 85.06 degrees")
    }
}

#[inline]
fn spread(bits: u32) -> u64 {
    let mut b = u64::from(bits);
    b = (b | b << 16) & 0x0000_ffff_0000_ffff;
    b = (b | b << 8) & 0x00ff_00ff_00ff_00ff;
    b = (b | b << 4) & 0x0f0f_0f0f_0f0f_0f0f;
    b = (b | b << 2) & 0x3333_3333_3333_3333;
    (b | b << 1) & 0x5555_5555_5555_5555
}

#[inline]
fn gather(key: u64) -> u32 {
    let mut b = key & 0x5555_5555_5555_5555;
    b = (b | b >> 1) & 0x3333_3333_3333_3333;
    b = (b | b >> 2) & 0x0f0f_0f0f_0f0f_0f0f;
    b = (b | b >> 4) & 0x00ff_00ff_00ff_00ff;
    b = (b | b >> 8) & 0x0000_ffff_0000_ffff;
    (b | b >> 16) as u32
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_position_survives_the_way_there_and_back_to_a_centimetre() {
        for (lon, lat) in [(46.3183, 40.0581), (-179.999, -84.9), (0.0, 0.0), (179.9999, 85.0)] {
            let at = LonLat::new(lon, lat).unwrap();
            let back = LonLat::from(Mercator::from(at));
            assert!(
                (back.lon() - lon).abs() < 1.1e-7 && (back.lat() - lat).abs() < 1.1e-7,
                "{at:?} {back:?}"
            );
        }
    }

    #[test]
    fn the_poles_and_the_antimeridian_land_on_the_edge() {
        let place = |lon, lat| Mercator::from(LonLat::new(lon, lat).unwrap());
        assert_eq!(place(180.0, 90.0), Mercator { x: u32::MAX, y: 0 });
        assert_eq!(place(-180.0, -90.0), Mercator { x: 0, y: u32::MAX });
    }

    #[test]
    fn the_key_interleaves_and_comes_apart_again() {
        for (x, y) in [(0, 0), (u32::MAX, 0), (0, u32::MAX), (0x1234_5678, 0x9abc_def0)] {
            assert_eq!(Mercator::from_key(Mercator { x, y }.key()), Mercator { x, y });
        }
    }
}
