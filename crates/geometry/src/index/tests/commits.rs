//! Tests the content of the index after loads and commits.

use rand::{Rng, SeedableRng};
use rand_chacha::ChaCha8Rng;

use super::items::{Item, Model, SIZES, Tally, at, check, items, model_of};
use crate::{
    Mercator,
    index::{Edit, Index},
};

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
            // First it grows, then it shrinks to nothing and beyond.
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
