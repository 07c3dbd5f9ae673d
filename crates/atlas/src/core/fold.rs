//! Folds changes in: derives the next snapshots of all scopes.

use std::sync::Arc;

use demining::{Change, Revision};
use geometry::Mercator;

use super::{
    ids::Ids,
    moves::{Move, moved},
    scope::Scope,
    snapshot::{Snapshot, derive},
    sparse,
    tile_versions::TileVersions,
};
use crate::{
    detections::{records::Packed, row::Row},
    reference::ReferenceData,
};

/// The changes of detections in a fold.
#[derive(Clone, Debug)]
pub struct Moves {
    full: Arc<[Move]>,
    public: Arc<[Move]>,
}

/// Returns the snapshots after these changes, and the changes of the fold.
pub fn fold(
    reference: &ReferenceData,
    ids: &Ids,
    before: [&Snapshot; 2],
    changes: &[Change],
) -> ([Snapshot; 2], Moves) {
    let [first, _] = before;
    let (mut records, mut operators) = (first.records.clone(), first.operators.clone());
    let (mut full, mut public) = (Vec::with_capacity(changes.len()), Vec::new());
    for change in changes {
        let old = records.get(change.number).map(Packed::row);
        let new = change.after.as_deref().map(|record| {
            let derived = derive(record, reference, &mut operators);
            records.put(change.number, record, derived, &operators);
            ids.insert(change.id, change.number);
            Row::new(record, derived)
        });
        if new.is_none() {
            records.remove(change.number);
        }
        let step = Move { revision: change.revision, number: change.number, old, new };
        full.extend(step.shown(Scope::Full, reference));
        let step = Move { revision: change.shown, ..step };
        public.extend(step.shown(Scope::Public, reference).filter(|step| step.old != step.new));
    }
    let newest = |of: fn(&Change) -> Revision, before: &Snapshot| {
        changes.iter().map(of).fold(before.revision, Revision::max)
    };
    let [full_before, public_before] = before;
    let after = |before: &Snapshot, moves: &[Move], revision: Revision| {
        let mut after = Snapshot {
            revision,
            index: moved(&before.index, moves),
            records: records.clone(),
            operators: operators.clone(),
            ..before.clone()
        };
        for step in moves {
            step.new.iter().for_each(|row| after.cube.add(row));
            step.old.iter().for_each(|row| after.cube.remove(row));
        }
        after
    };
    let revision = newest(|change| change.revision, full_before);
    let shown = newest(|change| change.shown, public_before);
    let full_after = after(full_before, &full, revision);
    let public = sparse::moves(reference, [&full_before.index, &full_after.index], public, shown);
    let public_after = after(public_before, &public, shown);
    ([full_after, public_after], Moves { full: full.into(), public: public.into() })
}

impl Moves {
    /// Notes the changes of a scope in its tile versions.
    pub fn note(&self, scope: Scope, reference: &ReferenceData, versions: &TileVersions) {
        let mut touched: Vec<(Mercator, Revision)> = Vec::with_capacity(self.full.len());
        for step in self.of(scope) {
            for row in step.rows() {
                touched.push((row.place, step.revision));
                reference.lineage(row.region).for_each(|region| versions.note_region(region, step.revision));
            }
        }
        versions.note(&touched);
    }

    /// Returns the changes that a scope sees.
    pub fn of(&self, scope: Scope) -> &[Move] {
        match scope {
            Scope::Full => &self.full,
            Scope::Public => &self.public,
        }
    }
}
