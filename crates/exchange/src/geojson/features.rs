//! What the features of a file have in common.

use std::collections::HashMap;

use demining::DateOrder;

use crate::{
    column::Column,
    options::{Mapping, ReadOptions},
    reference::Reference,
    table::{Places, property},
};

/// What the features of a file have in common.
pub(crate) struct Features<'o> {
    pub(super) mapping: &'o Mapping,
    pub(super) dates: Option<DateOrder>,
    /// Whether the request names the reference system, and with it the order of axes.
    pub(super) is_asked: bool,
    pub(super) places: Places,
    /// What names of properties mean that are not the fields' own.
    meanings: HashMap<String, Column>,
}

/// Names whose meaning is kept: files have few, and a hostile one does not fill the memory.
const MEANINGS: usize = 1_000;

impl<'o> Features<'o> {
    /// Of a file that is read so.
    pub(super) fn new(options: &'o ReadOptions) -> Self {
        Self {
            mapping: &options.columns,
            dates: options.dates,
            is_asked: options.crs.is_some(),
            places: Places::new(options.crs.clone().unwrap_or_default(), false),
            meanings: HashMap::new(),
        }
    }

    /// The system of the coordinates of features that name none.
    pub(super) fn reference(&self) -> &Reference {
        &self.places.reference
    }

    /// Sets the system that the document names.
    pub(super) fn set_reference(&mut self, reference: Reference) {
        self.places.reference = reference;
    }

    /// What a property of this name means.
    pub(super) fn meaning(&mut self, name: &str) -> Column {
        if let Some(known) = self.meanings.get(name) {
            return known.clone();
        }
        let meaning = property(name, self.mapping);
        if self.meanings.len() < MEANINGS {
            self.meanings.insert(name.to_owned(), meaning.clone());
        }
        meaning
    }
}
