//! Filters of every kind, each with a naive equivalent.

use std::sync::Arc;

use atlas::{Dates, Filter, Set, View};
use demining::{Detection, Kind, Record, Status};
use geo::{MultiPolygon, polygon};
use geometry::{Area, Bounds};
use jiff::civil::{Date, date};

use crate::{truth::truth, wishes::Wishes, world::district};

/// A filter with its naive equivalent.
pub struct Question {
    pub name: &'static str,
    pub filter: Filter,
    pub takes: Box<dyn Fn(&Record) -> bool>,
}

impl Question {
    /// Returns the matching records, as of the filter's day.
    pub fn seen(&self, records: &[Record]) -> Vec<Record> {
        let as_of = |record: &Record| match self.filter.as_of {
            Some(day) => as_of(record, day),
            None => Some(record.clone()),
        };
        records.iter().filter_map(as_of).filter(|record| (self.takes)(record)).collect()
    }
}

impl Wishes {
    /// Returns a random filter with a condition. The rest of the filter is checked by another filter without
    /// the condition.
    pub fn question(&mut self, view: &View, depth: u32) -> Question {
        let (condition, filter) = self.filter(view, depth);
        let (statuses, kinds, bounds) = (filter.statuses, filter.kinds, filter.bounds.clone());
        let (from, of_west, operators) =
            (filter.dates.from, filter.regions.is_some(), filter.operators.clone());
        let takes = move |record: &Record| {
            let d = &record.content;
            let days = from
                .is_none_or(|from| d.detected_on >= from || d.neutralised_on.is_some_and(|on| on >= from));
            statuses.contains(d.status)
                && kinds.contains(d.kind)
                && days
                && (bounds.is_empty() || bounds.iter().any(|bounds| bounds.contains(d.location)))
                && (!of_west || district(d.location).is_some_and(|id| id.starts_with("D0")))
                && operators
                    .as_ref()
                    .is_none_or(|names| names.contains(&d.operator.clone().unwrap_or_default()))
                && truth(&condition, record) == Some(true)
        };
        Question { name: "a random condition", filter, takes: Box::new(takes) }
    }
}

/// Returns the record at the end of a day.
fn as_of(record: &Record, day: Date) -> Option<Record> {
    let mut record = record.clone();
    if record.content.neutralised_on.is_some_and(|on| on > day) {
        let mut details = record.content.into_details();
        (details.status, details.neutralised_on, details.disposal) = (Status::Detected, None, None);
        record.content = Detection::new(details, date(2030, 1, 1)).unwrap();
    }
    (record.content.detected_on <= day).then_some(record)
}

fn counts(record: &Record) -> bool {
    record.content.status != Status::Discounted
}

fn within(record: &Record, from: Date, to: Date) -> bool {
    let d = &record.content;
    (from..=to).contains(&d.detected_on) || d.neutralised_on.is_some_and(|on| (from..=to).contains(&on))
}

fn ask(name: &'static str, filter: Filter, takes: Box<dyn Fn(&Record) -> bool>) -> Question {
    Question { name, filter, takes }
}

