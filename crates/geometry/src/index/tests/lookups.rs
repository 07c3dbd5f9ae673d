//! Tests lookups in a tile, in a window and near a position.

use rand::{Rng, SeedableRng};
use rand_chacha::ChaCha8Rng;

use super::items::{Collect, Item, SIZES, Tally, at, items, model_of, positions};
use crate::{
    Bounds, MercatorBounds, TileId, distance_m,
    index::{Index, LeafView, NodeView, Step, Summary, Visitor},
};

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

/// Counts the entries in a window, from summaries where possible.
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
