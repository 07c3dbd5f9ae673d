//! Valid content: how a row or stored parts become a record of a collection.

use std::ops::Deref;

use jiff::civil::Date;
use uuid::Uuid;

use super::place;
use crate::{
    COMMON_FIELDS, Collection, Content, FieldProblem, RawRecord,
    field::{Field, FieldSpec, FieldValue},
    judge::Judge,
    properties::Properties,
};

/// Valid content.
///
/// [`Judged::judge`] creates it from an uploaded row, [`Judged::new`] from its parts. Its fields are read
/// through the content.
#[derive(Debug, Clone, PartialEq)]
pub struct Judged<T>(T);

impl<T> Deref for Judged<T> {
    type Target = T;

    fn deref(&self) -> &T {
        &self.0
    }
}

impl<T: Content> Judged<T> {
    /// The collection.
    pub const COLLECTION: Collection = T::COLLECTION;

    /// The fields, in the column order of files and tables.
    pub const FIELDS: &'static [Field<T>] = T::FIELDS;

    /// The specifications of the fields, and of those that every collection has.
    pub fn specs() -> impl Iterator<Item = &'static FieldSpec> + Clone {
        T::FIELDS.iter().map(|field| &field.spec).chain(COMMON_FIELDS)
    }

    /// Returns whether the public may read a property, provided that it may read the whole record.
    pub fn is_public(property: &str) -> bool {
        property == "geometry" || Self::specs().any(|field| field.is_public && field.name == property)
    }

    /// Creates a record from content that was validated before, such as a stored record or the starting point
    /// of a correction. `today` is the current day in UTC; dates up to the day after are accepted.
    ///
    /// # Errors
    /// Returns every broken rule, as problems of row 0.
    pub fn new(mut content: T, today: Date) -> Result<Self, Vec<FieldProblem>> {
        // Earlier versions stored 0 for an unknown accuracy.
        place::forget_unknown(content.accuracy_m());
        let mut judge = Judge::new(0, Some(content.id().to_string()));
        content.check(today, &mut judge);
        judge.verdict(Self(content))
    }

    /// Validates a row and returns the record, or every problem of the row.
    ///
    /// `today` is the current day in UTC; dates up to the day after are accepted, for time zones. `new_id`
    /// supplies an id if the row has none.
    ///
    /// # Errors
    /// Returns every problem of the row, each with field, value and reason.
    pub fn judge(
        raw: RawRecord,
        today: Date,
        new_id: impl FnOnce() -> Uuid,
    ) -> Result<Self, Vec<FieldProblem>> {
        let mut judge = Judge::new(raw.row, (!raw.id.is_empty()).then(|| raw.id.as_text().to_owned()));
        let content = read(raw, new_id, &mut judge);
        T::check(&content, today, &mut judge);
        judge.verdict(Self(content))
    }

    /// Returns the content with its public fields only. Fields that every record must have are public.
    #[must_use]
    pub fn into_public(mut self) -> Self {
        for field in T::FIELDS.iter().filter(|field| !field.is_public) {
            (field.set)(&mut self.0, FieldValue::Null);
        }
        self
    }

    /// Returns the content, to be changed and validated again.
    pub fn into_details(self) -> T {
        self.0
    }

    /// Parses an id: a UUID, optionally prefixed with `uuid:`, as in `XForms`.
    pub fn parse_id(text: &str) -> Option<Uuid> {
        place::parse_id(text)
    }
}

/// Reads every field. A missing or unreadable field adds a problem and gets a placeholder that breaks no
/// other rule.
fn read<T: Content>(raw: RawRecord, new_id: impl FnOnce() -> Uuid, judge: &mut Judge) -> T {
    let id = place::read_id(&raw.id, judge, new_id);
    let place = place::read_location(raw.location, judge);
    let (location, given, transform_m) = place.unwrap_or_else(|| (place::nowhere(), None, 0.0));
    let mut content = T::blank(id.unwrap_or_default(), location);
    *content.as_given() = given;
    let mut sent = 0_u64;
    Properties::new(judge, raw.properties).fill(&mut content, |field: &Field<T>| sent |= bit(field.number));
    content.complete(|number| sent & bit(number) != 0);
    place::forget_unknown(content.accuracy_m());
    place::add_accuracy(content.accuracy_m(), transform_m);
    content
}

/// The bit that stands for a field: numbers of content fields are below 64, which a test checks.
fn bit(number: u16) -> u64 {
    1 << (number % 64)
}

#[cfg(test)]
mod tests {
    use crate::{Accident, Detection};

    #[test]
    fn numbers_of_fields_are_unique_and_have_a_bit_each() {
        fn check(mut numbers: Vec<u16>) {
            numbers.sort_unstable();
            assert!(numbers.windows(2).all(|pair| pair[0] < pair[1]), "{numbers:?}");
            assert!(numbers.iter().all(|number| (1..64).contains(number)), "{numbers:?}");
        }
        check(Detection::FIELDS.iter().map(|field| field.number).collect());
        check(Accident::FIELDS.iter().map(|field| field.number).collect());
    }

    #[test]
    fn a_field_of_two_collections_has_one_number_and_one_kind_of_values() {
        for field in Accident::FIELDS {
            for other in Detection::FIELDS.iter().filter(|other| other.name == field.name) {
                assert_eq!((other.number, other.kind), (field.number, field.kind), "{}", field.name);
                assert_eq!(other.aliases, field.aliases, "{}", field.name);
            }
            let taken = Detection::FIELDS.iter().find(|other| other.number == field.number);
            assert!(taken.is_none_or(|other| other.name == field.name), "{}", field.name);
        }
    }
}
