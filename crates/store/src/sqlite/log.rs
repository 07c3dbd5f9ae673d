//! The log as a chain: its last revision, its hashes, and a walk through all of it.

use demining::Revision;
use rusqlite::{Connection, OptionalExtension, Row, fallible_streaming_iterator::FallibleStreamingIterator};

use crate::{
    chain::{Head, Link, RevisionHash, change_columns},
    error::StoreError,
    sqlite::row::list,
};

/// The name in `clearline_meta` under which the head is kept once more: without it, a log whose last
/// revisions were taken away would be whole.
const HEAD: &str = "log_head";

/// The last revision in the log.
pub(crate) fn revision(conn: &Connection) -> Result<Revision, StoreError> {
    let sql = "SELECT coalesce(max(revision), 0) FROM revisions";
    let last: i64 = conn.prepare_cached(sql)?.query_row([], |row| row.get(0))?;
    Ok(Revision(last.unsigned_abs()))
}

/// The end of the log as its last row has it.
pub(crate) fn head(conn: &Connection) -> Result<Head, StoreError> {
    let sql = "SELECT hash FROM revisions WHERE revision = ?1";
    let revision = revision(conn)?;
    let read = |row: &Row<'_>| Ok(RevisionHash::read(row.get_ref(0)?.into()));
    let hash = conn.prepare_cached(sql)?.query_row([revision.0.cast_signed()], read).optional()?;
    // A hash that is none is for a check to find; the log goes on after it.
    Ok(Head { revision, hash: hash.flatten().unwrap_or_default() })
}

/// Writes the hash of a revision whose row is there.
pub(crate) fn set_hash(conn: &Connection, head: Head) -> rusqlite::Result<()> {
    let sql = "UPDATE revisions SET hash = ?2 WHERE revision = ?1";
    conn.prepare_cached(sql)?.execute((head.revision.0.cast_signed(), &head.hash.0))?;
    Ok(())
}

/// Keeps the head apart from the log.
pub(crate) fn keep_head(conn: &Connection, head: Head) -> Result<(), StoreError> {
    let sql = "INSERT INTO clearline_meta (name, value) VALUES (?1, ?2)
         ON CONFLICT (name) DO UPDATE SET value = excluded.value";
    conn.prepare_cached(sql)?.execute((HEAD, head.to_string()))?;
    Ok(())
}

/// The head that was kept apart, as text.
pub(crate) fn kept_head(conn: &Connection) -> Result<Option<String>, StoreError> {
    let sql = "SELECT value FROM clearline_meta WHERE name = ?1";
    Ok(conn.query_row(sql, [HEAD], |row| row.get(0)).optional()?)
}

/// Who is shown the log.
pub(crate) trait Walker {
    /// A revision begins; its columns are those that were asked for.
    fn revision(&mut self, row: &Row<'_>) -> Result<(), StoreError>;

    /// A change of the revision that began last, if one did; its columns are [`change_columns`].
    fn change(&mut self, row: &Row<'_>) -> Result<(), StoreError>;
}

/// Walks through the log: a revision has the changes from its first one to the first one of the next. `columns` are
/// those of a revision. Call it within a transaction. It takes memory for one row.
pub(crate) fn walk(conn: &Connection, columns: &[&str], walker: &mut impl Walker) -> Result<(), StoreError> {
    let mut revisions =
        conn.prepare(&format!("SELECT {} FROM revisions ORDER BY revision", list(columns.iter().copied())))?;
    let mut revisions = revisions.query([])?;
    // The same one row ahead.
    let mut starts = conn.prepare("SELECT first_change FROM revisions ORDER BY revision")?;
    let mut starts = starts.query([])?;
    starts.advance()?;
    let mut changes =
        conn.prepare(&format!("SELECT {} FROM change_log ORDER BY fid", list(change_columns())))?;
    let mut changes = changes.query([])?;
    changes.advance()?;
    while let Some(revision) = revisions.next()? {
        walker.revision(revision)?;
        let end = match starts.next()? {
            Some(next) => next.get_ref(0)?.as_i64().unwrap_or(i64::MIN),
            None => i64::MAX,
        };
        while let Some(change) = changes.get() {
            if change.get::<_, i64>(0)? >= end {
                break;
            }
            walker.change(change)?;
            changes.advance()?;
        }
    }
    while let Some(change) = changes.get() {
        walker.change(change)?;
        changes.advance()?;
    }
    Ok(())
}

/// Adds the columns of a row that was read to a hash, from number `first` on, to its end.
pub(crate) fn add_row(link: &mut Link, row: &Row<'_>, first: usize) -> rusqlite::Result<()> {
    for column in first..row.as_ref().column_count() {
        link.add(row.get_ref(column)?.into());
    }
    link.end_row();
    Ok(())
}
