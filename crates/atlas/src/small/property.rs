//! The properties of a record that conditions can use, from the field table of its collection.

use std::fmt;

use demining::{
    COMMON_FIELDS, Content,
    field::{Field as OwnField, FieldKind, FieldRole, FieldSpec, FieldValue},
};
use uuid::fmt::Hyphenated;

use super::records::Located;
use crate::{
    core::scope::Scope,
    query::condition::{Field, Properties},
};

/// A property of the records of a collection with the content `T`.
pub enum Property<T: 'static> {
    /// A field of the collection.
    Own(&'static OwnField<T>),
    /// A field that every collection has.
    Common(&'static FieldSpec),
}

impl<T: Content> Property<T> {
    /// Returns the property with this name; `None` if there is none, or it has no single value.
    pub fn named(name: &str) -> Option<Self> {
        Self::all().find(|property| property.spec().name == name)
    }

    /// Returns the properties with a single value: neither places nor lists, nor a time without its day.
    pub fn all() -> impl Iterator<Item = Self> {
        let own = T::FIELDS.iter().map(Self::Own);
        let all = own.chain(COMMON_FIELDS.iter().map(Self::Common));
        all.filter(|property| property.field().is_some())
    }

    /// Returns whether its values are texts or words.
    pub fn is_text(self) -> bool {
        matches!(self.spec().kind, FieldKind::Text { .. } | FieldKind::Word(_))
    }

    /// Returns its description.
    pub fn spec(self) -> &'static FieldSpec {
        match self {
            Self::Own(field) => &field.spec,
            Self::Common(spec) => spec,
        }
    }

    /// Returns the property by its type; `None` if conditions cannot use it.
    fn field(self) -> Option<Field<Fields<T>>> {
        let spec = self.spec();
        // No answer names the number of a record or who changed it.
        let is_never_told = matches!(spec.name, "number" | "updated_by");
        if is_never_told || matches!(spec.role, FieldRole::Place | FieldRole::Sent) {
            return None;
        }
        match spec.kind {
            FieldKind::Id | FieldKind::Text { .. } | FieldKind::Word(_) => Some(Field::Text(self)),
            FieldKind::Whole { .. } | FieldKind::Year | FieldKind::Measure { .. } => {
                Some(Field::Number(self))
            }
            FieldKind::Day | FieldKind::Instant => Some(Field::Time(self)),
            FieldKind::Position
            | FieldKind::Texts
            | FieldKind::Object
            | FieldKind::Time
            | FieldKind::Rows(_) => None,
        }
    }

    /// Returns whether readers of a scope may know it, if they see the record.
    pub(super) fn is_shown(self, scope: Scope) -> bool {
        scope == Scope::Full || self.spec().is_public
    }

    /// Returns the value.
    pub(super) fn value(self, of: &Located<T>) -> FieldValue<'_> {
        match self {
            Self::Own(field) => (field.get)(&of.record.content),
            Self::Common(spec) => of.record.common(spec.number, of.region.as_deref()),
        }
    }

    /// Calls a function with the value as a text; returns `None` if the property is missing or no text.
    pub(super) fn with_text<R>(self, of: &Located<T>, call: impl FnOnce(&str) -> R) -> Option<R> {
        match self.value(of) {
            FieldValue::Text(text) => Some(call(text)),
            FieldValue::Word(word) => Some(call(word.text)),
            FieldValue::Id(id) => Some(call(id.as_hyphenated().encode_lower(&mut [0; Hyphenated::LENGTH]))),
            _ => None,
        }
    }
}

impl<T> Clone for Property<T> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<T> Copy for Property<T> {}

impl<T: Content> PartialEq for Property<T> {
    fn eq(&self, other: &Self) -> bool {
        self.spec().number == other.spec().number
    }
}

impl<T: Content> Eq for Property<T> {}

impl<T: Content> fmt::Debug for Property<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.spec().name)
    }
}

/// The properties that conditions on records with the content `T` can use.
pub struct Fields<T>(std::marker::PhantomData<T>);

impl<T: Content> Fields<T> {
    /// Returns every property that a condition can use, with its name.
    pub fn all() -> impl Iterator<Item = (&'static str, Field<Self>)> {
        let named = |property: Property<T>| Some((property.spec().name, property.field()?));
        Property::all().filter_map(named).chain([("geometry", Field::Geometry)])
    }

    /// Returns the property with this name.
    pub fn named(name: &str) -> Option<Field<Self>> {
        Self::all().find(|(known, _)| *known == name).map(|(_, field)| field)
    }
}

impl<T: Content> Properties for Fields<T> {
    type Text = Property<T>;
    type Number = Property<T>;
    type Time = Property<T>;
}

impl<T> Clone for Fields<T> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<T> Copy for Fields<T> {}

impl<T> PartialEq for Fields<T> {
    fn eq(&self, _: &Self) -> bool {
        true
    }
}

impl<T> Eq for Fields<T> {}

impl<T: Content> fmt::Debug for Fields<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(T::COLLECTION.name())
    }
}
