//! Folding changes in: from the snapshots of all scopes to the next ones.

use std::{collections::BTreeSet, sync::Arc};

use demining::{Change, Revision};
use geometry::{
    Bounds, LonLat, Mercator, TileId,
    index::{Edit, Index},
};

use crate::{
    filter::Filter,
    ids::Ids,
    records::Packed,
    reference::ReferenceData,
    row::Row,
    scope::Scope,
    snapshot::{Snapshot, derive},
    sparse,
    tile_versions::{DEEPEST, TileVersions},
    view::View,
};

/// Tiles that are named one by one at most; more are named by those that hold them.
const MOST_TILES: usize = 64;

/// What became of a record in what a scope shows.
#[derive(Clone, Copy, Debug)]
pub struct Move {
    /// As the scope counts.
    pub revision: Revision,
    pub number: u32,
    pub old: Option<Row>,
    pub new: Option<Row>,
}

/// What a fold changed.
#[derive(Clone, Debug)]
pub struct Folded {
    /// The newest revision folded in.
    pub revision: Revision,
    /// The public's, after it.
    pub shown: Revision,
    full: Arc<[Move]>,
    public: Arc<[Move]>,
}

/// What of a fold is seen under a filter.
#[derive(Clone, Debug, PartialEq)]
pub struct Delta {
    /// The box of all places where something was, or is now.
    pub bounds: Bounds,
    /// The tiles of one zoom, 14 at most, that hold these places: 64 at most, in order.
    pub tiles: Vec<TileId>,
}

/// The snapshots after these changes, and what changed.
pub fn fold(
    reference: &ReferenceData,
    ids: &Ids,
    before: &[Arc<Snapshot>; 2],
    changes: &[Change],
) -> ([Snapshot; 2], Folded) {
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
    let folded = Folded { revision, shown, full: full.into(), public: public.into() };
    ([full_after, public_after], folded)
}

/// The index after these moves, in their order.
fn moved(index: &Index<Row>, moves: &[Move]) -> Index<Row> {
    let mut edits: Vec<Edit<Row>> = Vec::with_capacity(moves.len() * 2);
    for Move { number, old, new, .. } in moves {
        if let Some(old) = old
            && new.is_none_or(|new| new.place != old.place)
        {
            edits.push(Edit::Remove { place: old.place, number: *number });
        }
        edits.extend(new.map(Edit::Put));
    }
    index.commit(edits)
}

impl Move {
    /// What a scope shows of it; none when it shows nothing of it.
    fn shown(&self, scope: Scope, reference: &ReferenceData) -> Option<Self> {
        let show = |row: Option<Row>| row.and_then(|row| scope.show(row, reference));
        let (old, new) = (show(self.old), show(self.new));
        (old.is_some() || new.is_some()).then_some(Self { old, new, ..*self })
    }

    fn rows(&self) -> impl Iterator<Item = Row> {
        self.old.into_iter().chain(self.new)
    }
}

impl Folded {
    /// How many changes a scope sees.
    pub fn n_changes(&self, scope: Scope) -> usize {
        self.moves(scope).len()
    }

    /// The newest revision folded in, as a scope counts.
    pub fn revision_of(&self, scope: Scope) -> Revision {
        match scope {
            Scope::Full => self.revision,
            Scope::Public => self.shown,
        }
    }

    /// What a reader of this view and filter sees of it; none when nothing that it shows changed.
    /// The view is one from after the fold.
    pub fn seen(&self, view: &View, filter: &Filter) -> Option<Delta> {
        let query = view.query(filter);
        let rows = self.moves(view.scope()).iter().flat_map(Move::rows);
        let shown = |row: &Row| query.may_have_shown(row);
        let places: Vec<Mercator> = rows.filter(shown).map(|row| row.place).collect();
        let bounds = places.iter().map(|place| Bounds::of(LonLat::from(*place)));
        Some(Delta {
            bounds: bounds.reduce(|all, here| all.union(&here))?,
            tiles: few(places.iter().map(|place| TileId::at(*place, DEEPEST))),
        })
    }

    /// Notes in a scope's versions what changed in it.
    pub(crate) fn note(&self, scope: Scope, reference: &ReferenceData, versions: &TileVersions) {
        let mut touched: Vec<(Mercator, Revision)> = Vec::with_capacity(self.full.len());
        for step in self.moves(scope) {
            for row in step.rows() {
                touched.push((row.place, step.revision));
                reference.lineage(row.region).for_each(|region| versions.note_region(region, step.revision));
            }
        }
        versions.note(&touched);
    }

    fn moves(&self, scope: Scope) -> &[Move] {
        match scope {
            Scope::Full => &self.full,
            Scope::Public => &self.public,
        }
    }
}

impl Delta {
    /// What was seen of two folds, as of one.
    #[must_use]
    pub fn and(self, other: &Self) -> Self {
        let all = || self.tiles.iter().chain(&other.tiles);
        let z = all().map(|tile| tile.z()).min().unwrap_or(0);
        let tiles = few(all().map(|tile| tile.ancestor(z)));
        Self { bounds: self.bounds.union(&other.bounds), tiles }
    }
}

/// Tiles of one zoom, or as many of their ancestors as are few.
fn few(tiles: impl Iterator<Item = TileId>) -> Vec<TileId> {
    let mut tiles: BTreeSet<TileId> = tiles.collect();
    while tiles.len() > MOST_TILES {
        tiles = tiles.iter().filter_map(|tile| tile.parent()).collect();
    }
    tiles.into_iter().collect()
}
