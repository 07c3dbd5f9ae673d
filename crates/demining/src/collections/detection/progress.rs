//! Tells progress from a correction that takes back recorded values.

use super::{Details, FIELDS, STATUS};
use crate::{Status, collections::shared::NOTE_NUMBER, field::FieldValue};

impl Status {
    /// Returns whether changing to `later` is a correction: any change except one from detected.
    pub fn is_taken_back_by(self, later: Self) -> bool {
        self != later && self != Self::Detected
    }
}

impl Details {
    /// Returns whether the change to `to` takes back a recorded value. Progress is not a correction: an
    /// unknown value becomes known, a detected item is neutralised or discounted, or a note gains lines.
    pub fn is_taken_back_by(&self, to: &Self) -> bool {
        FIELDS.iter().any(|field| match ((field.get)(self), (field.get)(to)) {
            (FieldValue::Null, _) => false,
            // `Status::is_taken_back_by` decides this one.
            _ if field.number == STATUS => false,
            (FieldValue::Text(from), FieldValue::Text(to)) if field.number == NOTE_NUMBER => {
                !goes_on(from, to)
            }
            (FieldValue::Texts(from), FieldValue::Texts(to)) => from.iter().any(|text| !to.contains(text)),
            (from, to) => from != to,
        })
    }
}

/// Returns whether `to` is the same note, or the same note with further lines.
fn goes_on(from: &str, to: &str) -> bool {
    to.strip_prefix(from).is_some_and(|more| more.is_empty() || more.starts_with('\n'))
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;
    use uuid::Uuid;

    use crate::{Detection, RawLocation, RawRecord, Value};

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
            assert!(!before.is_taken_back_by(&with_note(progress)), "{progress:?}");
        }
        for correction in ["", "not seen", "seen by nobody", "see\nseen"] {
            assert!(before.is_taken_back_by(&with_note(correction)), "{correction:?}");
        }
        assert!(!with_note("").is_taken_back_by(&before));
    }
}
