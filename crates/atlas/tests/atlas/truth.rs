//! The naive truth of a condition on a record, with the three-valued logic of the standard.

use std::cmp::Ordering;

use atlas::{
    Comparison, Condition, Field, Moment, Number, NumberField, Spatial, TextField, TextTest, Time, TimeField,
};
use demining::Record;
use geometry::Position;
use jiff::{civil::Date, tz::TimeZone};

use crate::world::district;

/// Returns whether the condition is true, false or unknown for the record.
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
            let position = shape.position(record.content.location);
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

/// Joins parts: `decisive` if any part is, otherwise unknown if any part is.
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

pub fn text(field: TextField, record: &Record) -> Option<String> {
    let d = &record.content;
    match field {
        TextField::Id => Some(d.id.to_string()),
        TextField::Kind => Some(d.kind.to_string()),
        TextField::Status => Some(d.status.to_string()),
        TextField::Region => district(d.location),
        TextField::Operator => d.operator.clone(),
        TextField::Review => Some(record.review.to_string()),
        TextField::Other(other) => match other.spec.name {
            "team" => d.team.clone(),
            "model" => d.model.clone(),
            "hazard_area" => d.hazard_area.clone(),
            "fix" => d.fix.map(|fix| fix.to_string()),
            "disposal" => d.disposal.map(|disposal| disposal.to_string()),
            "source_reliability" => d.source_reliability.map(|source| source.to_string()),
            "information_reliability" => d.information_reliability.map(|word| word.to_string()),
            "note" => d.note.clone(),
            name => panic!("{name} needs its truth here"),
        },
    }
}

pub fn number(field: NumberField, record: &Record) -> Option<f64> {
    let d = &record.content;
    match field {
        NumberField::Quantity => Some(f64::from(d.quantity)),
        NumberField::Revision => Some(record.revision.0 as f64),
        NumberField::Other(other) => match other.spec.name {
            "depth_cm" => d.depth_cm,
            "accuracy_m" => d.accuracy_m,
            "made_in_year" => d.made_in_year.map(f64::from),
            name => panic!("{name} needs its truth here"),
        },
    }
}

pub fn time(field: TimeField, record: &Record) -> Option<Time> {
    match field {
        TimeField::DetectedOn => Some(Time::Day(record.content.detected_on)),
        TimeField::NeutralisedOn => record.content.neutralised_on.map(Time::Day),
        TimeField::UpdatedAt => Some(Time::Instant(record.updated_at)),
        TimeField::Other(other) => panic!("{} needs its truth here", other.spec.name),
    }
}
