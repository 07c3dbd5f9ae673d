//! Conditions against a plain look at every record, with the three values of the standard.

use std::{borrow::Cow, cmp::Ordering, sync::Arc};

use atlas::{
    Comparison, Condition, Detections, Feature, Field, Filter, Folding, Moment, Number, NumberField, Pattern,
    Scope, Set, Spatial, TextField, TextTest, Time, TimeField, TimeRelation, View,
};
use demining::{Disposal, Fix, Kind, Record, Review, SourceReliability, Status};
use geo::{Geometry, polygon};
use geometry::{Bounds, Position, Shape};
use jiff::{
    Timestamp, ToSpan,
    civil::{Date, date},
    tz::TimeZone,
};
use rand::{Rng, SeedableRng, seq::IndexedRandom};
use rand_chacha::ChaCha8Rng;

use crate::{
    reading::assert_reads,
    tiles::assert_every_zoom_shows,
    world::{Maker, Question, atlas_of, district, lonlat, view_of},
};

/// What the condition is of a record: so, not so, or not known.
pub fn truth(condition: &Condition, record: &Record) -> Option<bool> {
    match condition {
        Condition::All(parts) => joined(parts, record, false),
        Condition::Any(parts) => joined(parts, record, true),
        Condition::Not(part) => truth(part, record).map(|so| !so),
        Condition::Text { field, folding, test } => text(*field, record).map(|text| {
            let text = folding.of(&text).into_owned();
            match test {
                TextTest::Compare(is, value) => compares(*is, text.as_str().cmp(value)),
                TextTest::Like(pattern) => pattern.fits(&text),
            }
        }),
        Condition::Number(left, is, right) => {
            let value = |number: &Number| match number {
                Number::Field(field) => self::number(*field, record),
                Number::Value(value) => Some(*value),
            };
            Some(compares(*is, value(left)?.partial_cmp(&value(right)?)?))
        }
        Condition::Time(left, is, right) => {
            let value = |moment: &Moment| match moment {
                Moment::Field(field) => time(*field, record),
                Moment::At(at) => Some(*at),
            };
            Some(compares(*is, order(value(left)?, value(right)?)))
        }
        Condition::Missing(field) => Some(match field {
            Field::Text(field) => text(*field, record).is_none(),
            Field::Number(field) => number(*field, record).is_none(),
            Field::Time(field) => time(*field, record).is_none(),
            Field::Geometry => false,
        }),
        Condition::Place(spatial, shape) => {
            let position = shape.position(record.detection.location);
            Some(match spatial {
                Spatial::Intersects => position != Position::Outside,
                Spatial::Disjoint => position == Position::Outside,
                Spatial::Within => position == Position::Inside,
                Spatial::Touches => position == Position::Edge,
                Spatial::Equals | Spatial::Contains => shape.is_point() && position == Position::Inside,
                Spatial::Crosses | Spatial::Overlaps => false,
            })
        }
    }
}

/// Decided by one part that is `decisive`, otherwise open when one is not known.
fn joined(parts: &[Condition], record: &Record, decisive: bool) -> Option<bool> {
    let parts: Vec<Option<bool>> = parts.iter().map(|part| truth(part, record)).collect();
    if parts.contains(&Some(decisive)) {
        Some(decisive)
    } else if parts.contains(&None) {
        None
    } else {
        Some(!decisive)
    }
}

fn compares(is: Comparison, order: Ordering) -> bool {
    match is {
        Comparison::Equal => order == Ordering::Equal,
        Comparison::NotEqual => order != Ordering::Equal,
        Comparison::Less => order == Ordering::Less,
        Comparison::AtMost => order != Ordering::Greater,
        Comparison::Greater => order == Ordering::Greater,
        Comparison::AtLeast => order != Ordering::Less,
    }
}

fn order(a: Time, b: Time) -> Ordering {
    let day = |time| match time {
        Time::Lowest => Date::MIN,
        Time::Day(day) => day,
        Time::Instant(at) => at.to_zoned(TimeZone::UTC).date(),
        Time::Highest => Date::MAX,
    };
    match (a, b) {
        (Time::Instant(a), Time::Instant(b)) => a.cmp(&b),
        (a, b) => day(a).cmp(&day(b)),
    }
}

