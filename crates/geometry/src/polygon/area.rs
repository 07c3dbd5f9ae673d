//! An area prepared for many queries by point and by box.

use geo::MultiPolygon;

use super::edges::Edges;
use super::{PolygonError, rings};
use crate::{Bounds, LonLat, area_m2};

/// Polygons prepared for point and box queries.
///
/// Edges are straight in longitude and latitude. Polygons that overlap count once. A point on
/// an edge belongs to the area east of the edge, or north of a horizontal one, so areas with a common edge
/// share out the points on it, as [`Districts`](super::Districts) do.
///
/// Cost of a query: the edges at the latitude of the point or the box, not all of them.
///
/// ```
/// use geometry::{Area, Bounds, LonLat, Relation, multi_polygon};
/// let ring = vec![[46.0, 39.0], [47.0, 39.0], [47.0, 40.0], [46.0, 40.0], [46.0, 39.0]];
/// let area = Area::new(multi_polygon(&[vec![ring]])?)?;
/// assert!(area.contains(LonLat::new(46.5, 39.5)?));
/// assert_eq!(area.relation(Bounds::new(46.2, 39.2, 46.4, 39.4)?), Relation::Inside);
/// assert_eq!(area.relation(Bounds::new(46.9, 39.9, 47.1, 40.1)?), Relation::Crosses);
/// // Edges are straight in degrees: 9,549.52 km².
/// assert_eq!((area.area_m2() / 1e4).round(), 954_952.0);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub struct Area {
    shape: MultiPolygon<f64>,
    edges: Edges,
    bounds: Bounds,
}

/// The relation of a box to an area.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Relation {
    /// No point of the box is in the area.
    Outside,
    /// Every point of the box is in the area.
    Inside,
    /// Some points of the box may be in the area, and some outside.
    Crosses,
}

impl Area {
    /// Prepares the polygons. O(edges), in time and in memory.
    ///
    /// # Errors
    /// Returns an error if there is no ring, or a ring has fewer than 4 points or points out of range.
    pub fn new(shape: MultiPolygon<f64>) -> Result<Self, PolygonError> {
        rings::check(&shape)?;
        let edges = Edges::new(&shape);
        let [west, south, east, north] = edges.extent();
        // All rings may have collapsed to a point: then there is no edge, and no box.
        let bounds = Bounds::new(west, south, east, north).map_err(|_| PolygonError::Empty { polygon: 0 })?;
        Ok(Self { shape, edges, bounds })
    }

    /// Returns whether the point is in the area.
    pub fn contains(&self, at: LonLat) -> bool {
        self.edges.locate(at.into()).is_some()
    }

    /// Returns the relation of a box to the area; accepts [`Bounds`],
    /// [`MercatorBounds`](crate::MercatorBounds) or [`TileId`](crate::TileId).
    ///
    /// `Inside` and `Outside` are certain; for a box that only touches an edge the result may be `Crosses`.
    pub fn relation(&self, window: impl Into<Bounds>) -> Relation {
        let window = window.into();
        if self.edges.touch(window.to_array()) {
            return Relation::Crosses;
        }
        // No edge runs through the box, so one point decides for all.
        let corner = geo::Coord { x: window.west(), y: window.south() };
        if self.edges.locate(corner).is_some() { Relation::Inside } else { Relation::Outside }
    }

    /// Returns its size in square metres on the ellipsoid, see [`area_m2`]. Overlapping polygons are each
    /// counted; [`check_simple`](super::check_simple) detects them.
    pub fn area_m2(&self) -> f64 {
        area_m2(&self.shape)
    }

    /// Returns the smallest box that contains it.
    pub fn bounds(&self) -> Bounds {
        self.bounds
    }

    /// Returns the polygons, as passed to [`Area::new`].
    pub fn shape(&self) -> &MultiPolygon<f64> {
        &self.shape
    }
}

impl std::fmt::Debug for Area {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Area").field("bounds", &self.bounds).finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::MercatorBounds;
    use geo::{Contains, Intersects, LineString, Point, Polygon, Rect};
    use rand::{Rng, SeedableRng};
    use rand_chacha::ChaCha8Rng;

    fn at(lon: f64, lat: f64) -> LonLat {
        LonLat::new(lon, lat).unwrap()
    }

