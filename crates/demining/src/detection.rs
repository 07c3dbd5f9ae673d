//! A detection, its fields and their limits.

mod fields;
mod judge;
mod progress;
#[cfg(test)]
mod tests;

use std::ops::Deref;

use geometry::LonLat;
use jiff::civil::Date;
use uuid::Uuid;

use crate::{
    AsGiven, Disposal, Fix, Kind, Problem, RawDetection, SourceReliability, Status,
    disclosure::public_details,
};
use judge::Judge;

/// The limits of a detection's fields.
#[derive(Debug, Clone, Copy)]
pub struct Limits {
    /// Items in one record, at most.
    pub quantity: u32,
    /// Characters in a name: model, operator, team, hazardous area.
    pub name_chars: usize,
    /// Characters in a note.
    pub note_chars: usize,
    /// Bytes of JSON in the properties that the model does not know.
    pub extra_bytes: usize,
    /// Photos of a record.
    pub photos: usize,
    /// The earliest year of a date.
    pub first_year: i16,
}

/// The limits in force.
pub const LIMITS: Limits = Limits {
    quantity: 1_000_000,
    name_chars: 120,
    note_chars: 4_000,
    extra_bytes: 16 * 1024,
    photos: 50,
    first_year: 1900,
};

/// One record of explosive ordnance found at a place: one item, or several of one kind at one spot.
///
/// Its rules hold for every value of this type; [`Detection::judge`] makes one from a row of an
/// upload, [`Detection::new`] from its parts. The fields are read through [`Details`].
#[derive(Debug, Clone, PartialEq)]
pub struct Detection(Details);

/// The fields of a [`Detection`].
#[derive(Debug, Clone, PartialEq)]
pub struct Details {
    /// Made by whoever records it, so that the same upload twice is the same record.
    pub id: Uuid,
    /// Where.
    pub location: LonLat,
    /// The coordinates as entered, when they were not WGS84 longitude and latitude.
    pub location_as_given: Option<AsGiven>,
    /// Horizontal accuracy, metres; never 0, which devices write when they do not know it.
    pub accuracy_m: Option<f64>,
    /// How the position was taken.
    pub fix: Option<Fix>,
    /// The category.
    pub kind: Kind,
    /// PMN-2, TM-62M, ...
    pub model: Option<String>,
    /// Year of production.
    pub made_in_year: Option<i16>,
    /// Items, 1 or more.
    pub quantity: u32,
    /// Depth below the surface, centimetres.
    pub depth_cm: Option<f64>,
    /// The day it was found.
    pub detected_on: Date,
    /// What became of it. Neutralised exactly when there is a `neutralised_on`.
    pub status: Status,
    /// The day it was dealt with.
    pub neutralised_on: Option<Date>,
    /// How it ended.
    pub disposal: Option<Disposal>,
    /// The organisation.
    pub operator: Option<String>,
    /// Its team.
    pub team: Option<String>,
    /// The hazardous area it lies in, by name or number.
    pub hazard_area: Option<String>,
    /// What the record rests on.
    pub source_reliability: Option<SourceReliability>,
    /// A note.
    pub note: Option<String>,
    /// Names of photos.
    pub photos: Vec<String>,
    /// Properties that the model does not know, as the text of a JSON object.
    pub extra: Option<String>,
}

impl Deref for Detection {
    type Target = Details;

    fn deref(&self) -> &Details {
        &self.0
    }
}

impl Detection {
    /// A detection with these details, for one that was judged before: the store reads its records
    /// so, and a correction begins from one. `today` is the current day in UTC; a day of grace is given.
    ///
    /// # Errors
    /// Every rule that is broken, as problems of row 0.
    pub fn new(mut details: Details, today: Date) -> Result<Self, Vec<Problem>> {
        // Records of earlier versions may hold it.
        details.accuracy_m = details.accuracy_m.filter(judge::is_known);
        let mut judge = Judge::new(0, Some(details.id.to_string()));
        judge.rules(&details, today);
        judge.verdict(details)
    }

    /// Judges a row: a detection, or every problem that keeps it from being one.
    ///
    /// `today` is the current day in UTC; dates up to the day after are accepted, for time zones.
    /// `new_id` is used when the row has none.
    ///
    /// # Errors
    /// Every problem of the row, each with field, value and reason.
    pub fn judge(
        raw: RawDetection,
        today: Date,
        new_id: impl FnOnce() -> Uuid,
    ) -> Result<Self, Vec<Problem>> {
        let mut judge = Judge::new(raw.row, (!raw.id.is_empty()).then(|| raw.id.as_text().to_owned()));
        let details = judge.details(raw, new_id);
        judge.rules(&details, today);
        judge.verdict(details)
    }

    /// The detection with its [public fields](crate::PUBLIC_FIELDS) only.
    #[must_use]
    pub fn public(&self) -> Self {
        Self(public_details(self))
    }

    /// The details, to be changed and judged again.
    pub fn into_details(self) -> Details {
        self.0
    }

    /// The id that a text names: a UUID, perhaps with `uuid:` in front, as `XForms` write it.
    pub fn parse_id(text: &str) -> Option<Uuid> {
        judge::parse_id(text)
    }

    /// The day its present status began: found, or dealt with.
    pub fn status_since(&self) -> Date {
        self.neutralised_on.unwrap_or(self.detected_on)
    }
}
