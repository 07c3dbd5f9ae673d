//! Finds the named places near a position.

use rstar::RTree;
use rstar::primitives::GeomWithData;

use crate::{LonLat, distance_m};

/// Equatorial radius of WGS84, metres.
const A_M: f64 = 6_378_137.0;
/// Square of the eccentricity of WGS84.
const E2: f64 = 6.694_379_990_141_316e-3;

/// Items at positions, prepared for nearest-neighbour searches.
///
/// Distances are geodesic, so they are correct across the antimeridian and near the poles.
///
/// ```
/// use geometry::{LonLat, Places};
/// let places = Places::new(vec![
///     (LonLat::new(46.749, 39.758)?, "Shusha"),
///     (LonLat::new(46.7656, 39.8265)?, "Khankendi"),
/// ]);
/// let (name, metres) = places.nearest(LonLat::new(46.76, 39.8)?, 1)[0];
/// assert_eq!((*name, metres.round()), ("Khankendi", 2981.0));
/// # Ok::<(), geometry::LonLatError>(())
/// ```
pub struct Places<T> {
    places: Vec<(LonLat, T)>,
    /// Geocentric coordinates in metres: the chord through the Earth is never longer than the path on its
    /// surface, and there is no antimeridian.
    tree: RTree<GeomWithData<[f64; 3], usize>>,
}

impl<T> Places<T> {
    /// Prepares the places. O(n log n).
    pub fn new(places: Vec<(LonLat, T)>) -> Self {
        let points = places.iter().enumerate().map(|(i, (at, _))| GeomWithData::new(earth_centred(*at), i));
        let tree = RTree::bulk_load(points.collect());
        Self { places, tree }
    }

    /// Returns the `k` nearest places, or all if there are fewer, with their distance in metres, nearest
    /// first.
    pub fn nearest(&self, at: LonLat, k: usize) -> Vec<(&T, f64)> {
        let mut best: Vec<(&T, f64)> = Vec::new();
        for (point, chord2) in self.tree.nearest_neighbor_iter_with_distance_2(earth_centred(at)) {
            // All further places are at least as far as the chord.
            if best.len() >= k && best.last().is_none_or(|(_, metres)| chord2 > metres * metres) {
                break;
            }
            let (place, what) = &self.places[point.data];
            let metres = distance_m(at, *place);
            let rank = best.partition_point(|(_, other)| *other <= metres);
            best.insert(rank, (what, metres));
            best.truncate(k);
        }
        best
    }

    /// Returns the places within `radius_m` metres, including the edge, with their distance, nearest first.
    pub fn within(&self, at: LonLat, radius_m: f64) -> Vec<(&T, f64)> {
        let candidates = self.tree.locate_within_distance(earth_centred(at), radius_m * radius_m + 1e-6);
        let mut found: Vec<_> = candidates
            .map(|point| &self.places[point.data])
            .map(|(place, what)| (what, distance_m(at, *place)))
            .filter(|(_, metres)| *metres <= radius_m)
            .collect();
        found.sort_by(|a, b| a.1.total_cmp(&b.1));
        found
    }
}

impl<T> std::fmt::Debug for Places<T> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Places").field("len", &self.places.len()).finish_non_exhaustive()
    }
}

/// Returns the position on the ellipsoid as x, y, z in metres. Source: EPSG Guidance Note 7-2, method 9602.
fn earth_centred(at: LonLat) -> [f64; 3] {
    let (lon, lat) = (at.lon().to_radians(), at.lat().to_radians());
    let n = A_M / (1.0 - E2 * lat.sin().powi(2)).sqrt();
    [n * lat.cos() * lon.cos(), n * lat.cos() * lon.sin(), n * (1.0 - E2) * lat.sin()]
}

#[cfg(test)]
mod tests {
    use super::*;
    use rand::{Rng, SeedableRng};
    use rand_chacha::ChaCha8Rng;

    #[test]
    fn near_places_agree_with_measuring_every_place() {
        let mut rng = ChaCha8Rng::seed_from_u64(1);
        let mut at =
            move || LonLat::new(rng.random_range(-180.0..180.0), rng.random_range(-90.0..90.0)).unwrap();
        let all: Vec<_> = (0..2_000).map(|i| (at(), i)).collect();
        let places = Places::new(all.clone());
        let mut origins: Vec<_> = (0..50).map(|_| at()).collect();
        origins.extend(
            [(180.0, 0.0), (-180.0, 70.0), (0.0, 90.0), (0.0, -90.0)]
                .map(|(x, y)| LonLat::new(x, y).unwrap()),
        );
        for origin in origins {
            let mut expected: Vec<_> = all.iter().map(|(at, i)| (i, distance_m(origin, *at))).collect();
            expected.sort_by(|a, b| a.1.total_cmp(&b.1));
            assert_eq!(places.nearest(origin, 10), expected[..10]);
            expected.retain(|(_, metres)| *metres <= 1_500_000.0);
            assert_eq!(places.within(origin, 1_500_000.0), expected);
        }
    }

    #[test]
    fn few_places_are_all_there_are() {
        let here = LonLat::new(46.0, 39.0).unwrap();
        let places = Places::new(vec![(here, 'a')]);
        assert_eq!(places.nearest(here, 5), [(&'a', 0.0)]);
        assert_eq!(places.nearest(here, 0), []);
        assert_eq!(places.within(here, 0.0), [(&'a', 0.0)]);
        assert!(Places::<char>::new(vec![]).nearest(here, 3).is_empty());
    }
}
