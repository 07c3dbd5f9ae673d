//! Computes a position from a bearing and a distance.

use geo::{Destination, Geodesic, Point};

use crate::{LonLat, LonLatError};

/// The maximum distance, metres: nobody measures farther with a compass.
pub const FARTHEST_M: f64 = 5_000.0;

/// The reading error of a hand compass, degrees.
const BEARING_ERROR: f64 = 2.0;

/// The error of a taped or paced distance, as a fraction of it.
const DISTANCE_ERROR: f64 = 0.02;

/// Returns the position at a bearing, in degrees clockwise from true north, and a distance in metres from
/// another position, on the ellipsoid.
///
/// # Errors
/// Returns an error if a number is NaN or infinite.
///
/// ```
/// use geometry::{LonLat, destination, distance_m};
/// let from = LonLat::new(46.296, 39.7011)?;
/// let to = destination(from, 90.0, 100.0)?;
/// assert!((distance_m(from, to) - 100.0).abs() < 0.02 && to.lon() > from.lon());
/// # Ok::<(), geometry::LonLatError>(())
/// ```
pub fn destination(from: LonLat, bearing: f64, distance_m: f64) -> Result<LonLat, LonLatError> {
    let end = Geodesic.destination(Point::from(from), bearing, distance_m);
    LonLat::new(end.x(), end.y())
}

/// Returns the accuracy of such a position in metres, if the start position is accurate to `from_m`. The
/// errors are assumed to be independent, as on the field page.
pub fn destination_accuracy_m(from_m: f64, distance_m: f64) -> f64 {
    from_m.hypot(distance_m * BEARING_ERROR.to_radians()).hypot(distance_m * DISTANCE_ERROR)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::distance_m;

    #[test]
    fn the_place_lies_at_the_bearing_and_at_the_distance() {
        let from = LonLat::new(46.296, 39.7011).unwrap();
        let sign = |degrees: f64| if degrees.abs() < 2e-7 { 0 } else { degrees.signum() as i8 };
        for (bearing, east, north) in [(0.0, 0, 1), (90.0, 1, 0), (225.0, -1, -1), (360.0, 0, 1)] {
            let to = destination(from, bearing, 250.0).unwrap();
            assert!((distance_m(from, to) - 250.0).abs() < 0.02, "{bearing}");
            assert_eq!(
                (sign(to.lon() - from.lon()), sign(to.lat() - from.lat())),
                (east, north),
                "{bearing}"
            );
        }
        assert!(destination(from, f64::NAN, 1.0).is_err());
    }

    #[test]
    fn errors_of_start_bearing_and_distance_add_up() {
        assert!((destination_accuracy_m(5.0, 0.0) - 5.0).abs() < 1e-9);
        // 100 m at 2 degrees are 3.49 m, and 2 % of 100 m are 2 m.
        assert!((destination_accuracy_m(0.0, 100.0) - 4.023).abs() < 1e-3);
        assert!((destination_accuracy_m(3.0, 100.0) - 5.019).abs() < 1e-3);
    }
}
