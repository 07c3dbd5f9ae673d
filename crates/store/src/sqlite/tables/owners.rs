//! The owner of a record: who created it, by name and operator.
//!
//! Since version 8 of the tables, revisions store the operator of their author. Before, the operator is that
//! of the sender in the inbox or, if the inbox has none, that of the record as it was created.

use demining::Author;
use rusqlite::{Connection, OptionalExtension, Row};
use uuid::Uuid;

use crate::{
    error::StoreError,
    sqlite::{
        row::{Columns, damaged},
        tables::changes::PAST,
    },
};

/// The name in `clearline_meta` of the first revision that stores the operator of its author.
const SINCE: &str = "operators_since";

/// Returns the owner of the record with this number; `None` if it never existed.
pub(crate) fn of(conn: &Connection, number: u32) -> Result<Option<Author>, StoreError> {
    let sql = format!(
        "WITH RECURSIVE {PAST} SELECT l.fid, l.revision, r.\"by\", r.by_operator, o.revision IS NOT NULL, o.operator, c.operator
         FROM changes AS l CROSS JOIN revisions AS r ON r.revision = l.revision
           LEFT JOIN detections_content AS c ON c.fid = l.fid
           LEFT JOIN clearline_past_operators AS o ON o.revision = l.revision
         WHERE l.fid = (SELECT min(fid) FROM past)"
    );
    let since = since(conn)?;
    let read = |row: &Row<'_>| Ok(read(row, since).map_err(|problem| damaged("changes", row, &problem)));
    conn.prepare_cached(&sql)?.query_row([number], read).optional()?.transpose()
}

fn read(row: &Row<'_>, since: i64) -> Result<Author, String> {
    let col = Columns(row);
    // What the chain covers takes precedence.
    let chained = col.text(3, "by_operator")?;
    let operator = if chained.is_some() || col.needed_whole::<i64>(1, "revision")? >= since {
        chained
    } else if col.needed_whole::<u8>(4, "revision")? != 0 {
        col.text(5, "operator")?
    } else {
        col.text(6, "operator")?
    };
    Ok(Author::new(col.needed(2, "by")?, operator.map(str::to_owned)))
}

/// Returns the first revision that stores the operator of its author.
fn since(conn: &Connection) -> Result<i64, StoreError> {
    let sql = "SELECT value FROM clearline_meta WHERE name = ?1";
    let text: Option<String> = conn.prepare_cached(sql)?.query_row([SINCE], |row| row.get(0)).optional()?;
    let since = text.as_deref().and_then(|text| text.parse().ok());
    since.ok_or_else(|| StoreError::Damaged(format!("clearline_meta has {SINCE} {text:?}")))
}

/// Returns the ids of the first `most` existing records without a known operator, and their total number:
/// they were created before operators were stored, have no upload in the inbox, and name none.
pub(crate) fn unknown(conn: &Connection, most: usize) -> Result<(Vec<Uuid>, u64), StoreError> {
    let since = since(conn)?;
    let (mut ids, mut n) = (Vec::new(), 0);
    if since <= 1 {
        return Ok((ids, n));
    }
    let sql = "SELECT l.fid, l.id FROM changes AS l
                 CROSS JOIN detections_content AS c ON c.fid = l.fid
                 CROSS JOIN clearline_records AS s ON s.number = l.number AND s.stands
               WHERE l.previous IS NULL AND c.operator IS NULL AND l.revision < ?1
                 AND NOT EXISTS (SELECT 1 FROM clearline_past_operators AS o WHERE o.revision = l.revision)
               ORDER BY l.fid";
    let mut statement = conn.prepare(sql)?;
    let mut rows = statement.query([since])?;
    while let Some(row) = rows.next()? {
        n += 1;
        if ids.len() < most {
            ids.push(Columns(row).id(1).map_err(|problem| damaged("changes", row, &problem))?);
        }
    }
    Ok((ids, n))
}
