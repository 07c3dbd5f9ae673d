//! Field descriptions. Each collection has one table of its fields, and everything that lists fields derives
//! from it: column names, writers, the store's columns, schemas, filters, and the texts of the page.

mod group;
mod kind;
mod name;
mod rows;
mod value;
mod vocabulary;

pub use group::Group;
pub use kind::FieldKind;
pub use name::folded_name;
pub(crate) use name::is_equal;
pub use rows::Rows;
pub(crate) use rows::{GroupRow, rows_json, specs};
pub use value::FieldValue;
pub(crate) use vocabulary::Vocabulary;
pub use vocabulary::{Word, Words};

use std::ops::Deref;

/// A title in each language of the page.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Titles {
    /// English.
    pub en: &'static str,
    /// Azerbaijani.
    pub az: &'static str,
    /// Russian.
    pub ru: &'static str,
}

/// Creates a set of titles in English, Azerbaijani and Russian.
pub const fn titles(en: &'static str, az: &'static str, ru: &'static str) -> Titles {
    Titles { en, az, ru }
}

/// Where a field's value comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FieldRole {
    /// Identifies the record. Set by the sender, or by the server if missing.
    Id,
    /// The place of the record: its geometry, or the coordinates as entered.
    Place,
    /// Required from the sender.
    Required,
    /// Optional for the sender.
    Given,
    /// Derived by the server; a value from the sender is ignored.
    Derived,
    /// Optional for the sender of a change. Stored in the history, not in the record.
    Sent,
    /// All properties that no other field takes.
    Rest,
}

/// The description of a field.
#[derive(Debug, Clone, Copy)]
pub struct FieldSpec {
    /// A number that never changes and is never reused: the hash chain of the log identifies fields by
    /// number. Numbers from 1000 upwards belong to [every collection](crate::COMMON_FIELDS).
    pub number: u16,
    /// The name in files, in the store and in the API.
    pub name: &'static str,
    /// Other accepted names, in the form that [`folded_name`] returns.
    pub aliases: &'static [&'static str],
    /// The titles shown to users, with the unit.
    pub titles: Titles,
    /// The kind of its values.
    pub kind: FieldKind,
    /// Where its value comes from.
    pub role: FieldRole,
    /// Whether the public may read the field, provided that it may read the whole record.
    pub is_public: bool,
    /// Whether the field takes free text, which may contain names of people: such a text can be redacted from
    /// the log.
    pub is_free_text: bool,
}

impl FieldSpec {
    /// Creates a field that is not public and has no aliases.
    pub(crate) const fn new(
        number: u16,
        name: &'static str,
        role: FieldRole,
        kind: FieldKind,
        titles: Titles,
    ) -> Self {
        Self { number, name, aliases: &[], titles, kind, role, is_public: false, is_free_text: false }
    }

    /// Adds aliases.
    pub(crate) const fn aliases(self, aliases: &'static [&'static str]) -> Self {
        Self { aliases, ..self }
    }

    /// Makes the field public.
    pub(crate) const fn public(self) -> Self {
        Self { is_public: true, ..self }
    }

    /// Makes the field a free text.
    pub(crate) const fn free_text(self) -> Self {
        Self { is_free_text: true, ..self }
    }

    /// Binds the description to the accessors of a type.
    pub(crate) const fn of<T>(
        self,
        get: for<'a> fn(&'a T) -> FieldValue<'a>,
        set: fn(&mut T, FieldValue<'_>),
    ) -> Field<T> {
        Field { spec: self, get, set }
    }
}

/// A field of the type `T`, the content of a collection's records.
#[derive(Debug)]
pub struct Field<T: 'static> {
    /// Its description.
    pub spec: FieldSpec,
    /// Returns the value.
    pub get: for<'a> fn(&'a T) -> FieldValue<'a>,
    /// Sets a value of the field's kind. [`FieldValue::Null`], or a value of another kind, clears an optional
    /// field.
    pub set: fn(&mut T, FieldValue<'_>),
}

impl<T> Deref for Field<T> {
    type Target = FieldSpec;

    fn deref(&self) -> &FieldSpec {
        &self.spec
    }
}

/// Binds a field to an optional text of its type.
macro_rules! text {
    ($spec:expr, $member:ident) => {
        $spec.of(|of| FieldValue::of_text(of.$member.as_ref()), |of, value| of.$member = value.to_text())
    };
}

/// Binds a field to an optional word of its type.
macro_rules! word {
    ($spec:expr, $member:ident) => {
        $spec.of(|of| FieldValue::of_word(of.$member), |of, value| of.$member = value.to_word())
    };
}

/// Binds a field to a word of its type that is never missing.
macro_rules! needed_word {
    ($spec:expr, $member:ident) => {
        $spec.of(
            |of| FieldValue::of_word(Some(of.$member)),
            |of, value| of.$member = value.to_word().unwrap_or(of.$member),
        )
    };
}

/// Binds a field to an optional measure of its type.
macro_rules! measure {
    ($spec:expr, $member:ident) => {
        $spec.of(
            |of| of.$member.map_or(FieldValue::Null, FieldValue::Real),
            |of, value| of.$member = value.to_real(),
        )
    };
}

/// Binds a field to an optional day of its type.
macro_rules! day {
    ($spec:expr, $member:ident) => {
        $spec.of(
            |of| of.$member.map_or(FieldValue::Null, FieldValue::Day),
            |of, value| of.$member = value.to_day(),
        )
    };
}

/// Binds a field to a day of its type that is never missing.
macro_rules! needed_day {
    ($spec:expr, $member:ident) => {
        $spec.of(
            |of| FieldValue::Day(of.$member),
            |of, value| of.$member = value.to_day().unwrap_or(of.$member),
        )
    };
}

pub(crate) use {day, measure, needed_day, needed_word, text, word};
