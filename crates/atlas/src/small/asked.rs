//! Evaluates a condition on one record of a small collection.

use std::borrow::Cow;

use demining::field::FieldValue;
use geo::{Geometry, Point};
use geometry::Shape;

use super::{
    Small,
    property::{Fields, Property},
    records::Located,
};
use crate::{
    core::scope::Scope,
    query::condition::{Condition, Feature, Spatial, Time},
};

/// A record tested against a condition.
pub struct Asked<'a, T: Small> {
    located: &'a Located<T>,
    scope: Scope,
    geometry: Geometry<f64>,
}

impl<'a, T: Small> Asked<'a, T> {
    /// Returns `true` if the record satisfies the condition.
    pub fn meets(located: &'a Located<T>, scope: Scope, condition: &Condition<Fields<T>>) -> bool {
        let at = located.location();
        let asked = Self { located, scope, geometry: Geometry::Point(Point::new(at.lon(), at.lat())) };
        condition.holds(&asked) == Some(true)
    }

    /// Returns a value that the scope shows: to the public, internal properties are missing, so that no
    /// condition reveals them.
    fn value(&self, property: Property<T>) -> FieldValue<'_> {
        if property.is_shown(self.scope) { property.value(self.located) } else { FieldValue::Null }
    }
}

impl<T: Small> Feature<Fields<T>> for Asked<'_, T> {
    fn text(&self, property: Property<T>) -> Option<Cow<'_, str>> {
        match self.value(property) {
            FieldValue::Text(text) => Some(Cow::Borrowed(text)),
            FieldValue::Word(word) => Some(Cow::Borrowed(word.text)),
            FieldValue::Id(id) => Some(Cow::Owned(id.to_string())),
            _ => None,
        }
    }

    fn number(&self, property: Property<T>) -> Option<f64> {
        match self.value(property) {
            FieldValue::Whole(number) => Some(number as f64),
            FieldValue::Real(number) => Some(number),
            _ => None,
        }
    }

    fn time(&self, property: Property<T>) -> Option<Time> {
        match self.value(property) {
            FieldValue::Day(day) => Some(Time::Day(day)),
            FieldValue::Instant(at) => Some(Time::Instant(at)),
            _ => None,
        }
    }

    fn geometry(&self) -> Option<&Geometry<f64>> {
        Some(&self.geometry)
    }

    fn relates(&self, spatial: Spatial, shape: &Shape) -> Option<bool> {
        Some(spatial.holds_at(shape, self.located.location()))
    }
}
