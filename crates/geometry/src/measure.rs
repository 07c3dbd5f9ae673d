//! Distances and areas on the WGS84 ellipsoid.

use geo::{Distance, Geodesic, GeodesicArea, MultiPolygon, Point};

use crate::LonLat;

/// The length in metres of the shortest way between two positions on the ellipsoid.
///
/// Good to a millimetre. Source: Karney, Algorithms for geodesics, 2013.
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

/// The area in square metres on the ellipsoid of polygons in degrees of longitude and latitude.
///
/// Holes are taken off, whichever way the rings turn.
///
/// ```
/// use geo::polygon;
/// let square = polygon![(x: 46.0, y: 40.0), (x: 46.01, y: 40.0), (x: 46.01, y: 40.01), (x: 46.0, y: 40.01)];
/// assert_eq!(geometry::area_m2(&square.into()).round(), 948_099.0);
/// ```
pub fn area_m2(polygons: &MultiPolygon<f64>) -> f64 {
    let ring = |ring: &geo::LineString<f64>| {
        geo::Polygon::new(ring.clone(), Vec::new()).geodesic_area_signed().abs()
    };
    polygons.iter().map(|p| ring(p.exterior()) - p.interiors().iter().map(ring).sum::<f64>()).sum()
}
