//! A condition prepared for one snapshot: negations are pushed down to the tests, and tests of words,
//! districts and operators become sets of passing values.
//!
//! The result has only conjunctions, disjunctions and two-valued tests. A record that lacks the property
//! fails both a test and its negation, so three-valued logic is not needed.

use std::{cmp::Ordering, sync::Arc};

use demining::{Kind, Review, Status, field::FieldKind};
use geometry::{LonLat, Position, Shape};

use super::{
    comparison::Comparison,
    expression::{Condition, Number},
    field::{Field, NumberField, OtherField, TextField, TimeField},
    spatial::Spatial,
    text::{Folding, TextTest},
    time::{Moment, Time},
};
use crate::{
    detections::{
        cells::{CELLS, KINDS, cells_of},
        day::{Day, Days, since_1900},
        operators::Operators,
    },
    query::{
        asked::{OperatorsAsked, Regions},
        window::Window,
    },
    reference::{DistrictSet, OUTSIDE, ReferenceData},
};

/// A prepared condition.
#[derive(Clone, Debug)]
pub enum Bound {
    /// All of these; always true if empty.
    All(Vec<Self>),
    /// Any of these; always false if empty.
    Any(Vec<Self>),
    /// Cells of status and kind, by their bits.
    Cells(u64),
    /// Districts, or outside all of them.
    Regions(Regions),
    /// Operators, or none.
    Operators(OperatorsAsked),
    /// Found in these days.
    Found(Days),
    /// Dealt with in these days.
    DealtWith(Days),
    /// In one of these boxes if `true`, otherwise in none of them.
    Boxes(Arc<[Window]>, bool),
    /// In one of these positions relative to the shape, by their bits.
    Shape(Arc<Shape>, u8),
    /// A test that needs the record itself.
    Test(Test),
}

/// A test that days, cells and sets of districts or operators cannot decide.
#[derive(Clone, Debug)]
pub enum Test {
    /// The review state is one of these, by their bits.
    Review(u16),
    /// The word is one of these, by their bits.
    Word(OtherField, u64),
    /// The text passes the test, or fails it if `wanted` is false.
    Text { field: TextField, folding: Folding, test: TextTest, wanted: bool },
    /// Two numbers compare like this.
    Number(Number, Comparison, Number),
    /// Two moments compare like this.
    Time(Moment, Comparison, Moment),
    /// The property is missing if `true`, otherwise present.
    Missing(Field, bool),
}

/// Returns the bit of a position relative to a shape.
pub fn position_bit(position: Position) -> u8 {
    1 << position as u8
}

const EVERY_POSITION: u8 = 0b111;

impl Spatial {
    /// Returns `true` if a point at this position has the relation to the shape.
    pub fn holds_at(self, shape: &Shape, at: LonLat) -> bool {
        self.positions(shape) & position_bit(shape.position(at)) != 0
    }

    /// Returns the matching positions relative to the shape, by their bits.
    fn positions(self, shape: &Shape) -> u8 {
        let [inside, edge, outside] = [Position::Inside, Position::Edge, Position::Outside].map(position_bit);
        match self {
            Self::Intersects => inside | edge,
            Self::Disjoint => outside,
            Self::Within => inside,
            Self::Touches => edge,
            Self::Equals | Self::Contains if shape.is_point() => inside,
            Self::Equals | Self::Contains | Self::Crosses | Self::Overlaps => 0,
        }
    }
}

impl Bound {
    /// Prepares the condition for a snapshot with this reference data and these operators.
    pub fn new(condition: &Condition, reference: &ReferenceData, operators: &Operators) -> Self {
        Binding { reference, operators }.bind(condition, true)
    }

    /// Returns a condition that is always true, or always false.
    fn always(so: bool) -> Self {
        if so { Self::All(Vec::new()) } else { Self::Any(Vec::new()) }
    }
}

struct Binding<'a> {
    reference: &'a ReferenceData,
    operators: &'a Operators,
}