    /// Returns a star with many corners around a centre, and a hole in its middle.
    fn star(rng: &mut ChaCha8Rng, n: usize) -> MultiPolygon<f64> {
        let mut ring = |least: f64, most: f64| -> LineString<f64> {
            (0..n)
                .map(|i| {
                    let (turn, reach) =
                        (i as f64 / n as f64 * std::f64::consts::TAU, rng.random_range(least..most));
                    (46.5 + reach * turn.cos(), 39.5 + reach * turn.sin())
                })
                .collect()
        };
        Polygon::new(ring(0.4, 1.0), vec![ring(0.1, 0.3)]).into()
    }

    #[test]
    fn points_are_in_or_out_as_geo_says() {
        let mut rng = ChaCha8Rng::seed_from_u64(1);
        for n in [3, 10, 500, 5_000] {
            let shape = star(&mut rng, n);
            let area = Area::new(shape.clone()).unwrap();
            for _ in 0..500 {
                let point = at(rng.random_range(45.4..47.6), rng.random_range(38.4..40.6));
                assert_eq!(area.contains(point), shape.contains(&Point::from(point)), "{point:?}");
            }
        }
    }

    #[test]
    fn boxes_lie_to_it_as_geo_says() {
        let mut rng = ChaCha8Rng::seed_from_u64(2);
        let mut seen = [0; 3];
        for n in [3, 40, 300] {
            let shape = star(&mut rng, n);
            let area = Area::new(shape.clone()).unwrap();
            for _ in 0..400 {
                let (west, south) = (rng.random_range(45.4..47.5), rng.random_range(38.4..40.5));
                let size = [0.0, 0.01, 0.1, 1.0, 5.0][rng.random_range(0..5)];
                let window = Bounds::new(west, south, west + size, south + size).unwrap();
                let rect = Rect::new((west, south), (west + size, south + size));
                let expected = if shape.contains(&rect) {
                    Relation::Inside
                } else if shape.intersects(&rect) {
                    Relation::Crosses
                } else {
                    Relation::Outside
                };
                assert_eq!(area.relation(window), expected, "{window:?}");
                seen[expected as usize] += 1;
            }
        }
        assert!(seen.iter().all(|n| *n > 100), "{seen:?}");
    }

    #[test]
    fn what_a_box_of_units_promises_holds_for_every_position_in_it() {
        let mut rng = ChaCha8Rng::seed_from_u64(3);
        let area = Area::new(star(&mut rng, 50)).unwrap();
        for _ in 0..2_000 {
            let point = at(rng.random_range(45.4..47.6), rng.random_range(38.4..40.6));
            match area.relation(MercatorBounds::of(point.into())) {
                Relation::Inside => assert!(area.contains(point)),
                Relation::Outside => assert!(!area.contains(point)),
                Relation::Crosses => {}
            }
        }
    }

    #[test]
    fn the_box_around_it_and_a_box_that_it_lies_in_cross_it() {
        let area = Area::new(star(&mut ChaCha8Rng::seed_from_u64(4), 50)).unwrap();
        assert_eq!(area.relation(area.bounds()), Relation::Crosses);
        assert_eq!(area.relation(Bounds::WORLD), Relation::Crosses);
        assert_eq!(area.relation(Bounds::new(46.49, 39.49, 46.51, 39.51).unwrap()), Relation::Outside);
    }

    #[test]
    fn polygons_that_overlap_count_once() {
        let square = |west: f64| -> Polygon<f64> { Rect::new((west, 39.0), (west + 1.0, 40.0)).to_polygon() };
        let area = Area::new(MultiPolygon::new(vec![square(46.0), square(46.5)])).unwrap();
        assert!(
            area.contains(at(46.7, 39.5)) && area.contains(at(46.2, 39.5)) && area.contains(at(47.2, 39.5))
        );
    }

    #[test]
    fn rings_shrunk_to_a_point_are_refused() {
        let ring = LineString::from(vec![(46.0, 39.0); 4]);
        assert!(Area::new(Polygon::new(ring, vec![]).into()).is_err());
    }

    #[test]
    fn a_comb_of_long_teeth_stays_small_and_right() {
        let n = 20_000;
        let teeth =
            (0..n).map(|i| (46.0 + f64::from(i) / f64::from(n), if i % 2 == 0 { 39.0 } else { 40.0 }));
        let ring: LineString<f64> = teeth.chain([(47.0, 38.9), (46.0, 38.9)]).collect();
        let area = Area::new(Polygon::new(ring, vec![]).into()).unwrap();
        assert!(area.contains(at(46.5, 38.95)) && !area.contains(at(46.5, 40.0)));
    }
}
