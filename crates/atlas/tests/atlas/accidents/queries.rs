//! Queries give what a naive check of each record gives.

use std::collections::BTreeMap;

use atlas::{
    AccidentCounts, Comparison, Condition, Dates, Field, Fields, Folding, GroupBy, GroupKey, Moment, Number,
    Pattern, Property, Scope, Spatial, TextTest, Time, VictimGrouping,
};
use demining::{Accident, AccidentDetails, Precision, Record, Review, VictimOutcome};
use geo::{Geometry, MultiPolygon, polygon};
use geometry::{Area, Bounds, Mercator, Shape, TileId, distance_m};
use jiff::civil::date;

use super::made::{Filter, accidents, atlas_of, full};
use crate::{
    decoded::decode,
    world::{Maker, district, lonlat},
};

type Of = Fields<AccidentDetails>;
type Check = fn(&Record<Accident>) -> bool;

fn property(name: &str) -> Property<AccidentDetails> {
    Property::named(name).unwrap_or_else(|| panic!("{name} is a property"))
}

fn text(name: &str, test: TextTest) -> Condition<Of> {
    Condition::Text { field: property(name), folding: Folding::default(), test }
}

fn is(name: &str, value: &str) -> Condition<Of> {
    text(name, TextTest::Compare(Comparison::Equal, value.into()))
}

fn where_(condition: Condition<Of>) -> Filter {
    Filter { condition: Some(condition.into()), ..Filter::default() }
}

fn triangle() -> MultiPolygon<f64> {
    polygon![(x: 46.1, y: 39.1), (x: 47.2, y: 39.3), (x: 46.6, y: 40.4)].into()
}

fn is_in_triangle(record: &Record<Accident>) -> bool {
    Area::new(triangle()).unwrap().contains(record.content.location)
}

/// Filters with the naive check of each.
fn questions(reference: &atlas::ReferenceData) -> Vec<(&'static str, Filter, Check)> {
    let shape = || Shape::new(vec![Geometry::MultiPolygon(triangle())]).unwrap().into();
    let day = |d| Moment::At(Time::Day(d));
    let occurred = Moment::Field(property("occurred_on"));
    let number = |name| Number::Field(property(name));
    let box_ = Bounds::new(46.2, 39.2, 46.9, 40.1).unwrap();
    vec![
        ("everything", Filter::default(), |_| true),
        ("box", Filter { bounds: vec![box_], ..Filter::default() }, |r| {
            Bounds::new(46.2, 39.2, 46.9, 40.1).unwrap().contains(r.content.location)
        }),
        (
            "area",
            Filter { area: Some(Area::new(triangle()).unwrap().into()), ..Filter::default() },
            is_in_triangle,
        ),
        ("region", Filter { regions: reference.districts("C-west").cloned(), ..Filter::default() }, |r| {
            district(r.content.location).is_some_and(|id| id.starts_with("D0"))
        }),
        (
            "dates",
            Filter {
                dates: Dates { from: Some(date(2021, 3, 5)), to: Some(date(2021, 9, 1)) },
                ..Filter::default()
            },
            |r| (date(2021, 3, 5)..=date(2021, 9, 1)).contains(&r.content.occurred_on),
        ),
        ("as of", Filter { as_of: Some(date(2021, 6, 1)), ..Filter::default() }, |r| {
            r.content.occurred_on <= date(2021, 6, 1)
        }),
        (
            "equal",
            Filter {
                equal: vec![
                    (property("operator"), vec!["ANAMA".into(), String::new()]),
                    (property("review"), vec!["approved".into()]),
                ],
                ..Filter::default()
            },
            |r| r.content.operator.as_deref().is_none_or(|o| o == "ANAMA") && r.review == Review::Approved,
        ),
        ("word", where_(is("class", "mine")), |r| r.content.class.word() == "mine"),
        ("id", where_(is("id", "00000000-0000-0000-0000-00009e370002")), |r| r.number == 1),
        ("district", where_(is("region", "D11")), |r| district(r.content.location).as_deref() == Some("D11")),
        ("pattern", where_(text("team", TextTest::Like(Pattern::new("D%3")))), |r| {
            r.content.team.as_deref() == Some("Dəstə 3")
        }),
        (
            "not a missing number",
            where_(Condition::Number(number("killed"), Comparison::Greater, Number::Value(0.0)).not()),
            |r| r.content.killed == Some(0),
        ),
        (
            "two numbers",
            where_(Condition::Number(number("killed"), Comparison::Less, number("injured"))),
            |r| matches!((r.content.killed, r.content.injured), (Some(k), Some(i)) if k < i),
        ),
        (
            "measure",
            where_(Condition::Number(number("accuracy_m"), Comparison::AtMost, Number::Value(20.0))),
            |r| r.content.accuracy_m.is_some_and(|metres| metres <= 20.0),
        ),
        ("day", where_(Condition::Time(occurred, Comparison::AtLeast, day(date(2021, 12, 1)))), |r| {
            r.content.occurred_on >= date(2021, 12, 1)
        }),
        (
            "instant",
            where_(Condition::Time(
                Moment::Field(property("updated_at")),
                Comparison::Less,
                day(date(2020, 1, 1)),
            )),
            |_| false,
        ),
        ("missing", where_(Condition::Missing(Field::Text(property("device")))), |r| {
            r.content.device.is_none()
        }),
        ("within", where_(Condition::Place(Spatial::Within, shape())), is_in_triangle),
        ("disjoint", where_(Condition::Place(Spatial::Disjoint, shape())), |r| !is_in_triangle(r)),
        ("no geometry", where_(Condition::Missing(Field::Geometry)), |_| false),
        ("any of", where_(Condition::Any(vec![is("class", "ied"), is("note", "Qeyd ✓")])), |r| {
            r.content.class.word() == "ied" || r.content.note.is_some()
        }),
    ]
}

