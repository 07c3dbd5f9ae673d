//! Clips polygons to a tile. Source: Sutherland and Hodgman, Reentrant polygon clipping, 1974.

use std::f64::consts::PI;

use geo::{Coord, LineString, MultiPolygon, Polygon, Rect};

use crate::TileId;

/// The integer coordinate space of a tile and its buffer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TileSpace {
    /// The width of the tile in units.
    pub extent: u32,
    /// The number of units drawn beyond each edge, so that outlines along the edge stay hidden.
    pub buffer: u32,
}

impl Default for TileSpace {
    /// The usual space of vector tiles: 4096 units of an eighth of a pixel each, with a buffer of 64 units.
    fn default() -> Self {
        Self { extent: 4096, buffer: 64 }
    }
}

impl TileSpace {
    /// Returns the tile with its buffer, in fractions of the Web Mercator square.
    pub(super) fn window(self, tile: TileId) -> Rect<f64> {
        let n = f64::from(1_u32 << tile.z());
        let around = f64::from(self.buffer) / f64::from(self.extent.max(1));
        let edge = |index: u32, side: f64| (f64::from(index) + side) / n;
        Rect::new(
            (edge(tile.x(), -around), edge(tile.y(), -around)),
            (edge(tile.x(), 1.0 + around), edge(tile.y(), 1.0 + around)),
        )
    }
}

/// Converts degrees to fractions of the Web Mercator square, y to the south; positions beyond the square are
/// moved to its edge.
pub(super) fn on_the_square(at: Coord<f64>) -> Coord<f64> {
    let y = 0.5 - at.y.to_radians().sin().atanh() / (2.0 * PI);
    Coord { x: ((at.x + 180.0) / 360.0).clamp(0.0, 1.0), y: y.clamp(0.0, 1.0) }
}

/// Returns polygons on the square as shown by the tile.
pub(super) fn cut(shape: &MultiPolygon<f64>, tile: TileId, space: TileSpace) -> MultiPolygon<i32> {
    let polygons = shape.iter().filter_map(|polygon| {
        let exterior = ring(polygon.exterior(), tile, space, Turn::Clockwise)?;
        let holes = polygon.interiors().iter();
        let holes = holes.filter_map(|hole| ring(hole, tile, space, Turn::CounterClockwise));
        Some(Polygon::new(exterior, holes.collect()))
    });
    MultiPolygon::new(polygons.collect())
}

/// The direction of a ring on the screen, where y grows downwards.
#[derive(Clone, Copy, PartialEq)]
enum Turn {
    Clockwise,
    CounterClockwise,
}

fn ring(line: &LineString<f64>, tile: TileId, space: TileSpace, turn: Turn) -> Option<LineString<i32>> {
    let n = f64::from(1_u32 << tile.z());
    let extent = f64::from(space.extent);
    let units = |part: f64, index: u32| (part * n - f64::from(index)) * extent;
    let mut points: Vec<Coord<f64>> = line
        .0
        .iter()
        .map(|at| Coord { x: units(at.x, tile.x()), y: units(at.y, tile.y()) })
        .filter(|at| at.x.is_finite() && at.y.is_finite())
        .collect();
    // The last point of a closed ring is its first.
    points.pop();
    let (from, to) = (-f64::from(space.buffer), extent + f64::from(space.buffer));
    for (axis, limit, side) in
        [(Axis::X, from, 1.0), (Axis::X, to, -1.0), (Axis::Y, from, 1.0), (Axis::Y, to, -1.0)]
    {
        points = half(&points, axis, limit, side);
    }
    let mut whole: Vec<Coord<i32>> =
        points.iter().map(|at| Coord { x: at.x.round() as i32, y: at.y.round() as i32 }).collect();
    whole.dedup();
    while whole.len() > 1 && whole.first() == whole.last() {
        whole.pop();
    }
    let doubled = doubled_area(&whole);
    // A quarter of a pixel of a tile 512 pixels wide.
    let least = i64::from(space.extent / 1024).pow(2).max(1);
    if doubled.abs() < 2 * least {
        return None;
    }
    if (doubled > 0) != (turn == Turn::Clockwise) {
        whole.reverse();
    }
    whole.push(whole[0]);
    Some(LineString::new(whole))
}

/// Returns twice the enclosed area; positive if the ring runs clockwise on the screen.
fn doubled_area(ring: &[Coord<i32>]) -> i64 {
    let next = ring.iter().skip(1).chain(ring.first());
    ring.iter()
        .zip(next)
        .map(|(a, b)| i64::from(a.x) * i64::from(b.y) - i64::from(b.x) * i64::from(a.y))
        .sum()
}

#[derive(Clone, Copy)]
enum Axis {
    X,
    Y,
}

