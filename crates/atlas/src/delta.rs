//! What a reader sees of a fold: where something changed, under a filter.

use std::collections::BTreeSet;

use geometry::{Bounds, LonLat, Mercator, TileId};

use crate::{
    core::{fold::Folded, moves::Move, tile_versions::DEEPEST},
    detections::row::Row,
    query::filter::Filter,
    view::View,
};

/// Tiles that are named one by one at most; more are named by those that hold them.
const MOST_TILES: usize = 64;

/// What of a fold is seen under a filter.
#[derive(Clone, Debug, PartialEq)]
pub struct Delta {
    /// The box of all places where something was, or is now.
    pub bounds: Bounds,
    /// The tiles of one zoom, 14 at most, that hold these places: 64 at most, in order.
    pub tiles: Vec<TileId>,
}

impl Folded {
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
