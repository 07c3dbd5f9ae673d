//! Evaluates the part of a condition that the index leaves open, on rows and on nodes.

use std::cell::OnceCell;

use demining::{Status, field::FieldValue};
use geometry::{MercatorBounds, Position, Relation, Shape};

use super::{
    condition::{
        Bound, Comparison, Field, Moment, Number, NumberField, OtherField, Test, TextField, Time, TimeField,
        position_bit,
    },
    part::Part,
    plan::Query,
    window::judge_windows,
};
use crate::detections::{day::Day, node_summary::NodeSummary, records::Rest, row::Row};

/// A row being tested, with the rest of its record, which is read on demand.
struct Asked<'a> {
    query: &'a Query<'a>,
    /// The current row, and the row as of the query's day.
    row: Row,
    seen: Row,
    rest: OnceCell<Option<Rest<'a>>>,
}

impl Query<'_> {
    /// Returns `true` if the row satisfies the condition; `seen` is the row as of the query's day.
    pub fn meets(&self, condition: &Bound, row: Row, seen: Row) -> bool {
        Asked { query: self, row, seen, rest: OnceCell::new() }.meets(condition)
    }

    /// Returns `true` if a row may have satisfied the condition although its record is deleted or changed:
    /// tests of its other fields may have passed, as may places within a centimetre of an edge.
    pub fn may_meet(&self, condition: &Bound, row: &Row, seen: &Row) -> bool {
        match condition {
            Bound::All(parts) => parts.iter().all(|part| self.may_meet(part, row, seen)),
            Bound::Any(parts) => parts.iter().any(|part| self.may_meet(part, row, seen)),
            Bound::Boxes(windows, true) => windows.iter().any(|window| window.outer.contains(row.place)),
            Bound::Boxes(windows, false) => !windows.iter().any(|window| window.surely_takes(row.place)),
            Bound::Shape(shape, positions) => {
                part_of(shape, *positions, &MercatorBounds::of(row.place)) != Part::None
            }
            Bound::Test(_) => true,
            rows => self.meets(rows, *row, *seen),
        }
    }

    /// Judges which rows of a node satisfy the condition.
    pub fn judge_condition(&self, condition: &Bound, summary: &NodeSummary, bounds: &MercatorBounds) -> Part {
        let judge = |part: &Bound| self.judge_condition(part, summary, bounds);
        match condition {
            Bound::All(parts) => parts.iter().fold(Part::All, |all, part| all.and(|| judge(part))),
            Bound::Any(parts) => parts.iter().fold(Part::None, |any, part| any.or(|| judge(part))),
            Bound::Cells(cells) => {
                let here = self.cells_below(summary);
                Part::of(here & cells != 0, here & !cells == 0)
            }
            Bound::Regions(regions) => regions.judge(summary),
            Bound::Operators(operators) => operators.judge(summary),
            Bound::Found(days) => Part::of(
                summary.detected.meets(days.from, days.to()),
                summary.detected.within(days.from, days.to()),
            ),
            Bound::DealtWith(days) => self.judge_dealt_with(*days, summary),
            Bound::Boxes(windows, inside) => {
                let part = judge_windows(windows, bounds);
                if *inside { part } else { part.flipped() }
            }
            Bound::Shape(shape, positions) => part_of(shape, *positions, bounds),
            Bound::Test(Test::Review(reviews)) => {
                let here = u16::from(summary.reviews);
                Part::of(here & reviews != 0, here & !reviews == 0)
            }
            Bound::Test(_) => Part::Some,
        }
    }
}

/// Judges the positions in a box relative to the shape.
fn part_of(shape: &Shape, positions: u8, bounds: &MercatorBounds) -> Part {
    let all = |position| {
        let meant = positions & position_bit(position) != 0;
        Part::of(meant, meant)
    };
    match shape.relation(*bounds) {
        Relation::Inside => all(Position::Inside),
        Relation::Outside => all(Position::Outside),
        Relation::Crosses => Part::Some,
    }
}