fn text(field: TextField, record: &Record) -> Option<String> {
    let d = &record.detection;
    match field {
        TextField::Id => Some(d.id.to_string()),
        TextField::Kind => Some(d.kind.to_string()),
        TextField::Status => Some(d.status.to_string()),
        TextField::Region => district(d.location),
        TextField::Operator => d.operator.clone(),
        TextField::Team => d.team.clone(),
        TextField::Model => d.model.clone(),
        TextField::HazardArea => d.hazard_area.clone(),
        TextField::Fix => d.fix.map(|fix| fix.to_string()),
        TextField::Disposal => d.disposal.map(|disposal| disposal.to_string()),
        TextField::SourceReliability => d.source_reliability.map(|source| source.to_string()),
        TextField::Note => d.note.clone(),
        TextField::Review => Some(record.review.to_string()),
    }
}

fn number(field: NumberField, record: &Record) -> Option<f64> {
    let d = &record.detection;
    match field {
        NumberField::Quantity => Some(f64::from(d.quantity)),
        NumberField::DepthCm => d.depth_cm,
        NumberField::AccuracyM => d.accuracy_m,
        NumberField::MadeInYear => d.made_in_year.map(f64::from),
        NumberField::Revision => Some(record.revision.0 as f64),
    }
}

fn time(field: TimeField, record: &Record) -> Option<Time> {
    match field {
        TimeField::DetectedOn => Some(Time::Day(record.detection.detected_on)),
        TimeField::NeutralisedOn => record.detection.neutralised_on.map(Time::Day),
        TimeField::UpdatedAt => Some(Time::Instant(record.updated_at)),
    }
}

const COMPARISONS: [Comparison; 6] = [
    Comparison::Equal,
    Comparison::NotEqual,
    Comparison::Less,
    Comparison::AtMost,
    Comparison::Greater,
    Comparison::AtLeast,
];

/// Random conditions of every sort.
pub struct Wishes {
    pub rng: ChaCha8Rng,
    /// Whether they are about what rows of the index hold, and about nothing else.
    pub of_rows: bool,
}

impl Wishes {
    pub fn new(seed: u64, of_rows: bool) -> Self {
        Self { rng: ChaCha8Rng::seed_from_u64(seed), of_rows }
    }

    fn one<T: Clone>(&mut self, of: &[T]) -> T {
        of.choose(&mut self.rng).unwrap().clone()
    }

    pub fn condition(&mut self, depth: u32) -> Condition {
        let parts = |wishes: &mut Self| {
            let n = wishes.rng.random_range(0..4);
            (0..n).map(|_| wishes.condition(depth - 1)).collect()
        };
        match if depth == 0 { 9 } else { self.rng.random_range(0..10) } {
            0..3 => Condition::All(parts(self)),
            3..6 => Condition::Any(parts(self)),
            6 => self.condition(depth - 1).not(),
            _ => self.comparison(),
        }
    }

    fn comparison(&mut self) -> Condition {
        let is = self.one(&COMPARISONS);
        match self.rng.random_range(0..9) {
            0..3 => self.text(is),
            3 => self.number(is),
            4 => self.time(is),
            5 => {
                let relation = self.one(&[
                    TimeRelation::After,
                    TimeRelation::Before,
                    TimeRelation::Contains,
                    TimeRelation::Disjoint,
                    TimeRelation::During,
                    TimeRelation::Equals,
                    TimeRelation::FinishedBy,
                    TimeRelation::Finishes,
                    TimeRelation::Intersects,
                    TimeRelation::Meets,
                    TimeRelation::MetBy,
                    TimeRelation::OverlappedBy,
                    TimeRelation::Overlaps,
                    TimeRelation::StartedBy,
                    TimeRelation::Starts,
                ]);
                let from = self.day();
                let later = Moment::At(self.one(&[Time::Highest, Time::Day(from + 90.days())]));
                let from = Moment::At(self.one(&[Time::Lowest, Time::Day(from), Time::Day(from)]));
                let (found, dealt) =
                    (Moment::Field(TimeField::DetectedOn), Moment::Field(TimeField::NeutralisedOn));
                let mine = self.one(&[[found, found], [dealt, dealt], [found, dealt]]);
                if self.rng.random() {
                    relation.of(mine, [from, later])
                } else {
                    relation.of([from, later], mine)
                }
            }
            6 => Condition::Missing(self.field()),
            _ => self.place(),
        }
    }

