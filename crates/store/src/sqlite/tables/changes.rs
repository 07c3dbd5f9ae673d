//! The changes of records: `changes` and the content table of their collection, with when and by whom in
//! `revisions`.

use std::sync::Arc;

use demining::{Author, Change, Collection, Judged, Record, Revision, for_collection};
use rusqlite::{Connection, OptionalExtension, Row};

use crate::{
    changes::Position,
    collections::{ChangesOf, Stored},
    error::StoreError,
    sqlite::{
        layer::ForEach,
        row::{Columns, damaged},
    },
    value::{instant, readable},
};

/// The position of the first content column.
const FIRST_CONTENT: usize = 13;

/// The position of the collection.
const COLLECTION: usize = 12;

/// Selects changes as [`read_change`] reads them.
static CHANGE: ForEach<String> = ForEach::new(|layer| {
    format!(
        "SELECT l.fid, l.revision, l.fid - r.first_change, action, number, id, \"at\", \"by\", reason, review, \
         (SELECT shown FROM clearline_shown AS s WHERE s.revision <= l.revision \
         ORDER BY s.revision DESC LIMIT 1), by_operator, collection, {} \
         FROM changes AS l CROSS JOIN revisions AS r ON r.revision = l.revision \
         LEFT JOIN {} AS c ON c.fid = l.fid",
        layer.listed(),
        layer.content()
    )
});

/// The changes of the record with the number in the first parameter, from the last one back.
pub(crate) const PAST: &str = "past(fid) AS (
     SELECT change FROM clearline_records WHERE number = ?1
     UNION SELECT previous FROM past CROSS JOIN changes AS l ON l.fid = past.fid)";

/// Returns every change of the record with this number, newest first; none if it is of another collection.
pub(crate) fn history<T: Stored>(
    conn: &Connection,
    number: u32,
) -> Result<Vec<Change<Judged<T>>>, StoreError> {
    let collection = T::COLLECTION;
    let sql = format!(
        "WITH RECURSIVE {PAST} {} WHERE l.fid IN past AND collection = '{collection}' ORDER BY l.fid DESC",
        CHANGE.of(collection)
    );
    let mut statement = conn.prepare_cached(&sql)?;
    let mut rows = statement.query([number])?;
    let mut changes = Vec::new();
    while let Some(row) = rows.next()? {
        changes.push(read_change(row)?.0);
    }
    Ok(changes)
}

/// Returns the newest change of the record with this number; `None` if it is of another collection.
pub(crate) fn newest<T: Stored>(
    conn: &Connection,
    number: u32,
) -> Result<Option<Change<Judged<T>>>, StoreError> {
    let collection = T::COLLECTION;
    let sql = format!(
        "{} WHERE l.fid = (SELECT change FROM clearline_records WHERE number = ?1) AND collection = '{collection}'",
        CHANGE.of(collection)
    );
    let mut statement = conn.prepare_cached(&sql)?;
    let mut rows = statement.query([number])?;
    Ok(rows.next()?.map(read_change).transpose()?.map(|(change, _)| change))
}

/// Returns the collection of the record that has or had this number.
pub(crate) fn collection_of(conn: &Connection, number: u32) -> Result<Option<Collection>, StoreError> {
    let sql = "SELECT l.fid, l.collection FROM clearline_records AS s
                 CROSS JOIN changes AS l ON l.fid = s.change WHERE s.number = ?1";
    let read = |row: &Row<'_>| {
        let read = Columns(row).collection(1);
        Ok(read.map_err(|problem| damaged("changes", row, &problem)))
    };
    conn.prepare_cached(sql)?.query_row([number], read).optional()?.transpose()
}

/// Changes after a position, each with its own position.
#[derive(Debug, Default)]
pub(crate) struct Following {
    pub runs: Vec<ChangesOf>,
    pub positions: Vec<Position>,
}

/// Returns at most `limit` changes after a position.
pub(crate) fn after(conn: &Connection, after: Position, limit: usize) -> Result<Following, StoreError> {
    let mut following = Following::default();
    let mut next = first_change_after(conn, after)?;
    // Changes of one collection that follow each other are read with one statement.
    while let Some(first) = next
        && following.positions.len() < limit
        && let Some((first, collection)) = begin_run(conn, first)?
    {
        let left = limit - following.positions.len();
        next = for_collection!(collection, T => read_run::<T>(conn, first, left, &mut following)?);
    }
    Ok(following)
}

/// Returns the first change at or after this one, with its collection.
fn begin_run(conn: &Connection, first: i64) -> Result<Option<(i64, Collection)>, StoreError> {
    let sql = "SELECT fid, collection FROM changes WHERE fid >= ?1 ORDER BY fid LIMIT 1";
    let read = |row: &Row<'_>| {
        let fid = row.get(0)?;
        let read = Columns(row).collection(1);
        Ok(read.map(|collection| (fid, collection)).map_err(|problem| damaged("changes", row, &problem)))
    };
    conn.prepare_cached(sql)?.query_row([first], read).optional()?.transpose()
}

/// Reads changes from this one on, up to the first one of another collection, which it returns.
fn read_run<T: Stored>(
    conn: &Connection,
    first: i64,
    limit: usize,
    following: &mut Following,
) -> Result<Option<i64>, StoreError> {
    let collection = T::COLLECTION;
    let sql = format!("{} WHERE l.fid >= ?1 ORDER BY l.fid LIMIT ?2", CHANGE.of(collection));
    let mut statement = conn.prepare_cached(&sql)?;
    let mut rows = statement.query((first, i64::try_from(limit).unwrap_or(i64::MAX)))?;
    let (mut run, mut other) = (Vec::new(), None);
    while let Some(row) = rows.next()? {
        if row.get_ref(COLLECTION)?.as_bytes().ok() != Some(collection.name().as_bytes()) {
            other = Some(row.get(0)?);
            break;
        }
        let (change, seq) = read_change(row)?;
        following.positions.push(Position { revision: change.revision, seq });
        run.push(change);
    }
    following.runs.push(T::wrap(run));
    Ok(other)
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
fn read_change<T: Stored>(row: &Row<'_>) -> Result<(Change<Judged<T>>, u32), StoreError> {
    try_read_change(row).map_err(|problem| damaged("changes", row, &problem))
}

fn try_read_change<T: Stored>(row: &Row<'_>) -> Result<(Change<Judged<T>>, u32), String> {
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
