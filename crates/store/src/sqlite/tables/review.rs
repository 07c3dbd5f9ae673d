//! The review states of records: `clearline_unapproved` lists the records that are not approved.

use demining::{Collection, Record, Review};
use rusqlite::{Connection, Row};

use crate::error::StoreError;

/// Returns the numbers of at most `limit` records of a collection in this review state, after a number.
pub(crate) fn unapproved(
    conn: &Connection,
    collection: Collection,
    review: Review,
    after: u32,
    limit: usize,
) -> Result<Vec<u32>, StoreError> {
    let sql = "SELECT number FROM clearline_unapproved WHERE collection = ?1 AND review = ?2 AND number > ?3 \
               ORDER BY number LIMIT ?4";
    let limit = i64::try_from(limit).unwrap_or(i64::MAX);
    let mut statement = conn.prepare_cached(sql)?;
    let numbers = statement.query_map((collection.name(), review.word(), after, limit), |row| row.get(0))?;
    Ok(numbers.collect::<rusqlite::Result<_>>()?)
}

/// Returns the number of records of a collection in this review state.
pub(crate) fn n_unapproved(
    conn: &Connection,
    collection: Collection,
    review: Review,
) -> Result<u64, StoreError> {
    let sql = "SELECT count(*) FROM clearline_unapproved WHERE collection = ?1 AND review = ?2";
    let key = (collection.name(), review.word());
    let n: i64 = conn.prepare_cached(sql)?.query_row(key, |row| row.get(0))?;
    Ok(n.unsigned_abs())
}

/// Returns the numbers of at most `limit` approved records of a collection, most recently changed first, each
/// with the number of its last change in the log; only changes before `before`.
pub(crate) fn approved(
    conn: &Connection,
    collection: Collection,
    before: i64,
    limit: usize,
) -> Result<Vec<(i64, u32)>, StoreError> {
    let sql = "SELECT l.fid, l.number FROM changes AS l
                 CROSS JOIN clearline_records AS s ON s.number = l.number AND s.change = l.fid AND s.stands
               WHERE l.fid < ?1 AND l.review = ?2 AND l.collection = ?3
               ORDER BY l.fid DESC LIMIT ?4";
    let limit = i64::try_from(limit).unwrap_or(i64::MAX);
    let mut statement = conn.prepare_cached(sql)?;
    let row = |row: &Row<'_>| Ok((row.get(0)?, row.get(1)?));
    let numbers = statement.query_map((before, Review::Approved.word(), collection.name(), limit), row)?;
    Ok(numbers.collect::<rusqlite::Result<_>>()?)
}

/// Updates the list of unapproved records.
pub(crate) fn note<C>(
    conn: &Connection,
    (collection, number): (Collection, u32),
    before: Option<&Record<C>>,
    after: Option<&Record<C>>,
) -> rusqlite::Result<()> {
    let waits = |record: Option<&Record<C>>| record.map(|r| r.review).filter(|r| *r != Review::Approved);
    let (before, after) = (waits(before), waits(after));
    if before == after {
        return Ok(());
    }
    let each = |sql: &str, review: Option<Review>| match review {
        Some(review) => {
            conn.prepare_cached(sql)?.execute((collection.name(), review.word(), number)).map(|_| ())
        }
        None => Ok(()),
    };
    each("DELETE FROM clearline_unapproved WHERE collection = ?1 AND review = ?2 AND number = ?3", before)?;
    each("INSERT INTO clearline_unapproved (collection, review, number) VALUES (?1, ?2, ?3)", after)
}
