//! When something last changed under a tile, so that a tile kept from before can be told good or stale.

use std::{
    cmp::Reverse,
    collections::HashMap,
    sync::{
        PoisonError, RwLock,
        atomic::{AtomicU64, Ordering},
    },
};

use demining::Revision;
use geometry::{Mercator, TileId};

/// The deepest zoom that changes are noted at; a deeper tile answers as the one that holds it.
pub const DEEPEST: u8 = 14;

const SHARDS: usize = 64;

/// The last change under each tile of zoom 0 to [`DEEPEST`], and of each region's figures.
///
/// Notes are made before the snapshot with the changes can be seen, so a tile that a reader makes
/// from a snapshot of revision R is good as long as nothing newer than R is noted.
#[derive(Debug)]
pub struct TileVersions {
    /// What a tile answers that nothing was noted for.
    base: AtomicU64,
    tiles: Vec<RwLock<HashMap<TileId, Revision>>>,
    /// One for each region of every level.
    regions: Vec<AtomicU64>,
}

impl TileVersions {
    /// The versions of all tiles, and of so many regions.
    pub fn new(n_regions: usize) -> Self {
        Self {
            base: AtomicU64::new(0),
            tiles: (0..SHARDS).map(|_| RwLock::default()).collect(),
            regions: (0..n_regions).map(|_| AtomicU64::new(0)).collect(),
        }
    }

    /// Everything is as of this revision.
    pub fn reset(&self, revision: Revision) {
        self.base.store(revision.0, Ordering::Release);
        for region in &self.regions {
            region.store(revision.0, Ordering::Release);
        }
        for shard in &self.tiles {
            shard.write().unwrap_or_else(PoisonError::into_inner).clear();
        }
    }

    /// Something at these places changed at these revisions.
    pub fn note(&self, changes: &[(Mercator, Revision)]) {
        let mut tiles: Vec<(TileId, Revision)> =
            changes.iter().map(|(place, revision)| (TileId::at(*place, DEEPEST), *revision)).collect();
        for _ in 0..=DEEPEST {
            // Of one tile the newest change stays; what lies together shares its ancestors.
            tiles.sort_unstable_by_key(|(tile, revision)| (*tile, Reverse(*revision)));
            tiles.dedup_by_key(|(tile, _)| *tile);
            for (tile, revision) in &tiles {
                let mut shard = self.tiles[shard(*tile)].write().unwrap_or_else(PoisonError::into_inner);
                let noted = shard.entry(*tile).or_default();
                *noted = (*noted).max(*revision);
            }
            for (tile, _) in &mut tiles {
                *tile = tile.ancestor(tile.z().saturating_sub(1));
            }
        }
    }

    /// The figures of a region changed.
    pub fn note_region(&self, region: usize, revision: Revision) {
        self.regions[region].fetch_max(revision.0, Ordering::AcqRel);
    }

    /// The last change under a tile.
    pub fn last_change(&self, tile: TileId) -> Revision {
        let tile = tile.ancestor(DEEPEST);
        let base = Revision(self.base.load(Ordering::Acquire));
        let shard = self.tiles[shard(tile)].read().unwrap_or_else(PoisonError::into_inner);
        shard.get(&tile).map_or(base, |noted| base.max(*noted))
    }

    /// The last change of the figures of one of these regions.
    pub fn last_change_of(&self, regions: impl IntoIterator<Item = usize>) -> Revision {
        let base = self.base.load(Ordering::Acquire);
        let noted = regions.into_iter().map(|region| self.regions[region].load(Ordering::Acquire));
        Revision(noted.fold(base, u64::max))
    }
}

fn shard(tile: TileId) -> usize {
    let mixed = (u64::from(tile.x()) << 32 | u64::from(tile.y())).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    (mixed >> 58) as usize % SHARDS
}
