//! Where something changed.

use std::collections::BTreeSet;

use geometry::{Bounds, LonLat, Mercator, TileId};

use super::tile_versions::DEEPEST;

/// Maximum number of listed tiles; more are replaced by their ancestors.
const MOST_TILES: usize = 64;

/// The changes of a fold that are visible under a filter.
#[derive(Clone, Debug, PartialEq)]
pub struct Delta {
    /// The bounding box of all places where something was, or is now.
    pub bounds: Bounds,
    /// The tiles of one zoom, 14 at most, that contain these places: 64 at most, in order.
    pub tiles: Vec<TileId>,
}

impl Delta {
    /// Creates the delta of changes at these places; `None` if there are none.
    pub(crate) fn of(places: &[Mercator]) -> Option<Self> {
        let bounds = places.iter().map(|place| Bounds::of(LonLat::from(*place)));
        Some(Self {
            bounds: bounds.reduce(|all, here| all.union(&here))?,
            tiles: few(places.iter().map(|place| TileId::at(*place, DEEPEST))),
        })
    }

    /// Combines the deltas of two folds.
    #[must_use]
    pub fn and(self, other: &Self) -> Self {
        let all = || self.tiles.iter().chain(&other.tiles);
        let z = all().map(|tile| tile.z()).min().unwrap_or(0);
        let tiles = few(all().map(|tile| tile.ancestor(z)));
        Self { bounds: self.bounds.union(&other.bounds), tiles }
    }
}

/// Returns the tiles of one zoom, or their ancestors until they are few.
fn few(tiles: impl Iterator<Item = TileId>) -> Vec<TileId> {
    let mut tiles: BTreeSet<TileId> = tiles.collect();
    while tiles.len() > MOST_TILES {
        tiles = tiles.iter().filter_map(|tile| tile.parent()).collect();
    }
    tiles.into_iter().collect()
}