/// Returns the part of the ring on one side of a line: above `limit` if `side` is 1, below if it is -1.
fn half(ring: &[Coord<f64>], axis: Axis, limit: f64, side: f64) -> Vec<Coord<f64>> {
    let depth = |at: Coord<f64>| {
        side * (match axis {
            Axis::X => at.x,
            Axis::Y => at.y,
        } - limit)
    };
    let Some(mut previous) = ring.last().copied() else { return Vec::new() };
    let mut kept = Vec::with_capacity(ring.len() + 4);
    for &at in ring {
        let (before, now) = (depth(previous), depth(at));
        if (before < 0.0) != (now < 0.0) {
            let part = before / (before - now);
            kept.push(match axis {
                Axis::X => Coord { x: limit, y: previous.y + (at.y - previous.y) * part },
                Axis::Y => Coord { x: previous.x + (at.x - previous.x) * part, y: limit },
            });
        }
        if now >= 0.0 {
            kept.push(at);
        }
        previous = at;
    }
    kept
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{LonLat, clip, multi_polygon};
    use geo::Intersects;
    use rand::{Rng, SeedableRng};
    use rand_chacha::ChaCha8Rng;

    const SPACE: TileSpace = TileSpace { extent: 4096, buffer: 64 };

    fn square(west: f64, south: f64, size: f64) -> Vec<[f64; 2]> {
        let (east, north) = (west + size, south + size);
        vec![[west, south], [east, south], [east, north], [west, north], [west, south]]
    }

    fn shape(rings: Vec<Vec<[f64; 2]>>) -> MultiPolygon<f64> {
        multi_polygon(&[rings]).unwrap()
    }

    #[test]
    fn exteriors_run_clockwise_on_the_screen_and_holes_the_other_way_however_they_came() {
        let tile = TileId::new(0, 0, 0).unwrap();
        for reversed in [false, true] {
            let (mut outer, mut hole) = (square(0.0, 0.0, 60.0), square(20.0, 20.0, 20.0));
            if reversed {
                outer.reverse();
                hole.reverse();
            }
            let drawn = clip(&shape(vec![outer, hole]), tile, SPACE);
            let polygon = &drawn.0[0];
            assert!(doubled_area(&polygon.exterior().0[1..]) > 0);
            assert!(doubled_area(&polygon.interiors()[0].0[1..]) < 0);
            assert_eq!(polygon.exterior().0.first(), polygon.exterior().0.last());
        }
    }

    #[test]
    fn a_tile_inside_a_shape_is_filled_to_its_buffer() {
        let tile = TileId::at(LonLat::new(46.5, 39.5).unwrap(), 14);
        let drawn = clip(&shape(vec![square(46.0, 39.0, 1.0)]), tile, SPACE);
        let ring = &drawn.0[0].exterior().0;
        assert_eq!((ring.len(), doubled_area(&ring[1..])), (5, 2 * 4224 * 4224));
    }

    #[test]
    fn what_is_outside_or_tiny_is_left_out() {
        let tile = TileId::at(LonLat::new(46.5, 39.5).unwrap(), 8);
        assert!(clip(&shape(vec![square(10.0, 10.0, 1.0)]), tile, SPACE).0.is_empty());
        assert!(clip(&shape(vec![square(46.5, 39.5, 1e-5)]), tile, SPACE).0.is_empty());
        let with_tiny_hole = vec![square(46.4, 39.4, 0.2), square(46.5, 39.5, 1e-5)];
        let drawn = clip(&shape(with_tiny_hole), tile, SPACE);
        assert_eq!((drawn.0.len(), drawn.0[0].interiors().len()), (1, 0));
    }

    #[test]
    fn a_border_of_a_tile_cuts_where_the_shape_crosses_it() {
        // The western half of the tile 1/1/0 is covered, from 0 to 90 degrees east.
        let tile = TileId::new(1, 1, 0).unwrap();
        let drawn = clip(
            &shape(vec![vec![[-90.0, -80.0], [90.0, -80.0], [90.0, 80.0], [-90.0, 80.0], [-90.0, -80.0]]]),
            tile,
            SPACE,
        );
        let xs: Vec<i32> = drawn.0[0].exterior().0.iter().map(|at| at.x).collect();
        assert_eq!((xs.iter().min(), xs.iter().max()), (Some(&-64), Some(&2048)));
    }

    #[test]
    fn the_cut_of_a_jagged_shape_covers_the_same_points() {
        let mut rng = ChaCha8Rng::seed_from_u64(1);
        let mut ring: Vec<[f64; 2]> = (0..200)
            .map(|i| {
                let (turn, reach) = (f64::from(i) / 200.0 * 2.0 * PI, rng.random_range(0.3..1.0));
                [46.5 + reach * turn.cos(), 39.5 + reach * turn.sin()]
            })
            .collect();
        ring.push(ring[0]);
        let shape = shape(vec![ring]);
        let tile = TileId::at(LonLat::new(46.5, 39.5).unwrap(), 9);
        let drawn = clip(&shape, tile, SPACE);
        let bounds = tile.bounds();
        let drawn: MultiPolygon<f64> =
            geo::MapCoords::map_coords(&drawn, |at| Coord { x: at.x.into(), y: at.y.into() });
        let mut n_near_a_border = 0;
        for _ in 0..5_000 {
            let at = Coord {
                x: rng.random_range(bounds.west()..bounds.east()),
                y: rng.random_range(bounds.south()..bounds.north()),
            };
            let place = on_the_square(at);
            let units = |part: f64, index: u32| (part * 512.0 - f64::from(index)) * 4096.0;
            let place = Coord { x: units(place.x, tile.x()), y: units(place.y, tile.y()) };
            // Lines that are straight in degrees are slightly bent on the map, and units are integers.
            n_near_a_border += i32::from(shape.intersects(&at) != drawn.intersects(&place));
        }
        assert!(n_near_a_border < 25, "{n_near_a_border} of 5,000 points differ");
    }
}
