//! The rules of a detection: how a row becomes one, and which combinations of values are valid.

use geometry::LonLat;
use jiff::{ToSpan, civil::Date};
use uuid::Uuid;

use super::{Details, FIELDS, STATUS};
use crate::{
    COMMON_FIELDS, RECORD_LIMITS, Status,
    judge::Judge,
    properties::Properties,
    raw::{AsGiven, RawDetection, RawLocation, Value},
};

/// Reads every field. A missing or unreadable field adds a problem and gets a placeholder that breaks no
/// other rule.
pub(super) fn read(raw: RawDetection, new_id: impl FnOnce() -> Uuid, judge: &mut Judge) -> Details {
    let id = read_id(&raw.id, judge, new_id);
    let place = read_location(raw.location, judge);
    let (location, given, transform_m) = place.unwrap_or_else(|| (nowhere(), None, 0.0));
    let mut details =
        Details { location_as_given: given, ..Details::blank(id.unwrap_or_default(), location) };
    let mut has_status = false;
    Properties::new(judge, raw.properties, COMMON_FIELDS)
        .fill(FIELDS, &mut details, |field| has_status |= field.number == STATUS);
    // A disposal date without a status implies that the item was neutralised.
    if !has_status && details.neutralised_on.is_some() {
        details.status = Status::Neutralised;
    }
    details.accuracy_m = add_accuracy(details.accuracy_m.filter(is_known), transform_m);
    details
}

fn read_id(given: &Value, judge: &mut Judge, new_id: impl FnOnce() -> Uuid) -> Option<Uuid> {
    if given.is_empty() {
        return Some(new_id());
    }
    let id = parse_id(given.as_text());
    if id.is_none() {
        let reason = "is not a UUID; to ignore a column or property with other ids, set \
                      columns={\"id\":\"-\"}";
        judge.problem("id", given.as_text(), reason);
    }
    id
}

fn read_location(given: RawLocation, judge: &mut Judge) -> Option<(LonLat, Option<AsGiven>, f64)> {
    match given {
        RawLocation::Missing => {
            judge.called("no_value", "location", "", "is missing");
            None
        }
        RawLocation::Unreadable { value, reason } => {
            judge.problem("location", &value, reason);
            None
        }
        RawLocation::At { as_given: Some(AsGiven { coordinates, .. }), .. } if coordinates.contains('\0') => {
            judge.problem("location", &coordinates, "contains a control character");
            None
        }
        RawLocation::At { lon, lat, as_given, transform_accuracy_m } => match LonLat::new(lon, lat) {
            Ok(at) => Some((at, as_given, transform_accuracy_m)),
            Err(error) => {
                judge.problem("location", &format!("[{lon}, {lat}]"), error.to_string());
                None
            }
        },
    }
}

/// Checks the range of each field and the rules between fields.
pub(super) fn check(d: &Details, today: Date, judge: &mut Judge) {
    let latest = today.checked_add(1.day()).unwrap_or(today);
    for (field, date) in [("detected_on", Some(d.detected_on)), ("neutralised_on", d.neutralised_on)] {
        let Some(date) = date else { continue };
        if date > latest {
            let reason = format!("is in the future: today is {today} UTC");
            judge.called("in_future", field, &date.to_string(), reason);
        }
        if date.year() < RECORD_LIMITS.first_year {
            let reason = format!("is before {}", RECORD_LIMITS.first_year);
            judge.called("too_early", field, &date.to_string(), reason);
        }
    }
    judge.range("quantity", Some(d.quantity), 1..=RECORD_LIMITS.quantity);
    judge.range("accuracy_m", d.accuracy_m, 0.0..=100_000.0);
    judge.range("depth_cm", d.depth_cm, 0.0..=10_000.0);
    if let Some(year) = d.made_in_year
        && !(RECORD_LIMITS.first_year..=latest.year()).contains(&year)
    {
        let range = format!("is outside {}..{}", RECORD_LIMITS.first_year, latest.year());
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

/// Parses an id: a UUID, optionally prefixed with `uuid:`, as in `XForms`. The nil UUID is not an id.
pub(super) fn parse_id(text: &str) -> Option<Uuid> {
    let text = text.trim();
    let id = text.get(..5).filter(|start| start.eq_ignore_ascii_case("uuid:")).map_or(text, |_| &text[5..]);
    Uuid::try_parse(id).ok().filter(|id| !id.is_nil())
}

/// Returns whether an accuracy is known: devices write 0 when it is not, and no position is exact.
#[expect(clippy::trivially_copy_pass_by_ref, reason = "a filter passes a reference")]
pub(super) fn is_known(accuracy_m: &f64) -> bool {
    *accuracy_m != 0.0
}

fn nowhere() -> LonLat {
    LonLat::new(0.0, 0.0).expect("zero is a position")
}

/// Combines the errors of position and transformation, assumed to be independent.
fn add_accuracy(own_m: Option<f64>, transform_m: f64) -> Option<f64> {
    match (own_m, transform_m > 0.0) {
        (own, false) => own,
        (None, true) => Some(transform_m),
        (Some(own), true) => Some((own.hypot(transform_m) * 100.0).round() / 100.0),
    }
}
