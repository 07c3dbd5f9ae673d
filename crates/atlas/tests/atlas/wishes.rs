//! Random conditions, alone and combined with other filters.

use std::sync::Arc;

use atlas::{
    Comparison, Condition, Field, Filter, Folding, Moment, Number, NumberField, Pattern, Set, Spatial,
    TextField, TextTest, Time, TimeField, TimeRelation, View,
};
use demining::{Kind, Review, Status, field::FieldKind};
use geo::{Geometry, polygon};
use geometry::{Bounds, Shape};
use jiff::{
    Timestamp, ToSpan,
    civil::{Date, date},
    tz::TimeZone,
};
use rand::{Rng, SeedableRng, seq::IndexedRandom};
use rand_chacha::ChaCha8Rng;

use crate::world::lonlat;

const COMPARISONS: [Comparison; 6] = [
    Comparison::Equal,
    Comparison::NotEqual,
    Comparison::Less,
    Comparison::AtMost,
    Comparison::Greater,
    Comparison::AtLeast,
];

/// A generator of random conditions of every kind.
pub struct Wishes {
    pub rng: ChaCha8Rng,
    /// Whether they use only values in rows of the index.
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
        let all: Vec<Field> = Field::all()
            .filter(|(name, _)| !self.of_rows || rows.contains(name))
            .map(|(_, field)| field)
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
            TextField::Review => words(Review::ALL.iter().map(|w| w.word()).collect()),
            TextField::Other(other) => match (other.spec.kind, other.spec.name) {
                (FieldKind::Word(all), _) => words(all.all.to_vec()),
                (_, "team") => (0..9).map(|n| format!("Dəstə {n}")).collect(),
                (_, "model") => words(vec!["PMN-0", "PMN-2", "TM-62M"]),
                (_, "hazard_area") => words(vec!["HA-1", "HA-5000", "ha-7"]),
                _ => words(vec!["Qeyd ✓ ", "Qeyd ✓ Qeyd ✓ "]),
            },
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
        let named = |name: &str| NumberField::named(name).unwrap();
        let pair = [
            (NumberField::Quantity, self.rng.random_range(0..6)),
            (named("depth_cm"), self.rng.random_range(0..40)),
            (named("accuracy_m"), self.rng.random_range(0..5)),
            (named("made_in_year"), self.rng.random_range(1940..2021)),
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

    pub fn day(&mut self) -> Date {
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

    /// Returns a place on the edges and corners of districts, where many records are, or anywhere near.
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
        // Three collinear corners are not a triangle.
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

    /// Returns a filter with a condition, and often with other restrictions.
    pub fn filter(&mut self, view: &View, depth: u32) -> (Condition, Filter) {
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
}
