//! What is progress, and what takes back what was said.

use crate::{Details, Status};

impl Status {
    /// Whether a later status corrects this one: anything but staying, or going on from detected.
    pub fn is_taken_back_by(self, later: Self) -> bool {
        self != later && self != Self::Detected
    }
}

impl Details {
    /// Whether something that was said here is taken back. What was not known may come to be known, and
    /// what was detected may be dealt with, or prove to be none, and a note may go on in further lines:
    /// that is progress.
    pub fn is_taken_back_by(&self, to: &Self) -> bool {
        fn taken_back<T: PartialEq>(from: Option<&T>, to: Option<&T>) -> bool {
            from.is_some() && from != to
        }
        let goes_on = |from: &str, to: &str| {
            to.strip_prefix(from).is_some_and(|more| more.is_empty() || more.starts_with('\n'))
        };
        let kept = Details {
            location_as_given: to.location_as_given.clone(),
            accuracy_m: to.accuracy_m,
            fix: to.fix,
            model: to.model.clone(),
            made_in_year: to.made_in_year,
            depth_cm: to.depth_cm,
            status: to.status,
            neutralised_on: to.neutralised_on,
            disposal: to.disposal,
            operator: to.operator.clone(),
            team: to.team.clone(),
            hazard_area: to.hazard_area.clone(),
            source_reliability: to.source_reliability,
            note: to.note.clone(),
            photos: to.photos.clone(),
            extra: to.extra.clone(),
            ..self.clone()
        };
        // What always has a value: its place, kind, number of items and day.
        kept != *to
            || taken_back(self.location_as_given.as_ref(), to.location_as_given.as_ref())
            || taken_back(self.accuracy_m.as_ref(), to.accuracy_m.as_ref())
            || taken_back(self.fix.as_ref(), to.fix.as_ref())
            || taken_back(self.model.as_ref(), to.model.as_ref())
            || taken_back(self.made_in_year.as_ref(), to.made_in_year.as_ref())
            || taken_back(self.depth_cm.as_ref(), to.depth_cm.as_ref())
            || taken_back(self.neutralised_on.as_ref(), to.neutralised_on.as_ref())
            || taken_back(self.disposal.as_ref(), to.disposal.as_ref())
            || taken_back(self.operator.as_ref(), to.operator.as_ref())
            || taken_back(self.team.as_ref(), to.team.as_ref())
            || taken_back(self.hazard_area.as_ref(), to.hazard_area.as_ref())
            || taken_back(self.source_reliability.as_ref(), to.source_reliability.as_ref())
            || self.note.as_ref().is_some_and(|note| !goes_on(note, to.note.as_deref().unwrap_or("")))
            || self.photos.iter().any(|photo| !to.photos.contains(photo))
            || taken_back(self.extra.as_ref(), to.extra.as_ref())
    }
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;
    use uuid::Uuid;

    use crate::{Detection, RawDetection, RawLocation, Value};

    fn with_note(note: &str) -> Detection {
        let text = |text: &str| Value::Text(text.to_owned());
        let raw = RawDetection {
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
