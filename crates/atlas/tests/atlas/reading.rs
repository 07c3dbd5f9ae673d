//! Counts, pages and summaries agree with a check of every record.

use std::{collections::BTreeMap, sync::Arc};

use atlas::{Counts, Grouping, Month, View};
use demining::{Kind, Record, Status};

use crate::{
    questions::{Question, questions},
    world::{Maker, count, district, groupings, lonlat, view_of},
};

/// Checks every read of the view against the expected records.
pub fn assert_reads_as(view: &View, records: &[Record]) {
    for question in questions(view) {
        assert_reads(view, records, &question);
    }
}

/// Checks every read of the view for one filter.
pub fn assert_reads(view: &View, records: &[Record], question: &Question) {
    let seen = question.seen(records);
    let expected: Vec<&Record> = seen.iter().collect();
    assert_eq!(
        view.count(&question.filter),
        count(expected.iter().copied()),
        "{} {:?}",
        question.name,
        question.filter
    );
    for limit in [7, 1_000] {
        let mut paged = Vec::new();
        let mut after = None;
        loop {
            let page = view.page(&question.filter, after, limit);
            assert!(page.records.len() == limit || page.next.is_none());
            paged.extend(page.records);
            after = page.next;
            if after.is_none() {
                break;
            }
        }
        let numbers: Vec<u32> = paged.iter().map(|found| found.record.number).collect();
        let mut all: Vec<u32> = expected.iter().map(|record| record.number).collect();
        all.sort_unstable();
        assert_eq!(numbers, all, "{} {:?}", question.name, question.filter);
        for found in paged.iter().step_by(50) {
            assert_eq!(found.region.as_deref().map(str::to_owned), district(found.record.content.location));
        }
    }
    for by in groupings() {
        let summary = view.summary(&question.filter, by);
        assert_eq!(
            summary.total,
            count(expected.iter().copied()),
            "{} {by:?} {:?}",
            question.name,
            question.filter
        );
        let rows: Vec<(Key, Counts)> = summary
            .rows
            .iter()
            .map(|row| {
                let key = (
                    row.region.as_ref().map(|r| last(r.as_deref())),
                    row.status,
                    row.kind,
                    row.month,
                    row.operator.as_ref().map(|o| last(o.as_deref())),
                );
                (key, row.counts)
            })
            .collect();
        assert_eq!(rows, grouped(&expected, by), "{} {by:?} {:?}", question.name, question.filter);
    }
}

type Key = (Option<(bool, String)>, Option<Status>, Option<Kind>, Option<Month>, Option<(bool, String)>);

/// Sorts a missing name last.
fn last(name: Option<&str>) -> (bool, String) {
    (name.is_none(), name.unwrap_or_default().to_owned())
}

fn grouped(records: &[&Record], by: Grouping) -> Vec<(Key, Counts)> {
    let mut groups: BTreeMap<Key, Counts> = BTreeMap::new();
    for record in records.iter().filter(|_| by != Grouping::default()) {
        let d = &record.content;
        let key = (
            by.region.then(|| last(district(d.location).as_deref())),
            by.status.then_some(d.status),
            by.kind.then_some(d.kind),
            by.month.then(|| Month::from(d.status_since())),
            by.operator.then(|| last(d.operator.as_deref())),
        );
        let counts = groups.entry(key).or_default();
        counts.records += 1;
        counts.quantity += u64::from(d.quantity);
    }
    groups.into_iter().collect()
}

#[test]
fn every_filter_and_grouping_agrees_with_a_look_at_each_record() {
    for n in [0, 1, 300, 5_000] {
        let records = Maker::new(u64::from(n)).records(n);
        assert_reads_as(&view_of(&records), &records);
    }
}

#[test]
fn selective_pages_deep_in_many_records_come_from_the_index() {
    let mut records = Maker::new(8).records(20_000);
    // One record in 20,000 is in the far corner: the walk gives up before it gets there.
    let mut details = records[19_990].content.clone().into_details();
    details.location = lonlat(-70.0, -33.0);
    records[19_990].content = demining::Detection::new(details, jiff::civil::date(2030, 1, 1)).unwrap();
    let view = view_of(&records);
    let filter = atlas::Filter {
        bounds: vec![geometry::Bounds::new(-70.001, -33.001, -69.999, -32.999).unwrap()],
        ..atlas::Filter::everything()
    };
    let page = view.page(&filter, None, 1);
    assert_eq!(page.records.iter().map(|f| f.record.number).collect::<Vec<_>>(), [19_991]);
    assert_eq!(page.next, None);
    assert_eq!(view.page(&filter, Some(19_991), 10).records, []);
    assert_eq!(view.page(&filter, Some(u32::MAX), 10).records, []);
}

#[test]
fn a_record_is_found_by_its_id_with_its_district() {
    let records = Maker::new(3).records(200);
    let view = view_of(&records);
    for record in &records {
        let found = view.get(record.content.id).unwrap();
        assert_eq!(*found.record, *record);
        assert_eq!(found.region, district(record.content.location).map(Arc::from));
    }
    assert_eq!(view.get(uuid::Uuid::max()), None);
}

#[test]
fn the_nearest_records_come_first_and_only_those_that_are_asked_for() {
    let records = Maker::new(4).records(2_000);
    let view = view_of(&records);
    let here = lonlat(46.8, 39.9);
    for question in questions(&view) {
        let near = view.nearest(&question.filter, here, 5);
        let mut all: Vec<f64> = question
            .seen(&records)
            .iter()
            .map(|record| geometry::distance_m(here, record.content.location))
            .collect();
        all.sort_by(f64::total_cmp);
        assert_eq!(near.len(), all.len().min(5), "{} {:?}", question.name, question.filter);
        for ((_, metres), expected) in near.iter().zip(all) {
            assert!((metres - expected).abs() < 0.05, "{}: {metres} {expected}", question.name);
        }
    }
}
