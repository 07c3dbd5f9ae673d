//! Tests conditions against a naive check of every record, with the three-valued logic of the standard.

use std::{borrow::Cow, sync::Arc};

use atlas::{
    Comparison, Condition, Detections, Feature, Field, Filter, Folding, Moment, Number, NumberField, Scope,
    Spatial, TextField, TextTest, Time, TimeField, View,
};
use demining::{Record, Review, Status};
use geo::{Geometry, polygon};
use geometry::{Bounds, Shape};
use jiff::civil::date;

use crate::{
    questions::Question,
    reading::assert_reads,
    tiles::assert_every_zoom_shows,
    truth::{number, text, time, truth},
    wishes::Wishes,
    world::{Maker, atlas_of, lonlat, view_of},
};

#[test]
fn random_conditions_agree_with_a_look_at_each_record() {
    let records = Maker::new(61).records(2_500);
    let view = view_of(&records);
    let mut n_matching = 0;
    for seed in 0..400 {
        let question = Wishes::new(seed, seed % 3 == 0).question(&view, 1 + (seed % 3) as u32);
        assert_reads(&view, &records, &question);
        n_matching += u32::from((1..2_000).contains(&question.seen(&records).len()));
    }
    assert!(n_matching > 120, "{n_matching} of the conditions divide the records");
}

/// A single record, with its position.
struct Alone<'a>(&'a Record, Geometry<f64>);

impl Feature<Detections> for Alone<'_> {
    fn text(&self, field: TextField) -> Option<Cow<'_, str>> {
        text(field, self.0).map(Cow::Owned)
    }

    fn number(&self, field: NumberField) -> Option<f64> {
        number(field, self.0)
    }

    fn time(&self, field: TimeField) -> Option<Time> {
        time(field, self.0)
    }

    fn geometry(&self) -> Option<&Geometry<f64>> {
        Some(&self.1)
    }
}

#[test]
fn a_condition_asked_of_one_feature_has_the_value_that_its_definition_gives() {
    let records = Maker::new(66).records(200);
    let mut n = [0; 3];
    for seed in 0..300 {
        let condition = Wishes::new(3_000 + seed, false).condition(2);
        for record in &records {
            let at = record.content.location;
            let alone = Alone(record, geo::Point::new(at.lon(), at.lat()).into());
            let holds = condition.holds(&alone);
            assert_eq!(holds, truth(&condition, record), "{condition:?} of {record:?}");
            n[holds.map_or(2, usize::from)] += 1;
        }
    }
    assert!(n.iter().all(|n| *n > 1_000), "{n:?}");
}

#[test]
fn tiles_and_regions_under_a_random_condition_hold_what_a_look_at_each_record_finds() {
    let records = Maker::new(62).records(2_000);
    let view = view_of(&records);
    for seed in 0..40 {
        let question = Wishes::new(1_000 + seed, seed % 2 == 0).question(&view, 2);
        let seen = question.seen(&records);
        let expected: Vec<&Record> = seen.iter().collect();
        assert_every_zoom_shows(&view, &question.filter, &expected, [0, 5, 8, 11, 13, 18].into_iter());
        let regions = view.regions(&question.filter);
        assert_eq!(regions.total.total.records, seen.len() as u64, "{:?}", question.filter);
        let first = seen.iter().map(|record| record.content.detected_on).min();
        assert_eq!(regions.total.first, first, "{:?}", question.filter);
    }
}

#[test]
fn a_condition_sees_the_records_as_they_stood() {
    let records = Maker::new(63).records(1_500);
    let view = view_of(&records);
    for seed in 0..120 {
        let mut wishes = Wishes::new(2_000 + seed, false);
        let condition = wishes.condition(2);
        let filter = Filter {
            as_of: Some(wishes.day()),
            condition: Some(Arc::new(condition.clone())),
            ..Filter::everything()
        };
        let takes = Box::new(move |record: &Record| truth(&condition, record) == Some(true));
        assert_reads(&view, &records, &Question { name: "as of a day", filter, takes });
    }
}

#[test]
fn an_open_map_is_told_of_a_record_that_passed_its_condition_before_or_does_now() {
    let mut before = Maker::new(65).record(1, 1);
    let mut details = before.content.into_details();
    (details.location, details.team) = (lonlat(46.301, 39.702), Some("A".into()));
    before.content = demining::Detection::new(details.clone(), date(2030, 1, 1)).unwrap();
    let atlas = atlas_of(&[before.clone()], 1);
    (details.location, details.team) = (lonlat(46.801, 39.202), Some("B".into()));
    let after = Record {
        content: demining::Detection::new(details, date(2030, 1, 1)).unwrap(),
        revision: demining::Revision(2),
        ..before.clone()
    };
    let folded = atlas.fold(&[demining::Change {
        revision: demining::Revision(2),
        shown: demining::Revision(2),
        at: after.updated_at,
        by: "a token".into(),
        reason: None,
        id: after.content.id,
        number: 1,
        after: Some(Arc::new(after)),
    }]);
    let is_told = |condition: Condition| {
        let filter = Filter { condition: Some(condition.into()), ..Filter::everything() };
        folded.seen(&atlas.view(Scope::Full), &filter).is_some()
    };
    let of_team = |team: &str| Condition::Text {
        field: TextField::named("team").unwrap(),
        folding: Folding::default(),
        test: TextTest::Compare(Comparison::Equal, team.into()),
    };
    let triangle = |lon: f64, lat: f64| {
        let ring = polygon![(x: lon, y: lat), (x: lon + 0.01, y: lat), (x: lon, y: lat + 0.01)];
        Condition::Place(Spatial::Within, Arc::new(Shape::new(vec![ring.into()]).unwrap()))
    };
    assert!(is_told(of_team("A")) && is_told(of_team("B")));
    assert!(is_told(triangle(46.3, 39.7)) && is_told(triangle(46.8, 39.2)));
    assert!(
        !is_told(triangle(46.5, 39.5)) && !is_told(Condition::All(vec![of_team("A"), triangle(46.5, 39.5)]))
    );
}

