//! A detection that keeps its rules.

use std::ops::Deref;

use jiff::civil::Date;
use uuid::Uuid;

use super::{Details, FIELDS, rules};
use crate::{
    COMMON_FIELDS, FieldProblem,
    field::{Field, FieldValue},
    judge::Judge,
    raw::RawDetection,
};

/// One record of explosive ordnance found at a place: one item, or several of one kind at one spot.
///
/// Its rules hold for every value of this type; [`Detection::judge`] makes one from a row of an
/// upload, [`Detection::new`] from its parts. The fields are read through [`Details`].
#[derive(Debug, Clone, PartialEq)]
pub struct Detection(Details);

impl Deref for Detection {
    type Target = Details;

    fn deref(&self) -> &Details {
        &self.0
    }
}

impl Detection {
    /// The fields, in the order in which files and tables have them.
    pub const FIELDS: &'static [Field<Details>] = FIELDS;

    /// Whether the public may read a property of a detection, where it may read the record as a whole.
    pub fn is_public(property: &str) -> bool {
        let content = Self::FIELDS.iter().map(|field| &field.spec).chain(COMMON_FIELDS);
        property == "geometry" || content.into_iter().any(|field| field.is_public && field.name == property)
    }

    /// A detection with these details, for one that was judged before: the store reads its records
    /// so, and a correction begins from one. `today` is the current day in UTC; a day of grace is given.
    ///
    /// # Errors
    /// Every rule that is broken, as problems of row 0.
    pub fn new(mut details: Details, today: Date) -> Result<Self, Vec<FieldProblem>> {
        // Records of earlier versions may hold it.
        details.accuracy_m = details.accuracy_m.filter(rules::is_known);
        let mut judge = Judge::new(0, Some(details.id.to_string()));
        rules::check(&details, today, &mut judge);
        judge.verdict(Self(details))
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
    ) -> Result<Self, Vec<FieldProblem>> {
        let mut judge = Judge::new(raw.row, (!raw.id.is_empty()).then(|| raw.id.as_text().to_owned()));
        let details = rules::read(raw, new_id, &mut judge);
        rules::check(&details, today, &mut judge);
        judge.verdict(Self(details))
    }

    /// The detection with its public fields only. Those that every detection has are public.
    #[must_use]
    pub fn public(&self) -> Self {
        let mut details = self.0.clone();
        for field in Self::FIELDS.iter().filter(|field| !field.is_public) {
            (field.set)(&mut details, FieldValue::Null);
        }
        Self(details)
    }

    /// The details, to be changed and judged again.
    pub fn into_details(self) -> Details {
        self.0
    }

    /// The id that a text names: a UUID, perhaps with `uuid:` in front, as `XForms` write it.
    pub fn parse_id(text: &str) -> Option<Uuid> {
        rules::parse_id(text)
    }

    /// The day its present status began: found, or dealt with.
    pub fn status_since(&self) -> Date {
        self.neutralised_on.unwrap_or(self.detected_on)
    }
}