/// Returns filters of every kind, alone and combined.
#[expect(clippy::too_many_lines, reason = "one table of filters")]
pub fn questions(view: &View) -> Vec<Question> {
    let districts = |id: &str| view.reference().districts(id).unwrap().clone();
    let all = Filter::default;
    let window = Bounds::new(46.25, 39.1, 47.0, 39.75).unwrap();
    let ring = polygon![(x: 46.1, y: 39.0), (x: 47.3, y: 39.3), (x: 46.7, y: 40.3)];
    let area = Arc::new(Area::new(MultiPolygon::new(vec![ring])).unwrap());
    let days = |from, to| Dates { from, to };
    vec![
        ask("default", all(), Box::new(counts)),
        ask("everything", Filter::everything(), Box::new(|_| true)),
        ask(
            "discounted",
            Filter { statuses: Set::of([Status::Discounted]), ..all() },
            Box::new(|r| !counts(r)),
        ),
        ask(
            "kinds",
            Filter { kinds: Set::of([Kind::ApMine, Kind::Uxo]), ..all() },
            Box::new(|r| counts(r) && matches!(r.content.kind, Kind::ApMine | Kind::Uxo)),
        ),
        ask(
            "economic region",
            Filter { regions: Some(districts("C-west")), ..all() },
            Box::new(|r| counts(r) && district(r.content.location).is_some_and(|d| d.starts_with("D0"))),
        ),
        ask(
            "a district and outside",
            Filter { regions: Some(districts("D12").union(&atlas::DistrictSet::outside())), ..all() },
            Box::new(|r| counts(r) && district(r.content.location).is_none_or(|d| d == "D12")),
        ),
        ask(
            "operators",
            Filter { operators: Some(vec!["ANAMA".into(), String::new(), "nobody".into()]), ..all() },
            Box::new(|r| counts(r) && r.content.operator.as_deref().is_none_or(|o| o == "ANAMA")),
        ),
        ask(
            "whole months",
            Filter { dates: days(Some(date(2021, 3, 1)), Some(date(2021, 8, 31))), ..all() },
            Box::new(|r| counts(r) && within(r, date(2021, 3, 1), date(2021, 8, 31))),
        ),
        ask(
            "days",
            Filter { dates: days(Some(date(2021, 3, 5)), Some(date(2021, 3, 19))), ..all() },
            Box::new(|r| counts(r) && within(r, date(2021, 3, 5), date(2021, 3, 19))),
        ),
        ask(
            "open interval",
            Filter { dates: days(None, Some(date(2020, 7, 12))), ..all() },
            Box::new(|r| counts(r) && within(r, date(1900, 1, 1), date(2020, 7, 12))),
        ),
        ask(
            "window",
            Filter { bounds: vec![window], ..all() },
            Box::new(move |r| counts(r) && window.contains(r.content.location)),
        ),
        ask(
            "windows on both sides of the antimeridian",
            Filter {
                bounds: vec![
                    Bounds::new(170.0, -90.0, 180.0, 90.0).unwrap(),
                    Bounds::new(-180.0, -90.0, -120.0, 90.0).unwrap(),
                ],
                ..all()
            },
            Box::new(|r| {
                let lon = r.content.location.lon();
                counts(r) && (lon >= 170.0 || lon <= -120.0)
            }),
        ),
        ask("area", Filter { area: Some(Arc::clone(&area)), ..all() }, {
            let area = Arc::clone(&area);
            Box::new(move |r| counts(r) && area.contains(r.content.location))
        }),
        ask(
            "all at once",
            Filter {
                statuses: Set::of([Status::Neutralised]),
                kinds: Set::of(Kind::ALL[..8].iter().copied()),
                regions: Some(districts("C-east")),
                operators: Some(vec!["demonstration".into(), "Əməliyyat".into()]),
                dates: days(Some(date(2020, 5, 6)), None),
                bounds: vec![window],
                area: Some(Arc::clone(&area)),
                ..all()
            },
            Box::new(move |r| {
                let d = &r.content;
                d.status == Status::Neutralised
                    && d.kind.index() < 8
                    && district(d.location).is_some_and(|id| !id.starts_with("D0"))
                    && d.operator.as_deref().is_some_and(|o| o != "ANAMA")
                    && within(r, date(2020, 5, 6), date(2030, 1, 1))
                    && window.contains(d.location)
                    && area.contains(d.location)
            }),
        ),
        ask("nothing", Filter { kinds: Set::of([]), ..all() }, Box::new(|_| false)),
    ]
    .into_iter()
    .chain(questions_as_of(view))
    .chain(questions_with_conditions())
    .collect()
}

/// Returns filters with conditions on values in the rows of the index.
fn questions_with_conditions() -> impl Iterator<Item = Question> {
    (0..8).map(|seed| {
        let condition = Wishes::new(seed, true).condition(2);
        let filter = Filter { condition: Some(Arc::new(condition.clone())), ..Filter::everything() };
        ask("a condition", filter, Box::new(move |record| truth(&condition, record) == Some(true)))
    })
}

/// Returns filters of the records as of a day.
fn questions_as_of(view: &View) -> Vec<Question> {
    let d11 = view.reference().districts("D11").unwrap().clone();
    let all = Filter::default;
    vec![
        ask("as of the end of a month", Filter { as_of: Some(date(2021, 6, 30)), ..all() }, Box::new(counts)),
        ask("as of a day", Filter { as_of: Some(date(2021, 6, 17)), ..all() }, Box::new(counts)),
        ask(
            "as of a day before all",
            Filter { as_of: Some(date(1899, 6, 17)), ..all() },
            Box::new(|_| false),
        ),
        ask("as of a day to come", Filter { as_of: Some(date(2400, 1, 1)), ..all() }, Box::new(counts)),
        ask(
            "still detected on a day, in a district, found in some days",
            Filter {
                statuses: Set::of([Status::Detected]),
                as_of: Some(date(2021, 4, 3)),
                regions: Some(d11),
                dates: Dates { from: Some(date(2021, 1, 9)), to: Some(date(2021, 6, 30)) },
                ..all()
            },
            Box::new(|r| {
                r.content.status == Status::Detected
                    && district(r.content.location).is_some_and(|d| d == "D11")
                    && within(r, date(2021, 1, 9), date(2021, 6, 30))
            }),
        ),
    ]
}
