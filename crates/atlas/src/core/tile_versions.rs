//! When something last changed under a tile, to decide whether a cached tile is current.

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

/// The deepest zoom at which changes are noted; a deeper tile has the version of its ancestor there.
pub const DEEPEST: u8 = 14;

const SHARDS: usize = 64;

/// The last change under each tile of zoom 0 to [`DEEPEST`], and of each region's figures.
///
/// Changes are noted before the snapshot with them is published, so a tile that a reader makes from a
/// snapshot of revision R is current while nothing newer than R is noted.
#[derive(Debug)]
pub struct TileVersions {
    /// The version of tiles without a note.
    base: AtomicU64,
    tiles: Vec<RwLock<HashMap<TileId, Revision>>>,
    /// One for each region of every level.
    regions: Vec<AtomicU64>,
}

impl TileVersions {
    /// Creates the versions of all tiles, and of this many regions.
    pub fn new(n_regions: usize) -> Self {
        Self {
            base: AtomicU64::new(0),
            tiles: (0..SHARDS).map(|_| RwLock::default()).collect(),
            regions: (0..n_regions).map(|_| AtomicU64::new(0)).collect(),
        }
    }

    /// Sets all versions to this revision.
    pub fn reset(&self, revision: Revision) {
        self.base.store(revision.0, Ordering::Release);
        for region in &self.regions {
            region.store(revision.0, Ordering::Release);
        }
        for shard in &self.tiles {
            shard.write().unwrap_or_else(PoisonError::into_inner).clear();
        }
    }

    /// Notes changes at these places and revisions.
    pub fn note(&self, changes: &[(Mercator, Revision)]) {
        let mut tiles: Vec<(TileId, Revision)> =
            changes.iter().map(|(place, revision)| (TileId::at(*place, DEEPEST), *revision)).collect();
        for _ in 0..=DEEPEST {
            // Keep the newest change of each tile; nearby changes share ancestors.
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

    /// Notes a change of a region's figures.
    pub fn note_region(&self, region: usize, revision: Revision) {
        self.regions[region].fetch_max(revision.0, Ordering::AcqRel);
    }

    /// Returns the last change under a tile.
    pub fn last_change(&self, tile: TileId) -> Revision {
        let tile = tile.ancestor(DEEPEST);
        let base = Revision(self.base.load(Ordering::Acquire));
        let shard = self.tiles[shard(tile)].read().unwrap_or_else(PoisonError::into_inner);
        shard.get(&tile).map_or(base, |noted| base.max(*noted))
    }

    /// Returns the last change of the figures of any of these regions.
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
