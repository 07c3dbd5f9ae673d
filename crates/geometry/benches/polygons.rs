//! Measures polygons: `cargo bench -p geometry --bench polygons`.
//!
//! The districts are made up: 78 quadrangles with shared wavy borders, 58 points each.

use divan::counter::ItemsCount;
use divan::{Bencher, black_box};
use geo::{Coord, LineString, MultiPolygon, Polygon};
use geometry::{Area, Districts, LonLat, MercatorBounds, Shapes, TileId, TileSpace};
use rand::{Rng, SeedableRng};
use rand_chacha::ChaCha8Rng;

fn main() {
    divan::main();
}

const COLUMNS: u32 = 13;
const ROWS: u32 = 6;
const POINTS_A_SIDE: u32 = 14;

/// Returns a point on a border. Every border is wavy, and both of its districts have the same points.
fn on_border(column: f64, row: f64) -> Coord<f64> {
    let bend = 0.01 * ((column * 71.0).sin() + (row * 53.0).cos());
    Coord { x: 44.8 + column * 0.43 + bend, y: 38.4 + row * 0.58 - bend }
}

fn district(column: u32, row: u32) -> MultiPolygon<f64> {
    let (c, r) = (f64::from(column), f64::from(row));
    let part = |i: u32| f64::from(i) / f64::from(POINTS_A_SIDE);
    let side = |at: &dyn Fn(f64) -> Coord<f64>| (0..POINTS_A_SIDE).map(|i| at(part(i))).collect::<Vec<_>>();
    let ring: LineString<f64> = [
        side(&|t| on_border(c + t, r)),
        side(&|t| on_border(c + 1.0, r + t)),
        side(&|t| on_border(c + 1.0 - t, r + 1.0)),
        side(&|t| on_border(c, r + 1.0 - t)),
    ]
    .concat()
    .into();
    Polygon::new(ring, Vec::new()).into()
}

fn districts() -> Vec<MultiPolygon<f64>> {
    (0..COLUMNS * ROWS).map(|i| district(i % COLUMNS, i / COLUMNS)).collect()
}

fn points(n: usize) -> Vec<LonLat> {
    let mut rng = ChaCha8Rng::seed_from_u64(1);
    (0..n)
        .map(|_| LonLat::new(rng.random_range(44.8..50.4), rng.random_range(38.4..41.9)))
        .collect::<Result<_, _>>()
        .expect("the region is within the world")
}

/// Returns a star of `n` corners, as a user might draw it around a region.
fn star(n: usize) -> Area {
    let mut rng = ChaCha8Rng::seed_from_u64(2);
    let ring: LineString<f64> = (0..n)
        .map(|i| (i as f64 / n as f64 * std::f64::consts::TAU, rng.random_range(0.8..1.0)))
        .map(|(turn, reach): (f64, f64)| (46.8 + reach * turn.cos(), 39.6 + reach * turn.sin()))
        .collect();
    Area::new(Polygon::new(ring, Vec::new()).into()).expect("a star is a polygon")
}

#[divan::bench(args = [10_000, 1_000_000], max_time = 5)]
fn locate_in_78_districts(bencher: Bencher, n: usize) {
    let districts = Districts::new(&districts()).expect("districts are polygons");
    let points = points(n);
    bencher.counter(ItemsCount::new(n)).bench(|| {
        let found = points.iter().filter(|at| districts.locate(**at).is_some());
        black_box(found.count())
    });
}

#[divan::bench]
fn make_78_districts_ready(bencher: Bencher) {
    let shapes = districts();
    bencher.bench(|| Districts::new(&shapes));
}

#[divan::bench(args = [50, 500, 10_000])]
fn area_contains_10_000_points(bencher: Bencher, corners: usize) {
    let (area, points) = (star(corners), points(10_000));
    bencher
        .counter(ItemsCount::new(points.len()))
        .bench(|| points.iter().filter(|at| area.contains(**at)).count());
}

#[divan::bench(args = [50, 500, 10_000])]
fn area_relation_to_10_000_boxes(bencher: Bencher, corners: usize) {
    let area = star(corners);
    let boxes: Vec<MercatorBounds> =
        points(10_000).into_iter().map(|at| MercatorBounds::from(TileId::at(at, 13))).collect();
    bencher.counter(ItemsCount::new(boxes.len())).bench(|| {
        for window in &boxes {
            black_box(area.relation(*window));
        }
    });
}

#[divan::bench(args = [6, 8, 10, 12])]
fn draw_a_tile_of_78_districts(bencher: Bencher, z: u8) {
    let shapes = Shapes::new(&districts()).expect("districts are polygons");
    let tile = TileId::at(points(1)[0], z);
    bencher.bench(|| {
        let drawn = (0..(COLUMNS * ROWS) as usize).map(|i| shapes.tile(i, tile, TileSpace::default()));
        drawn.filter(|shape| !shape.0.is_empty()).count()
    });
}
