//! The figures of regions: they add up, and have the right days, kinds and months.

use std::collections::BTreeMap;

use atlas::{Counts, Month, Recorded};
use demining::{Kind, Record, Status};
use geometry::TileId;
use jiff::civil::Date;

use crate::{
    decoded::decode,
    questions::questions,
    world::{Maker, count, district, lonlat, view_of},
};

fn recorded(records: &[&Record]) -> Recorded {
    let of = |status| count(records.iter().copied().filter(|r| r.content.status == status));
    let latest = |r: &&Record| r.content.status_since();
    Recorded {
        total: count(records.iter().copied()),
        detected: of(Status::Detected),
        neutralised: of(Status::Neutralised),
        first: records.iter().map(|r| r.content.detected_on).min(),
        latest: records.iter().map(latest).max(),
    }
}

fn is_in(record: &Record, id: &str) -> bool {
    let Some(district) = district(record.content.location) else { return false };
    match id {
        "C" => true,
        "C-west" => district.starts_with("D0"),
        "C-east" => !district.starts_with("D0"),
        id => district == id,
    }
}

#[test]
fn regions_and_outside_add_up_to_the_total_under_every_filter() {
    let records = Maker::new(31).records(5_000);
    let view = view_of(&records);
    for question in questions(&view) {
        let seen = question.seen(&records);
        let taken: Vec<&Record> = seen.iter().collect();
        let summary = view.regions(&question.filter);
        assert_eq!(summary.total, recorded(&taken), "{}", question.name);
        for (info, figures) in view.reference().regions().iter().zip(&summary.regions) {
            let here: Vec<&Record> = taken.iter().copied().filter(|r| is_in(r, &info.region.id)).collect();
            assert_eq!(*figures, recorded(&here), "{} {}", question.name, info.region.id);
        }
        let outside: Vec<&Record> =
            taken.iter().copied().filter(|r| district(r.content.location).is_none()).collect();
        assert_eq!(summary.outside, recorded(&outside), "{}", question.name);
        let country = summary.regions[0].total.records;
        assert_eq!(country + summary.outside.total.records, summary.total.total.records);
    }
}

#[test]
fn a_region_tells_its_kinds_and_months() {
    let records = Maker::new(32).records(5_000);
    let view = view_of(&records);
    for question in questions(&view) {
        for id in ["C", "C-east", "D11"] {
            let seen = question.seen(&records);
            let here: Vec<&Record> = seen.iter().filter(|r| is_in(r, id)).collect();
            let summary = view.region(id, &question.filter).unwrap();
            assert_eq!(summary.recorded, recorded(&here), "{} {id}", question.name);
            let mut months: BTreeMap<Month, (Counts, Counts)> = BTreeMap::new();
            let mut add = |day: Date, dealt_with: bool, record: &Record| {
                let (found, done) = months.entry(day.into()).or_default();
                let counts = if dealt_with { done } else { found };
                counts.records += 1;
                counts.quantity += u64::from(record.content.quantity);
            };
            for record in &here {
                add(record.content.detected_on, false, record);
                if let Some(on) = record.content.neutralised_on {
                    add(on, true, record);
                }
            }
            let drawn = summary.months.iter().map(|row| (row.month, (row.detected, row.neutralised)));
            assert_eq!(drawn.collect::<Vec<_>>(), months.into_iter().collect::<Vec<_>>());
            for kind in Kind::ALL {
                let of = |status| {
                    let d = |r: &&Record| r.content.kind == *kind && r.content.status == status;
                    count(here.iter().copied().filter(d))
                };
                let expected = (of(Status::Detected), of(Status::Neutralised));
                let row = summary.kinds.iter().find(|row| row.kind == *kind);
                let drawn = row.map(|row| (row.detected, row.neutralised)).unwrap_or_default();
                assert_eq!(drawn, expected, "{} {id} {kind}", question.name);
            }
        }
    }
    assert_eq!(view.region("nowhere", &atlas::Filter::default()), None);
}

#[test]
fn tiles_of_regions_carry_the_figures_of_each_region() {
    let records = Maker::new(33).records(3_000);
    let view = view_of(&records);
    let figures = view.regions(&atlas::Filter::default());
    for z in [0, 6, 9, 12] {
        let tile = TileId::at(lonlat(46.7, 39.7), z);
        let layers = decode(&view.regions_tile(tile, &atlas::Filter::default()));
        let mut levels = Vec::new();
        for feature in &layers["regions"] {
            let at = view.reference().index_of(feature.text("id").unwrap()).unwrap();
            let recorded = figures.regions[at];
            assert_eq!(feature.count("records"), recorded.total.records);
            assert_eq!(feature.count("quantity"), recorded.total.quantity);
            assert_eq!(feature.count("detected"), recorded.detected.quantity);
            assert_eq!(feature.count("neutralised"), recorded.neutralised.quantity);
            levels.push(view.reference().regions()[at].region.level);
        }
        assert!(levels.is_sorted() && levels.len() >= 3, "{levels:?}");
        let here = layers["regions"].iter().map(|feature| feature.text("id"));
        let labelled = layers["region_labels"].iter().map(|feature| feature.text("id"));
        assert!(here.eq(labelled), "the one place of all made-up labels is in each of these tiles");
    }
    assert!(view.regions_tile(TileId::new(5, 0, 0).unwrap(), &atlas::Filter::default()).is_empty());
}

#[test]
fn a_region_without_records_has_no_share() {
    let view = view_of(&[]);
    assert_eq!(view.regions(&atlas::Filter::default()).total.share(), None);
    let layers = decode(&view.regions_tile(TileId::new(0, 0, 0).unwrap(), &atlas::Filter::default()));
    assert!(layers["regions"].iter().all(|f| !f.properties.contains_key("share") && f.count("records") == 0));
}
