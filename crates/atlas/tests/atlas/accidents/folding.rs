//! Folding in changes equals loading the result, and readers learn what changed.

use std::{collections::BTreeMap, sync::Arc};

use atlas::{Changes, GroupBy, Property, PublicFilter, Scope, View};
use demining::{Accident, Change, Record, Review, Revision};
use geometry::{Bounds, LonLat, TileId};
use jiff::{Timestamp, civil::date};
use proptest::prelude::*;
use rand::Rng;

use super::made::{Filter, POLICIES, accident, accidents, approved, atlas_of, with};
use crate::world::{Maker, lonlat};

pub fn change(
    revision: u64,
    before: Option<&Record<Accident>>,
    after: Option<Record<Accident>>,
) -> Change<Accident> {
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

/// Applies random changes to the records and returns them.
fn changes(
    maker: &mut Maker,
    records: &mut BTreeMap<u32, Record<Accident>>,
    revision: u64,
    n: usize,
) -> Vec<Change<Accident>> {
    (0..n)
        .map(|_| {
            let highest = records.keys().max().copied().unwrap_or(0);
            let number = maker.0.random_range(1..=highest + 3);
            let before = records.get(&number).cloned();
            let after = (before.is_none() || maker.0.random_range(0..4) > 0)
                .then(|| accident(maker, number, revision));
            match &after {
                Some(record) => records.insert(number, record.clone()),
                None => records.remove(&number),
            };
            change(revision, before.as_ref(), after)
        })
        .collect()
}

fn assert_same(folded: &View, loaded: &View) {
    let filter = Filter::default();
    assert!(folded.accidents().all().eq(loaded.accidents().all()));
    for located in loaded.accidents().all() {
        assert_eq!(folded.accidents().get(located.record.content.id), Some(located));
    }
    let by = [GroupBy::Property(Property::named("region").unwrap()), GroupBy::Month];
    assert_eq!(folded.accidents().summary(&filter, &by), loaded.accidents().summary(&filter, &by));
    let tile = TileId::new(0, 0, 0).unwrap();
    assert_eq!(folded.accidents().tile(tile, &filter), loaded.accidents().tile(tile, &filter));
    let all = PublicFilter::default();
    assert_eq!(folded.public_accidents(&all), loaded.public_accidents(&all));
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 40, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn folding_equals_a_fresh_load_of_the_same_state(
        seed in any::<u64>(),
        start in 0_u32..200,
        policy in 0..POLICIES.len(),
        steps in prop::collection::vec(1_usize..60, 0..5),
    ) {
        let mut maker = Maker::new(seed);
        let records = accidents(&mut maker, start);
        let atlas = atlas_of(&records, POLICIES[policy]);
        let first = Scope::Full;
        let before = atlas.view(first);
        let mut state: BTreeMap<u32, Record<Accident>> = records.iter().map(|r| (r.number, r.clone())).collect();
        for (revision, n) in (2..).zip(steps) {
            let changes = changes(&mut maker, &mut state, revision, n);
            let folded = atlas.fold_all(Changes { accidents: &changes, ..Changes::default() });
            prop_assert_eq!((folded.revision, folded.shown), (Revision(revision), Revision(revision)));
            prop_assert_eq!(atlas.view(first).revision(), Revision(revision));
        }
        let now: Vec<Record<Accident>> = state.values().cloned().collect();
        let loaded = atlas_of(&now, POLICIES[policy]);
        for scope in [Scope::Full, Scope::Public] {
            assert_same(&atlas.view(scope), &loaded.view(scope));
        }
        // A view never changes.
        prop_assert!(before.accidents().all().map(|located| &*located.record).eq(records.iter()));
    }
}

#[test]
fn a_fold_of_both_collections_is_one_step_for_readers() {
    let mut maker = Maker::new(71);
    let atlas = atlas_of(&[], POLICIES[0]);
    let detection = maker.record(1, 2);
    let detections = [Change {
        revision: Revision(2),
        shown: Revision(2),
        at: Timestamp::UNIX_EPOCH,
        by: "test".into(),
        reason: None,
        id: detection.content.id,
        number: 1,
        after: Some(Arc::new(detection)),
    }];
    let accidents = [change(3, None, Some(accident(&mut maker, 1, 3)))];
    let folded = atlas.fold_all(Changes { detections: &detections, accidents: &accidents });
    assert_eq!(folded.revision, Revision(3));
    assert_eq!(folded.n_changes(Scope::Full), 2);
    let view = atlas.view(Scope::Full);
    assert_eq!(view.revision(), Revision(3));
    assert!(view.at_number(1).is_some() && view.accidents().at_number(1).is_some());
    // Detections go on without touching accidents.
    let detections = [Change { revision: Revision(4), after: None, ..detections[0].clone() }];
    assert_eq!(atlas.fold(&detections).revision, Revision(4));
    let view = atlas.view(Scope::Full);
    assert!(view.at_number(1).is_none() && view.accidents().at_number(1).is_some());
}

#[test]
fn a_reader_learns_where_accidents_changed_under_its_filter() {
    let (here, there) = (lonlat(46.3, 39.3), lonlat(47.1, 40.1));
    let old = approved(1, here, date(2022, 5, 1), [1, 0]);
    let atlas = atlas_of(std::slice::from_ref(&old), POLICIES[0]);
    let (tile_here, elsewhere) = (TileId::at(here, 12), TileId::at(lonlat(46.9, 39.1), 12));
    let moved = Record { revision: Revision(2), ..approved(1, there, date(2022, 7, 1), [1, 0]) };
    let folded = atlas
        .fold_all(Changes { accidents: &[change(2, Some(&old), Some(moved.clone()))], ..Changes::default() });
    let seen = |filter: &Filter| folded.seen_accidents(Scope::Full, filter);
    let delta = seen(&Filter::default()).unwrap();
    let near = |bounds: Bounds, at: LonLat| {
        bounds.west() - 1e-6 <= at.lon()
            && at.lon() <= bounds.east() + 1e-6
            && bounds.south() - 1e-6 <= at.lat()
    };
    assert!(near(delta.bounds, here) && near(delta.bounds, there));
    assert_eq!(delta.tiles.len(), 2);
    let only_old = Filter { as_of: Some(date(2022, 6, 1)), ..Filter::default() };
    assert_eq!(seen(&only_old).unwrap().tiles, [TileId::at(here, 14)]);
    let neither = Filter { as_of: Some(date(2022, 1, 1)), ..Filter::default() };
    assert_eq!(seen(&neither), None);
    assert_eq!(folded.seen_accidents(Scope::Public, &Filter::default()), None);
    assert!(folded.changes_accident_counts() && folded.n_changes(Scope::Public) == 1);
    assert_eq!(folded.seen(&atlas.view(Scope::Full), &atlas::Filter::everything()), None);
    assert_eq!(atlas.last_change_of_accidents(Scope::Full, tile_here), Revision(2));
    assert_eq!(atlas.last_change_of_accidents(Scope::Full, elsewhere), Revision(1));
    assert_eq!(atlas.last_change_of_accidents(Scope::Public, tile_here), Revision(1));
    // The place of a rejected accident is no news.
    let rejected = Record { review: Review::Rejected, revision: Revision(3), ..moved.clone() };
    let noted = with_note(&rejected);
    let accidents = [change(3, Some(&moved), Some(rejected)), change(4, Some(&moved), Some(noted.clone()))];
    atlas.fold_all(Changes { accidents: &accidents[..1], ..Changes::default() });
    let folded = atlas.fold_all(Changes { accidents: &accidents[1..], ..Changes::default() });
    assert_eq!(folded.seen_accidents(Scope::Full, &Filter::default()), None);
    assert_eq!(&*atlas.view(Scope::Full).accidents().at_number(1).unwrap().record, &noted);
}

fn with_note(record: &Record<Accident>) -> Record<Accident> {
    with(record, |of| of.note = Some("withdrawn".into()))
}

#[test]
fn readers_learn_whether_accidents_are_made_up_and_the_public_only_of_those_it_counts() {
    let place = lonlat(46.3, 39.3);
    let real = approved(1, place, date(2022, 5, 1), [1, 0]);
    let made_up = with(&approved(2, place, date(2022, 6, 1), [0, 1]), |of| {
        of.operator = Some(demining::demonstration::OPERATOR.into());
    });
    for precision in POLICIES {
        let atlas = atlas_of(std::slice::from_ref(&real), precision);
        let told = || [Scope::Full, Scope::Public].map(|scope| atlas.view(scope).accidents().has_made_up());
        assert_eq!(told(), [false, false]);
        let mut before = None;
        for (revision, review, wanted) in
            [(2, Review::Submitted, [true, false]), (3, Review::Approved, [true, true])]
        {
            let record = Record { review, revision: Revision(revision), ..made_up.clone() };
            let changes = [change(revision, before.as_ref(), Some(record.clone()))];
            atlas.fold_all(Changes { accidents: &changes, ..Changes::default() });
            assert_eq!(told(), wanted);
            let records = [real.clone(), record.clone()];
            assert!(atlas_of(&records, precision).view(Scope::Public).accidents().has_made_up() == wanted[1]);
            before = Some(record);
        }
        // The counts stay, but they are no longer made up.
        let real_now = Record { revision: Revision(4), ..with(&made_up, |of| of.operator = None) };
        let changes = [change(4, before.as_ref(), Some(real_now.clone()))];
        let folded = atlas.fold_all(Changes { accidents: &changes, ..Changes::default() });
        assert!(folded.changes_accident_counts());
        assert_eq!(told(), [false, false]);
        let changes = [change(5, Some(&real_now), None)];
        atlas.fold_all(Changes { accidents: &changes, ..Changes::default() });
        assert_eq!(told(), [false, false]);
    }
}
