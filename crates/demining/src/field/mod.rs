//! What a field of a record is. Each collection has one table of its fields, and everything that lists fields
//! derives from it: names of columns, writers, the store's columns, schemas, filters, and the texts of the page.

mod kind;
mod name;
mod page;
mod value;
mod vocabulary;

pub use kind::FieldKind;
pub use name::folded_name;
pub use page::page_source;
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

/// The titles in English, Azerbaijani and Russian.
pub const fn titles(en: &'static str, az: &'static str, ru: &'static str) -> Titles {
    Titles { en, az, ru }
}

/// Who gives a field its value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FieldRole {
    /// It identifies the record. The sender makes it, or the server if it is missing.
    Id,
    /// It says where the record is: the geometry, or the coordinates as they were entered.
    Place,
    /// The sender must give it.
    Required,
    /// The sender may give it.
    Given,
    /// The server derives it and does not believe what a sender says.
    Derived,
    /// The sender may give it with a change. It goes into the history and is no part of the record.
    Sent,
    /// The properties that no other field knows.
    Rest,
}

/// The description of a field.
#[derive(Debug, Clone, Copy)]
pub struct FieldSpec {
    /// A number that never changes and is never used again: the hash chain of the log covers fields by their numbers.
    /// Those from 1000 on belong to [every collection](crate::COMMON_FIELDS).
    pub number: u16,
    /// The name in files, in the store and on the wire.
    pub name: &'static str,
    /// Other names that reading accepts, as [`folded_name`] writes them.
    pub aliases: &'static [&'static str],
    /// What people read, with the unit.
    pub titles: Titles,
    /// What its values are.
    pub kind: FieldKind,
    /// Who gives it its value.
    pub role: FieldRole,
    /// Whether the public may read it, where it may read the record as a whole.
    pub is_public: bool,
    /// Whether people write what they like into it, also names of people: the log can be made to forget it.
    pub is_free_text: bool,
}

impl FieldSpec {
    /// A field that is not public and has no other names.
    pub(crate) const fn new(
        number: u16,
        name: &'static str,
        role: FieldRole,
        kind: FieldKind,
        titles: Titles,
    ) -> Self {
        Self { number, name, aliases: &[], titles, kind, role, is_public: false, is_free_text: false }
    }

    /// The same with other names.
    pub(crate) const fn aliases(self, aliases: &'static [&'static str]) -> Self {
        Self { aliases, ..self }
    }

    /// The same for the public to read.
    pub(crate) const fn public(self) -> Self {
        Self { is_public: true, ..self }
    }

    /// The same as a free text.
    pub(crate) const fn free_text(self) -> Self {
        Self { is_free_text: true, ..self }
    }

    /// The field of a type that holds its value.
    pub(crate) const fn of<T>(
        self,
        get: for<'a> fn(&'a T) -> FieldValue<'a>,
        set: fn(&mut T, FieldValue<'_>),
    ) -> Field<T> {
        Field { spec: self, get, set }
    }
}

/// A field of the type `T`, which holds the content of a collection's records.
#[derive(Debug)]
pub struct Field<T: 'static> {
    /// Its description.
    pub spec: FieldSpec,
    /// Its value.
    pub get: for<'a> fn(&'a T) -> FieldValue<'a>,
    /// Sets a value of its kind. [`FieldValue::Null`] empties a field that may be empty; anything else that is of
    /// another kind does the same.
    pub set: fn(&mut T, FieldValue<'_>),
}

impl<T> Deref for Field<T> {
    type Target = FieldSpec;

    fn deref(&self) -> &FieldSpec {
        &self.spec
    }
}
