//! A position on WGS84.

use std::fmt;

/// Units of 1e-7 degree in one degree.
const E7: f64 = 1e7;

/// A WGS84 position: longitude in -180..=180 and latitude in -90..=90 degrees, stored to 1e-7 degree.
///
/// It consists of two integers, so it can be compared, hashed and sorted, and is never NaN.
///
/// ```
/// use geometry::LonLat;
/// let shusha = LonLat::new(46.7490, 39.7580)?;
/// assert_eq!((shusha.lon(), shusha.lat()), (46.749, 39.758));
/// assert_eq!(
///     LonLat::new(46.0, 91.2).unwrap_err().to_string(),
///     "latitude 91.2 is outside -90..90",
/// );
/// # Ok::<(), geometry::LonLatError>(())
/// ```
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct LonLat {
    lon_e7: i32,
    lat_e7: i32,
}

/// An error that occurs when two numbers are not a position.
#[derive(Debug, Clone, Copy, PartialEq, thiserror::Error)]
pub enum LonLatError {
    /// The longitude is NaN, infinite or outside -180..=180.
    #[error("longitude {0} is outside -180..180")]
    Longitude(f64),
    /// The latitude is NaN, infinite or outside -90..=90.
    #[error("latitude {0} is outside -90..90")]
    Latitude(f64),
}

impl LonLat {
    /// Creates the position at `lon`, `lat` degrees, rounded to 1e-7 degree.
    ///
    /// # Errors
    /// Returns an error if a number is NaN, infinite or out of range; the limits are included.
    pub fn new(lon: f64, lat: f64) -> Result<Self, LonLatError> {
        if !(-180.0..=180.0).contains(&lon) {
            return Err(LonLatError::Longitude(lon));
        }
        if !(-90.0..=90.0).contains(&lat) {
            return Err(LonLatError::Latitude(lat));
        }
        Ok(Self { lon_e7: (lon * E7).round() as i32, lat_e7: (lat * E7).round() as i32 })
    }

    /// Creates the position `lon_e7`, `lat_e7` in units of 1e-7 degree, as returned by [`LonLat::e7`].
    ///
    /// # Errors
    /// Returns an error if a number is out of range.
    pub fn from_e7(lon_e7: i32, lat_e7: i32) -> Result<Self, LonLatError> {
        Self::new(f64::from(lon_e7) / E7, f64::from(lat_e7) / E7)
    }

    /// Returns longitude and latitude in units of 1e-7 degree.
    pub fn e7(self) -> (i32, i32) {
        (self.lon_e7, self.lat_e7)
    }

    /// Returns the longitude in degrees.
    pub fn lon(self) -> f64 {
        f64::from(self.lon_e7) / E7
    }

    /// Returns the latitude in degrees.
    pub fn lat(self) -> f64 {
        f64::from(self.lat_e7) / E7
    }
}

impl fmt::Debug for LonLat {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "({}, {})", self.lon(), self.lat())
    }
}

impl From<LonLat> for geo::Coord<f64> {
    fn from(at: LonLat) -> Self {
        Self { x: at.lon(), y: at.lat() }
    }
}

impl From<LonLat> for geo::Point<f64> {
    fn from(at: LonLat) -> Self {
        Self::new(at.lon(), at.lat())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn edges_are_inside_and_what_is_beyond_or_no_number_is_refused() {
        assert!(LonLat::new(180.0, -90.0).is_ok());
        for (lon, lat) in [(180.1, 0.0), (f64::NAN, 0.0), (f64::INFINITY, 0.0), (0.0, 91.0), (0.0, f64::NAN)]
        {
            assert!(LonLat::new(lon, lat).is_err(), "{lon} {lat}");
        }
    }

    #[test]
    fn seven_decimals_come_back_as_they_were_given() {
        for k in 0..10_000_i32 {
            let (lon, lat) = (f64::from(460_000_001 + k * 7) / 1e7, f64::from(400_000_003 + k * 11) / 1e7);
            let at = LonLat::new(lon, lat).unwrap();
            assert_eq!((at.lon(), at.lat()), (lon, lat));
            assert_eq!(LonLat::from_e7(at.e7().0, at.e7().1), Ok(at));
        }
    }
}
