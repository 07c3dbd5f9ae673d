//! Test entries, and the expected content of an index of them in a plain map.

use std::{collections::BTreeMap, ops::RangeInclusive, sync::Arc};

use rand::Rng;
use rand_chacha::ChaCha8Rng;

use crate::{
    LonLat, Mercator, MercatorBounds,
    index::{Entry, Index, LeafView, NodeView, Step, Summary, Visitor},
};

#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Item {
    pub(super) place: Mercator,
    pub(super) number: u32,
    pub(super) value: u32,
}

/// A sum and a maximum: the maximum cannot be undone.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Tally {
    pub(super) n: usize,
    pub(super) sum: u64,
    pub(super) greatest: u32,
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

/// The expected content of the index in a plain map.
pub(super) type Model = BTreeMap<(u64, u32), Item>;

pub(super) fn model_of(items: &[Item]) -> Model {
    items.iter().map(|item| ((item.place.key(), item.number), *item)).collect()
}

/// Collects what the walk shows, and checks each node against the entries below it.
#[derive(Default)]
pub(super) struct Collect {
    pub(super) items: Vec<Item>,
    pub(super) leaf_sizes: Vec<usize>,
    pub(super) promised: Vec<(usize, usize, Tally, MercatorBounds, RangeInclusive<u64>)>,
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
    pub(super) fn check_promises(&self) {
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

pub(super) fn check(index: &Index<Item>, model: &Model) {
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

pub(super) fn at(lon: f64, lat: f64) -> LonLat {
    LonLat::new(lon, lat).unwrap()
}

/// Returns positions that are likely to cause trouble: belts, one place, a line, tile edges, the
/// antimeridian, the poles.
pub(super) fn positions(rng: &mut ChaCha8Rng, n: usize) -> Vec<LonLat> {
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

pub(super) fn items(rng: &mut ChaCha8Rng, n: usize) -> Vec<Item> {
    let places = positions(rng, n);
    (0_u32..)
        .zip(places)
        .map(|(number, at)| Item { place: at.into(), number, value: rng.random_range(0..100) })
        .collect()
}

pub(super) const SIZES: [usize; 9] = [0, 1, 2, 255, 256, 257, 513, 3_000, 20_000];
