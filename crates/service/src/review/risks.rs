//! What a manager must confirm before a quarantined write is accepted.

use demining::{Content, Judged, Record, Review, field::FieldValue};
use geometry::{LonLat, distance_m};
use jiff::civil::Date;
use serde::Serialize;

use super::changed::{changed, emptied};

/// Metres that a record may move without a risk: more than the error of any phone position.
const FAR_M: f64 = 200.0;

/// Degrees around 0/0: phones without a position report one in this range.
const NOWHERE_DEG: f64 = 0.01;

/// A likely mistake, or a loss of data.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Risk {
    /// Its code.
    pub code: &'static str,
    /// A description, as a sentence.
    pub detail: String,
    /// The fields concerned.
    pub fields: Vec<String>,
    /// How far the record would move, in metres.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub distance_m: Option<f64>,
}

impl Risk {
    /// The codes of the risks that every collection has.
    pub const CODES: [&str; 5] = ["replaces_approved", "empties", "nowhere", "far", "future"];

    pub(super) fn new(code: &'static str, detail: impl Into<String>, fields: Vec<String>) -> Self {
        Self { code, detail: detail.into(), fields, distance_m: None }
    }
}

/// Returns the risks of replacing `standing` with `wanted`.
pub(super) fn of<T: Content>(
    wanted: &Judged<T>,
    standing: Option<&Record<Judged<T>>>,
    today: Date,
) -> Vec<Risk> {
    let mut risks = Vec::new();
    if let Some(record) = standing.filter(|record| record.content != *wanted) {
        if record.review == Review::Approved {
            let what = "it replaces an approved record";
            risks.push(Risk::new("replaces_approved", what, changed(&record.content, wanted)));
        }
        let emptied = emptied(&record.content, wanted);
        if !emptied.is_empty() {
            let what = format!("it empties {}", emptied.join(", "));
            risks.push(Risk::new("empties", what, emptied));
        }
        let metres = distance_m(record.content.location(), wanted.location()).round();
        if metres > FAR_M {
            let what = format!("it moves the record by {metres} m");
            let risk = Risk::new("far", what, vec!["location".to_owned()]);
            risks.push(Risk { distance_m: Some(metres), ..risk });
        }
    }
    let place = wanted.location();
    if is_nowhere(place) {
        let at = format!("{}, {}", place.lon(), place.lat());
        let what = format!("its position is {at}, which devices without a position report");
        risks.push(Risk::new("nowhere", what, vec!["location".to_owned()]));
    }
    let is_future = |value: FieldValue<'_>| matches!(value, FieldValue::Day(day) if day > today);
    let future = T::FIELDS.iter().filter(|field| is_future((field.get)(wanted)));
    let future: Vec<String> = future.map(|field| field.name.to_owned()).collect();
    if !future.is_empty() {
        risks.push(Risk::new("future", format!("{} is in the future", future.join(", ")), future));
    }
    risks
}

fn is_nowhere(at: LonLat) -> bool {
    at.lon() == 0.0 || at.lat() == 0.0 || at.lon().abs() < NOWHERE_DEG && at.lat().abs() < NOWHERE_DEG
}

#[cfg(test)]
mod tests {
    use demining::{Details, Detection, Kind, Revision};
    use jiff::{Timestamp, civil::date};

    use super::*;

    fn details() -> Details {
        Details {
            id: uuid::Uuid::from_u128(7),
            location: LonLat::new(46.0, 40.0).unwrap(),
            kind: Kind::ApMine,
            model: Some("PMN-2".into()),
            quantity: 1,
            detected_on: date(2023, 3, 14),
            photos: vec!["a.jpg".into()],
            ..Details::blank(uuid::Uuid::nil(), LonLat::from_e7(0, 0).expect("a position"))
        }
    }

    fn record(details: Details, review: Review) -> Record {
        Record {
            content: Detection::new(details, Date::MAX).unwrap(),
            number: 1,
            review,
            revision: Revision(3),
            updated_at: Timestamp::UNIX_EPOCH,
            updated_by: "Team 7".into(),
        }
    }

    /// The codes of the risks of these details, for a record in this review state or for none.
    fn codes(wanted: Details, standing: Option<Review>) -> Vec<&'static str> {
        let wanted = record(wanted, Review::Submitted);
        let standing = standing.map(|review| record(details(), review));
        let risks = of(&wanted.content, standing.as_ref(), date(2024, 1, 10));
        assert!(risks.iter().all(|risk| Risk::CODES.contains(&risk.code)));
        risks.into_iter().map(|risk| risk.code).collect()
    }

    #[test]
    fn each_likely_slip_has_its_name() {
        let at = |lon, lat| Details { location: LonLat::new(lon, lat).unwrap(), ..details() };
        let quantity = || Details { quantity: 2, ..details() };
        let none: [&str; 0] = [];
        assert_eq!(codes(details(), None), none);
        assert_eq!(codes(quantity(), None), none);
        assert_eq!(codes(quantity(), Some(Review::Submitted)), none);
        assert_eq!(codes(details(), Some(Review::Approved)), none);
        assert_eq!(codes(quantity(), Some(Review::Approved)), ["replaces_approved"]);
        let emptier = Details { model: None, photos: Vec::new(), ..details() };
        assert_eq!(codes(emptier.clone(), Some(Review::Submitted)), ["empties"]);
        assert_eq!(codes(emptier, Some(Review::Approved)), ["replaces_approved", "empties"]);
        assert_eq!(codes(at(46.001, 40.0), Some(Review::Submitted)), none);
        assert_eq!(codes(at(46.01, 40.0), Some(Review::Submitted)), ["far"]);
        assert_eq!(codes(at(0.0, 0.0), None), ["nowhere"]);
        assert_eq!(codes(at(0.0, 40.0), None), ["nowhere"]);
        assert_eq!(codes(at(0.004, -0.004), None), ["nowhere"]);
        assert_eq!(codes(at(0.0, 0.0), Some(Review::Approved)), ["replaces_approved", "far", "nowhere"]);
        assert_eq!(codes(Details { detected_on: date(2024, 1, 11), ..details() }, None), ["future"]);
    }
}
