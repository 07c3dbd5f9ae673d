//! Edits of the log by other programs, such as QGIS.
//!
//! A `GeoPackage` records when the content of each layer last changed, and programs that edit a layer update
//! that (OGC 12-128r17, 1.1.3.1.1). A commit sets it to its own instant, which the log also has. If the two
//! differ, another program wrote last; the next commit, which sets it again, notes the revision before which
//! that happened.

use demining::{Collection, Revision};
use rusqlite::{Connection, OptionalExtension};

use crate::{error::StoreError, sqlite::log::revision};

/// The name in `clearline_meta`. It is absent if there were no edits.
const NOTED: &str = "edited_before_revision";

/// Returns the layers that a commit dates.
fn layers() -> impl Iterator<Item = &'static str> {
    Collection::ALL.iter().map(|collection| collection.name()).chain(["change_log"])
}

/// Returns `true` if another program wrote records last.
pub(crate) fn are_last(conn: &Connection) -> Result<bool, StoreError> {
    let last = revision(conn)?;
    if last == Revision(0) {
        return Ok(conn.query_row("SELECT EXISTS (SELECT 1 FROM changes)", [], |row| row.get(0))?);
    }
    let layers: Vec<String> = layers().map(|layer| format!("'{layer}'")).collect();
    let sql = format!(
        "SELECT count(*) FROM gpkg_contents WHERE table_name IN ({})
         AND last_change = (SELECT \"at\" FROM revisions WHERE revision = ?1)",
        layers.join(", ")
    );
    let ours: usize = conn.prepare_cached(&sql)?.query_row([last.0.cast_signed()], |row| row.get(0))?;
    Ok(ours < layers.len())
}

/// Notes that another program wrote just before this revision.
pub(crate) fn note(conn: &Connection, before: Revision) -> Result<(), StoreError> {
    let sql = "INSERT INTO clearline_meta (name, value) VALUES (?1, ?2)
         ON CONFLICT (name) DO UPDATE SET value = excluded.value";
    conn.prepare_cached(sql)?.execute((NOTED, before.0.to_string()))?;
    Ok(())
}

/// Returns `true` if other programs may have written records since this revision was the last.
pub(crate) fn since(conn: &Connection, seen: Revision) -> Result<bool, StoreError> {
    let sql = "SELECT value FROM clearline_meta WHERE name = ?1";
    let noted: Option<String> = conn.query_row(sql, [NOTED], |row| row.get(0)).optional()?;
    // Treat an unreadable note as a recent edit.
    let noted = noted.map_or(0, |text| text.parse().unwrap_or(u64::MAX));
    Ok(noted > seen.0 || are_last(conn)?)
}