impl Binding<'_> {
    /// Prepares the condition, or its negation if `wanted` is false.
    fn bind(&self, condition: &Condition, wanted: bool) -> Bound {
        let each = |parts: &[Condition]| parts.iter().map(|part| self.bind(part, wanted)).collect();
        let is = |is: Comparison| if wanted { is } else { is.negated() };
        match condition {
            Condition::All(parts) if wanted => Bound::All(each(parts)),
            Condition::Any(parts) if wanted => Bound::Any(each(parts)),
            Condition::All(parts) => Bound::Any(each(parts)),
            Condition::Any(parts) => Bound::All(each(parts)),
            Condition::Not(part) => self.bind(part, !wanted),
            Condition::Text { field, folding, test } => self.text(*field, *folding, test, wanted),
            Condition::Number(left, op, right) => number(*left, is(*op), *right),
            Condition::Time(left, op, right) => time(*left, is(*op), *right),
            Condition::Missing(field) => self.missing(*field, wanted),
            Condition::Place(spatial, shape) => place(*spatial, shape, wanted),
        }
    }

    fn text(&self, field: TextField, folding: Folding, test: &TextTest, wanted: bool) -> Bound {
        let passes = |text: &str| test.passes(&folding.of(text)) == wanted;
        match field {
            TextField::Kind => {
                let kinds = bits(Kind::ALL.iter().map(|kind| passes(kind.word())));
                Bound::Cells((0..CELLS / KINDS).fold(0, |cells, status| cells | kinds << (status * KINDS)))
            }
            TextField::Status => {
                let those = Status::ALL.iter().filter(|status| passes(status.word()));
                Bound::Cells(those.fold(0, |cells, status| cells | cells_of(*status)))
            }
            TextField::Region => {
                let passing = |region: u16| self.reference.region_id(region).is_some_and(|id| passes(&id));
                self.regions((0..self.reference.n_districts() as u16).filter(|region| passing(*region)))
            }
            TextField::Operator => {
                let passing = self.operators.iter().filter(|(_, name)| passes(name));
                Bound::Operators(OperatorsAsked::new(passing.map(|(number, _)| number), self.operators.len()))
            }
            TextField::Review => {
                let reviews = bits(Review::ALL.iter().map(|review| passes(review.word())));
                Bound::Test(Test::Review(reviews as u16))
            }
            TextField::Other(other) if let FieldKind::Word(words) = other.spec.kind => {
                Bound::Test(Test::Word(other, bits(words.all.iter().map(|word| passes(word)))))
            }
            TextField::Id | TextField::Other(_) => {
                Bound::Test(Test::Text { field, folding, test: test.clone(), wanted })
            }
        }
    }

    fn regions(&self, regions: impl Iterator<Item = u16>) -> Bound {
        let mut set = DistrictSet::none();
        for region in regions {
            if region == OUTSIDE {
                set = set.union(&DistrictSet::outside());
            } else {
                set.insert(region);
            }
        }
        Bound::Regions(Regions::new(set, self.reference.n_districts()))
    }

    fn missing(&self, field: Field, wanted: bool) -> Bound {
        match field {
            Field::Text(TextField::Region) if wanted => self.regions(std::iter::once(OUTSIDE)),
            Field::Text(TextField::Region) => self.regions(0..self.reference.n_districts() as u16),
            Field::Text(TextField::Operator) => {
                let numbers = (0..self.operators.len()).filter(|number| (*number == 0) == wanted);
                Bound::Operators(OperatorsAsked::new(numbers, self.operators.len()))
            }
            Field::Time(TimeField::NeutralisedOn) => {
                let dealt_with = cells_of(Status::Neutralised);
                Bound::Cells(if wanted { !dealt_with } else { dealt_with })
            }
            Field::Geometry
            | Field::Text(TextField::Id | TextField::Kind | TextField::Status | TextField::Review)
            | Field::Number(NumberField::Quantity | NumberField::Revision)
            | Field::Time(TimeField::DetectedOn | TimeField::UpdatedAt) => Bound::always(!wanted),
            field => Bound::Test(Test::Missing(field, wanted)),
        }
    }
}

/// Returns one bit for each value that passes, in order.
fn bits(passes: impl Iterator<Item = bool>) -> u64 {
    passes.zip(0..).fold(0, |bits, (passes, at)| bits | u64::from(passes) << at)
}

fn number(left: Number, is: Comparison, right: Number) -> Bound {
    match (left, right) {
        (Number::Value(a), Number::Value(b)) => Bound::always(is.holds(a.partial_cmp(&b))),
        _ => Bound::Test(Test::Number(left, is, right)),
    }
}

fn time(left: Moment, is: Comparison, right: Moment) -> Bound {
    match (left, right) {
        (Moment::At(a), Moment::At(b)) => Bound::always(is.holds(Some(a.order(b)))),
        (Moment::At(_), Moment::Field(_)) => time(right, is.mirrored(), left),
        (Moment::Field(field @ (TimeField::DetectedOn | TimeField::NeutralisedOn)), Moment::At(at)) => {
            let days = |days: Option<Days>| match (days, field) {
                (None, _) => Bound::always(false),
                (Some(days), TimeField::DetectedOn) => Bound::Found(days),
                (Some(days), _) => Bound::DealtWith(days),
            };
            match is {
                Comparison::NotEqual => Bound::Any(
                    [Comparison::Less, Comparison::Greater].map(|is| days(days_that(is, at))).into(),
                ),
                is => days(days_that(is, at)),
            }
        }
        _ => Bound::Test(Test::Time(left, is, right)),
    }
}

/// Returns the days that compare like this to a moment, except for unequal; `None` if there are none.
fn days_that(is: Comparison, at: Time) -> Option<Days> {
    let (first, last) = (i32::from(Day::FIRST.0), i32::from(Day::LAST.0));
    let day = match (at.day(), at.order(Time::Highest)) {
        (Some(day), _) => since_1900(day),
        (None, Ordering::Equal) => i32::MAX,
        (None, _) => i32::MIN,
    };
    let (from, to) = match is {
        Comparison::Equal | Comparison::NotEqual => (day, day),
        Comparison::Less => (first, day.saturating_sub(1)),
        Comparison::AtMost => (first, day),
        Comparison::Greater => (day.saturating_add(1), last),
        Comparison::AtLeast => (day, last),
    };
    // No day equals a moment before or after all representable ones.
    let bounded = |day: i32| Day(day as u16);
    let (from, to) = (from.max(first), to.min(last));
    (from <= to).then(|| Days::new(bounded(from), bounded(to)))
}

fn place(spatial: Spatial, shape: &Arc<Shape>, wanted: bool) -> Bound {
    let positions = spatial.positions(shape);
    let positions = if wanted { positions } else { EVERY_POSITION & !positions };
    let outside = position_bit(Position::Outside);
    match positions {
        0 => Bound::always(false),
        EVERY_POSITION => Bound::always(true),
        // The boxes of the index include their edges.
        _ if !shape.boxes().is_empty()
            && (positions == outside || positions == EVERY_POSITION & !outside) =>
        {
            let windows = shape.boxes().iter().map(|bounds| Window::new(*bounds)).collect();
            Bound::Boxes(windows, positions != outside)
        }
        _ => Bound::Shape(Arc::clone(shape), positions),
    }
}
