//! The extent of a collection's records, for the table of contents.

use geometry::{Bounds, LonLat, wkb};
use rusqlite::Connection;

use crate::{
    error::StoreError,
    sqlite::{
        gpkg,
        layer::Layer,
        row::{Columns, damaged},
    },
};

#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Extent {
    bounds: Option<Bounds>,
    /// Whether a record left the edge of it.
    is_loose: bool,
}

impl Extent {
    pub(super) fn begin(conn: &Connection, layer: Layer) -> Result<Self, StoreError> {
        Ok(Self { bounds: gpkg::extent(conn, layer.view())?, is_loose: false })
    }

    pub(super) fn widen(&mut self, at: LonLat) {
        let here = Bounds::of(at);
        self.bounds = Some(self.bounds.map_or(here, |bounds| bounds.union(&here)));
    }

    pub(super) fn leave(&mut self, at: LonLat) {
        let strictly_inside = |e: Bounds| {
            e.west() < at.lon() && at.lon() < e.east() && e.south() < at.lat() && at.lat() < e.north()
        };
        self.is_loose |= !self.bounds.is_some_and(strictly_inside);
    }

    /// Returns the extent, measured again if a record left its edge.
    pub(super) fn bounds(&self, conn: &Connection, layer: Layer) -> Result<Option<Bounds>, StoreError> {
        if self.is_loose { measure(conn, layer.view()) } else { Ok(self.bounds) }
    }
}

/// Measures the extent of a view of records. It reads the whole table, so it runs only after a record left
/// the edge.
fn measure(conn: &Connection, view: &str) -> Result<Option<Bounds>, StoreError> {
    let mut extent: Option<Bounds> = None;
    let mut statement = conn.prepare_cached(&format!("SELECT fid, geom FROM {view}"))?;
    let mut rows = statement.query([])?;
    while let Some(row) = rows.next()? {
        let read = Columns(row).blob(1, "geom").and_then(wkb::read_point_blob);
        let here = Bounds::of(read.map_err(|problem| damaged(view, row, &problem))?);
        extent = Some(extent.map_or(here, |extent| extent.union(&here)));
    }
    Ok(extent)
}
