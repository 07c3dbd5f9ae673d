//! Folds changes into the records of a small collection.

use demining::{Change, Judged, Review, Revision};
use geometry::Mercator;
use std::sync::Arc;

use super::{
    Small,
    filter::SmallFilter,
    records::{Located, SmallCollection},
};
use crate::{
    core::{delta::Delta, scope::Scope, tile_versions::TileVersions},
    reference::ReferenceData,
};

/// The change of a record in the view of a scope.
#[derive(Clone, Debug)]
pub struct Step<T: Small> {
    /// In the numbering of the scope.
    revision: Revision,
    old: Option<Located<T>>,
    new: Option<Located<T>>,
}

impl<T: Small> Step<T> {
    /// Returns the record before and after.
    fn records(&self) -> impl Iterator<Item = &Located<T>> {
        let shown = |located: &&Located<T>| located.record.review != Review::Rejected;
        self.old.iter().chain(&self.new).filter(shown)
    }
}

impl<T: Small> SmallCollection<T> {
    /// Applies changes, in the order of their revisions, and returns those that the scope sees.
    pub(crate) fn fold(&mut self, changes: &[Change<Judged<T>>], reference: &ReferenceData) -> Vec<Step<T>> {
        let mut steps = Vec::new();
        for change in changes {
            let revision = match self.scope() {
                Scope::Full => change.revision,
                Scope::Public => change.shown,
            };
            let after = change.after.as_ref().map(|record| Located::new(Arc::clone(record), reference));
            let [old, new] = self.set(change.number, after.as_ref(), reference.precision);
            if !looks_same(self.scope(), old.as_ref(), new.as_ref()) {
                steps.push(Step { revision, old, new });
            }
        }
        steps
    }
}

/// Returns `true` if the scope sees no difference. The public does not see by whom or when a record was
/// changed.
fn looks_same<T: Small>(scope: Scope, old: Option<&Located<T>>, new: Option<&Located<T>>) -> bool {
    match (old, new) {
        (Some(old), Some(new)) if scope == Scope::Public => old.record.content == new.record.content,
        _ => old == new,
    }
}

/// Returns what a reader of this scope and filter sees of these steps; `None` if nothing.
pub fn delta<T: Small>(steps: &[Step<T>], scope: Scope, filter: &SmallFilter<T>) -> Option<Delta> {
    let records = steps.iter().flat_map(Step::records).filter(|located| filter.selects(located, scope));
    let places: Vec<Mercator> = records.map(|located| located.location().into()).collect();
    Delta::of(&places)
}

/// Notes the steps in the tile versions of their scope.
pub fn note<T: Small>(steps: &[Step<T>], versions: &TileVersions) {
    let places = |step: &Step<T>| {
        step.records().map(|located| (located.location().into(), step.revision)).collect::<Vec<_>>()
    };
    versions.note(&steps.iter().flat_map(places).collect::<Vec<_>>());
}