    fn field(&mut self) -> Field {
        let rows =
            ["kind", "status", "region", "operator", "detected_on", "neutralised_on", "review", "geometry"];
        let all: Vec<Field> = Field::ALL
            .iter()
            .filter(|(name, _)| !self.of_rows || rows.contains(name))
            .map(|(_, field)| *field)
            .collect();
        self.one(&all)
    }

    fn text(&mut self, is: Comparison) -> Condition {
        let field = loop {
            if let Field::Text(field) = self.field() {
                break field;
            }
        };
        let words = |words: Vec<&'static str>| words.into_iter().map(str::to_owned).collect::<Vec<_>>();
        let values = match field {
            TextField::Id => vec![uuid::Uuid::from_u128(5 << 64).to_string(), "00000000-0000-0100".into()],
            TextField::Kind => words(Kind::ALL.iter().map(|w| w.word()).collect()),
            TextField::Status => words(Status::ALL.iter().map(|w| w.word()).collect()),
            TextField::Region => words(vec!["D00", "D11", "D12", "D22"]),
            TextField::Operator => words(vec!["ANAMA", "demonstration", "Əməliyyat", "nobody"]),
            TextField::Team => (0..9).map(|n| format!("Dəstə {n}")).collect(),
            TextField::Model => words(vec!["PMN-0", "PMN-2", "TM-62M"]),
            TextField::HazardArea => words(vec!["HA-1", "HA-5000", "ha-7"]),
            TextField::Fix => words(Fix::ALL.iter().map(|w| w.word()).collect()),
            TextField::Disposal => words(Disposal::ALL.iter().map(|w| w.word()).collect()),
            TextField::SourceReliability => words(SourceReliability::ALL.iter().map(|w| w.word()).collect()),
            TextField::Note => words(vec!["Qeyd ✓ ", "Qeyd ✓ Qeyd ✓ "]),
            TextField::Review => words(Review::ALL.iter().map(|w| w.word()).collect()),
        };
        let folding =
            Folding { case: self.rng.random_range(0..4) == 0, accents: self.rng.random_range(0..4) == 0 };
        let value = folding.of(&self.one(&values)).into_owned();
        let test = if self.rng.random_range(0..3) == 0 {
            let cut: String = value.chars().take(self.rng.random_range(0..5)).collect();
            let pattern = self.one(&[format!("{cut}%"), format!("%{cut}%"), format!("_{cut}%"), value]);
            TextTest::Like(Pattern::new(&pattern))
        } else {
            TextTest::Compare(is, value)
        };
        Condition::Text { field, folding, test }
    }

    fn number(&mut self, is: Comparison) -> Condition {
        if self.of_rows {
            let value = Number::Value(f64::from(self.rng.random_range(0..6)));
            return Condition::Number(Number::Field(NumberField::Quantity), is, value);
        }
        let pair = [
            (NumberField::Quantity, self.rng.random_range(0..6)),
            (NumberField::DepthCm, self.rng.random_range(0..40)),
            (NumberField::AccuracyM, self.rng.random_range(0..5)),
            (NumberField::MadeInYear, self.rng.random_range(1940..2021)),
            (NumberField::Revision, self.rng.random_range(0..3)),
        ];
        let ((field, value), (other, _)) = (self.one(&pair), self.one(&pair));
        let value = self.one(&[
            Number::Value(f64::from(value)),
            Number::Value(f64::from(value)),
            Number::Field(other),
        ]);
        if self.rng.random() {
            Condition::Number(Number::Field(field), is, value)
        } else {
            Condition::Number(value, is, Number::Field(field))
        }
    }

