//! The rules of a detection: which values, and which combinations of values, are valid.

use jiff::civil::Date;

use super::Details;
use crate::{
    RECORD_LIMITS, Status,
    judge::{self, Judge},
};

/// Checks the range of each field and the rules between fields.
pub(super) fn check(d: &Details, today: Date, judge: &mut Judge) {
    for (field, date) in [("detected_on", Some(d.detected_on)), ("neutralised_on", d.neutralised_on)] {
        judge.day(field, date, today);
    }
    judge.range("quantity", Some(d.quantity), 1..=RECORD_LIMITS.quantity);
    judge.range("accuracy_m", d.accuracy_m, 0.0..=100_000.0);
    judge.range("depth_cm", d.depth_cm, 0.0..=10_000.0);
    if let Some(year) = d.made_in_year
        && !(RECORD_LIMITS.first_year..=judge::latest_day(today).year()).contains(&year)
    {
        let range = format!("is outside {}..{}", RECORD_LIMITS.first_year, judge::latest_day(today).year());
        judge.problem("made_in_year", &year.to_string(), range);
    }
    match (d.status, d.neutralised_on) {
        (Status::Neutralised, None) => {
            judge.called(
                "no_value",
                "neutralised_on",
                "",
                "is missing: a neutralised detection needs the date of its disposal",
            );
        }
        (Status::Neutralised, Some(on)) if on < d.detected_on => {
            let reason = format!("is before detected_on {}", d.detected_on);
            judge.called("before_detected", "neutralised_on", &on.to_string(), reason);
        }
        (Status::Detected | Status::Discounted, Some(on)) => {
            let reason =
                format!("is not allowed with status {}: only a neutralised detection has one", d.status);
            judge.problem("neutralised_on", &on.to_string(), reason);
        }
        _ => {}
    }
    if let (Some(disposal), Status::Detected | Status::Discounted) = (d.disposal, d.status) {
        let reason = format!("is not allowed with status {}: only a neutralised detection has one", d.status);
        judge.problem("disposal", disposal.word(), reason);
    }
}
