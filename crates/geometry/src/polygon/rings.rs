//! Validates polygons: rings must be closed, long enough and in range.

use geo::{Coord, LineString, MultiPolygon, Polygon};

use crate::{LonLat, LonLatError};

/// The number of points of the shortest ring: a triangle and its first point again.
const MIN_POINTS: usize = 4;

/// An error that occurs when rings are not a polygon. Polygons, rings and points are counted from 0; ring 0
/// is the exterior.
#[derive(Debug, Clone, Copy, PartialEq, thiserror::Error)]
pub enum PolygonError {
    /// There is no polygon, or one without an exterior ring.
    #[error("polygon {polygon} has no ring")]
    Empty {
        /// The polygon.
        polygon: usize,
    },
    /// A ring has fewer than 4 points.
    #[error("ring {ring} of polygon {polygon} has {n_points} points, a ring needs 4 or more")]
    TooFewPoints {
        /// The polygon.
        polygon: usize,
        /// The ring.
        ring: usize,
        /// The number of points.
        n_points: usize,
    },
    /// The last point of a ring differs from its first.
    #[error("ring {ring} of polygon {polygon} is not closed: its last point differs from its first")]
    NotClosed {
        /// The polygon.
        polygon: usize,
        /// The ring.
        ring: usize,
    },
    /// A position has fewer than two numbers.
    #[error("point {point} of ring {ring} of polygon {polygon} has {n_numbers} numbers instead of 2")]
    NoPair {
        /// The polygon.
        polygon: usize,
        /// The ring.
        ring: usize,
        /// The point.
        point: usize,
        /// The number of numbers.
        n_numbers: usize,
    },
    /// A point is out of range.
    #[error("point {point} of ring {ring} of polygon {polygon}: {source}")]
    Position {
        /// The polygon.
        polygon: usize,
        /// The ring.
        ring: usize,
        /// The point.
        point: usize,
        /// The reason.
        source: LonLatError,
    },
}

/// Reads polygons from the coordinates of a `GeoJSON` `MultiPolygon`: polygons, rings, positions, numbers.
///
/// For a `Polygon`, pass a single one. Numbers after longitude and latitude are dropped.
///
/// # Errors
/// Returns an error if there is no ring, a ring is not closed or has fewer than 4 points, or a position has
/// fewer than two numbers, is not finite or is out of range.
///
/// ```
/// use geometry::multi_polygon;
/// let ring = vec![[46.0, 39.0], [47.0, 39.0], [47.0, 40.0], [46.0, 39.0]];
/// assert!(multi_polygon(&[vec![ring.clone()]]).is_ok());
/// assert_eq!(
///     multi_polygon(&[vec![ring[..3].to_vec()]]).unwrap_err().to_string(),
///     "ring 0 of polygon 0 has 3 points, a ring needs 4 or more",
/// );
/// ```
pub fn multi_polygon<P: AsRef<[f64]>>(polygons: &[Vec<Vec<P>>]) -> Result<MultiPolygon<f64>, PolygonError> {
    let mut read = Vec::with_capacity(polygons.len());
    for (polygon, rings) in polygons.iter().enumerate() {
        let mut lines = Vec::with_capacity(rings.len());
        for (ring, positions) in rings.iter().enumerate() {
            let mut line = Vec::with_capacity(positions.len());
            for (point, position) in positions.iter().enumerate() {
                let &[x, y, ..] = position.as_ref() else {
                    let n_numbers = position.as_ref().len();
                    return Err(PolygonError::NoPair { polygon, ring, point, n_numbers });
                };
                line.push(Coord { x, y });
            }
            // geo closes rings silently, so an open ring can be detected only here.
            if line.len() >= MIN_POINTS && line.first() != line.last() {
                return Err(PolygonError::NotClosed { polygon, ring });
            }
            check_ring(&line, polygon, ring)?;
            lines.push(LineString::new(line));
        }
        let mut lines = lines.into_iter();
        let exterior = lines.next().ok_or(PolygonError::Empty { polygon })?;
        read.push(Polygon::new(exterior, lines.collect()));
    }
    if read.is_empty() {
        return Err(PolygonError::Empty { polygon: 0 });
    }
    Ok(MultiPolygon::new(read))
}

/// Checks that the polygons have rings with enough points, all of them in range.
pub(crate) fn check(polygons: &MultiPolygon<f64>) -> Result<(), PolygonError> {
    for (polygon, shape) in polygons.iter().enumerate() {
        if shape.exterior().0.is_empty() {
            return Err(PolygonError::Empty { polygon });
        }
        for (ring, line) in std::iter::once(shape.exterior()).chain(shape.interiors()).enumerate() {
            check_ring(&line.0, polygon, ring)?;
        }
    }
    Ok(())
}

fn check_ring(line: &[Coord<f64>], polygon: usize, ring: usize) -> Result<(), PolygonError> {
    if line.len() < MIN_POINTS {
        return Err(PolygonError::TooFewPoints { polygon, ring, n_points: line.len() });
    }
    for (point, at) in line.iter().enumerate() {
        LonLat::new(at.x, at.y).map_err(|source| PolygonError::Position { polygon, ring, point, source })?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    const SQUARE: [[f64; 2]; 5] = [[46.0, 39.0], [47.0, 39.0], [47.0, 40.0], [46.0, 40.0], [46.0, 39.0]];

    fn refused(rings: Vec<Vec<Vec<f64>>>) -> PolygonError {
        multi_polygon(&[rings]).unwrap_err()
    }

    fn square() -> Vec<Vec<f64>> {
        SQUARE.iter().map(|p| p.to_vec()).collect()
    }

    #[test]
    fn closed_rings_on_the_globe_are_read_and_heights_are_left_out() {
        let with_heights: Vec<Vec<f64>> = SQUARE.iter().map(|[x, y]| vec![*x, *y, 800.0]).collect();
        let read = multi_polygon(&[vec![with_heights]]).unwrap();
        assert_eq!(read, multi_polygon(&[vec![SQUARE.to_vec()]]).unwrap());
    }

    #[test]
    fn what_is_no_polygon_is_refused_with_the_place_of_the_fault() {
        assert_eq!(multi_polygon::<[f64; 2]>(&[]).unwrap_err(), PolygonError::Empty { polygon: 0 });
        assert_eq!(refused(vec![]), PolygonError::Empty { polygon: 0 });
        assert_eq!(
            refused(vec![square()[..3].to_vec()]),
            PolygonError::TooFewPoints { polygon: 0, ring: 0, n_points: 3 }
        );
        assert_eq!(
            refused(vec![square(), square()[..4].to_vec()]),
            PolygonError::NotClosed { polygon: 0, ring: 1 }
        );
        let mut short = square();
        short[2] = vec![47.0];
        assert!(matches!(refused(vec![short]), PolygonError::NoPair { point: 2, n_numbers: 1, .. }));
        for wrong in [f64::NAN, f64::INFINITY, 181.0] {
            let mut off = square();
            off[1][0] = wrong;
            let refused = refused(vec![off]);
            assert!(matches!(refused, PolygonError::Position { point: 1, .. }), "{refused}");
        }
    }
}
