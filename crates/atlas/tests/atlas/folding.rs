//! Folding in changes equals loading the result, and readers are never disturbed.

use std::{
    collections::BTreeMap,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
};

use atlas::{Atlas, Delta, Filter, Grouping, Scope, View};
use demining::{Change, Record, Revision};
use geometry::{Bounds, MAX_ZOOM, TileId};
use jiff::Timestamp;
use proptest::prelude::*;
use rand::Rng;

use crate::{
    reading::assert_reads_as,
    world::{Maker, atlas_of, lonlat, view_of},
};

fn change(revision: u64, before: Option<&Record>, after: Option<Record>) -> Change {
    let of = before.or(after.as_ref()).unwrap();
    Change {
        revision: Revision(revision),
        shown: Revision(revision),
        at: Timestamp::UNIX_EPOCH,
        by: "test".into(),
        reason: None,
        id: of.content.id,
        number: of.number,
        after: after.map(Arc::new),
    }
}

/// Applies random changes to the records and returns them: new records, other content, other places,
/// deletions, and deleted records that come back.
pub fn changes(
    maker: &mut Maker,
    records: &mut BTreeMap<u32, Record>,
    revision: u64,
    n: usize,
) -> Vec<Change> {
    (0..n)
        .map(|_| {
            let highest = records.keys().max().copied().unwrap_or(0);
            let number = maker.0.random_range(1..=highest + 3);
            let before = records.get(&number).cloned();
            let after = match (&before, maker.0.random_range(0..4)) {
                (Some(_), 0) => None,
                (Some(old), 1) => {
                    // The same place with other content.
                    let mut record = maker.record(number, revision);
                    let mut details = record.content.into_details();
                    details.location = old.content.location;
                    record.content =
                        demining::Detection::new(details, jiff::civil::date(2030, 1, 1)).unwrap();
                    Some(record)
                }
                _ => Some(maker.record(number, revision)),
            };
            match &after {
                Some(record) => records.insert(number, record.clone()),
                None => records.remove(&number),
            };
            change(revision, before.as_ref(), after)
        })
        .collect()
}

pub fn assert_same(folded: &View, loaded: &View) {
    let filter = Filter::default();
    for by in [
        Grouping { region: true, status: true, ..Grouping::default() },
        Grouping { kind: true, month: true, operator: true, ..Grouping::default() },
    ] {
        assert_eq!(folded.summary(&filter, by), loaded.summary(&filter, by));
        assert_eq!(folded.summary(&Filter::everything(), by), loaded.summary(&Filter::everything(), by));
    }
    assert_eq!(folded.regions(&filter), loaded.regions(&filter));
    assert_eq!(folded.region("C-east", &filter), loaded.region("C-east", &filter));
    assert_eq!(folded.operators(), loaded.operators());
    assert_eq!(folded.page(&filter, None, 100_000), loaded.page(&filter, None, 100_000));
    for z in 0..=MAX_ZOOM {
        for (lon, lat) in [(46.75, 39.25), (46.1005, 39.1005), (47.2, 40.2)] {
            let tile = TileId::at(lonlat(lon, lat), z);
            assert_eq!(folded.detections_tile(tile, &filter), loaded.detections_tile(tile, &filter));
        }
    }
    let world = TileId::new(0, 0, 0).unwrap();
    assert_eq!(folded.regions_tile(world, &filter), loaded.regions_tile(world, &filter));
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 40, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn folding_equals_a_fresh_load_of_the_same_state(
        seed in any::<u64>(),
        start in 0_u32..600,
        steps in prop::collection::vec(1_usize..200, 0..6),
    ) {
        let mut maker = Maker::new(seed);
        let records = maker.records(start);
        let atlas = atlas_of(&records, 1);
        let mut state: BTreeMap<u32, Record> = records.into_iter().map(|r| (r.number, r)).collect();
        for (revision, n) in (2..).zip(steps) {
            let changes = changes(&mut maker, &mut state, revision, n);
            prop_assert_eq!(atlas.fold(&changes).revision, Revision(revision));
        }
        let now: Vec<Record> = state.values().cloned().collect();
        assert_same(&atlas.view(Scope::Full), &view_of(&now));
    }
}

