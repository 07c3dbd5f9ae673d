//! The events in a period: two counts, against a naive check of every record.

use std::collections::BTreeMap;

use atlas::{Counts, Dates, Events, Filter, Grouping, Month};
use demining::{Kind, Record, Status};
use jiff::civil::{Date, date};

use crate::{
    questions::questions,
    world::{Maker, count, district, view_of},
};

/// Returns whole months, single days, open ends, and empty ranges.
fn periods() -> Vec<Dates> {
    let days = |from, to| Dates { from, to };
    let day = |y, m, d| Some(date(y, m, d));
    vec![
        days(day(2021, 8, 1), day(2021, 8, 31)),
        days(day(2021, 3, 14), day(2021, 8, 2)),
        days(day(2021, 8, 9), day(2021, 8, 9)),
        days(day(2022, 1, 1), None),
        days(None, day(2021, 6, 30)),
        days(None, None),
        days(None, day(1899, 12, 31)),
    ]
}

fn takes(dates: Dates, day: Date) -> bool {
    dates.from.is_none_or(|from| from <= day) && dates.to.is_none_or(|to| day <= to)
}

fn found<'a>(records: &[&'a Record], dates: Dates) -> Vec<&'a Record> {
    records.iter().copied().filter(|r| takes(dates, r.content.detected_on)).collect()
}

fn neutralised<'a>(records: &[&'a Record], dates: Dates) -> Vec<&'a Record> {
    let is_in = |r: &&Record| {
        r.content.status == Status::Neutralised && r.content.neutralised_on.is_some_and(|on| takes(dates, on))
    };
    records.iter().copied().filter(is_in).collect()
}

fn happened(records: &[&Record], dates: Dates) -> Events {
    Events { found: count(found(records, dates)), neutralised: count(neutralised(records, dates)) }
}

fn is_in(record: &Record, id: &str) -> bool {
    district(record.content.location).is_some_and(|district| match id {
        "C" => true,
        "C-west" => district.starts_with("D0"),
        "C-east" => !district.starts_with("D0"),
        id => district == id,
    })
}

#[test]
fn events_of_regions_are_those_of_their_records_under_every_filter() {
    let records = Maker::new(41).records(3_000);
    let view = view_of(&records);
    for (question, dates) in questions(&view).iter().flat_map(|q| periods().into_iter().map(move |d| (q, d)))
    {
        let seen = question.seen(&records);
        let all: Vec<&Record> = seen.iter().collect();
        let name = format!("{} {dates:?}", question.name);
        let summary = view.regions_events(&question.filter, dates);
        assert_eq!(summary.total, happened(&all, dates), "{name}");
        for (info, events) in view.reference().regions().iter().zip(&summary.regions) {
            let here: Vec<&Record> = all.iter().copied().filter(|r| is_in(r, &info.region.id)).collect();
            assert_eq!(*events, happened(&here, dates), "{name} {}", info.region.id);
        }
        let outside: Vec<&Record> =
            all.iter().copied().filter(|r| district(r.content.location).is_none()).collect();
        assert_eq!(summary.outside, happened(&outside, dates), "{name}");
    }
}

#[test]
fn events_of_a_region_have_their_kinds_and_only_months_of_the_period() {
    let records = Maker::new(42).records(3_000);
    let view = view_of(&records);
    for (question, dates) in questions(&view).iter().flat_map(|q| periods().into_iter().map(move |d| (q, d)))
    {
        let seen = question.seen(&records);
        let here: Vec<&Record> = seen.iter().filter(|r| is_in(r, "C-east")).collect();
        let name = format!("{} {dates:?}", question.name);
        let region = view.region_events("C-east", &question.filter, dates).unwrap();
        assert_eq!(region.events, happened(&here, dates), "{name}");
        let mut months: BTreeMap<Month, Events> = BTreeMap::new();
        for record in found(&here, dates) {
            add(&mut months.entry(record.content.detected_on.into()).or_default().found, record);
        }
        for record in neutralised(&here, dates) {
            let on = record.content.neutralised_on.unwrap();
            add(&mut months.entry(on.into()).or_default().neutralised, record);
        }
        assert_eq!(region.months, months.into_iter().collect::<Vec<_>>(), "{name}");
        for kind in Kind::ALL {
            let of: Vec<&Record> = here.iter().copied().filter(|r| r.content.kind == *kind).collect();
            let told = region.kinds.iter().find(|(told, _)| told == kind);
            assert_eq!(
                told.map(|(_, events)| *events).unwrap_or_default(),
                happened(&of, dates),
                "{name} {kind}"
            );
        }
    }
    assert_eq!(view.region_events("nowhere", &Filter::default(), Dates::default()), None);
}

#[test]
fn the_groups_of_events_add_up_and_their_month_is_that_of_the_event() {
    let records = Maker::new(43).records(3_000);
    let view = view_of(&records);
    let dates = Dates { from: Some(date(2021, 1, 1)), to: Some(date(2021, 12, 31)) };
    let all: Vec<&Record> = records.iter().filter(|r| r.content.status.counts()).collect();
    let by = Grouping { region: true, kind: true, month: true, operator: true, ..Grouping::default() };
    let summary = view.events(&Filter::default(), dates, by);
    assert_eq!(summary.total, happened(&all, dates));
    let mut sum = Events::default();
    for row in &summary.rows {
        sum.found += row.counts.found;
        sum.neutralised += row.counts.neutralised;
    }
    assert_eq!(sum, summary.total);
    let by_month = view.events(&Filter::default(), dates, Grouping { month: true, ..Grouping::default() });
    let months: Vec<_> = by_month.rows.iter().map(|row| row.month.unwrap().to_string()).collect();
    assert!(months.iter().all(|month| month.starts_with("2021-")), "{months:?}");
    for row in &by_month.rows {
        let month = row.month.unwrap();
        let of = |day: Option<Date>| day.is_some_and(|day| Month::from(day) == month);
        let found = count(all.iter().copied().filter(|r| of(Some(r.content.detected_on))));
        let done = count(neutralised(&all, dates).into_iter().filter(|r| of(r.content.neutralised_on)));
        assert_eq!(row.counts, Events { found, neutralised: done }, "{month}");
    }
}

#[test]
fn an_item_found_and_neutralised_in_the_period_is_in_both_counts() {
    let records = Maker::new(44).records(2_000);
    let dates = Dates { from: Some(date(2020, 1, 1)), to: None };
    let Events { found, neutralised } =
        view_of(&records).events(&Filter::default(), dates, Grouping::default()).total;
    let counted = records.iter().filter(|r| r.content.status.counts()).count() as u64;
    assert!(found.records == counted && neutralised.records > 0, "{found:?} {neutralised:?}");
}

fn add(counts: &mut Counts, record: &Record) {
    counts.records += 1;
    counts.quantity += u64::from(record.content.quantity);
}
