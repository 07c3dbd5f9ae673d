//! Folding changes in: from one snapshot to the next.

use std::collections::BTreeSet;

use demining::{Change, Revision};
use geometry::{Bounds, LonLat, Mercator, TileId, index::Edit};

use crate::{
    ground::Ground,
    ids::Ids,
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
    let mut touch = |location: LonLat, row: &Row, revision: Revision| {
        let here = Bounds::of(location);
        bounds = Some(bounds.map_or(here, |all| all.union(&here)));
        touched.push((row.place, revision));
        for region in ground.lineage(row.region) {
            stamps.note_region(region, revision);
        }
    };
    for change in changes {
        let old = snapshot.records.get(change.number).map(|packed| (packed.location(), packed.row()));
        let new = change.after.as_deref().map(|record| {
            let derived = snapshot.derive(record, ground);
            (record, derived, Row::new(record, derived))
        });
        if let Some((record, derived, row)) = &new {
            touch(record.detection.location, row, change.revision);
            snapshot.cube.add(row);
            snapshot.records.put(change.number, record, *derived, &snapshot.operators);
            ids.insert(change.id, change.number);
        } else {
            snapshot.records.remove(change.number);
        }
        let row = new.map(|(_, _, row)| row);
        if let Some((location, old)) = old {
            touch(location, &old, change.revision);
            snapshot.cube.remove(&old);
            if row.is_none_or(|row| row.place != old.place) {
                edits.push(Edit::Remove { place: old.place, number: change.number });
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
