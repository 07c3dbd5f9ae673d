//! Refused uploads that their sender cannot fix: a form sent from a phone, or a submission that another
//! server forwarded. They wait in the inbox until a manager has settled them.

use demining::Author;
use jiff::Timestamp;
use rusqlite::{Connection, Row};
use uuid::Uuid;

use crate::{
    error::StoreError,
    inbox::{Refused, Settled, Settlement},
    sqlite::row::{Columns, damaged},
    value::{id_text, instant, instant_text},
};

const SELECT: &str =
    "SELECT number, i.id, i.received_at, i.\"by\", door, report, settled_at, settled_by, settled, version,
       i.by_operator, sender
     FROM clearline_inbox AS i JOIN uploads AS u ON u.id = i.id";

/// Returns at most `limit` waiting uploads, after a number.
pub(crate) fn waiting(conn: &Connection, after: i64, limit: usize) -> Result<Vec<Refused>, StoreError> {
    let limit = i64::try_from(limit).unwrap_or(i64::MAX);
    let which = "WHERE refused AND settled_at IS NULL AND number > ?1 ORDER BY number LIMIT ?2";
    let mut statement = conn.prepare_cached(&format!("{SELECT} {which}"))?;
    read_all(statement.query((after, limit))?)
}

/// Returns the number of waiting uploads.
pub(crate) fn n_waiting(conn: &Connection) -> Result<u64, StoreError> {
    let sql = "SELECT count(*) FROM clearline_inbox WHERE refused AND settled_at IS NULL";
    let n: i64 = conn.prepare_cached(sql)?.query_row([], |row| row.get(0))?;
    Ok(n.unsigned_abs())
}

/// Returns this upload if it was refused; `None` if it was accepted, or if its sender can fix it.
pub(crate) fn find(conn: &Connection, upload: Uuid) -> Result<Option<Refused>, StoreError> {
    let mut statement = conn.prepare_cached(&format!("{SELECT} WHERE refused AND i.id = ?1"))?;
    Ok(read_all(statement.query([id_text(upload, &mut [0; 36])])?)?.pop())
}

/// Settles an upload, unless it is settled already.
pub(crate) fn settle(
    conn: &Connection,
    Settlement { upload, how }: &Settlement,
    by: &str,
    at: Timestamp,
) -> rusqlite::Result<()> {
    let sql = "UPDATE clearline_inbox SET settled_at = ?1, settled_by = ?2, settled = ?3
               WHERE id = ?4 AND refused AND settled_at IS NULL";
    let id = id_text(*upload, &mut [0; 36]).to_owned();
    conn.prepare_cached(sql)?.execute((instant_text(at), by, how, id)).map(|_| ())
}

fn read_all(mut rows: rusqlite::Rows<'_>) -> Result<Vec<Refused>, StoreError> {
    let mut refused = Vec::new();
    while let Some(row) = rows.next()? {
        refused.push(read(row).map_err(|problem| damaged("clearline_inbox", row, &problem))?);
    }
    Ok(refused)
}

fn read(row: &Row<'_>) -> Result<Refused, String> {
    let col = Columns(row);
    let text = |at, name| Ok::<_, String>(col.needed(at, name)?.to_owned());
    let settled = col.text(6, "settled_at")?.map(|at| {
        let at = instant(at, "settled_at")?;
        Ok::<_, String>(Settled { at, by: text(7, "settled_by")?, how: text(8, "settled")? })
    });
    Ok(Refused {
        number: col.needed_whole(0, "number")?,
        upload: col.id(1)?,
        received_at: instant(col.needed(2, "received_at")?, "received_at")?,
        by: Author::new(text(3, "by")?, col.text(10, "by_operator")?.map(str::to_owned)),
        sender: text(11, "sender")?,
        door: text(4, "door")?,
        version: col.needed_whole(9, "version")?,
        report: text(5, "report")?,
        settled: settled.transpose()?,
    })
}
