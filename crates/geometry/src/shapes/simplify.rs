//! Simplifies lines without opening gaps between neighbours.
//!
//! Rings are cut into arcs at junctions: points whose neighbours differ from ring to ring. An arc is always
//! simplified from the same end, whichever ring contains it, so all rings get the same result. Source of the
//! simplification: Douglas and Peucker, 1973.

use std::collections::{HashMap, HashSet};

use geo::{Coord, LineString, MultiPolygon, Polygon};

use super::{Bits, bits};

type Point = Coord<f64>;

/// The junctions of a set of shapes.
pub(super) struct Borders {
    junctions: HashSet<Bits>,
}

impl Borders {
    pub fn of(shapes: &[MultiPolygon<f64>]) -> Self {
        let mut neighbours: HashMap<Bits, (Bits, Bits)> = HashMap::new();
        let mut junctions = HashSet::new();
        let polygons = shapes.iter().flat_map(MultiPolygon::iter);
        for ring in
            polygons.flat_map(|polygon| std::iter::once(polygon.exterior()).chain(polygon.interiors()))
        {
            let points = open(ring);
            for (i, at) in points.iter().enumerate() {
                let before = bits(points[(i + points.len() - 1) % points.len()]);
                let after = bits(points[(i + 1) % points.len()]);
                let pair = (before.min(after), before.max(after));
                if *neighbours.entry(bits(*at)).or_insert(pair) != pair {
                    junctions.insert(bits(*at));
                }
            }
        }
        Self { junctions }
    }

    /// Returns the shape with lines that deviate by at most `tolerance`. Holes and polygons that shrink to a
    /// line are omitted.
    pub fn simplified(&self, shape: &MultiPolygon<f64>, tolerance: f64) -> MultiPolygon<f64> {
        let polygons = shape.iter().filter_map(|polygon| {
            let exterior = self.ring(polygon.exterior(), tolerance)?;
            let holes = polygon.interiors().iter().filter_map(|hole| self.ring(hole, tolerance));
            Some(Polygon::new(exterior, holes.collect()))
        });
        MultiPolygon::new(polygons.collect())
    }

    fn ring(&self, ring: &LineString<f64>, tolerance: f64) -> Option<LineString<f64>> {
        let mut points = open(ring);
        let n_turns = self.start(&points)?;
        points.rotate_left(n_turns);
        points.push(points[0]);
        let mut simple = vec![points[0]];
        let mut from = 0;
        for to in 1..points.len() {
            if to + 1 == points.len() || self.junctions.contains(&bits(points[to])) {
                arc(&points[from..=to], tolerance, &mut simple);
                from = to;
            }
        }
        (simple.len() > 3).then(|| LineString::new(simple))
    }

    /// Returns where to cut the ring open: at its first junction, or without junctions at its least point,
    /// which is the same in every ring with these points.
    fn start(&self, points: &[Point]) -> Option<usize> {
        let junction = points.iter().position(|at| self.junctions.contains(&bits(*at)));
        junction.or_else(|| (0..points.len()).min_by_key(|i| bits(points[*i])))
    }
}

/// Returns the points of a ring without the last one, which repeats the first, and without consecutive
/// duplicates.
fn open(ring: &LineString<f64>) -> Vec<Point> {
    let mut points = ring.0.clone();
    points.dedup();
    if points.len() > 1 && points.first() == points.last() {
        points.pop();
    }
    points
}

/// Appends the simplified arc without its first point.
fn arc(points: &[Point], tolerance: f64, simple: &mut Vec<Point>) {
    let (first, last) = (points[0], points[points.len() - 1]);
    if first == last {
        // A closed arc has no base line, so cut it at the point furthest away.
        let distance2 = |i: &usize| (points[*i].x - first.x).powi(2) + (points[*i].y - first.y).powi(2);
        let rank = |i: &usize| (distance2(i).to_bits(), bits(points[*i]));
        let far = (1..points.len() - 1).max_by_key(rank);
        if let Some(far) = far {
            arc(&points[..=far], tolerance, simple);
            arc(&points[far..], tolerance, simple);
        }
        return;
    }
    if bits(first) <= bits(last) {
        simple.extend(kept(points, tolerance).into_iter().skip(1));
    } else {
        let reversed: Vec<_> = points.iter().rev().copied().collect();
        simple.extend(kept(&reversed, tolerance).into_iter().rev().skip(1));
    }
}

/// Returns the ends, and the points that the line needs.
fn kept(points: &[Point], tolerance: f64) -> Vec<Point> {
    let mut keep = vec![false; points.len()];
    let (first, last) = (0, points.len() - 1);
    (keep[first], keep[last]) = (true, true);
    let mut open = vec![(first, last)];
    while let Some((from, to)) = open.pop() {
        let distance2 = |i: usize| distance2_to_line(points[i], points[from], points[to]);
        let furthest = (from + 1..to).max_by(|a, b| distance2(*a).total_cmp(&distance2(*b)));
        if let Some(furthest) = furthest.filter(|i| distance2(*i) > tolerance * tolerance) {
            keep[furthest] = true;
            open.extend([(from, furthest), (furthest, to)]);
        }
    }
    points.iter().zip(keep).filter(|(_, keep)| *keep).map(|(at, _)| *at).collect()
}