impl<'a> Asked<'a> {
    fn meets(&self, condition: &Bound) -> bool {
        let row = &self.row;
        match condition {
            Bound::All(parts) => parts.iter().all(|part| self.meets(part)),
            Bound::Any(parts) => parts.iter().any(|part| self.meets(part)),
            Bound::Cells(cells) => cells >> self.seen.cell() & 1 == 1,
            Bound::Regions(regions) => regions.contains(row.region),
            Bound::Operators(operators) => operators.contains(row.operator),
            Bound::Found(days) => days.contains(self.seen.detected_on),
            Bound::DealtWith(days) => days.contains(self.seen.neutralised_on),
            Bound::Boxes(windows, inside) => {
                windows.iter().any(|window| window.takes(row.place, || self.query.exact_place(row)))
                    == *inside
            }
            // A row has its place to a centimetre, which is only insufficient near an edge.
            Bound::Shape(shape, positions) => {
                match part_of(shape, *positions, &MercatorBounds::of(row.place)) {
                    Part::Some => positions & position_bit(shape.position(self.query.exact_place(row))) != 0,
                    part => part == Part::All,
                }
            }
            Bound::Test(Test::Review(reviews)) => reviews >> row.review & 1 == 1,
            Bound::Test(test) => self.passes(test),
        }
    }

    /// Returns the rest of the record. Values that a public row lacks are unknown, so it fails all tests of
    /// them.
    fn rest(&self) -> Option<&Rest<'a>> {
        let read = || {
            if self.query.hides(&self.row) { None } else { self.query.record(self.row.number) }
        };
        self.rest.get_or_init(read).as_ref()
    }

    fn passes(&self, test: &Test) -> bool {
        match test {
            Test::Review(reviews) => reviews >> self.row.review & 1 == 1,
            Test::Word(field, words) => match self.value(*field) {
                FieldValue::Word(word) => words >> word.index & 1 == 1,
                _ => false,
            },
            Test::Text { field, folding, test, wanted } => {
                let passes = |text: &str| test.passes(&folding.of(text)) == *wanted;
                match field {
                    TextField::Id => self.rest().is_some_and(|rest| passes(&rest.id.to_string())),
                    TextField::Other(field) => match self.value(*field) {
                        FieldValue::Text(text) => passes(text),
                        _ => false,
                    },
                    // The other fields have become sets of words.
                    _ => false,
                }
            }
            Test::Number(left, is, right) => {
                let (left, right) = (self.number(*left), self.number(*right));
                left.zip(right).is_some_and(|(left, right)| is.holds(left.partial_cmp(&right)))
            }
            Test::Time(left, is, right) => {
                let (left, right) = (self.time(*left), self.time(*right));
                left.zip(right).is_some_and(|(left, right)| Comparison::holds(*is, Some(left.order(right))))
            }
            Test::Missing(field, wanted) => self.rest().is_some() && self.has(*field) != *wanted,
        }
    }

    /// Returns the value of a field that is stored only in the record.
    fn value(&self, field: OtherField) -> FieldValue<'a> {
        // As of the query's day, a record dealt with later had no disposal yet.
        let is_open = || field.spec.name == "disposal" && !self.seen.is(Status::Neutralised);
        match self.rest() {
            Some(rest) if !is_open() => rest.values.at(field.slot),
            _ => FieldValue::Null,
        }
    }

    #[inline]
    fn number(&self, number: Number) -> Option<f64> {
        match number {
            Number::Value(value) => Some(value),
            Number::Field(NumberField::Quantity) => Some(f64::from(self.row.quantity)),
            Number::Field(NumberField::Revision) => Some(self.rest()?.commit.revision().0 as f64),
            Number::Field(NumberField::Other(field)) => match self.value(field) {
                FieldValue::Real(number) => Some(number),
                FieldValue::Whole(number) => Some(number as f64),
                _ => None,
            },
        }
    }

    fn time(&self, moment: Moment) -> Option<Time> {
        let day = |day: Day| day.date().map(Time::Day);
        match moment {
            Moment::At(at) => Some(at),
            Moment::Field(TimeField::DetectedOn) => day(self.seen.detected_on),
            Moment::Field(TimeField::NeutralisedOn) => day(self.seen.neutralised_on),
            Moment::Field(TimeField::UpdatedAt) => Some(Time::Instant(self.rest()?.commit.at())),
            Moment::Field(TimeField::Other(field)) => match self.value(field) {
                FieldValue::Day(day) => Some(Time::Day(day)),
                FieldValue::Instant(at) => Some(Time::Instant(at)),
                _ => None,
            },
        }
    }

    fn has(&self, field: Field) -> bool {
        match field {
            Field::Text(TextField::Other(field)) => self.value(field) != FieldValue::Null,
            Field::Number(field) => self.number(Number::Field(field)).is_some(),
            Field::Time(field) => self.time(Moment::Field(field)).is_some(),
            // Every record has these, or the index decides.
            Field::Text(_) | Field::Geometry => true,
        }
    }
}
