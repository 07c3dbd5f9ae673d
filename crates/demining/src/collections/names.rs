//! The property names that a row may have.

use std::borrow::Cow;

use super::{accident, detection};
use crate::{
    COMMON_FIELDS, Content, RawRecord,
    field::{Field, FieldRole, FieldSpec, is_equal},
};

/// The names that a sender or the server uses, of each collection, then of all. Detections come first: their
/// files are the long ones.
const NAMES: [&[&str]; 3] = [
    &names::<_, { detection::Details::FIELDS.len() }>(detection::Details::FIELDS),
    &common_names(),
    &names::<_, { accident::Details::FIELDS.len() }>(accident::Details::FIELDS),
];

const fn name(spec: &FieldSpec) -> &'static str {
    match spec.role {
        FieldRole::Required | FieldRole::Given | FieldRole::Derived => spec.name,
        FieldRole::Id | FieldRole::Place | FieldRole::Sent | FieldRole::Rest => "",
    }
}

const fn names<T, const N: usize>(fields: &[Field<T>]) -> [&'static str; N] {
    let mut names = [""; N];
    let mut at = 0;
    while at < N {
        names[at] = name(&fields[at].spec);
        at += 1;
    }
    names
}

const fn common_names() -> [&'static str; COMMON_FIELDS.len()] {
    let mut names = [""; COMMON_FIELDS.len()];
    let mut at = 0;
    while at < names.len() {
        names[at] = name(&COMMON_FIELDS[at]);
        at += 1;
    }
    names
}

impl RawRecord {
    /// Returns the name of a property, allocating only if no field has that name: the millions of rows of a
    /// file share the same few names.
    pub fn name(given: &str) -> Cow<'static, str> {
        match NAMES.iter().copied().flatten().find(|name| is_equal(name.as_bytes(), given.as_bytes())) {
            Some(known) => Cow::Borrowed(known),
            None => Cow::Owned(given.to_owned()),
        }
    }
}