/// Returns the square of the distance to the nearest point between `from` and `to`.
fn distance2_to_line(at: Point, from: Point, to: Point) -> f64 {
    let (along, away) = (to - from, at - from);
    let length2 = along.x * along.x + along.y * along.y;
    let part = if length2 > 0.0 { (away.x * along.x + away.y * along.y) / length2 } else { 0.0 };
    let off = away - along * part.clamp(0.0, 1.0);
    off.x * off.x + off.y * off.y
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Shapes, TileId, TileSpace};
    use geo::Area;
    use rand::{Rng, SeedableRng};
    use rand_chacha::ChaCha8Rng;

    /// Returns vertical strips side by side with wavy borders, every second one in the other direction.
    fn strips(n: usize) -> Vec<MultiPolygon<f64>> {
        let mut rng = ChaCha8Rng::seed_from_u64(1);
        let borders: Vec<Vec<Coord<f64>>> = (0..=n)
            .map(|k| {
                let wriggle = |_| rng.random_range(-0.02..0.02);
                let bends: Vec<f64> = (0..=200).map(wriggle).collect();
                let x = 46.0 + k as f64 * 0.1;
                (0_u32..)
                    .zip(bends)
                    .map(|(i, bend)| Coord { x: x + bend, y: 39.0 + f64::from(i) / 200.0 })
                    .collect()
            })
            .collect();
        borders
            .windows(2)
            .enumerate()
            .map(|(k, pair)| {
                let mut ring: Vec<_> = pair[0].iter().chain(pair[1].iter().rev()).copied().collect();
                ring.rotate_left(k * 37);
                if k % 2 == 0 {
                    ring.reverse();
                }
                Polygon::new(LineString::new(ring), vec![]).into()
            })
            .collect()
    }

    fn corners(shape: &MultiPolygon<f64>) -> HashSet<Bits> {
        shape.0[0].exterior().0.iter().map(|at| bits(*at)).collect()
    }

    #[test]
    fn neighbours_keep_a_common_border_at_every_tolerance() {
        let shapes = strips(6);
        let borders = Borders::of(&shapes);
        let whole: f64 = shapes.iter().map(Area::unsigned_area).sum();
        let n_points = |shape: &MultiPolygon<f64>| shape.0[0].exterior().0.len();
        for tolerance in [0.0, 1e-4, 5e-3, 0.02, 0.05] {
            let simple: Vec<_> = shapes.iter().map(|shape| borders.simplified(shape, tolerance)).collect();
            for k in 0..5 {
                let common: HashSet<_> =
                    corners(&shapes[k]).intersection(&corners(&shapes[k + 1])).copied().collect();
                let left = &corners(&simple[k]) & &common;
                assert_eq!(left, &corners(&simple[k + 1]) & &common);
                assert!(left.len() >= 2, "the ends of a border are kept");
            }
            let area: f64 = simple.iter().map(Area::unsigned_area).sum();
            assert!((area - whole).abs() <= 2.0 * tolerance + 1e-9, "{area} {whole}");
            if tolerance >= 0.02 {
                assert!(simple.iter().map(n_points).sum::<usize>() < 600);
            }
        }
    }

    #[test]
    fn no_point_moves_further_than_the_tolerance() {
        let shapes = strips(3);
        let simple = Borders::of(&shapes).simplified(&shapes[1], 0.01);
        for at in &shapes[1].0[0].exterior().0 {
            let nearest = geo::LinesIter::lines_iter(&simple)
                .map(|l| distance2_to_line(*at, l.start, l.end).sqrt())
                .fold(f64::MAX, f64::min);
            assert!(nearest <= 0.01 + 1e-12, "{at:?} is {nearest} away");
        }
    }

    #[test]
    fn a_hole_and_the_city_that_fills_it_keep_a_common_border() {
        let circle: Vec<Coord<f64>> = (0..100)
            .map(|i| f64::from(i) / 100.0 * std::f64::consts::TAU)
            .map(|turn| Coord { x: 46.5 + 0.2 * turn.cos(), y: 39.5 + 0.2 * turn.sin() })
            .collect();
        let mut turned = circle.clone();
        turned.rotate_left(31);
        turned.reverse();
        let square = LineString::from(vec![(46.0, 39.0), (47.0, 39.0), (47.0, 40.0), (46.0, 40.0)]);
        let district: MultiPolygon<f64> = Polygon::new(square, vec![LineString::new(circle)]).into();
        let city: MultiPolygon<f64> = Polygon::new(LineString::new(turned), vec![]).into();
        let shapes = [district, city];
        let borders = Borders::of(&shapes);
        let [district, city] = [0, 1].map(|i| borders.simplified(&shapes[i], 0.005));
        assert!(corners(&city).len() < 30);
        let hole: HashSet<_> = district.0[0].interiors()[0].0.iter().map(|at| bits(*at)).collect();
        assert_eq!(corners(&city), hole);
    }

    #[test]
    fn tiles_of_a_low_zoom_hold_fewer_points_and_those_of_a_high_one_almost_all() {
        let shapes = Shapes::new(&strips(4)).unwrap();
        let n_points = |z: u8| -> usize {
            let tile = TileId::at(crate::LonLat::new(46.15, 39.5).unwrap(), z);
            let space = TileSpace { extent: 4096, buffer: 1 << 20 };
            shapes.tile(1, tile, space).iter().map(|polygon| polygon.exterior().0.len()).sum()
        };
        assert!(n_points(3) < 30, "{}", n_points(3));
        assert!(n_points(13) > 390, "{}", n_points(13));
    }
}
