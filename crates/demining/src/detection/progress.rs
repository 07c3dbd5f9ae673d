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
    /// what was detected may be dealt with, or prove to be none: that is progress.
    pub fn is_taken_back_by(&self, to: &Self) -> bool {
        fn taken_back<T: PartialEq>(from: Option<&T>, to: Option<&T>) -> bool {
            from.is_some() && from != to
        }
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
            || taken_back(self.note.as_ref(), to.note.as_ref())
            || self.photos.iter().any(|photo| !to.photos.contains(photo))
            || taken_back(self.extra.as_ref(), to.extra.as_ref())
    }
}
