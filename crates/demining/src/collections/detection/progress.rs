//! The status of a detection: which changes of it are progress, and which none may make.

use super::{Details, FIELDS, STATUS};
use crate::{
    Status,
    amendment::{Amendment, takes_back},
};

impl Status {
    /// Returns whether changing to `later` is a correction: any change except one from detected.
    pub fn is_taken_back_by(self, later: Self) -> bool {
        self != later && self != Self::Detected
    }
}

/// Returns how a change of content treats what was recorded.
pub(super) fn amendment(from: &Details, to: &Details) -> Amendment {
    let (before, after) = (from.status, to.status);
    if is_illegal(before, after) {
        Amendment::Illegal { from: before, to: after }
    } else if before.is_taken_back_by(after) {
        Amendment::Reversal
    } else if takes_back(FIELDS, (from, to), &[STATUS]) {
        Amendment::Correction
    } else {
        Amendment::Progress
    }
}

/// Returns whether a status change is not allowed, whatever the reason. A neutralised item existed, and a
/// discounted one was never neutralised, so a change between the two must pass through detected.
fn is_illegal(from: Status, to: Status) -> bool {
    from != to && from != Status::Detected && to != Status::Detected
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;
    use uuid::Uuid;

    use crate::{Amendment, Content, Detection, RawLocation, RawRecord, Value};

    fn with_note(note: &str) -> Detection {
        let text = |text: &str| Value::Text(text.to_owned());
        let raw = RawRecord {
            row: 1,
            id: text("018f3c1e-7a44-7cc1-9d5e-2f0a4b1c9e01"),
            location: RawLocation::At { lon: 46.0, lat: 40.0, as_given: None, transform_accuracy_m: 0.0 },
            properties: vec![
                ("kind".into(), text("uxo")),
                ("detected_on".into(), text("2023-03-14")),
                ("note".into(), text(note)),
            ],
        };
        Detection::judge(raw, date(2024, 1, 10), Uuid::nil).unwrap()
    }

    #[test]
    fn a_note_may_go_on_in_further_lines_and_is_taken_back_otherwise() {
        let before = with_note("seen");
        for progress in ["seen", "seen\nburned"] {
            assert_eq!(before.amendment(&with_note(progress)), Amendment::Progress, "{progress:?}");
        }
        for correction in ["", "not seen", "seen by nobody", "see\nseen"] {
            assert_eq!(before.amendment(&with_note(correction)), Amendment::Correction, "{correction:?}");
        }
        assert_eq!(with_note("").amendment(&before), Amendment::Progress);
    }
}