    fn day(&mut self) -> Date {
        date(2019, 12, 1) + i64::from(self.rng.random_range(0..1_300)).days()
    }

    fn time(&mut self, is: Comparison) -> Condition {
        let fields = [TimeField::DetectedOn, TimeField::NeutralisedOn, TimeField::UpdatedAt];
        let fields = if self.of_rows { &fields[..2] } else { &fields[..] };
        let (field, other) = (Moment::Field(self.one(fields)), Moment::Field(self.one(fields)));
        let day = self.day();
        let instant = day.at(13, 0, 0, 0).to_zoned(TimeZone::UTC).unwrap().timestamp();
        let updated = Timestamp::new(1_700_000_001, 0).unwrap();
        let value = match self.rng.random_range(0..6) {
            0 => other,
            1 => Moment::At(Time::Instant(instant)),
            2 => Moment::At(Time::Instant(updated)),
            3 => Moment::At(self.one(&[
                Time::Lowest,
                Time::Highest,
                Time::Day(date(1899, 1, 1)),
                Time::Day(date(2300, 1, 1)),
            ])),
            _ => Moment::At(Time::Day(day)),
        };
        if self.rng.random() { Condition::Time(field, is, value) } else { Condition::Time(value, is, field) }
    }

    /// A place on the edges and corners of districts, where many records lie, or anywhere near.
    fn place(&mut self) -> Condition {
        let corner = |rng: &mut ChaCha8Rng| match rng.random_range(0..3) {
            0 => (
                46.0 + 0.5 * f64::from(rng.random_range(0..4)),
                39.0 + 0.5 * f64::from(rng.random_range(0..4)),
            ),
            1 => (46.75, 39.25),
            _ => (rng.random_range(45.9..47.6), rng.random_range(38.9..40.6)),
        };
        let [a, b, c] = [(); 3].map(|()| corner(&mut self.rng));
        let bounds = Bounds::of(lonlat(a.0, a.1)).union(&Bounds::of(lonlat(b.0, b.1)));
        let shape = match self.rng.random_range(0..6) {
            0 => Shape::new(vec![Geometry::Point(a.into())]),
            1 => Shape::new(vec![Geometry::LineString(vec![a, b, c].into())]),
            2 | 3 => {
                let triangle = polygon![(x: a.0, y: a.1), (x: b.0, y: b.1), (x: c.0, y: c.1)];
                Shape::new(vec![triangle.into(), Geometry::Point(b.into())])
            }
            4 => Shape::of_boxes(vec![bounds, Bounds::of(lonlat(c.0, c.1))]),
            _ => Shape::of_boxes(vec![bounds]),
        };
        // Three corners in line are no triangle.
        let shape = shape.unwrap_or_else(|_| Shape::of_boxes(vec![bounds]).unwrap());
        let spatial = self.one(&[
            Spatial::Intersects,
            Spatial::Intersects,
            Spatial::Disjoint,
            Spatial::Within,
            Spatial::Touches,
            Spatial::Equals,
            Spatial::Contains,
            Spatial::Crosses,
            Spatial::Overlaps,
        ]);
        Condition::Place(spatial, Arc::new(shape))
    }

    /// A filter with a condition, and often with something else beside it.
    fn filter(&mut self, view: &View, depth: u32) -> (Condition, Filter) {
        let condition = self.condition(depth);
        let mut filter = Filter { condition: Some(Arc::new(condition.clone())), ..Filter::everything() };
        match self.rng.random_range(0..8) {
            0 => filter.statuses = Filter::default().statuses,
            1 => filter.kinds = Set::of([Kind::ApMine, Kind::Uxo, Kind::Other]),
            2 => filter.regions = view.reference().districts("C-west").cloned(),
            3 => filter.operators = Some(vec!["ANAMA".into(), String::new()]),
            4 => filter.dates.from = Some(self.day()),
            5 => filter.bounds = vec![Bounds::new(46.1, 39.1, 47.0, 39.8).unwrap()],
            6 => filter.as_of = Some(self.day()),
            _ => {}
        }
        (condition, filter)
    }

