//! The public revision of each revision: `clearline_shown`.

use demining::Revision;
use rusqlite::{Connection, OptionalExtension};

use crate::error::StoreError;

/// Returns the public revision after a revision.
pub(crate) fn at(conn: &Connection, revision: Revision) -> Result<Revision, StoreError> {
    let sql = "SELECT shown FROM clearline_shown WHERE revision <= ?1 ORDER BY revision DESC LIMIT 1";
    let mut statement = conn.prepare_cached(sql)?;
    let shown = statement.query_row([revision.0.cast_signed()], |row| row.get::<_, i64>(0)).optional()?;
    Ok(Revision(shown.unwrap_or(0).unsigned_abs()))
}

/// Notes that the public view advanced with a revision.
pub(crate) fn note(conn: &Connection, revision: Revision, shown: Revision) -> rusqlite::Result<()> {
    let sql = "INSERT INTO clearline_shown (revision, shown) VALUES (?1, ?2)";
    let row = (revision.0.cast_signed(), shown.0.cast_signed());
    conn.prepare_cached(sql)?.execute(row).map(|_| ())
}
