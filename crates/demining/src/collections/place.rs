//! The parts of a row that every collection has: its id and its position.

use geometry::LonLat;
use uuid::Uuid;

use crate::{
    judge::Judge,
    raw::{AsGiven, RawLocation, Value},
};

pub(super) fn read_id(given: &Value, judge: &mut Judge, new_id: impl FnOnce() -> Uuid) -> Option<Uuid> {
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

pub(super) fn read_location(given: RawLocation, judge: &mut Judge) -> Option<(LonLat, Option<AsGiven>, f64)> {
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

/// Parses an id: a UUID, optionally prefixed with `uuid:`, as in `XForms`. The nil UUID is not an id.
pub(super) fn parse_id(text: &str) -> Option<Uuid> {
    let text = text.trim();
    let id = text.get(..5).filter(|start| start.eq_ignore_ascii_case("uuid:")).map_or(text, |_| &text[5..]);
    Uuid::try_parse(id).ok().filter(|id| !id.is_nil())
}

/// Drops an accuracy of 0, which devices write when they do not know it: no position is exact.
pub(super) fn forget_unknown(accuracy_m: &mut Option<f64>) {
    *accuracy_m = accuracy_m.filter(|accuracy| *accuracy != 0.0);
}

/// The position that stands in for a missing one.
pub(super) fn nowhere() -> LonLat {
    LonLat::new(0.0, 0.0).expect("zero is a position")
}

/// Combines the errors of position and transformation, assumed to be independent.
pub(super) fn add_accuracy(accuracy_m: &mut Option<f64>, transform_m: f64) {
    if transform_m > 0.0 {
        *accuracy_m = Some(match *accuracy_m {
            None => transform_m,
            Some(own) => (own.hypot(transform_m) * 100.0).round() / 100.0,
        });
    }
}