#[test]
fn after_many_changes_every_read_still_agrees_with_a_look_at_each_record() {
    let mut maker = Maker::new(21);
    let records = maker.records(2_000);
    let atlas = atlas_of(&records, 1);
    let mut state: BTreeMap<u32, Record> = records.into_iter().map(|r| (r.number, r)).collect();
    for revision in 2..12 {
        atlas.fold(&changes(&mut maker, &mut state, revision, 300));
    }
    let now: Vec<Record> = state.values().cloned().collect();
    assert_reads_as(&atlas.view(Scope::Full), &now);
    for record in &now {
        assert_eq!(*atlas.view(Scope::Full).get(record.content.id).unwrap().record, *record);
    }
}

#[test]
fn a_few_records_that_change_again_and_again_stay_whole() {
    let mut maker = Maker::new(28);
    let records = maker.records(12);
    let atlas = atlas_of(&records, 1);
    let mut state: BTreeMap<u32, Record> = records.into_iter().map(|r| (r.number, r)).collect();
    for revision in 2..1_500 {
        atlas.fold(&changes(&mut maker, &mut state, revision, 1));
        let view = atlas.view(Scope::Full);
        if revision % 100 == 0 {
            for record in state.values() {
                assert_eq!(*view.get(record.content.id).unwrap().record, *record);
            }
        }
    }
    assert_same(&atlas.view(Scope::Full), &view_of(&state.into_values().collect::<Vec<_>>()));
}

#[test]
fn a_view_stays_as_it_was_while_others_move_on() {
    let mut maker = Maker::new(22);
    let records = maker.records(500);
    let atlas = atlas_of(&records, 1);
    let before = atlas.view(Scope::Full);
    let mut state: BTreeMap<u32, Record> = records.iter().map(|r| (r.number, r.clone())).collect();
    for revision in 2..6 {
        atlas.fold(&changes(&mut maker, &mut state, revision, 200));
    }
    assert_eq!((before.revision(), atlas.view(Scope::Full).revision()), (Revision(1), Revision(5)));
    assert_reads_as(&before, &records);
}

#[test]
fn paging_while_records_are_written_gives_each_that_stays_exactly_once() {
    let mut maker = Maker::new(23);
    let records = maker.records(1_000);
    let atlas = atlas_of(&records, 1);
    let mut state: BTreeMap<u32, Record> = records.iter().map(|r| (r.number, r.clone())).collect();
    let (mut seen, mut after) = (Vec::new(), None);
    for revision in 2.. {
        let page = atlas.view(Scope::Full).page(&Filter::everything(), after, 37);
        seen.extend(page.records.iter().map(|found| found.record.number));
        after = page.next;
        if after.is_none() {
            break;
        }
        // Only deletions and new records, so that it is obvious which ones stay.
        let number = maker.0.random_range(1..=1_000);
        let gone = state.remove(&number);
        let new = maker.record(1_000 + revision as u32, revision);
        let mut written = vec![change(revision, None, Some(new))];
        written.extend(gone.map(|old| change(revision, Some(&old), None)));
        atlas.fold(&written);
    }
    assert!(seen.windows(2).all(|pair| pair[0] < pair[1]));
    let stays = |number: &u32| seen.binary_search(number).is_ok();
    assert!(state.keys().all(stays), "a record that stays was left out");
}

#[test]
fn what_changed_is_told_with_its_box_and_a_few_tiles() {
    let mut maker = Maker::new(24);
    let records = maker.records(3_000);
    let atlas = atlas_of(&records, 1);
    let (old, mut new) = (records[4].clone(), maker.record(5, 2));
    new.number = 5;
    let seen = |folded: &atlas::Folded| folded.seen(&atlas.view(Scope::Full), &Filter::everything());
    let folded = seen(&atlas.fold(&[change(2, Some(&old), Some(new.clone()))])).unwrap();
    for at in [old.content.location, new.content.location] {
        let (box_, slack) = (folded.bounds.to_array(), 2e-7);
        assert!((box_[0] - slack..=box_[2] + slack).contains(&at.lon()));
        assert!((box_[1] - slack..=box_[3] + slack).contains(&at.lat()));
        assert!(folded.tiles.contains(&TileId::at(at, 14)));
    }
    assert!(folded.tiles.len() <= 2);
    let many: Vec<Change> = (10_000..12_000).map(|n| change(3, None, Some(maker.record(n, 3)))).collect();
    let folded = seen(&atlas.fold(&many)).unwrap();
    assert!((1..=64).contains(&folded.tiles.len()));
    let z = folded.tiles[0].z();
    for written in &many {
        let at = written.after.as_ref().unwrap().content.location;
        assert!(folded.tiles.contains(&TileId::at(at, z)));
    }
    let nothing = atlas.fold(&[]);
    assert_eq!((seen(&nothing), nothing.revision), (None, Revision(3)));
}

