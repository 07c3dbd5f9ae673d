//! A detection as the other collections are.

use geometry::LonLat;
use jiff::civil::Date;
use uuid::Uuid;

use super::{Details, FIELDS, STATUS, progress, rules};
use crate::{
    AsGiven, Status,
    amendment::Amendment,
    collections::Judged,
    content::{Collection, Content},
    field::Field,
    judge::Judge,
};

/// One record of explosive ordnance found at a place: one item, or several of one kind at one spot.
pub type Detection = Judged<Details>;

impl Content for Details {
    const COLLECTION: Collection = Collection::Detections;
    const FIELDS: &'static [Field<Self>] = FIELDS;

    fn blank(id: Uuid, location: LonLat) -> Self {
        Self::blank(id, location)
    }

    fn id(&self) -> Uuid {
        self.id
    }

    fn location(&self) -> LonLat {
        self.location
    }

    fn accuracy_m(&mut self) -> &mut Option<f64> {
        &mut self.accuracy_m
    }

    fn as_given(&mut self) -> &mut Option<AsGiven> {
        &mut self.location_as_given
    }

    fn complete(&mut self, was_given: impl Fn(u16) -> bool) {
        // A disposal date without a status implies that the item was neutralised.
        if !was_given(STATUS) && self.neutralised_on.is_some() {
            self.status = Status::Neutralised;
        }
    }

    fn check(&self, today: Date, judge: &mut Judge) {
        rules::check(self, today, judge);
    }

    fn amendment(&self, to: &Self) -> Amendment {
        progress::amendment(self, to)
    }
}

impl Details {
    /// Returns the day on which the current status began: the day found, or the day of disposal.
    pub fn status_since(&self) -> Date {
        self.neutralised_on.unwrap_or(self.detected_on)
    }
}
