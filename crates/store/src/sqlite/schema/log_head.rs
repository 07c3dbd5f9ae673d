//! Fills the row of `log_head` in the migration to version 9.

use demining::Revision;
use rusqlite::{Connection, OptionalExtension};
use uuid::Uuid;

use crate::{
    chain::{Head, RevisionHash},
    error::StoreError,
    value::{Value, id_text},
};

/// Where the head of the log was stored before.
const HEAD: &str = "log_head";

/// Assigns the store's id and records the end of its log.
pub(super) fn fill(conn: &Connection) -> Result<(), StoreError> {
    let head = head(conn)?;
    let sql = "INSERT INTO log_head
                 (only, store_id, epoch, revision, public_revision, hash, last_change, last_number)
               VALUES (1, ?1, 1, ?2, (SELECT coalesce(max(shown), 0) FROM clearline_shown), ?3,
                 (SELECT coalesce(max(fid), 0) FROM changes),
                 (SELECT coalesce(max(number), 0) FROM clearline_records))";
    let store_id = id_text(Uuid::new_v4(), &mut [0; 36]).to_owned();
    conn.execute(sql, (store_id, head.revision.0.cast_signed(), head.hash.0))?;
    conn.execute("DELETE FROM clearline_meta WHERE name = ?1", [HEAD])?;
    Ok(())
}

/// Returns the separately stored end of the log. If the log itself ends earlier, the check reports it; if no
/// end was stored, the log continues after its last row.
fn head(conn: &Connection) -> Result<Head, StoreError> {
    let sql = "SELECT value FROM clearline_meta WHERE name = ?1";
    let kept: Option<String> = conn.query_row(sql, [HEAD], |row| row.get(0)).optional()?;
    let kept: Option<Head> = kept.and_then(|text| text.parse().ok());
    let sql = "SELECT revision, hash FROM revisions ORDER BY revision DESC LIMIT 1";
    let last = conn.query_row(sql, [], |row| {
        let hash = RevisionHash::read(Value::from(row.get_ref(1)?)).unwrap_or_default();
        Ok(Head { revision: Revision(row.get::<_, i64>(0)?.unsigned_abs()), hash })
    });
    let last = last.optional()?.unwrap_or_default();
    Ok(kept.filter(|kept| kept.revision >= last.revision).unwrap_or(last))
}

/// Stores the head as versions 3 to 8 did.
pub(super) fn keep_as_before(conn: &Connection, head: Head) -> Result<(), StoreError> {
    let sql = "INSERT OR REPLACE INTO clearline_meta (name, value) VALUES (?1, ?2)";
    conn.execute(sql, (HEAD, head.to_string()))?;
    Ok(())
}
