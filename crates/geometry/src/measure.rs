//! Measures distances and areas on the WGS84 ellipsoid.

use geo::{Distance, Geodesic, Line, LineString, MultiPolygon, Point};

use crate::LonLat;

/// Returns the length in metres of the shortest path between two positions on the ellipsoid.
///
/// Accurate to a millimetre. Source: Karney, Algorithms for geodesics, 2013.
///
/// ```
/// use geometry::{LonLat, distance_m};
/// let (shusha, khankendi) = (LonLat::new(46.749, 39.758)?, LonLat::new(46.7656, 39.8265)?);
/// assert_eq!(distance_m(shusha, khankendi).round(), 7737.0);
/// # Ok::<(), geometry::LonLatError>(())
/// ```
pub fn distance_m(from: LonLat, to: LonLat) -> f64 {
    Geodesic.distance(Point::from(from), Point::from(to))
}

/// Returns the area in square metres on the WGS84 ellipsoid of polygons in degrees of longitude and latitude.
///
/// Edges are straight in longitude and latitude, as in [`Area`](crate::Area): an edge between two places of
/// the same latitude follows the parallel, not the geodesic. Holes are subtracted, whatever the direction of
/// the rings. Accurate to 1e-9 of the area and a few square centimetres; O(edges).
///
/// ```
/// use geo::polygon;
/// let square = polygon![(x: 46.0, y: 40.0), (x: 46.01, y: 40.0), (x: 46.01, y: 40.01), (x: 46.0, y: 40.01)];
/// assert_eq!(geometry::area_m2(&square.into()).round(), 948_099.0);
/// ```
pub fn area_m2(polygons: &MultiPolygon<f64>) -> f64 {
    polygons.iter().map(|p| ring_m2(p.exterior()) - p.interiors().iter().map(ring_m2).sum::<f64>()).sum()
}

/// The semi-minor axis of WGS84, metres, and its first eccentricity.
const POLAR_RADIUS_M: f64 = 6_356_752.314_245_179;
const ECCENTRICITY: f64 = 0.081_819_190_842_621_49;

/// Applies Green's theorem: sums the signed strips between the edges and the equator.
fn ring_m2(ring: &LineString<f64>) -> f64 {
    ring.lines().map(strip_m2).sum::<f64>().abs()
}

/// Returns the strip between an edge and the equator: the integral of [`height_m2`] over its longitudes.
fn strip_m2(edge: Line<f64>) -> f64 {
    /// The nodes of Gauss-Legendre quadrature between -1 and 1, with their weights.
    const NODES: [(f64, f64); 3] =
        [(-0.774_596_669_241_483_4, 5.0 / 18.0), (0.0, 8.0 / 18.0), (0.774_596_669_241_483_4, 5.0 / 18.0)];
    /// The degrees of latitude over which three nodes are accurate to 1e-12.
    const STEP: f64 = 2.0;
    let turn = (edge.end.x - edge.start.x).to_radians();
    let rise = edge.end.y - edge.start.y;
    if turn == 0.0 {
        return 0.0;
    }
    if rise == 0.0 {
        return turn * height_m2(edge.start.y);
    }
    let n_steps = (rise.abs() / STEP).ceil().max(1.0);
    let mean = |step: f64| -> f64 {
        let at = |node: f64| edge.start.y + rise * ((step + 0.5 + node / 2.0) / n_steps);
        NODES.iter().map(|(node, weight)| weight * height_m2(at(*node))).sum()
    };
    let sum: f64 = (0..n_steps as u32).map(|step| mean(f64::from(step))).sum();
    turn * sum / n_steps
}

/// Returns the area between the equator and a latitude in degrees, for one radian of longitude. Source:
/// Snyder, Map projections: a working manual, 1987, equation 3-12.
fn height_m2(lat: f64) -> f64 {
    let sine = lat.to_radians().sin();
    let e_sine = ECCENTRICITY * sine;
    POLAR_RADIUS_M.powi(2) / 2.0 * (sine / (1.0 - e_sine * e_sine) + e_sine.atanh() / ECCENTRICITY)
}

#[cfg(test)]
mod tests {
    use super::*;
    use geo::{GeodesicArea, Polygon, Rect};

    fn check(shape: &Polygon<f64>, expected_m2: f64, tolerance: f64) {
        let found = area_m2(&shape.clone().into());
        assert!((found / expected_m2 - 1.0).abs() < tolerance, "{found} {expected_m2}");
    }

    fn square(west: f64, south: f64, east: f64, north: f64) -> Polygon<f64> {
        Rect::new((west, south), (east, north)).to_polygon()
    }

    #[test]
    fn the_world_and_its_halves_have_the_area_of_the_ellipsoid() {
        const WORLD_M2: f64 = 510_065_621_724_088.0;
        check(&square(-180.0, -90.0, 180.0, 90.0), WORLD_M2, 1e-12);
        check(&square(-180.0, 0.0, 180.0, 90.0), WORLD_M2 / 2.0, 1e-12);
        // The triangle over half of a box of degrees is not half of its area, but both halves add up to it.
        let half = |corner| Polygon::new(vec![(-180.0, -90.0), corner, (180.0, 90.0)].into(), vec![]);
        let halves = [(180.0, -90.0), (-180.0, 90.0)].map(|corner| area_m2(&half(corner).into()));
        assert!(((halves[0] + halves[1]) / WORLD_M2 - 1.0).abs() < 1e-12);
    }

    /// Cuts the same edges into pieces so short that geodesics follow them.
    fn cut(shape: &Polygon<f64>) -> Polygon<f64> {
        let n = 2_000;
        let piece = |edge: Line<f64>| {
            (0..n).map(move |i| edge.start + (edge.end - edge.start) * (f64::from(i) / f64::from(n)))
        };
        Polygon::new(shape.exterior().lines().flat_map(piece).collect(), vec![])
    }

    #[test]
    fn edges_run_straight_in_longitude_and_latitude() {
        let corners = vec![(20.0, 30.0), (60.0, 30.0), (50.0, 55.0), (10.0, 70.0), (20.0, 30.0)];
        let coarse = Polygon::new(corners.into(), vec![]);
        let fine_m2 = cut(&coarse).geodesic_area_unsigned();
        check(&coarse, fine_m2, 1e-6);
        assert!((coarse.geodesic_area_unsigned() / fine_m2 - 1.0).abs() > 1e-3, "geodesics differ");
    }

    #[test]
    fn small_squares_are_as_large_as_between_geodesics() {
        for lat in [-60.0, 0.0, 39.0, 40.5] {
            let degree = square(46.0, lat, 47.0, lat + 1.0);
            check(&degree, cut(&degree).geodesic_area_unsigned(), 1e-8);
            let fine = square(46.0, lat, 46.01, lat + 0.01);
            check(&fine, fine.geodesic_area_unsigned(), 1e-7);
        }
        // At this latitude, the edges of a one-degree square differ from geodesics by some thousandths of a
        // percent of its area.
        let here = square(46.0, 39.5, 47.0, 40.5);
        check(&here, here.geodesic_area_unsigned(), 2e-5);
        let ten_metres = square(46.0, 40.0, 46.0001, 40.0001);
        check(&ten_metres, ten_metres.geodesic_area_unsigned(), 1e-6);
    }
}
