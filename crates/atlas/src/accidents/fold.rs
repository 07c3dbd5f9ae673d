//! Folds changes into the accidents of both scopes.

use std::sync::Arc;

use demining::{Accident, AccidentDetails, Change};

use super::Accidents;
use crate::{
    core::{delta::Delta, scope::Scope, tile_versions::TileVersions},
    reference::ReferenceData,
    small::{self, SmallFilter, Step},
};

/// The changes of accidents in a fold.
#[derive(Clone, Debug)]
pub struct AccidentSteps {
    full: Arc<[Step<AccidentDetails>]>,
    public: Arc<[Step<AccidentDetails>]>,
    counts_changed: bool,
}

/// Returns the accidents of both scopes after these changes, and what changed.
pub fn fold(
    reference: &ReferenceData,
    [full, public]: [&Accidents; 2],
    changes: &[Change<Accident>],
) -> ([Accidents; 2], AccidentSteps) {
    let mut table = public.public.clone();
    let mut collections = [full.collection.clone(), public.collection.clone()];
    // A record may change several times in a fold, so the table follows the full scope change by change.
    let mut steps = [Vec::new(), Vec::new()];
    let mut edits = Vec::with_capacity(changes.len());
    for change in changes {
        let before = collections[0].at_number(change.number).map(|located| Arc::clone(&located.record));
        edits.push([before, change.after.clone()]);
        for (collection, steps) in collections.iter_mut().zip(&mut steps) {
            steps.extend(collection.fold(std::slice::from_ref(change), reference));
        }
    }
    let counts_changed = table.edit(&edits, reference);
    let after = collections.map(|collection| Accidents { collection, public: table.clone() });
    let [full, public] = steps;
    (after, AccidentSteps { full: full.into(), public: public.into(), counts_changed })
}

impl AccidentSteps {
    fn of(&self, scope: Scope) -> &[Step<AccidentDetails>] {
        match scope {
            Scope::Full => &self.full,
            Scope::Public => &self.public,
        }
    }

    /// Returns whether an approved accident changed, so that public counts, or whether they are made up, may
    /// differ.
    pub fn counts_changed(&self) -> bool {
        self.counts_changed
    }

    /// Returns the number of changes that a scope sees.
    pub fn n_changes(&self, scope: Scope) -> usize {
        self.of(scope).len().max(usize::from(scope == Scope::Public && self.counts_changed))
    }

    /// Returns what a reader of this scope and filter sees of the changes; `None` if nothing.
    pub fn seen(&self, scope: Scope, filter: &SmallFilter<AccidentDetails>) -> Option<Delta> {
        small::delta(self.of(scope), scope, filter)
    }

    /// Notes the changes of a scope in its tile versions.
    pub fn note(&self, scope: Scope, versions: &TileVersions) {
        small::note(self.of(scope), versions);
    }
}
