//! The settings shared by the features of a file.

use std::collections::HashMap;

use demining::DateOrder;

use crate::{
    column::Column,
    options::{Naming, ReadOptions},
    reference::Reference,
    table::{Places, property},
};

/// The settings shared by the features of a file.
pub(crate) struct Features<'o> {
    pub(super) naming: Naming<'o>,
    pub(super) dates: Option<DateOrder>,
    /// Whether the request names the reference system, and with it the axis order.
    pub(super) is_asked: bool,
    pub(super) places: Places,
    /// The meanings of property names other than the fields' own names.
    meanings: HashMap<String, Column>,
}

/// The maximum number of names to cache: files have few, and a hostile file must not fill the memory.
const MEANINGS: usize = 1_000;

impl<'o> Features<'o> {
    /// Creates the settings from the options.
    pub(super) fn new(options: &'o ReadOptions) -> Self {
        Self {
            naming: options.naming(),
            dates: options.dates,
            is_asked: options.crs.is_some(),
            places: Places::new(options.crs.clone().unwrap_or_default(), false),
            meanings: HashMap::new(),
        }
    }

    /// Returns the reference system of features that name none.
    pub(super) fn reference(&self) -> &Reference {
        &self.places.reference
    }

    /// Sets the reference system that the document names.
    pub(super) fn set_reference(&mut self, reference: Reference) {
        self.places.reference = reference;
    }

    /// Returns the meaning of a property name.
    pub(super) fn meaning(&mut self, name: &str) -> Column {
        if let Some(known) = self.meanings.get(name) {
            return known.clone();
        }
        let meaning = property(name, self.naming);
        if self.meanings.len() < MEANINGS {
            self.meanings.insert(name.to_owned(), meaning.clone());
        }
        meaning
    }
}
