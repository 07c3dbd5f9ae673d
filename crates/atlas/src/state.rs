//! The state of every collection at one revision, and the changes of a commit.

use std::sync::Arc;

use demining::{Accident, Change};

use crate::{
    accidents::Accidents,
    core::{scope::Scope, snapshot::Snapshot},
    reference::ReferenceData,
};

/// What a scope sees of every collection, at one revision. Clones share everything.
#[derive(Clone, Debug)]
pub struct State {
    /// The detections, the scope and the revision.
    pub snapshot: Arc<Snapshot>,
    /// The accidents.
    pub accidents: Accidents,
}

impl State {
    /// Creates the state without records.
    pub fn empty(scope: Scope, reference: &ReferenceData) -> Self {
        let [full, public] = Accidents::of(&[], reference);
        let accidents = match scope {
            Scope::Full => full,
            Scope::Public => public,
        };
        Self { snapshot: Arc::new(Snapshot::empty(scope, reference)), accidents }
    }
}

/// Changes of several collections, each in the order of their revisions. A revision changes one collection.
#[derive(Clone, Copy, Debug, Default)]
pub struct Changes<'a> {
    /// Of detections.
    pub detections: &'a [Change],
    /// Of accidents.
    pub accidents: &'a [Change<Accident>],
}
