//! The changes of a fold, and what a reader sees of them: where something changed, under a filter.

use demining::{AccidentDetails, Revision};
use geometry::Mercator;

use crate::{
    accidents::AccidentSteps,
    core::{delta::Delta, fold::Moves, moves::Move, scope::Scope},
    detections::row::Row,
    query::filter::Filter,
    small::SmallFilter,
    view::View,
};

/// The changes of a fold.
#[derive(Clone, Debug)]
pub struct Folded {
    /// The newest folded revision.
    pub revision: Revision,
    /// The public revision after the fold.
    pub shown: Revision,
    pub(crate) detections: Moves,
    pub(crate) accidents: AccidentSteps,
}

impl Folded {
    /// Returns the number of changes that a scope sees, of every collection.
    pub fn n_changes(&self, scope: Scope) -> usize {
        self.detections.of(scope).len() + self.accidents.n_changes(scope)
    }

    /// Returns the newest folded revision, in the numbering of a scope.
    pub fn revision_of(&self, scope: Scope) -> Revision {
        match scope {
            Scope::Full => self.revision,
            Scope::Public => self.shown,
        }
    }

    /// Returns what a reader of this view and filter sees of the detections in the fold; `None` if nothing it
    /// shows changed. The view must be from after the fold.
    pub fn seen(&self, view: &View, filter: &Filter) -> Option<Delta> {
        let query = view.query(filter);
        let rows = self.detections.of(view.scope()).iter().flat_map(Move::rows);
        let shown = |row: &Row| query.may_have_shown(row);
        let places: Vec<Mercator> = rows.filter(shown).map(|row| row.place).collect();
        Delta::of(&places)
    }

    /// Returns what a reader of this scope and filter sees of the accidents in the fold; `None` if nothing
    /// that it shows changed.
    pub fn seen_accidents(&self, scope: Scope, filter: &SmallFilter<AccidentDetails>) -> Option<Delta> {
        self.accidents.seen(scope, filter)
    }

    /// Returns whether the fold changed an approved accident, so that the public counts of accidents may
    /// differ.
    pub fn changes_accident_counts(&self) -> bool {
        self.accidents.counts_changed()
    }
}
