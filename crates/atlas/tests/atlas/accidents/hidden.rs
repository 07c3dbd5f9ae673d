//! What is not approved or not public changes no byte of a public answer.

use std::collections::BTreeSet;

use atlas::{Changes, Month, PublicFilter, Scope, VictimGrouping, View};
use demining::{Accident, Precision, Record, Review, field::Rows, public_place};
use geometry::{LonLat, Mercator, TileId};
use jiff::civil::date;
use proptest::prelude::*;
use rand::Rng;

use super::{
    folding::change,
    made::{Filter, accident, accidents, atlas_of, with},
};
use crate::world::Maker;

const CELLS: [Precision; 2] =
    [Precision::Cells { min_cell_count: 1 }, Precision::Cells { min_cell_count: 3 }];

/// Every public answer, as text or bytes.
fn answers(view: &View, tiles: &BTreeSet<TileId>, ids: &[uuid::Uuid]) -> Vec<Vec<u8>> {
    let mut all = Vec::new();
    let month = |m| Some(Month::from(date(2021, m, 1)));
    for (from, to) in [(None, None), (month(3), None), (None, month(7)), (month(2), month(9))] {
        for id in [None, Some("D11"), Some("C-west"), Some("C")] {
            let regions = id.map(|id| view.reference().districts(id).unwrap().clone());
            let filter = PublicFilter { regions, from, to };
            all.push(format!("{:?}", view.public_accidents(&filter)).into_bytes());
        }
    }
    let (accidents, filter) = (view.accidents(), Filter::default());
    all.push(format!("{:?}", accidents.page(&filter, None, 10_000)).into_bytes());
    all.push(format!("{:?} {:?}", accidents.summary(&filter, &[]), accidents.extent()).into_bytes());
    all.push(format!("{:?}", accidents.victims(&filter, VictimGrouping::default())).into_bytes());
    all.extend(tiles.iter().map(|tile| accidents.tile(*tile, &filter)));
    all.extend(ids.iter().map(|id| format!("{:?}", accidents.get(*id)).into_bytes()));
    all.push(format!("{:?}", view.revision()).into_bytes());
    all
}

/// Changes everything about a record that the public must not learn.
fn disguised(maker: &mut Maker, record: &Record<Accident>) -> Option<Record<Accident>> {
    if record.review != Review::Approved {
        let other = accident(maker, record.number, 9);
        return (maker.0.random() && other.review != Review::Approved).then_some(other);
    }
    let other = accident(maker, record.number, 9);
    let disguised = with(record, |of| {
        let id = of.id;
        let (killed, injured, on) = (of.killed, of.injured, of.occurred_on);
        let middle = LonLat::from(public_place(Mercator::from(of.location)));
        *of = other.content.clone().into_details();
        (of.id, of.victims) = (id, Rows::default());
        (of.killed, of.injured) = (killed, injured.or(Some(0)));
        of.occurred_on = on.first_of_month();
        of.location = middle;
    });
    Some(Record { updated_by: other.updated_by, revision: other.revision, ..disguised })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 30, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn the_public_cannot_tell_accidents_apart_by_what_is_hidden(seed in any::<u64>(), n in 1_u32..300) {
        let mut maker = Maker::new(seed);
        let mut records = accidents(&mut maker, n);
        // Places beyond the square are drawn on its edge, and converting back would move them.
        records.retain(|record| record.content.location.lat().abs() < 84.0);
        let disguises: Vec<_> = records.iter().filter_map(|record| disguised(&mut maker, record)).collect();
        let places = records.iter().chain(&disguises).map(|record| Mercator::from(record.content.location));
        let tiles: BTreeSet<TileId> = places.flat_map(|at| [0, 9, 14].map(|z| TileId::at(at, z))).collect();
        let ids: Vec<_> = records.iter().map(|record| record.content.id).collect();
        for precision in CELLS {
            let seen = |records: &[Record<Accident>]| {
                answers(&atlas_of(records, precision).view(Scope::Public), &tiles, &ids)
            };
            prop_assert_eq!(seen(&records), seen(&disguises));
        }
    }

    #[test]
    fn hidden_changes_are_no_change_for_the_public(seed in any::<u64>(), n in 1_u32..100) {
        let mut maker = Maker::new(seed);
        let mut records = accidents(&mut maker, n);
        records.retain(|record| record.content.location.lat().abs() < 84.0);
        for precision in CELLS {
            let atlas = atlas_of(&records, precision);
            let before = answers(&atlas.view(Scope::Public), &BTreeSet::new(), &[]);
            let changes: Vec<_> = records
                .iter()
                .map(|record| {
                    let mut change = change(2, Some(record), disguised(&mut maker, record));
                    // The store counts no public revision for a change that leaves the public form equal.
                    change.shown = demining::Revision(1);
                    change
                })
                .collect();
            let folded = atlas.fold_all(Changes { accidents: &changes, ..Changes::default() });
            prop_assert_eq!(folded.n_changes(Scope::Public), 0);
            prop_assert!(!folded.changes_accident_counts());
            prop_assert_eq!(answers(&atlas.view(Scope::Public), &BTreeSet::new(), &[]), before);
        }
    }
}
