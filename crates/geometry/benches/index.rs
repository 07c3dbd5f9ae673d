//! Measures the index of records: `cargo bench -p geometry --bench index`.
//!
//! Uses 10 thousand and 1 million seeded records, or the number in `CLEARLINE_BENCH_RECORDS`. For 100
//! million, which take 10 GB of memory: `RECORDS=100000000 BENCH=index make bench`.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use divan::{Bencher, black_box};
use geometry::index::{Edit, Entry, Index, LeafView, NodeView, Step, Summary, Visitor};
use geometry::{LonLat, Mercator, TileId};
use rand::{Rng, SeedableRng};
use rand_chacha::ChaCha8Rng;

fn main() {
    divan::main();
}

/// The same size as a record of the atlas: 24 bytes.
#[derive(Clone, Copy)]
struct Item {
    place: Mercator,
    number: u32,
    day: u16,
    status: u8,
    kind: u8,
    quantity: u32,
    region: u16,
}

/// About the size of a summary of the atlas: counts by status and kind, ranges of days and regions.
#[derive(Clone)]
struct Tally {
    by_status: [u32; 3],
    by_kind: [u32; 12],
    quantity: u64,
    days: (u16, u16),
    regions: (u16, u16),
}

impl Default for Tally {
    fn default() -> Self {
        let none = (u16::MAX, 0);
        Self { by_status: [0; 3], by_kind: [0; 12], quantity: 0, days: none, regions: none }
    }
}

impl Summary<Item> for Tally {
    fn add(&mut self, item: &Item) {
        self.by_status[usize::from(item.status)] += 1;
        self.by_kind[usize::from(item.kind)] += 1;
        self.quantity += u64::from(item.quantity);
        self.days = (self.days.0.min(item.day), self.days.1.max(item.day));
        self.regions = (self.regions.0.min(item.region), self.regions.1.max(item.region));
    }

    fn merge(&mut self, other: &Self) {
        self.by_status.iter_mut().zip(other.by_status).for_each(|(mine, theirs)| *mine += theirs);
        self.by_kind.iter_mut().zip(other.by_kind).for_each(|(mine, theirs)| *mine += theirs);
        self.quantity += other.quantity;
        self.days = (self.days.0.min(other.days.0), self.days.1.max(other.days.1));
        self.regions = (self.regions.0.min(other.regions.0), self.regions.1.max(other.regions.1));
    }
}

impl Entry for Item {
    type Summary = Tally;
    type Leaf = Arc<[Item]>;

    fn place(&self) -> Mercator {
        self.place
    }

    fn number(&self) -> u32 {
        self.number
    }
}

fn sizes() -> Vec<usize> {
    match std::env::var("CLEARLINE_BENCH_RECORDS").ok().and_then(|n| n.parse().ok()) {
        Some(n) => vec![n],
        None => vec![10_000, 1_000_000],
    }
}

/// Returns items, two thirds of them in minefield belts a few hundred metres long, the rest spread over the
/// region.
fn items(n: usize) -> Vec<Item> {
    let mut rng = ChaCha8Rng::seed_from_u64(20_230_919);
    let mut belt = (0.0, 0.0, 0.0);
    (0..n as u32)
        .map(|number| {
            if number % 500 == 0 {
                belt =
                    (rng.random_range(45.6..47.8), rng.random_range(38.9..40.5), rng.random_range(0.0..6.3));
            }
            let (lon, lat) = if rng.random_bool(0.66) {
                let along: f64 = rng.random_range(0.0..0.01);
                let turn: f64 = belt.2;
                let aside = rng.random_range(0.0..2e-4);
                (belt.0 + along * turn.cos() + aside, belt.1 + along * turn.sin() + aside)
            } else {
                (rng.random_range(45.4..48.0), rng.random_range(38.7..40.7))
            };
            Item {
                place: LonLat::new(lon, lat).expect("the region is within the world").into(),
                number,
                day: rng.random_range(0..2_000),
                status: rng.random_range(0..2),
                kind: rng.random_range(0..12),
                quantity: rng.random_range(1..4),
                region: rng.random_range(0..12),
            }
        })
        .collect()
}

/// Returns an index, built once for all benches of a size.
fn index(n: usize) -> Index<Item> {
    static BUILT: Mutex<Option<HashMap<usize, Arc<Index<Item>>>>> = Mutex::new(None);
    let mut built = BUILT.lock().unwrap_or_else(PoisonError::into_inner);
    let indices = built.get_or_insert_default();
    let build = || {
        let items = items(n);
        let before = resident_bytes();
        let index = Arc::new(Index::build(items));
        // By now the memory of the items is free again.
        let kept = (resident_bytes() + n * size_of::<Item>()).saturating_sub(before);
        eprintln!("the index of {n} records takes {:.1} bytes of memory per record", kept as f64 / n as f64);
        index
    };
    Index::clone(indices.entry(n).or_insert_with(build))
}

/// Returns the memory in use by the process, according to Linux; 0 on other systems.
fn resident_bytes() -> usize {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let kib =
        status.lines().find_map(|line| line.strip_prefix("VmRSS:")?.trim().strip_suffix(" kB")?.parse().ok());
    kib.unwrap_or(0) * 1024
}

/// Returns tiles that contain records of the index, one after the other.
fn tiles(z: u8, n: usize) -> impl FnMut() -> TileId {
    let places: Vec<Mercator> = items(n.min(10_000)).iter().map(|item| item.place).collect();
    let mut next = 0;
    move || {
        next = (next + 7_919) % places.len();
        TileId::at(places[next], z)
    }
}

