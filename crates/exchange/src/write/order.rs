//! The order of a collection's fields as properties of a GeoJSON feature, computed when the program is
//! compiled.

use std::marker::PhantomData;

use demining::{
    Content,
    field::{Field, FieldRole},
};

/// The field that is an object with its reference system.
pub(super) const AS_GIVEN: &str = "location_as_given";
const AS_GIVEN_CRS: &str = "location_as_given_crs";

/// The maximum number of fields: their numbers are below it.
const MOST: usize = 64;

/// The positions of fields in their table.
pub(super) struct Order {
    positions: [usize; MOST],
    n_public: usize,
    n_all: usize,
    /// The reference system of the coordinates as entered.
    as_given_crs: Option<usize>,
}

/// The order of the fields of `T`.
pub(super) struct OrderOf<T>(PhantomData<T>);

impl<T: Content> OrderOf<T> {
    pub(super) const ORDER: Order = Order::of(T::FIELDS);
}

impl Order {
    const fn of<T>(fields: &[Field<T>]) -> Self {
        let mut order = Self { positions: [0; MOST], n_public: 0, n_all: 0, as_given_crs: None };
        order.add(fields, true);
        order.n_public = order.n_all;
        order.add(fields, false);
        order
    }

    /// Adds the fields that are public, or those that are not.
    const fn add<T>(&mut self, fields: &[Field<T>], is_public: bool) {
        let mut at = 0;
        while at < fields.len() {
            let spec = &fields[at].spec;
            let is_given = matches!(spec.role, FieldRole::Required | FieldRole::Given);
            if spec.is_public == is_public && (is_given || is_same(spec.name, AS_GIVEN)) {
                self.positions[self.n_all] = at;
                self.n_all += 1;
            }
            if is_same(spec.name, AS_GIVEN_CRS) {
                self.as_given_crs = Some(at);
            }
            at += 1;
        }
    }

    /// Iterates over the positions of the public fields.
    pub(super) fn public(&self) -> impl Iterator<Item = usize> + use<'_> {
        self.positions[..self.n_public].iter().copied()
    }

    /// Iterates over the positions of the other fields.
    pub(super) fn inner(&self) -> impl Iterator<Item = usize> + use<'_> {
        self.positions[self.n_public..self.n_all].iter().copied()
    }

    /// Returns the position of the reference system of the coordinates as entered.
    pub(super) fn as_given_crs(&self) -> Option<usize> {
        self.as_given_crs
    }
}

/// Compares two texts; `==` is not available to the compiler.
const fn is_same(a: &str, b: &str) -> bool {
    let (a, b) = (a.as_bytes(), b.as_bytes());
    if a.len() != b.len() {
        return false;
    }
    let mut at = 0;
    while at < a.len() {
        if a[at] != b[at] {
            return false;
        }
        at += 1;
    }
    true
}
