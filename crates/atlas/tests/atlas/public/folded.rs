//! What the public sees of changes and of rejected records.

use std::collections::BTreeMap;

use atlas::{Atlas, Filter, Scope};
use demining::{Change, Record, Review, Revision};
use jiff::Timestamp;

use super::{
    disguised::{answers, disguised},
    snapped::{FEWEST, approved, atlas_of, tiles, with},
};
use crate::world::{Maker, district};

fn change(revision: u64, record: &Record) -> Change {
    Change {
        revision: Revision(revision),
        shown: Revision(revision),
        at: Timestamp::UNIX_EPOCH,
        by: "test".into(),
        reason: None,
        id: record.content.id,
        number: record.number,
        after: Some(record.clone().into()),
    }
}

#[test]
fn a_change_of_what_is_hidden_is_no_change_for_the_public() {
    let mut maker = Maker::new(45);
    let mut records = approved(&mut maker, 1_000);
    records.retain(|record| record.content.location.lat().abs() < 84.0);
    let atlas: Atlas = atlas_of(&records, 5, 3);
    let before = atlas.view(Scope::Public);
    let hidden = records
        .iter()
        .map(|record| Change { shown: Revision(5), ..change(6, &disguised(&mut maker, record)) })
        .collect::<Vec<_>>();
    let folded = atlas.fold(&hidden);
    let after = atlas.view(Scope::Public);
    assert_eq!((before.revision(), after.revision()), (Revision(5), Revision(5)));
    assert_eq!(folded.seen(&after, &Filter::everything()), None);
    assert!(folded.seen(&atlas.view(Scope::Full), &Filter::everything()).is_some());
    for tile in tiles(&records) {
        assert_eq!(atlas.last_change(Scope::Public, tile), Revision(5));
        assert_eq!(atlas.last_change_of_regions(Scope::Public, tile), Revision(5));
    }
}

#[test]
fn folding_and_loading_show_the_public_the_same() {
    let mut maker = Maker::new(46);
    let records = approved(&mut maker, 1_000);
    let later = approved(&mut maker, 1_400);
    let mut now: BTreeMap<u32, Record> =
        records.iter().map(|record| (record.number, record.clone())).collect();
    now.extend(later[300..].iter().map(|record| (record.number, record.clone())));
    let now: Vec<Record> = now.into_values().collect();
    assert!(now.iter().any(|record| district(record.content.location).is_none()));
    let tiles = tiles(&now);
    for min_cell_count in FEWEST {
        let loaded = answers(&atlas_of(&now, 2, min_cell_count).view(Scope::Public), &tiles);
        // All at once, a few at once, and each record by a detour.
        for at_once in [later.len(), 7] {
            let atlas = atlas_of(&records, 1, min_cell_count);
            for changes in later[300..].chunks(at_once) {
                let detours = changes.iter().map(|record| {
                    let elsewhere = maker.record(record.number, 2);
                    let stays = |details: &mut demining::Details| details.id = record.content.id;
                    change(2, &Record { review: Review::Approved, ..with(&elsewhere, stays) })
                });
                let changes: Vec<Change> = detours
                    .collect::<Vec<_>>()
                    .into_iter()
                    .chain(changes.iter().map(|r| change(2, r)))
                    .collect();
                atlas.fold(&changes);
            }
            for (one, other) in answers(&atlas.view(Scope::Public), &tiles).iter().zip(&loaded) {
                assert_eq!(one, other, "{min_cell_count} {at_once}");
            }
        }
    }
}

#[test]
fn what_is_rejected_has_only_its_own_address_left() {
    let mut maker = Maker::new(47);
    let mut records = maker.records(400);
    let kept: Vec<Record> = records.iter().skip(100).cloned().collect();
    for record in &mut records[..100] {
        record.review = Review::Rejected;
    }
    let (all, fewer) = (atlas_of(&records, 1, 0), atlas_of(&kept, 1, 0));
    let tiles = tiles(&records);
    for scope in [Scope::Full, Scope::Public] {
        for (one, other) in
            answers(&all.view(scope), &tiles).into_iter().zip(answers(&fewer.view(scope), &tiles))
        {
            assert_eq!(one, other);
        }
    }
    let id = records[0].content.id;
    assert_eq!(all.view(Scope::Full).get(id).unwrap().record.review, Review::Rejected);
    assert_eq!(all.view(Scope::Public).get(id), None);
}
