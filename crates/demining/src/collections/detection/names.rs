//! The property names that a row of detections may have.

use std::borrow::Cow;

use super::FIELDS;
use crate::{
    COMMON_FIELDS,
    field::{FieldRole, is_equal},
    raw::RawDetection,
};

/// The names of all fields and of the properties that the server sets.
const NAMES: [&str; n_names()] = names();

const fn is_property(role: FieldRole) -> bool {
    matches!(role, FieldRole::Required | FieldRole::Given | FieldRole::Derived)
}

const fn n_names() -> usize {
    let (mut n, mut at) = (0, 0);
    while at < FIELDS.len() {
        n += is_property(FIELDS[at].spec.role) as usize;
        at += 1;
    }
    at = 0;
    while at < COMMON_FIELDS.len() {
        n += is_property(COMMON_FIELDS[at].role) as usize;
        at += 1;
    }
    n
}

const fn names() -> [&'static str; n_names()] {
    let mut names = [""; n_names()];
    let (mut n, mut at) = (0, 0);
    while at < FIELDS.len() + COMMON_FIELDS.len() {
        let spec = if at < FIELDS.len() { &FIELDS[at].spec } else { &COMMON_FIELDS[at - FIELDS.len()] };
        if is_property(spec.role) {
            names[n] = spec.name;
            n += 1;
        }
        at += 1;
    }
    names
}

impl RawDetection {
    /// Returns the name of a property, allocating only if no field has that name: the millions of rows of a
    /// file share the same few names.
    pub fn name(given: &str) -> Cow<'static, str> {
        match NAMES.iter().find(|name| is_equal(name.as_bytes(), given.as_bytes())) {
            Some(known) => Cow::Borrowed(known),
            None => Cow::Owned(given.to_owned()),
        }
    }
}