/// Counts the records of the public view that pass.
fn n_public(view: &View, condition: Condition) -> u64 {
    view.count(&Filter { condition: Some(Arc::new(condition)), ..Filter::everything() }).records
}

#[test]
fn the_public_finds_nothing_finer_than_the_cell_by_asking_for_ever_smaller_places() {
    let mut record = Maker::new(64).record(1, 1);
    let mut details = record.content.into_details();
    (details.status, details.neutralised_on, details.disposal) = (Status::Detected, None, None);
    (details.location, details.model, details.depth_cm) =
        (lonlat(46.301, 39.702), Some("PMN-2".into()), Some(7.0));
    (details.detected_on, details.note) = (date(2023, 3, 14), Some("under the bridge".into()));
    record.content = demining::Detection::new(details, date(2030, 1, 1)).unwrap();
    record.review = Review::Approved;
    let hidden = record.content.location;
    let view = atlas_of(&[record], 1).view(Scope::Public);
    let shapes: [fn(Bounds) -> Shape; 2] = [
        |bounds| Shape::of_boxes(vec![bounds]).unwrap(),
        |bounds| {
            let [w, s, e, n] = bounds.to_array();
            Shape::new(vec![polygon![(x: w, y: s), (x: e, y: s), (x: e, y: n), (x: w, y: n)].into()]).unwrap()
        },
    ];
    for shape in shapes {
        for spatial in [Spatial::Intersects, Spatial::Within] {
            let mut bounds = Bounds::new(46.0, 39.0, 47.0, 40.0).unwrap();
            for _ in 0..24 {
                let [w, s, e, n] = bounds.to_array();
                let (x, y) = (f64::midpoint(w, e), f64::midpoint(s, n));
                let quarters = [[w, s, x, y], [x, s, e, y], [w, y, x, n], [x, y, e, n]];
                let quarters = quarters.map(|[w, s, e, n]| Bounds::new(w, s, e, n).unwrap());
                let holds =
                    |b: &&Bounds| n_public(&view, Condition::Place(spatial, Arc::new(shape(**b)))) == 1;
                let Some(next) = quarters.iter().find(holds) else { break };
                // The complement reveals no more.
                assert_eq!(n_public(&view, Condition::Place(spatial, Arc::new(shape(*next))).not()), 0);
                bounds = *next;
            }
            // The search ends at the middle of the cell.
            let middle = lonlat(
                f64::midpoint(bounds.west(), bounds.east()),
                f64::midpoint(bounds.south(), bounds.north()),
            );
            let metres = geometry::distance_m(hidden, middle);
            assert!(metres > 50.0 && metres < 700.0, "{metres} m");
        }
    }
    let asked =
        |is, day| Condition::Time(Moment::Field(TimeField::DetectedOn), is, Moment::At(Time::Day(day)));
    assert_eq!(n_public(&view, asked(Comparison::Equal, date(2023, 3, 1))), 1);
    assert_eq!(n_public(&view, asked(Comparison::Equal, date(2023, 3, 14))), 0);
    // A condition on a missing value is neither true nor false.
    let model = Condition::Text {
        field: TextField::named("model").unwrap(),
        folding: Folding::default(),
        test: TextTest::Compare(Comparison::Equal, "PMN-2".into()),
    };
    let depth = Condition::Number(
        Number::Field(NumberField::named("depth_cm").unwrap()),
        Comparison::Greater,
        Number::Value(1.0),
    );
    let updated = Condition::Time(
        Moment::Field(TimeField::UpdatedAt),
        Comparison::Greater,
        Moment::At(Time::Day(date(2000, 1, 1))),
    );
    let missing = Condition::Missing(Field::Number(NumberField::named("depth_cm").unwrap()));
    for condition in [model, depth, updated, missing] {
        assert_eq!(n_public(&view, condition.clone()), 0, "{condition:?}");
        assert_eq!(n_public(&view, condition.not()), 0);
    }
    // The day found and the place of a public row are its public ones, and its other values are available.
    let quantity =
        Condition::Number(Number::Field(NumberField::Quantity), Comparison::AtLeast, Number::Value(1.0));
    assert_eq!(n_public(&view, quantity), 1);
}
