//! The quarantine: writes that their senders may not make, kept for a manager and never lost.

use demining::{Author, Collection, Expect, Judged, QuarantineReason, Revision, Write};
use jiff::Timestamp;
use rusqlite::{Connection, OptionalExtension, Row};
use uuid::Uuid;

use crate::{
    collections::Stored,
    error::{Failure, StoreError},
    quarantine::{Decided, QuarantineDecision, QuarantinedWrite},
    sqlite::{
        layer::ForEach,
        row::{Columns, damaged},
    },
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

/// Inserts a quarantined write without its content.
const INSERT: &str = "INSERT INTO clearline_held
      (collection, upload, row, held_at, \"by\", by_operator, why, base, reason, id)
    VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)";

/// Inserts its content.
static INSERT_CONTENT: ForEach<String> = ForEach::new(|layer| {
    let marks = vec!["?"; 1 + layer.columns().count()].join(", ");
    format!("INSERT INTO {} (number, {}) VALUES ({marks})", layer.held(), layer.listed())
});

/// The position of the first content column.
const FIRST_CONTENT: usize = 14;

/// Selects the quarantined writes of a collection; append conditions with `AND`. One without content is
/// damaged.
static SELECT: ForEach<String> = ForEach::new(|layer| {
    format!(
        "SELECT h.number, upload, row, held_at, \"by\", why, base, reason, decided_at, decided_by, accepted, \
         decision, id, by_operator, {} FROM clearline_held AS h \
         LEFT JOIN {} AS c ON c.number = h.number WHERE h.collection = '{}'",
        layer.listed(),
        layer.held(),
        layer.0
    )
});

/// Quarantines a write, unless the same write by the same sender was quarantined before, whatever was
/// decided: sending it again repeats it.
pub(crate) fn hold<T: Stored>(
    conn: &Connection,
    from: From<'_>,
    write: &Write<Judged<T>>,
    wanted: &Judged<T>,
    why: QuarantineReason,
) -> Result<(), Failure> {
    let base = match write.expect {
        Expect::At(revision) => Some(revision),
        Expect::Same | Expect::UpTo(_) | Expect::Any => None,
    };
    let is_known = |held: &QuarantinedWrite<Judged<T>>| {
        held.by == *from.by && held.base == base && held.wanted == *wanted
    };
    let id = wanted.id();
    if of_record(conn, id)?.iter().any(is_known) {
        return Ok(());
    }
    refuse_value("reason", write.reason.as_ref().into()).map_err(Failure::Upload)?;
    conn.prepare_cached(INSERT)?.execute((
        T::COLLECTION.name(),
        from.upload.map(|id| id.to_string()),
        write.row.cast_signed(),
        from.at,
        &from.by.name,
        &from.by.operator,
        why.word(),
        base.map(|revision| revision.0.cast_signed()),
        &write.reason,
        id_text(id, &mut [0; 36]),
    ))?;
    let mut statement = conn.prepare_cached(INSERT_CONTENT.of(T::COLLECTION))?;
    statement.raw_bind_parameter(1, conn.last_insert_rowid())?;
    let mut at = 1;
    T::fields().each_value(wanted, |column, value| {
        at += 1;
        refuse_value(column.name, value).map_err(Failure::Upload)?;
        Ok::<_, Failure>(statement.raw_bind_parameter(at, value)?)
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
pub(crate) fn of_record<T: Stored>(
    conn: &Connection,
    id: Uuid,
) -> Result<Vec<QuarantinedWrite<Judged<T>>>, StoreError> {
    all(conn, "id = ?1 ORDER BY h.number", id_text(id, &mut [0; 36]))
}

/// Returns every quarantined write that names a photo.
pub(crate) fn with_photo(conn: &Connection, photo: &str) -> Result<Vec<QuarantinedWrite>, StoreError> {
    let which = "photos IS NOT NULL AND EXISTS (SELECT 1 FROM json_each(photos) AS p WHERE p.value = ?1)";
    all(conn, which, photo)
}

/// Returns the write with this number; `None` if it is of another collection.
pub(crate) fn find<T: Stored>(
    conn: &Connection,
    number: i64,
) -> Result<Option<QuarantinedWrite<Judged<T>>>, StoreError> {
    Ok(all(conn, "h.number = ?1", number)?.pop())
}

/// Returns the collection of the write with this number.
pub(crate) fn collection_of(conn: &Connection, number: i64) -> Result<Option<Collection>, StoreError> {
    let sql = "SELECT number, collection FROM clearline_held WHERE number = ?1";
    let read = |row: &Row<'_>| {
        let read = Columns(row).collection(1);
        Ok(read.map_err(|problem| damaged("clearline_held", row, &problem)))
    };
    conn.prepare_cached(sql)?.query_row([number], read).optional()?.transpose()
}

/// Returns at most `limit` waiting writes of a collection, after a number.
pub(crate) fn waiting<T: Stored>(
    conn: &Connection,
    after: i64,
    limit: usize,
) -> Result<Vec<QuarantinedWrite<Judged<T>>>, StoreError> {
    let limit = i64::try_from(limit).unwrap_or(i64::MAX);
    let which = "decided_at IS NULL AND h.number > ?1 ORDER BY h.number LIMIT ?2";
    let mut statement = conn.prepare_cached(&format!("{} AND {which}", SELECT.of(T::COLLECTION)))?;
    read_all(statement.query((after, limit))?)
}

/// Returns the number of waiting writes of a collection.
pub(crate) fn n_waiting(conn: &Connection, collection: Collection) -> Result<u64, StoreError> {
    let sql = "SELECT count(*) FROM clearline_held WHERE collection = ?1 AND decided_at IS NULL";
    let n: i64 = conn.prepare_cached(sql)?.query_row([collection.name()], |row| row.get(0))?;
    Ok(n.unsigned_abs())
}

fn all<T: Stored>(
    conn: &Connection,
    which: &str,
    key: impl rusqlite::ToSql,
) -> Result<Vec<QuarantinedWrite<Judged<T>>>, StoreError> {
    let mut statement = conn.prepare_cached(&format!("{} AND {which}", SELECT.of(T::COLLECTION)))?;
    read_all(statement.query([key])?)
}

fn read_all<T: Stored>(mut rows: rusqlite::Rows<'_>) -> Result<Vec<QuarantinedWrite<Judged<T>>>, StoreError> {
    let mut held = Vec::new();
    while let Some(row) = rows.next()? {
        held.push(read(row).map_err(|problem| damaged("clearline_held", row, &problem))?);
    }
    Ok(held)
}

fn read<T: Stored>(row: &Row<'_>) -> Result<QuarantinedWrite<Judged<T>>, String> {
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
    let wanted = col.content(FIRST_CONTENT, col.id(12)?)?;
    Ok(QuarantinedWrite {
        number: col.needed_whole(0, "number")?,
        upload: upload
            .map(|id| Uuid::try_parse(id).map_err(|_| format!("upload {id:?} is not a UUID")))
            .transpose()?,
        row: col.needed_whole(2, "row")?,
        held_at: instant(col.needed(3, "held_at")?, "held_at")?,
        by: Author::new(col.needed(4, "by")?, text(13, "by_operator")?),
        why: why.parse().map_err(|_| format!("why {why:?} is unknown"))?,
        base: col.whole(6, "base")?.map(Revision),
        reason: col.text(7, "reason")?.map(|text| readable(text).into_owned()),
        decided: decided.transpose()?,
        wanted,
    })
}