    /// The same as a question. What stands beside the condition is told by another filter without one.
    fn question(&mut self, view: &View, depth: u32) -> Question {
        let (condition, filter) = self.filter(view, depth);
        let (statuses, kinds, bounds) = (filter.statuses, filter.kinds, filter.bounds.clone());
        let (from, of_west, operators) =
            (filter.dates.from, filter.regions.is_some(), filter.operators.clone());
        let takes = move |record: &Record| {
            let d = &record.detection;
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

/// A record by itself, and its place.
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
            let at = record.detection.location;
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
        let first = seen.iter().map(|record| record.detection.detected_on).min();
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
    let mut details = before.detection.into_details();
    (details.location, details.team) = (lonlat(46.301, 39.702), Some("A".into()));
    before.detection = demining::Detection::new(details.clone(), date(2030, 1, 1)).unwrap();
    let atlas = atlas_of(&[before.clone()], 1);
    (details.location, details.team) = (lonlat(46.801, 39.202), Some("B".into()));
    let after = Record {
        detection: demining::Detection::new(details, date(2030, 1, 1)).unwrap(),
        revision: demining::Revision(2),
        ..before.clone()
    };
    let folded = atlas.fold(&[demining::Change {
        revision: demining::Revision(2),
        shown: demining::Revision(2),
        at: after.updated_at,
        by: "a token".into(),
        reason: None,
        id: after.detection.id,
        number: 1,
        after: Some(Arc::new(after)),
    }]);
    let is_told = |condition: Condition| {
        let filter = Filter { condition: Some(condition.into()), ..Filter::everything() };
        folded.seen(&atlas.view(Scope::Full), &filter).is_some()
    };
    let of_team = |team: &str| Condition::Text {
        field: TextField::Team,
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

/// How many records of the public view pass.
fn n_public(view: &View, condition: Condition) -> u64 {
    view.count(&Filter { condition: Some(Arc::new(condition)), ..Filter::everything() }).records
}

#[test]
fn the_public_finds_nothing_finer_than_the_cell_by_asking_for_ever_smaller_places() {
    let mut record = Maker::new(64).record(1, 1);
    let mut details = record.detection.into_details();
    (details.status, details.neutralised_on, details.disposal) = (Status::Detected, None, None);
    (details.location, details.model, details.depth_cm) =
        (lonlat(46.301, 39.702), Some("PMN-2".into()), Some(7.0));
    (details.detected_on, details.note) = (date(2023, 3, 14), Some("under the bridge".into()));
    record.detection = demining::Detection::new(details, date(2030, 1, 1)).unwrap();
    record.review = Review::Approved;
    let hidden = record.detection.location;
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
                // The complement tells the same.
                assert_eq!(n_public(&view, Condition::Place(spatial, Arc::new(shape(*next))).not()), 0);
                bounds = *next;
            }
            // The search ends on the middle of the cell.
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
    // What it does not carry is neither so nor not so.
    let model = Condition::Text {
        field: TextField::Model,
        folding: Folding::default(),
        test: TextTest::Compare(Comparison::Equal, "PMN-2".into()),
    };
    let depth =
        Condition::Number(Number::Field(NumberField::DepthCm), Comparison::Greater, Number::Value(1.0));
    let updated = Condition::Time(
        Moment::Field(TimeField::UpdatedAt),
        Comparison::Greater,
        Moment::At(Time::Day(date(2000, 1, 1))),
    );
    let missing = Condition::Missing(Field::Number(NumberField::DepthCm));
    for condition in [model, depth, updated, missing] {
        assert_eq!(n_public(&view, condition.clone()), 0, "{condition:?}");
        assert_eq!(n_public(&view, condition.not()), 0);
    }
    // The day of the find and the place of a public row are its own, and the rest it has is there.
    let quantity =
        Condition::Number(Number::Field(NumberField::Quantity), Comparison::AtLeast, Number::Value(1.0));
    assert_eq!(n_public(&view, quantity), 1);
}
