//! The quarantine: writes that their senders may not make, kept for a manager and never lost.

use std::sync::LazyLock;

use demining::{Author, Detection, Expect, QuarantineReason, Revision, Write};
use jiff::Timestamp;
use rusqlite::{Connection, Row};
use uuid::Uuid;

use crate::{
    error::{Failure, StoreError},
    fields::{self, N_CONTENT, content},
    quarantine::{Decided, QuarantineDecision, QuarantinedWrite},
    sqlite::row::{Columns, damaged, list},
    unstorable::refuse_value,
    value::{id_text, instant, instant_text, readable},
};

/// The upload that a write comes in.
#[derive(Debug, Clone, Copy)]
pub(crate) struct From<'a> {
    pub upload: Option<Uuid>,
    pub by: &'a Author,
    pub at: &'a str,
}

static INSERT: LazyLock<String> = LazyLock::new(|| {
    let marks = vec!["?"; 9 + N_CONTENT].join(", ");
    format!(
        "INSERT INTO clearline_held (upload, row, held_at, \"by\", by_operator, why, base, reason, id, \
         {}) \
         VALUES ({marks})",
        list(content())
    )
});

static SELECT: LazyLock<String> = LazyLock::new(|| {
    format!(
        "SELECT number, upload, row, held_at, \"by\", why, base, reason, decided_at, decided_by, accepted, \
         decision, id, {}, by_operator FROM clearline_held",
        list(content())
    )
});

/// Quarantines a write, unless the same write by the same sender was quarantined before, whatever was
/// decided: sending it again repeats it.
pub(crate) fn hold(
    conn: &Connection,
    from: From<'_>,
    write: &Write,
    wanted: &Detection,
    why: QuarantineReason,
) -> Result<(), Failure> {
    let base = match write.expect {
        Expect::At(revision) => Some(revision),
        Expect::Same | Expect::UpTo(_) | Expect::Any => None,
    };
    let is_known =
        |held: &QuarantinedWrite| held.by == *from.by && held.base == base && held.wanted == *wanted;
    if of_record(conn, wanted.id)?.iter().any(is_known) {
        return Ok(());
    }
    refuse_value("reason", write.reason.as_ref().into()).map_err(Failure::Upload)?;
    let mut statement = conn.prepare_cached(&INSERT)?;
    let mut at = 0;
    let mut add = |value: &dyn rusqlite::ToSql| {
        at += 1;
        statement.raw_bind_parameter(at, value)
    };
    add(&from.upload.map(|id| id.to_string()))?;
    add(&write.row.cast_signed())?;
    add(&from.at)?;
    add(&from.by.name)?;
    add(&from.by.operator)?;
    add(&why.word())?;
    add(&base.map(|revision| revision.0.cast_signed()))?;
    add(&write.reason)?;
    add(&id_text(wanted.id, &mut [0; 36]))?;
    fields::each_value(wanted, |field, value| {
        refuse_value(field.column, value).map_err(Failure::Upload)?;
        Ok::<_, Failure>(add(&value)?)
    })?;
    statement.raw_execute()?;
    Ok(())
}

/// Notes a decision. Returns `false` if there was nothing to decide.
pub(crate) fn decide(
    conn: &Connection,
    decision: &QuarantineDecision,
    by: &str,
    at: Timestamp,
) -> Result<bool, StoreError> {
    let sql = "UPDATE clearline_held SET decided_at = ?1, decided_by = ?2, accepted = ?3, decision = ?4
               WHERE number = ?5 AND decided_at IS NULL";
    let QuarantineDecision { number, is_accepted, reason } = decision;
    Ok(conn.prepare_cached(sql)?.execute((instant_text(at), by, is_accepted, reason, number))? == 1)
}

/// Returns every quarantined write of a record.
pub(crate) fn of_record(conn: &Connection, id: Uuid) -> Result<Vec<QuarantinedWrite>, StoreError> {
    all(conn, "WHERE id = ?1 ORDER BY number", id_text(id, &mut [0; 36]))
}

/// Returns every quarantined write that names a photo.
pub(crate) fn with_photo(conn: &Connection, photo: &str) -> Result<Vec<QuarantinedWrite>, StoreError> {
    let which =
        "WHERE photos IS NOT NULL AND EXISTS (SELECT 1 FROM json_each(photos) AS p WHERE p.value = ?1)";
    all(conn, which, photo)
}

/// Returns the write with this number.
pub(crate) fn find(conn: &Connection, number: i64) -> Result<Option<QuarantinedWrite>, StoreError> {
    Ok(all(conn, "WHERE number = ?1", number)?.pop())
}

/// Returns at most `limit` waiting writes, after a number.
pub(crate) fn waiting(
    conn: &Connection,
    after: i64,
    limit: usize,
) -> Result<Vec<QuarantinedWrite>, StoreError> {
    let limit = i64::try_from(limit).unwrap_or(i64::MAX);
    let which = "WHERE decided_at IS NULL AND number > ?1 ORDER BY number LIMIT ?2";
    let mut statement = conn.prepare_cached(&format!("{} {which}", *SELECT))?;
    read_all(statement.query((after, limit))?)
}

/// Returns the number of waiting writes.
pub(crate) fn n_waiting(conn: &Connection) -> Result<u64, StoreError> {
    let sql = "SELECT count(*) FROM clearline_held WHERE decided_at IS NULL";
    let n: i64 = conn.prepare_cached(sql)?.query_row([], |row| row.get(0))?;
    Ok(n.unsigned_abs())
}

fn all(
    conn: &Connection,
    which: &str,
    key: impl rusqlite::ToSql,
) -> Result<Vec<QuarantinedWrite>, StoreError> {
    let mut statement = conn.prepare_cached(&format!("{} {which}", *SELECT))?;
    read_all(statement.query([key])?)
}

fn read_all(mut rows: rusqlite::Rows<'_>) -> Result<Vec<QuarantinedWrite>, StoreError> {
    let mut held = Vec::new();
    while let Some(row) = rows.next()? {
        held.push(read(row).map_err(|problem| damaged("clearline_held", row, &problem))?);
    }
    Ok(held)
}

fn read(row: &Row<'_>) -> Result<QuarantinedWrite, String> {
    let col = Columns(row);
    let text = |at, name| Ok::<_, String>(col.text(at, name)?.map(str::to_owned));
    let upload = col.text(1, "upload")?;
    let decided_at = col.text(8, "decided_at")?;
    let decided = decided_at.map(|at| {
        Ok::<_, String>(Decided {
            at: instant(at, "decided_at")?,
            by: col.needed(9, "decided_by")?.to_owned(),
            is_accepted: col.needed_whole::<u8>(10, "accepted")? != 0,
            reason: text(11, "decision")?,
        })
    });
    let why = col.needed(5, "why")?;
    let wanted = col.content(13, col.id(12)?)?;
    Ok(QuarantinedWrite {
        number: col.needed_whole(0, "number")?,
        upload: upload
            .map(|id| Uuid::try_parse(id).map_err(|_| format!("upload {id:?} is not a UUID")))
            .transpose()?,
        row: col.needed_whole(2, "row")?,
        held_at: instant(col.needed(3, "held_at")?, "held_at")?,
        by: Author::new(col.needed(4, "by")?, text(13 + N_CONTENT, "by_operator")?),
        why: why.parse().map_err(|_| format!("why {why:?} is unknown"))?,
        base: col.whole(6, "base")?.map(Revision),
        reason: col.text(7, "reason")?.map(|text| readable(text).into_owned()),
        decided: decided.transpose()?,
        wanted,
    })
}
