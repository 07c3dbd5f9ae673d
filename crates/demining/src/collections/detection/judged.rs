//! A validated detection.

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
/// Every value of this type is valid. [`Detection::judge`] creates one from an uploaded row,
/// [`Detection::new`] from its parts. Read the fields through [`Details`].
#[derive(Debug, Clone, PartialEq)]
pub struct Detection(Details);

impl Deref for Detection {
    type Target = Details;

    fn deref(&self) -> &Details {
        &self.0
    }
}

impl Detection {
    /// The fields, in the column order of files and tables.
    pub const FIELDS: &'static [Field<Details>] = FIELDS;

    /// Returns whether the public may read a property, provided that it may read the whole record.
    pub fn is_public(property: &str) -> bool {
        let content = Self::FIELDS.iter().map(|field| &field.spec).chain(COMMON_FIELDS);
        property == "geometry" || content.into_iter().any(|field| field.is_public && field.name == property)
    }

    /// Creates a detection from details that were validated before, such as a stored record or the starting
    /// point of a correction. `today` is the current day in UTC; dates up to the day after are accepted.
    ///
    /// # Errors
    /// Returns every broken rule, as problems of row 0.
    pub fn new(mut details: Details, today: Date) -> Result<Self, Vec<FieldProblem>> {
        // Earlier versions stored 0 for an unknown accuracy.
        details.accuracy_m = details.accuracy_m.filter(rules::is_known);
        let mut judge = Judge::new(0, Some(details.id.to_string()));
        rules::check(&details, today, &mut judge);
        judge.verdict(Self(details))
    }

    /// Validates a row and returns the detection, or every problem of the row.
    ///
    /// `today` is the current day in UTC; dates up to the day after are accepted, for time zones. `new_id`
    /// supplies an id if the row has none.
    ///
    /// # Errors
    /// Returns every problem of the row, each with field, value and reason.
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

    /// Returns a copy with the public fields only. Fields that every detection must have are public.
    #[must_use]
    pub fn public(&self) -> Self {
        let mut details = self.0.clone();
        for field in Self::FIELDS.iter().filter(|field| !field.is_public) {
            (field.set)(&mut details, FieldValue::Null);
        }
        Self(details)
    }

    /// Returns the details, to be changed and validated again.
    pub fn into_details(self) -> Details {
        self.0
    }

    /// Parses an id: a UUID, optionally prefixed with `uuid:`, as in `XForms`.
    pub fn parse_id(text: &str) -> Option<Uuid> {
        rules::parse_id(text)
    }

    /// Returns the day on which the current status began: the day found, or the day of disposal.
    pub fn status_since(&self) -> Date {
        self.neutralised_on.unwrap_or(self.detected_on)
    }
}