fn counted(records: &[&Record<Accident>]) -> AccidentCounts {
    records.iter().fold(AccidentCounts::default(), |sum, record| AccidentCounts {
        accidents: sum.accidents + 1,
        killed: sum.killed + u64::from(record.content.killed.unwrap_or(0)),
        injured: sum.injured + u64::from(record.content.injured.unwrap_or(0)),
    })
}

#[test]
fn every_query_gives_what_a_look_at_each_record_gives() {
    let records = accidents(&mut Maker::new(61), 1_500);
    let view = full(&records);
    let all = view.accidents();
    for (name, filter, check) in questions(view.reference()) {
        let expected: Vec<&Record<Accident>> =
            records.iter().filter(|record| record.review != Review::Rejected && check(record)).collect();
        assert!(!expected.is_empty() || ["instant", "no geometry"].contains(&name), "{name} tests nothing");
        assert_eq!(all.count(&filter), expected.len() as u64, "{name}");
        assert_eq!(all.summary(&filter, &[]), (vec![], counted(&expected)), "{name}");
        let (mut found, mut after) = (Vec::new(), None);
        loop {
            let page = all.page(&filter, after, 97);
            assert!(page.records.len() <= 97 && (page.next.is_none() || page.records.len() == 97), "{name}");
            found.extend(page.records);
            after = page.next;
            if after.is_none() {
                break;
            }
        }
        assert!(found.iter().map(|located| &*located.record).eq(expected.iter().copied()), "{name}");
        for located in &found {
            assert_eq!(located.region.as_deref(), district(located.record.content.location).as_deref());
        }
        assert_eq!(drawn(&view, &filter), drawn_naively(&expected), "{name}");
        let here = lonlat(46.5, 39.5);
        let near = all.nearest(&filter, here, 5);
        let mut metres: Vec<f64> =
            expected.iter().map(|record| distance_m(here, record.content.location)).collect();
        metres.sort_by(f64::total_cmp);
        metres.truncate(5);
        assert_eq!(near.iter().map(|(_, metres)| *metres).collect::<Vec<_>>(), metres, "{name}");
    }
}

/// The tiles that are looked at: of every zoom, where accidents cluster.
fn tiles() -> impl Iterator<Item = TileId> {
    [0, 5, 9, 14, 22].into_iter().flat_map(|z| {
        let tiles = [(46.75, 39.25), (46.1005, 39.1005)].map(|(lon, lat)| TileId::at(lonlat(lon, lat), z));
        tiles.into_iter().take(if z < 9 { 1 } else { 2 })
    })
}

type Drawn = BTreeMap<(TileId, String), (String, String, Option<u64>, Option<String>, String)>;

fn drawn(view: &atlas::View, filter: &Filter) -> Drawn {
    let mut drawn = Drawn::new();
    for tile in tiles() {
        let layers = decode(&view.accidents().tile(tile, filter));
        for point in layers.get("accidents").into_iter().flatten() {
            let text = |key| point.text(key).map(str::to_owned);
            let killed = point.properties.contains_key("killed").then(|| point.count("killed"));
            let values = (
                text("class").unwrap(),
                text("occurred_on").unwrap(),
                killed,
                text("device"),
                text("review").unwrap(),
            );
            point.point();
            assert!(drawn.insert((tile, text("id").unwrap()), values).is_none(), "each record is drawn once");
        }
    }
    drawn
}

fn drawn_naively(records: &[&Record<Accident>]) -> Drawn {
    let mut drawn = Drawn::new();
    for tile in tiles() {
        for record in records {
            let of = &record.content;
            if TileId::at(Mercator::from(of.location), tile.z()) == tile {
                let values = (
                    of.class.to_string(),
                    of.occurred_on.to_string(),
                    of.killed.map(u64::from),
                    of.device.map(|device| device.to_string()),
                    record.review.to_string(),
                );
                drawn.insert((tile, of.id.to_string()), values);
            }
        }
    }
    drawn
}

#[test]
fn a_record_is_found_by_id_and_number_whatever_its_review() {
    let records = accidents(&mut Maker::new(62), 300);
    let view = full(&records);
    for record in &records {
        for located in [view.accidents().get(record.content.id), view.accidents().at_number(record.number)] {
            assert_eq!(&*located.unwrap().record, record);
        }
    }
    assert!(view.accidents().get(uuid::Uuid::from_u128(5)).is_none());
    assert!(view.accidents().at_number(301).is_none());
    let shown = records.iter().filter(|record| record.review != Review::Rejected);
    let bounds = shown.map(|record| Bounds::of(record.content.location)).reduce(|a, b| a.union(&b));
    assert_eq!(view.accidents().extent(), bounds);
}