#[test]
fn what_is_told_together_names_the_tiles_of_the_coarser_zoom() {
    let bounds = |w: f64| Bounds::new(w, 39.0, w + 0.1, 39.1).unwrap();
    let tile = |z, x, y| TileId::new(z, x, y).unwrap();
    let a = Delta { bounds: bounds(46.0), tiles: vec![tile(3, 5, 3)] };
    let b = Delta { bounds: bounds(47.0), tiles: vec![tile(4, 10, 6), tile(4, 2, 2)] };
    let both = Delta {
        bounds: Bounds::new(46.0, 39.0, 47.1, 39.1).unwrap(),
        tiles: vec![tile(3, 1, 1), tile(3, 5, 3)],
    };
    assert_eq!(a.and(&b), both);
}

/// Tests the promise of tile versions: a tile without a newer version than R has the bytes it had at R.
#[test]
fn a_tile_without_a_newer_version_has_the_bytes_it_had() {
    let mut maker = Maker::new(25);
    let records = maker.records(2_000);
    let atlas = atlas_of(&records, 7);
    let mut state: BTreeMap<u32, Record> = records.into_iter().map(|r| (r.number, r)).collect();
    let tiles: Vec<TileId> = (0..=16)
        .flat_map(|z| {
            [(46.75, 39.25), (46.1005, 39.1005), (47.2, 40.2)].map(|(x, y)| TileId::at(lonlat(x, y), z))
        })
        .collect();
    let drawn = |tile: TileId| {
        let view = atlas.view(Scope::Full);
        (view.detections_tile(tile, &Filter::everything()), view.regions_tile(tile, &Filter::default()))
    };
    assert!(tiles.iter().all(|tile| atlas.last_change(Scope::Full, *tile) == Revision(7)));
    let (mut kept, mut made) = (0, 0);
    for revision in 8..30 {
        let before: Vec<_> = tiles.iter().map(|tile| drawn(*tile)).collect();
        atlas.fold(&changes(&mut maker, &mut state, revision, 2));
        for (tile, (detections, regions)) in tiles.iter().zip(before) {
            let now = drawn(*tile);
            if atlas.last_change(Scope::Full, *tile) < Revision(revision) {
                assert_eq!(now.0, detections, "{tile:?}");
                kept += 1;
            } else {
                made += 1;
            }
            if atlas.last_change_of_regions(Scope::Full, *tile) < Revision(revision) {
                assert_eq!(now.1, regions, "{tile:?}");
            }
        }
    }
    // Two changes in the whole world touch few of the deep tiles.
    assert!(kept > 300, "versions of tiles are too coarse: {kept} kept, {made} made again");
}

#[test]
fn readers_see_whole_revisions_while_a_writer_folds() {
    let records = Maker::new(26).records(2_000);
    let atlas: Atlas = atlas_of(&records, 1);
    let done = AtomicBool::new(false);
    std::thread::scope(|scope| {
        scope.spawn(|| {
            let mut maker = Maker::new(27);
            let mut state: BTreeMap<u32, Record> = records.iter().map(|r| (r.number, r.clone())).collect();
            for revision in 2..200 {
                atlas.fold(&changes(&mut maker, &mut state, revision, 20));
            }
            done.store(true, Ordering::Release);
        });
        let mut last = Revision(0);
        while !done.load(Ordering::Acquire) {
            let view = atlas.view(Scope::Full);
            assert!(view.revision() >= last);
            last = view.revision();
            let filter = Filter::default();
            let count = view.count(&filter);
            let by = Grouping { region: true, kind: true, ..Grouping::default() };
            assert_eq!(view.summary(&filter, by).total, count);
            assert_eq!(view.page(&filter, None, 10_000).records.len() as u64, count.records);
        }
    });
}
