//! The changes of records: `changes` and `detections_content`, with when and by whom in `revisions`.

use std::sync::{Arc, LazyLock};

use demining::{Author, Change, Record, Revision};
use rusqlite::{Connection, OptionalExtension, Row};

use crate::{
    changes::Position,
    error::StoreError,
    fields::content,
    sqlite::row::{Columns, damaged, list},
    value::{instant, readable},
};

/// The position of the first content column.
const FIRST_CONTENT: usize = 12;

/// Selects changes as [`read_change`] reads them.
static CHANGE: LazyLock<String> = LazyLock::new(|| {
    format!(
        "SELECT l.fid, l.revision, l.fid - r.first_change, action, number, id, \"at\", \"by\", reason, review, \
         (SELECT shown FROM clearline_shown AS s WHERE s.revision <= l.revision \
         ORDER BY s.revision DESC LIMIT 1), by_operator, {} \
         FROM changes AS l CROSS JOIN revisions AS r ON r.revision = l.revision \
         LEFT JOIN detections_content AS c ON c.fid = l.fid",
        list(content())
    )
});

/// The changes of the record with the number in the first parameter, from the last one back.
pub(crate) const PAST: &str = "past(fid) AS (
     SELECT change FROM clearline_records WHERE number = ?1
     UNION SELECT previous FROM past CROSS JOIN changes AS l ON l.fid = past.fid)";

/// Returns every change of the record with this number, newest first.
pub(crate) fn history(conn: &Connection, number: u32) -> Result<Vec<Change>, StoreError> {
    let sql = format!("WITH RECURSIVE {PAST} {} WHERE l.fid IN past ORDER BY l.fid DESC", *CHANGE);
    let mut statement = conn.prepare_cached(&sql)?;
    let mut rows = statement.query([number])?;
    let mut changes = Vec::new();
    while let Some(row) = rows.next()? {
        changes.push(read_change(row)?.0);
    }
    Ok(changes)
}

/// Returns the newest change of the record with this number.
pub(crate) fn newest(conn: &Connection, number: u32) -> Result<Option<Change>, StoreError> {
    let which = "WHERE l.fid = (SELECT change FROM clearline_records WHERE number = ?1)";
    let mut statement = conn.prepare_cached(&format!("{} {which}", *CHANGE))?;
    let mut rows = statement.query([number])?;
    Ok(rows.next()?.map(read_change).transpose()?.map(|(change, _)| change))
}

/// Returns at most `limit` changes after a position, each with its place within its revision.
pub(crate) fn after(
    conn: &Connection,
    after: Position,
    limit: usize,
) -> Result<Vec<(Change, u32)>, StoreError> {
    let Some(first) = first_change_after(conn, after)? else { return Ok(Vec::new()) };
    let sql = format!("{} WHERE l.fid >= ?1 ORDER BY l.fid LIMIT ?2", *CHANGE);
    let mut statement = conn.prepare_cached(&sql)?;
    let mut rows = statement.query((first, i64::try_from(limit).unwrap_or(i64::MAX)))?;
    let mut changes = Vec::new();
    while let Some(row) = rows.next()? {
        changes.push(read_change(row)?);
    }
    Ok(changes)
}

/// Returns the first change after a position, if there is one.
fn first_change_after(conn: &Connection, after: Position) -> Result<Option<i64>, StoreError> {
    let first_of = |sql: &str| {
        let mut statement = conn.prepare_cached(sql)?;
        statement.query_row([after.revision.0.cast_signed()], |row| row.get::<_, i64>(0)).optional()
    };
    let next = first_of("SELECT first_change FROM revisions WHERE revision > ?1 ORDER BY revision LIMIT 1")?;
    if after.seq == u32::MAX {
        return Ok(next);
    }
    let within = first_of("SELECT first_change FROM revisions WHERE revision = ?1")?;
    let within = within.map(|first| first + i64::from(after.seq) + 1);
    Ok(within.into_iter().chain(next).min())
}

/// Reads a change and its place within its revision.
fn read_change(row: &Row<'_>) -> Result<(Change, u32), StoreError> {
    try_read_change(row).map_err(|problem| damaged("changes", row, &problem))
}

fn try_read_change(row: &Row<'_>) -> Result<(Change, u32), String> {
    let col = Columns(row);
    let revision = Revision(col.needed_whole(1, "revision")?);
    let number = col.needed_whole(4, "number")?;
    let id = col.id(5)?;
    let at = instant(col.needed(6, "at")?, "at")?;
    let operator = col.text(11, "by_operator")?.map(str::to_owned);
    let by = Author::new(col.needed(7, "by")?, operator);
    let after = if col.needed(3, "action")? == "deleted" {
        None
    } else {
        Some(Arc::new(Record {
            content: col.content(FIRST_CONTENT, id)?,
            number,
            review: col.review(9)?,
            revision,
            updated_at: at,
            updated_by: by.name.clone(),
        }))
    };
    let reason = col.text(8, "reason")?.map(|text| readable(text).into_owned());
    let shown = Revision(col.whole(10, "shown")?.unwrap_or(0));
    let change = Change { revision, shown, at, by, reason, id, number, after };
    Ok((change, col.needed_whole(2, "seq")?))
}
