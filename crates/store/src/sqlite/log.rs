//! The log: its head, its hashes, and a walk through it.

use demining::Revision;
use rusqlite::{Connection, Row, fallible_streaming_iterator::FallibleStreamingIterator, params};
use uuid::Uuid;

use crate::{
    chain::{Head, RevisionHash},
    error::StoreError,
    value::Value,
};

/// The end of the log: the row of `log_head`. A commit reads and writes it within its transaction, so several
/// writers never assign the same revision number. It also reveals that the last revisions of a log were
/// removed.
#[derive(Debug, Clone, Copy)]
pub(crate) struct LogHead {
    /// The last revision, with its hash.
    pub head: Head,
    /// How often the public view has changed.
    pub public_revision: Revision,
    /// The number of the last change.
    pub last_change: i64,
    /// The highest record number ever assigned.
    pub last_number: i64,
}

/// Reads the end of the log.
pub(crate) fn log_head(conn: &Connection) -> Result<LogHead, StoreError> {
    let sql = "SELECT revision, hash, public_revision, last_change, last_number FROM log_head";
    let read = |row: &Row<'_>| {
        let number = |at| row.get::<_, i64>(at).map(i64::cast_unsigned).map(Revision);
        let head = Head { revision: number(0)?, hash: RevisionHash(row.get(1)?) };
        Ok(LogHead { head, public_revision: number(2)?, last_change: row.get(3)?, last_number: row.get(4)? })
    };
    conn.prepare_cached(sql)?.query_row([], read).map_err(damaged)
}

/// Writes the end of the log.
pub(crate) fn write_head(conn: &Connection, log_head: &LogHead) -> Result<(), StoreError> {
    let sql = "UPDATE log_head
               SET revision = ?1, hash = ?2, public_revision = ?3, last_change = ?4, last_number = ?5";
    let LogHead { head, public_revision, last_change, last_number } = log_head;
    let revision = head.revision.0.cast_signed();
    let row = params![revision, head.hash.0, public_revision.0.cast_signed(), last_change, last_number];
    match conn.prepare_cached(sql)?.execute(row)? {
        1 => Ok(()),
        n => Err(StoreError::Damaged(format!("log_head has {n} rows, not 1"))),
    }
}

/// Returns the last revision in the log.
pub(crate) fn revision(conn: &Connection) -> Result<Revision, StoreError> {
    let sql = "SELECT revision FROM log_head";
    let last: i64 = conn.prepare_cached(sql)?.query_row([], |row| row.get(0)).map_err(damaged)?;
    Ok(Revision(last.cast_unsigned()))
}

/// Returns the id of the store and its epoch.
pub(crate) fn identity(conn: &Connection) -> Result<(Uuid, u64), StoreError> {
    let sql = "SELECT store_id, epoch FROM log_head";
    let read = |row: &Row<'_>| Ok((row.get::<_, String>(0)?, row.get::<_, i64>(1)?));
    let (id, epoch) = conn.prepare_cached(sql)?.query_row([], read).map_err(damaged)?;
    let id = Uuid::try_parse(&id)
        .map_err(|_| StoreError::Damaged(format!("log_head: store_id {id:?} is not a UUID")))?;
    Ok((id, epoch.cast_unsigned()))
}

/// Treats an unreadable `log_head` as damage, not as a bug in this program.
fn damaged(error: rusqlite::Error) -> StoreError {
    use rusqlite::Error::{FromSqlConversionFailure, InvalidColumnType, QueryReturnedNoRows};
    match error {
        QueryReturnedNoRows => StoreError::Damaged("log_head is empty".to_owned()),
        InvalidColumnType(..) | FromSqlConversionFailure(..) => {
            StoreError::Damaged(format!("log_head: {error}"))
        }
        error => error.into(),
    }
}

/// Sets the hash of an existing revision.
pub(crate) fn set_hash(conn: &Connection, head: Head) -> rusqlite::Result<()> {
    let sql = "UPDATE revisions SET hash = ?2 WHERE revision = ?1";
    conn.prepare_cached(sql)?.execute((head.revision.0.cast_signed(), &head.hash.0))?;
    Ok(())
}

/// A visitor of the log.
pub(crate) trait Walker {
    /// Called at the beginning of a revision.
    fn revision(&mut self, row: &Row<'_>) -> Result<(), StoreError>;

    /// Called for a change of the revision that began last, if one did.
    fn change(&mut self, row: &Row<'_>) -> Result<(), StoreError>;
}

/// Walks through the log: a revision has the changes from its first one to the first one of the next.
/// `revisions` and `changes` are the queries, in order, whose rows the walker gets; `fid` is the position of
/// that column in the latter. Call it within a transaction. It keeps one row in memory.
pub(crate) fn walk(
    conn: &Connection,
    revisions: &str,
    (changes, fid): (&str, usize),
    walker: &mut impl Walker,
) -> Result<(), StoreError> {
    let mut revisions = conn.prepare(revisions)?;
    let mut revisions = revisions.query([])?;
    // The same, one row ahead.
    let mut starts = conn.prepare("SELECT first_change FROM revisions ORDER BY revision")?;
    let mut starts = starts.query([])?;
    starts.advance()?;
    let mut changes = conn.prepare(changes)?;
    let mut changes = changes.query([])?;
    changes.advance()?;
    while let Some(revision) = revisions.next()? {
        walker.revision(revision)?;
        let end = match starts.next()? {
            Some(next) => next.get_ref(0)?.as_i64().unwrap_or(i64::MIN),
            None => i64::MAX,
        };
        while let Some(change) = changes.get() {
            if change.get::<_, i64>(fid)? >= end {
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

/// Returns the value of a column.
pub(crate) fn value<'r>(row: &'r Row<'_>, at: usize) -> rusqlite::Result<Value<'r>> {
    row.get_ref(at).map(Value::from)
}
