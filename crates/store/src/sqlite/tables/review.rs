//! The review states of records: `clearline_unapproved` lists the records that are not approved.

use demining::{Record, Review};
use rusqlite::{Connection, Row};

use crate::error::StoreError;

/// Returns the numbers of at most `limit` records in this review state, after a number.
pub(crate) fn unapproved(
    conn: &Connection,
    review: Review,
    after: u32,
    limit: usize,
) -> Result<Vec<u32>, StoreError> {
    let sql = "SELECT number FROM clearline_unapproved WHERE review = ?1 AND number > ?2 \
               ORDER BY number LIMIT ?3";
    let limit = i64::try_from(limit).unwrap_or(i64::MAX);
    let mut statement = conn.prepare_cached(sql)?;
    let numbers = statement.query_map((review.word(), after, limit), |row| row.get(0))?;
    Ok(numbers.collect::<rusqlite::Result<_>>()?)
}

/// Returns the number of records in this review state.
pub(crate) fn n_unapproved(conn: &Connection, review: Review) -> Result<u64, StoreError> {
    let sql = "SELECT count(*) FROM clearline_unapproved WHERE review = ?1";
    let n: i64 = conn.prepare_cached(sql)?.query_row([review.word()], |row| row.get(0))?;
    Ok(n.unsigned_abs())
}

/// Returns the numbers of at most `limit` approved records, most recently changed first, each with the number
/// of its last change in the log; only changes before `before`.
pub(crate) fn approved(conn: &Connection, before: i64, limit: usize) -> Result<Vec<(i64, u32)>, StoreError> {
    let sql = "SELECT l.fid, l.number FROM changes AS l
                 CROSS JOIN clearline_records AS s ON s.number = l.number AND s.change = l.fid AND s.stands
               WHERE l.fid < ?1 AND l.review = ?2 ORDER BY l.fid DESC LIMIT ?3";
    let limit = i64::try_from(limit).unwrap_or(i64::MAX);
    let mut statement = conn.prepare_cached(sql)?;
    let row = |row: &Row<'_>| Ok((row.get(0)?, row.get(1)?));
    let numbers = statement.query_map((before, Review::Approved.word(), limit), row)?;
    Ok(numbers.collect::<rusqlite::Result<_>>()?)
}

/// Updates the list of unapproved records.
pub(crate) fn note(
    conn: &Connection,
    number: u32,
    before: Option<&Record>,
    after: Option<&Record>,
) -> rusqlite::Result<()> {
    let waits = |record: Option<&Record>| record.map(|r| r.review).filter(|r| *r != Review::Approved);
    let (before, after) = (waits(before), waits(after));
    if before == after {
        return Ok(());
    }
    let each = |sql: &str, review: Option<Review>| match review {
        Some(review) => conn.prepare_cached(sql)?.execute((review.word(), number)).map(|_| ()),
        None => Ok(()),
    };
    each("DELETE FROM clearline_unapproved WHERE review = ?1 AND number = ?2", before)?;
    each("INSERT INTO clearline_unapproved (review, number) VALUES (?1, ?2)", after)
}
