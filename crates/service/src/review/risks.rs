//! What a manager should look at before a record that was set aside is put in its place. Nothing of it is done
//! unless the manager says that it was seen.

use demining::{Detection, Record, Review};
use geometry::{LonLat, distance_m};
use jiff::civil::Date;
use serde::Serialize;

use super::changed::{changed, emptied};

/// Metres that a record may move before it is far: more than a phone's position is ever out.
const FAR_M: f64 = 200.0;

/// Degrees around 0/0 in which a position is none: what a phone tells that knows none.
const NOWHERE_DEG: f64 = 0.01;

/// Something that is likely a slip, or does away with something.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Risk {
    /// Its name.
    pub code: &'static str,
    /// What it is, as a sentence.
    pub detail: String,
    /// The fields that it is about.
    pub fields: Vec<String>,
    /// How far the record would move.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub distance_m: Option<f64>,
}

impl Risk {
    /// The names of all.
    pub const CODES: [&str; 5] = ["replaces_approved", "empties", "nowhere", "far", "future"];

    fn new(code: &'static str, detail: impl Into<String>, fields: Vec<String>) -> Self {
        Self { code, detail: detail.into(), fields, distance_m: None }
    }
}

/// What is risky about putting `wanted` where `standing` is, or nothing.
pub(super) fn of(wanted: &Detection, standing: Option<&Record>, today: Date) -> Vec<Risk> {
    let mut risks = Vec::new();
    if let Some(record) = standing.filter(|record| record.detection != *wanted) {
        if record.review == Review::Approved {
            let what = "it replaces a record that is approved";
            risks.push(Risk::new("replaces_approved", what, changed(&record.detection, wanted)));
        }
        let emptied = emptied(&record.detection, wanted);
        if !emptied.is_empty() {
            let what = format!("it empties {}", emptied.join(", "));
            risks.push(Risk::new("empties", what, emptied));
        }
        let metres = distance_m(record.detection.location, wanted.location).round();
        if metres > FAR_M {
            let what = format!("it moves the record by {metres} m");
            let risk = Risk::new("far", what, vec!["location".to_owned()]);
            risks.push(Risk { distance_m: Some(metres), ..risk });
        }
    }
    if is_nowhere(wanted.location) {
        let at = format!("{}, {}", wanted.location.lon(), wanted.location.lat());
        let what = format!("its position is {at}, which a device tells that knows none");
        risks.push(Risk::new("nowhere", what, vec!["location".to_owned()]));
    }
    let days = [("detected_on", Some(wanted.detected_on)), ("neutralised_on", wanted.neutralised_on)];
    let future = days.iter().filter(|(_, day)| day.is_some_and(|day| day > today));
    let future: Vec<String> = future.map(|(name, _)| (*name).to_owned()).collect();
    if !future.is_empty() {
        risks.push(Risk::new("future", format!("{} lies in the future", future.join(", ")), future));
    }
    risks
}

fn is_nowhere(at: LonLat) -> bool {
    at.lon() == 0.0 || at.lat() == 0.0 || at.lon().abs() < NOWHERE_DEG && at.lat().abs() < NOWHERE_DEG
}

#[cfg(test)]
mod tests {
    use demining::{Details, Kind, Revision};
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
            detection: Detection::new(details, Date::MAX).unwrap(),
            number: 1,
            review,
            revision: Revision(3),
            updated_at: Timestamp::UNIX_EPOCH,
            updated_by: "Team 7".into(),
        }
    }

    /// The names of what is risky about these details where a record stands so in review, or nothing does.
    fn codes(wanted: Details, standing: Option<Review>) -> Vec<&'static str> {
        let wanted = record(wanted, Review::Submitted);
        let standing = standing.map(|review| record(details(), review));
        let risks = of(&wanted.detection, standing.as_ref(), date(2024, 1, 10));
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