#[test]
fn victims_and_the_time_of_the_day_are_no_properties_of_conditions() {
    let named = |name| Of::named(name).is_some();
    assert!(named("killed") && named("injured") && named("occurred_on") && named("geometry"));
    for name in ["victims", "time", "location", "location_as_given", "extra", "reason", "base_revision"] {
        assert!(!named(name), "{name}");
    }
}

#[test]
fn groups_are_in_order_and_sum_up_to_the_total() {
    let records = accidents(&mut Maker::new(63), 800);
    let view = full(&records);
    let by = [
        GroupBy::Property(property("region")),
        GroupBy::Month,
        GroupBy::Property(property("class")),
        GroupBy::Property(property("device")),
    ];
    for by in (1..=by.len()).map(|n| &by[..n]) {
        let (groups, total) = view.accidents().summary(&Filter::default(), by);
        assert!(groups.is_sorted_by(|(a, _), (b, _)| a < b), "no group comes twice");
        let mut expected: BTreeMap<Vec<Option<String>>, Vec<&Record<Accident>>> = BTreeMap::new();
        for record in records.iter().filter(|record| record.review != Review::Rejected) {
            let of = &record.content;
            let month = of.occurred_on.to_string()[..7].to_owned();
            let all = [
                district(of.location),
                Some(month),
                Some(of.class.to_string()),
                of.device.map(|device| device.to_string()),
            ];
            expected.entry(all[..by.len()].to_vec()).or_default().push(record);
        }
        let told: BTreeMap<Vec<Option<String>>, AccidentCounts> =
            groups.iter().map(|(key, counts)| (key.iter().map(GroupKey::text).collect(), *counts)).collect();
        assert_eq!(told, expected.iter().map(|(key, of)| (key.clone(), counted(of))).collect());
        assert_eq!(groups.iter().map(|(_, counts)| *counts).sum::<AccidentCounts>(), total);
    }
}

#[test]
fn victims_are_grouped_and_those_who_are_not_listed_are_counted() {
    let records = accidents(&mut Maker::new(64), 500);
    let view = full(&records);
    let by = VictimGrouping { outcome: true, sex: true, age_group: true, status: true };
    let counts = view.accidents().victims(&Filter::default(), by);
    assert_eq!(counts.groups.iter().map(|(_, n)| n).sum::<u64>(), counts.listed);
    let of = |outcome| {
        let groups = counts.groups.iter().filter(|(group, _)| group.outcome == Some(outcome));
        groups.map(|(_, n)| n).sum::<u64>()
    };
    let (_, total) = view.accidents().summary(&Filter::default(), &[]);
    assert_eq!(of(VictimOutcome::Killed) + counts.killed_unlisted, total.killed);
    assert_eq!(of(VictimOutcome::Injured) + counts.injured_unlisted, total.injured);
    let coarse = view.accidents().victims(&Filter::default(), VictimGrouping::default());
    assert_eq!(coarse.groups.iter().map(|(_, n)| *n).collect::<Vec<_>>(), [counts.listed]);
}

#[test]
fn the_public_sees_approved_accidents_only_if_the_policy_opens_exact_places() {
    let records = accidents(&mut Maker::new(65), 600);
    for precision in [Precision::default(), Precision::Exact] {
        let view = atlas_of(&records, precision).view(Scope::Public);
        let shown =
            |record: &&Record<Accident>| precision == Precision::Exact && record.review == Review::Approved;
        let expected: Vec<Accident> =
            records.iter().filter(shown).map(|record| record.content.clone().into_public()).collect();
        let page = view.accidents().page(&Filter::default(), None, 1_000);
        let found: Vec<Accident> =
            page.records.iter().map(|located| located.record.content.clone()).collect();
        assert_eq!(found, expected);
        for record in &records {
            assert_eq!(view.accidents().get(record.content.id).is_some(), shown(&record));
        }
        // No condition, group or tile reveals an internal property.
        for name in ["team", "review", "note"] {
            let all = where_(Condition::Missing(Field::Text(property(name))));
            assert_eq!(view.accidents().count(&all), expected.len() as u64, "{name}");
            let (groups, _) =
                view.accidents().summary(&Filter::default(), &[GroupBy::Property(property(name))]);
            assert!(groups.iter().all(|(key, _)| key[..] == [GroupKey::Missing]), "{name}");
        }
        let equal = vec![(property("review"), vec!["approved".to_owned()])];
        assert_eq!(view.accidents().count(&Filter { equal, ..Filter::default() }), 0);
        let layers = decode(&view.accidents().tile(TileId::new(0, 0, 0).unwrap(), &Filter::default()));
        let points = layers.get("accidents").map_or(0, Vec::len);
        assert_eq!(points, expected.len());
        assert!(layers.values().flatten().all(|point| !point.properties.contains_key("review")));
    }
}
