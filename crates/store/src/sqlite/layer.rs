//! The layers of the collections: a view of the current records for each, and tables of content.
//!
//! All of them are named after their collection, and their columns are those of its fields. A statement about
//! content is a text for each collection, built once.

use std::sync::OnceLock;

use demining::Collection;

use crate::{
    collections::columns,
    fields::{FieldColumn, sealed},
    sqlite::row::list,
};

/// The names of a collection's view and tables.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Layer(pub Collection);

impl Layer {
    /// Returns the view of the current records.
    pub(crate) fn view(self) -> &'static str {
        self.0.name()
    }

    /// Returns the table of content in the log.
    pub(crate) fn content(self) -> String {
        format!("{}_content", self.0)
    }

    /// Returns the table of content in the quarantine.
    pub(crate) fn held(self) -> String {
        format!("{}_held", self.0)
    }

    /// Returns the columns of content.
    pub(crate) fn columns(self) -> impl Iterator<Item = &'static str> {
        columns(self.0).iter().map(|column: &FieldColumn| column.name)
    }

    /// Returns the columns of content as a statement lists them.
    pub(crate) fn listed(self) -> String {
        list(self.columns())
    }

    /// Returns the columns of content with those of the seals, each after its text.
    pub(crate) fn sealed(self) -> impl Iterator<Item = &'static str> {
        sealed(columns(self.0))
    }
}

/// A value for each collection, made at its first use.
pub(crate) struct ForEach<V: 'static> {
    make: fn(Layer) -> V,
    made: OnceLock<Vec<V>>,
}

impl<V> ForEach<V> {
    pub(crate) const fn new(make: fn(Layer) -> V) -> Self {
        Self { make, made: OnceLock::new() }
    }

    /// Returns the value of a collection.
    pub(crate) fn of(&self, collection: Collection) -> &V {
        let all = || Collection::ALL.iter().map(|collection| (self.make)(Layer(*collection))).collect();
        &self.made.get_or_init(all)[collection as usize]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_collection_has_its_own_value() {
        static NAMES: ForEach<&str> = ForEach::new(Layer::view);
        for collection in Collection::ALL {
            assert_eq!(NAMES.of(*collection), &collection.name());
        }
    }
}
