//! Folding changes in: from one snapshot to the next.

use std::{collections::BTreeSet, sync::Arc};

use demining::{Change, Revision};
use geometry::{Bounds, Mercator, TileId, index::Edit};

use crate::{
    ground::Ground,
    ids::Ids,
    records::Slot,
    row::Row,
    snapshot::Snapshot,
    stamps::{DEEPEST, Stamps},
};

/// Tiles that are named one by one at most; more are named by those that hold them.
const MOST_TILES: usize = 64;

/// What a fold changed.
#[derive(Clone, Debug, PartialEq)]
pub struct Folded {
    /// The newest revision folded in.
    pub revision: Revision,
    /// The box of all places where something was, or is now; none when nothing changed.
    pub bounds: Option<Bounds>,
    /// The tiles of one zoom, 14 at most, that hold these places: 64 at most, in order.
    pub tiles: Vec<TileId>,
}

/// What came of folding, before anybody sees it.
pub struct Next {
    pub snapshot: Snapshot,
    pub folded: Folded,
}

/// The snapshot after these changes. What they touch is noted in the stamps.
pub fn fold(ground: &Ground, ids: &Ids, stamps: &Stamps, from: &Snapshot, changes: &[Change]) -> Next {
    let mut snapshot = from.clone();
    let mut edits: Vec<Edit<Row>> = Vec::with_capacity(changes.len() * 2);
    let mut touched: Vec<(Mercator, Revision)> = Vec::with_capacity(changes.len() * 2);
    let mut bounds: Option<Bounds> = None;
    let mut touch = |slot: &Slot, row: &Row, revision: Revision| {
        let here = Bounds::of(slot.record.detection.location);
        bounds = Some(bounds.map_or(here, |all| all.union(&here)));
        touched.push((row.place, revision));
        for region in ground.lineage(row.region) {
            stamps.note_region(region, revision);
        }
    };
    for change in changes {
        let slot = change.after.as_ref().map(|record| Slot {
            record: Arc::clone(record),
            operator: snapshot.operator_of(record),
            region: ground.region_at(record.detection.location),
        });
        let row = slot.as_ref().map(Slot::row);
        if let (Some(slot), Some(row)) = (&slot, &row) {
            touch(slot, row, change.revision);
            snapshot.cube.add(row);
            ids.insert(change.id, change.number);
        }
        if let Some(old) = snapshot.records.set(change.number, slot) {
            let old_row = old.row();
            touch(&old, &old_row, change.revision);
            snapshot.cube.remove(&old_row);
            if row.is_none_or(|row| row.place != old_row.place) {
                edits.push(Edit::Remove { place: old_row.place, number: change.number });
            }
        }
        edits.extend(row.map(Edit::Put));
        snapshot.revision = snapshot.revision.max(change.revision);
    }
    snapshot.index = snapshot.index.commit(edits);
    stamps.note(&touched);
    let tiles = few_tiles(touched.iter().map(|(place, _)| *place));
    Next { folded: Folded { revision: snapshot.revision, bounds, tiles }, snapshot }
}

/// The tiles that hold the places, at the deepest zoom where they are few.
fn few_tiles(places: impl Iterator<Item = Mercator>) -> Vec<TileId> {
    let mut tiles: BTreeSet<TileId> = places.map(|place| TileId::at(place, DEEPEST)).collect();
    while tiles.len() > MOST_TILES {
        tiles = tiles.iter().filter_map(|tile| tile.parent()).collect();
    }
    tiles.into_iter().collect()
}