#[divan::bench(args = sizes(), max_time = 10)]
fn build(bencher: Bencher, n: usize) {
    let items = items(n);
    bencher.with_inputs(|| items.clone()).bench_values(Index::build);
}

/// A visitor that touches every record of the tile.
struct Sum(u64);

impl<'a> Visitor<'a, Item> for Sum {
    fn node(&mut self, _: NodeView<'a, Item>) -> Step {
        Step::Enter
    }

    fn leaf(&mut self, entries: LeafView<'a, Item>) {
        self.0 += entries.iter().map(|entry| u64::from(entry.number ^ entry.quantity)).sum::<u64>();
    }
}

fn visit(bencher: Bencher, z: u8, n: usize) {
    let index = index(n);
    bencher.with_inputs(tiles(z, n)).bench_local_values(|tile| {
        let mut sum = Sum(0);
        index.visit_keys(tile.keys(), &mut sum);
        black_box(sum.0)
    });
}

#[divan::bench(args = sizes())]
fn visit_tile_z9(bencher: Bencher, n: usize) {
    visit(bencher, 9, n);
}

#[divan::bench(args = sizes())]
fn visit_tile_z12(bencher: Bencher, n: usize) {
    visit(bencher, 12, n);
}

#[divan::bench(args = sizes())]
fn visit_tile_z14(bencher: Bencher, n: usize) {
    visit(bencher, 14, n);
}

/// Counts per cell of a tile, 64 by 64, from summaries wherever a node is within one cell.
struct Grid {
    /// The zoom of the cells, as tiles.
    zoom: u32,
    corner: Mercator,
    cells: Vec<[u32; 3]>,
}

impl Grid {
    fn over(tile: TileId) -> Self {
        Self { zoom: u32::from(tile.z()) + 6, corner: tile.corner(), cells: vec![[0; 3]; 64 * 64] }
    }

    fn cell(&mut self, place: Mercator) -> &mut [u32; 3] {
        let shift = 32 - self.zoom;
        let (x, y) = ((place.x - self.corner.x) >> shift, (place.y - self.corner.y) >> shift);
        &mut self.cells[(y * 64 + x) as usize]
    }
}

impl<'a> Visitor<'a, Item> for Grid {
    fn node(&mut self, node: NodeView<'a, Item>) -> Step {
        let shift = 64 - 2 * self.zoom;
        if node.keys.start() >> shift != node.keys.end() >> shift {
            return Step::Enter;
        }
        let cell = self.cell(node.bounds.min);
        cell.iter_mut().zip(node.summary.by_status).for_each(|(all, n)| *all += n);
        Step::Done
    }

    fn leaf(&mut self, entries: LeafView<'a, Item>) {
        for entry in entries.iter() {
            self.cell(entry.place)[usize::from(entry.status)] += 1;
        }
    }
}

fn grid(bencher: Bencher, z: u8, n: usize) {
    let index = index(n);
    bencher.with_inputs(tiles(z, n)).bench_local_values(|tile| {
        let mut grid = Grid::over(tile);
        index.visit_keys(tile.keys(), &mut grid);
        grid.cells
    });
}

#[divan::bench(args = sizes())]
fn grid_64_z0(bencher: Bencher, n: usize) {
    grid(bencher, 0, n);
}

#[divan::bench(args = sizes())]
fn grid_64_z7(bencher: Bencher, n: usize) {
    grid(bencher, 7, n);
}

#[divan::bench(args = sizes())]
fn grid_64_z9(bencher: Bencher, n: usize) {
    grid(bencher, 9, n);
}

#[divan::bench(args = sizes())]
fn grid_64_z12(bencher: Bencher, n: usize) {
    grid(bencher, 12, n);
}

/// The new snapshot replaces the old one, which is freed here, as in the writer.
fn commit(bencher: Bencher, n: usize, batch: usize) {
    let mut index = index(n);
    let items = items(n.min(1_000_000));
    let mut rng = ChaCha8Rng::seed_from_u64(7);
    let edits = move || -> Vec<Edit<Item>> {
        (0..batch)
            .map(|_| {
                let old = items[rng.random_range(0..items.len())];
                match rng.random_range(0..3) {
                    0 => Edit::Put(Item { number: rng.random(), ..old }),
                    1 => Edit::Put(Item { status: 1 - old.status, ..old }),
                    _ => Edit::Remove { place: old.place, number: old.number },
                }
            })
            .collect()
    };
    bencher.with_inputs(edits).bench_local_values(|edits| index = index.commit(edits));
}

#[divan::bench(args = sizes(), sample_count = 1_000)]
fn commit_1(bencher: Bencher, n: usize) {
    commit(bencher, n, 1);
}

#[divan::bench(args = sizes())]
fn commit_1000_spread(bencher: Bencher, n: usize) {
    commit(bencher, n, 1_000);
}

#[divan::bench(args = sizes())]
fn nearest_10(bencher: Bencher, n: usize) {
    let index = index(n);
    let mut rng = ChaCha8Rng::seed_from_u64(8);
    let origin = move || {
        LonLat::new(rng.random_range(45.4..48.0), rng.random_range(38.7..40.7)).expect("within the world")
    };
    bencher.with_inputs(origin).bench_local_values(|origin| index.nearest(origin, |_| true).take(10).count());
}
