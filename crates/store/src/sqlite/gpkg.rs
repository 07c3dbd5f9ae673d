//! `GeoPackage`: the table of contents.

use geometry::Bounds;
use rusqlite::{Connection, OptionalExtension, params};

use crate::error::StoreError;

/// Returns the extent of a layer in the table of contents.
pub(crate) fn extent(conn: &Connection, table: &str) -> Result<Option<Bounds>, StoreError> {
    let sql = "SELECT min_x, min_y, max_x, max_y FROM gpkg_contents WHERE table_name = ?1";
    let edges = |row: &rusqlite::Row<'_>| Ok([row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?]);
    let edges: Option<[Option<f64>; 4]> = conn.prepare_cached(sql)?.query_row([table], edges).optional()?;
    Ok(match edges {
        Some([Some(west), Some(south), Some(east), Some(north)]) => {
            Bounds::new(west, south, east, north).ok()
        }
        _ => None,
    })
}

/// Writes the extent and the instant of the last change of a layer or table.
pub(crate) fn describe(
    conn: &Connection,
    table: &str,
    at: &str,
    extent: Option<Bounds>,
) -> Result<(), StoreError> {
    let sql = "UPDATE gpkg_contents
        SET last_change = ?2, min_x = ?3, min_y = ?4, max_x = ?5, max_y = ?6 WHERE table_name = ?1";
    let edge = |of: fn(&Bounds) -> f64| extent.as_ref().map(of);
    let edges = (edge(Bounds::west), edge(Bounds::south), edge(Bounds::east), edge(Bounds::north));
    conn.prepare_cached(sql)?.execute(params![table, at, edges.0, edges.1, edges.2, edges.3])?;
    Ok(())
}
