//! The index against a linear scan over the same entries.

use std::collections::BTreeMap;
use std::ops::RangeInclusive;
use std::sync::Arc;

use proptest::prelude::*;
use rand::{Rng, SeedableRng};
use rand_chacha::ChaCha8Rng;

use super::{Edit, Entry, Index, LeafView, NodeView, Step, Summary, Visitor};
use crate::{Bounds, LonLat, Mercator, MercatorBounds, TileId, distance_m};

#[derive(Clone, Copy, Debug, PartialEq)]
struct Item {
    place: Mercator,
    number: u32,
    value: u32,
}

/// A sum, and a greatest value: the second can't be taken back.
#[derive(Clone, Debug, Default, PartialEq)]
struct Tally {
    n: usize,
    sum: u64,
    greatest: u32,
}

impl Summary<Item> for Tally {
    fn add(&mut self, item: &Item) {
        self.n += 1;
        self.sum += u64::from(item.value);
        self.greatest = self.greatest.max(item.value);
    }

    fn merge(&mut self, other: &Self) {
        self.n += other.n;
        self.sum += other.sum;
        self.greatest = self.greatest.max(other.greatest);
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

/// What the index must hold, kept the plain way.
type Model = BTreeMap<(u64, u32), Item>;

fn model_of(items: &[Item]) -> Model {
    items.iter().map(|item| ((item.place.key(), item.number), *item)).collect()
}

/// Collects what the walk shows, and checks each node against what is below it.
#[derive(Default)]
struct Collect {
    items: Vec<Item>,
    leaf_sizes: Vec<usize>,
    promised: Vec<(usize, usize, Tally, MercatorBounds, RangeInclusive<u64>)>,
}

impl<'a> Visitor<'a, Item> for Collect {
    fn node(&mut self, node: NodeView<'a, Item>) -> Step {
        self.promised.push((
            self.items.len(),
            node.len,
            node.summary.clone(),
            node.bounds,
            node.keys.clone(),
        ));
        Step::Enter
    }

    fn leaf(&mut self, entries: LeafView<'a, Item>) {
        assert!(!entries.range().is_empty());
        self.leaf_sizes.push(entries.range().len());
        self.items.extend(entries.iter());
    }
}

impl Collect {
    fn check_promises(&self) {
        for (from, len, summary, bounds, keys) in &self.promised {
            let below = &self.items[*from..from + len];
            let mut tally = Tally::default();
            for item in below {
                tally.add(item);
            }
            assert_eq!(summary, &tally);
            let tight = below.iter().map(|i| MercatorBounds::of(i.place)).reduce(|a, b| a.union(&b));
            assert_eq!(Some(*bounds), tight);
            assert_eq!(*keys, below[0].place.key()..=below[below.len() - 1].place.key());
        }
    }
}

fn check(index: &Index<Item>, model: &Model) {
    let mut all = Collect::default();
    index.visit(&mut all);
    assert_eq!(all.items, model.values().copied().collect::<Vec<_>>());
    all.check_promises();
    assert_eq!((index.len(), index.is_empty()), (model.len(), model.is_empty()));
    assert_eq!(index.summary().sum, model.values().map(|item| u64::from(item.value)).sum::<u64>());
    assert!(all.leaf_sizes.iter().all(|n| *n <= 256), "{:?}", all.leaf_sizes);
    let thin = all.leaf_sizes.iter().filter(|n| **n < 64).count();
    assert!(thin == 0 || all.leaf_sizes.len() == 1, "{:?}", all.leaf_sizes);
}

fn at(lon: f64, lat: f64) -> LonLat {
    LonLat::new(lon, lat).unwrap()
}

/// Where trouble is: belts, one place, a line, tile edges, the antimeridian, the poles.
fn positions(rng: &mut ChaCha8Rng, n: usize) -> Vec<LonLat> {
    (0..n)
        .map(|i| match i % 8 {
            0 | 1 => at(rng.random_range(45.4..48.0), rng.random_range(38.7..40.7)),
            2 => at(46.5, 39.5),
            3 => at(46.0 + i as f64 * 1e-6, 39.0),
            4 => at(rng.random_range(-180.0..=180.0), rng.random_range(-90.0..=90.0)),
            5 => at([180.0, -180.0, 179.999, -179.999][i / 8 % 4], rng.random_range(-1.0..1.0)),
            6 => at(rng.random_range(-180.0..180.0), [90.0, -90.0, 84.99, -84.99][i / 8 % 4]),
            _ => at(f64::from(rng.random_range(-8..8)) * 22.5, 0.0),
        })
        .collect()
}

fn items(rng: &mut ChaCha8Rng, n: usize) -> Vec<Item> {
    let places = positions(rng, n);
    (0_u32..)
        .zip(places)
        .map(|(number, at)| Item { place: at.into(), number, value: rng.random_range(0..100) })
        .collect()
}

const SIZES: [usize; 9] = [0, 1, 2, 255, 256, 257, 513, 3_000, 20_000];

#[test]
fn a_bulk_load_holds_what_it_was_given_at_every_size() {
    for n in SIZES {
        let items = items(&mut ChaCha8Rng::seed_from_u64(n as u64), n);
        check(&Index::build(items.clone()), &model_of(&items));
    }
}

#[test]
fn a_bulk_load_keeps_the_last_of_entries_with_one_key() {
    let mut rng = ChaCha8Rng::seed_from_u64(1);
    let mut twice = items(&mut rng, 1_000);
    twice.extend(twice.clone().into_iter().map(|item| Item { value: 1_000 + item.value, ..item }));
    check(&Index::build(twice.clone()), &model_of(&twice));
}

#[test]
fn commits_of_any_size_agree_with_a_map_and_leave_old_snapshots_alone() {
    for seed in 0..6 {
        let mut rng = ChaCha8Rng::seed_from_u64(seed);
        let (mut index, mut model) = (Index::new(), Model::new());
        let mut kept = Vec::new();
        for round in 0..60_usize {
            let batch = [1, 2, 7, 300, 2_000][rng.random_range(0..5)];
            // First it grows, then it shrinks to nothing and less than that.
            let removing = if round < 30 { 0.2 } else { 0.9 };
            let fresh = items(&mut rng, batch);
            let present: Vec<Item> = model.values().copied().collect();
            let edits: Vec<_> = fresh
                .into_iter()
                .map(|mut item| {
                    if !present.is_empty() && rng.random_bool(0.7) {
                        let old = present[rng.random_range(0..present.len())];
                        (item.place, item.number) = (old.place, old.number);
                    }
                    if rng.random_bool(removing) {
                        Edit::Remove { place: item.place, number: item.number }
                    } else {
                        Edit::Put(item)
                    }
                })
                .collect();
            for edit in &edits {
                match edit {
                    Edit::Put(item) => model.insert((item.place.key(), item.number), *item),
                    Edit::Remove { place, number } => model.remove(&(place.key(), *number)),
                };
            }
            index = index.commit(edits);
            check(&index, &model);
            if round % 15 == 0 {
                kept.push((index.clone(), model.clone()));
            }
        }
        let all = model.values().map(|i| Edit::Remove { place: i.place, number: i.number }).collect();
        check(&index.commit(all), &Model::new());
        for (index, model) in &kept {
            check(index, model);
        }
    }
}

#[test]
fn one_by_one_inserts_and_removals_agree_with_a_map() {
    let mut rng = ChaCha8Rng::seed_from_u64(9);
    let items = items(&mut rng, 1_500);
    let (mut index, mut model) = (Index::new(), Model::new());
    for (i, item) in items.iter().enumerate() {
        index = index.commit(vec![Edit::Put(*item)]);
        model.insert((item.place.key(), item.number), *item);
        if i % 100 == 0 {
            check(&index, &model);
        }
    }
    for (i, item) in items.iter().enumerate() {
        assert_eq!(index.get(item.place, item.number), Some(*item));
        index = index.commit(vec![Edit::Remove { place: item.place, number: item.number }]);
        model.remove(&(item.place.key(), item.number));
        assert_eq!(index.get(item.place, item.number), None);
        if i % 100 == 0 {
            check(&index, &model);
        }
    }
    assert!(index.is_empty() && index.summary() == Tally::default());
}

#[test]
fn the_last_edit_of_a_key_in_a_batch_wins() {
    let place = Mercator::from(at(46.5, 39.5));
    let put = |value| Edit::Put(Item { place, number: 1, value });
    let remove = Edit::Remove { place, number: 1 };
    let index = Index::new().commit(vec![put(1), remove, put(2), put(3)]);
    assert_eq!(index.get(place, 1).map(|item| item.value), Some(3));
    assert!(index.commit(vec![put(4), remove]).is_empty());
}

#[test]
fn thousands_of_entries_at_one_place_are_told_apart_by_number() {
    let place = Mercator::from(at(46.5, 39.5));
    let items: Vec<_> = (0..5_000).map(|number| Item { place, number, value: number % 7 }).collect();
    let index = Index::build(items.clone());
    let edits = (0..5_000).step_by(2).map(|number| Edit::Remove { place, number }).collect();
    let odd: Vec<_> = items.into_iter().filter(|item| item.number % 2 == 1).collect();
    check(&index.commit(edits), &model_of(&odd));
    assert_eq!(index.nearest(at(46.0, 39.0), |_| true).nth(41).map(|(item, _)| item.number), Some(41));
}

#[test]
fn a_tile_shows_its_entries_and_none_of_its_neighbours() {
    for n in SIZES {
        let items = items(&mut ChaCha8Rng::seed_from_u64(n as u64), n);
        let (index, model) = (Index::build(items.clone()), model_of(&items));
        let mut tiles: Vec<_> = (0..=22).map(|z| TileId::at(at(46.5, 39.5), z)).collect();
        tiles.extend(items.iter().step_by(97).flat_map(|i| [3, 9, 14, 22].map(|z| TileId::at(i.place, z))));
        for tile in tiles {
            let mut seen = Collect::default();
            index.visit_keys(tile.keys(), &mut seen);
            seen.check_promises();
            let expected: Vec<_> =
                model.values().filter(|i| TileId::at(i.place, tile.z()) == tile).copied().collect();
            assert_eq!(seen.items, expected, "{tile:?}");
        }
    }
}

/// Counts a window, from summaries where it can.
struct Window {
    bounds: MercatorBounds,
    tally: Tally,
}

impl<'a> Visitor<'a, Item> for Window {
    fn node(&mut self, node: NodeView<'a, Item>) -> Step {
        if self.bounds.covers(&node.bounds) {
            self.tally.merge(node.summary);
            return Step::Done;
        }
        if self.bounds.intersects(&node.bounds) { Step::Enter } else { Step::Done }
    }

    fn leaf(&mut self, entries: LeafView<'a, Item>) {
        let inside = entries.iter().filter(|entry| self.bounds.contains(entry.place));
        inside.for_each(|entry| self.tally.add(&entry));
    }
}

#[test]
fn a_window_counted_from_summaries_is_the_window_counted_one_by_one() {
    let mut rng = ChaCha8Rng::seed_from_u64(3);
    let items = items(&mut rng, 20_000);
    let index = Index::build(items.clone());
    for _ in 0..200 {
        let (lon, lat, size) =
            (rng.random_range(45.0..48.0), rng.random_range(38.5..41.0), rng.random_range(0.0..1.0));
        let bounds = Bounds::new(lon, lat, lon + size, lat + size).unwrap().into();
        let mut window = Window { bounds, tally: Tally::default() };
        index.visit(&mut window);
        let mut expected = Tally::default();
        items.iter().filter(|i| bounds.contains(i.place)).for_each(|i| expected.add(i));
        assert_eq!(window.tally, expected);
    }
}

#[test]
fn what_is_nearest_agrees_with_measuring_every_entry() {
    let mut rng = ChaCha8Rng::seed_from_u64(4);
    for n in [1, 256, 257, 4_000] {
        let items = items(&mut rng, n);
        let index = Index::build(items.clone());
        let mut origins = positions(&mut rng, 32);
        origins.extend([at(0.0, 90.0), at(0.0, -90.0), at(180.0, 0.0), at(-180.0, 60.0)]);
        for origin in origins {
            let accept = |item: &Item| item.value > 30;
            let mut expected: Vec<_> = items
                .iter()
                .filter(|item| accept(item))
                .map(|item| (distance_m(origin, item.place.into()), item.number))
                .collect();
            expected.sort_by(|a, b| a.partial_cmp(b).unwrap());
            expected.truncate(50);
            let found: Vec<_> =
                index.nearest(origin, accept).take(50).map(|(item, metres)| (metres, item.number)).collect();
            assert_eq!(found, expected, "{origin:?}");
        }
    }
    assert_eq!(Index::<Item>::new().nearest(at(0.0, 0.0), |_| true).count(), 0);
}

#[test]
fn a_radius_agrees_with_measuring_every_entry() {
    let mut rng = ChaCha8Rng::seed_from_u64(5);
    let items = items(&mut rng, 4_000);
    let index = Index::build(items.clone());
    let mut origins = positions(&mut rng, 32);
    origins.extend([at(0.0, 90.0), at(180.0, 0.0)]);
    for origin in origins {
        for radius_m in [0.0, 100.0, 50_000.0, 3e6, 3e7] {
            let mut found = Vec::new();
            index.within(origin, radius_m, |item, metres| found.push((item.number, metres)));
            let metres = |item: &Item| distance_m(origin, item.place.into());
            let expected = model_of(&items);
            let expected: Vec<_> = expected
                .values()
                .map(|item| (item.number, metres(item)))
                .filter(|(_, metres)| *metres <= radius_m)
                .collect();
            assert_eq!(found, expected, "{origin:?} {radius_m}");
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_range_of_keys_shows_what_a_scan_finds(
        places in proptest::collection::vec((0_u32..64, 0_u32..64), 0..1_200),
        ends in (0_u64..4_096, 0_u64..4_096),
    ) {
        let items: Vec<_> = (0_u32..)
            .zip(places)
            .map(|(number, (x, y))| Item { place: Mercator { x, y }, number, value: x })
            .collect();
        let index = Index::build(items.clone());
        let mut seen = Collect::default();
        index.visit_keys(ends.0..=ends.1, &mut seen);
        let model = model_of(&items);
        let inside = model.values().filter(|item| (ends.0..=ends.1).contains(&item.place.key()));
        prop_assert_eq!(seen.items, inside.copied().collect::<Vec<_>>());
    }

    #[test]
    fn edits_in_many_commits_or_in_one_lead_to_the_same_entries(
        edits in proptest::collection::vec((0_u32..40, 0_u32..30, any::<Option<u8>>()), 0..2_000),
        size in 1_usize..700,
    ) {
        let edits: Vec<Edit<Item>> = edits
            .into_iter()
            .map(|(x, number, value)| {
                let place = Mercator { x, y: 7 };
                match value {
                    Some(value) => Edit::Put(Item { place, number, value: value.into() }),
                    None => Edit::Remove { place, number },
                }
            })
            .collect();
        let at_once = Index::new().commit(edits.clone());
        let in_parts = edits.chunks(size).fold(Index::new(), |index, part| index.commit(part.to_vec()));
        let (mut a, mut b) = (Collect::default(), Collect::default());
        at_once.visit(&mut a);
        in_parts.visit(&mut b);
        prop_assert_eq!(a.items, b.items);
        prop_assert_eq!(at_once.summary(), in_parts.summary());
    }
}
