//! Which number an id has, and had when its record was deleted.
//!
//! Ids are random. In one big index each new one would land on a page of its own: at a million
//! records a batch of ten thousand would rewrite half of the index, and a load gets slower and
//! slower. So new ids go to a small index first, and from there to the big one by turns, a run of
//! neighbours after each commit: every page of the big index is then rewritten once for many ids.

use rusqlite::{CachedStatement, Connection, OptionalExtension};
use uuid::Uuid;

use crate::{StoreError, error::Failure};

/// Ids in the small index before any of them move on: 3 MB or so.
const NEW_IDS: u64 = 131_072;

const FIND: &str = "SELECT number FROM clearline_new_ids WHERE id = ?1
     UNION ALL SELECT number FROM clearline_ids WHERE id = ?1";

/// How far the moving has come. Kept from commit to commit; after a restart it begins anywhere.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Turn {
    /// Ids in the small index.
    n_new: u64,
    /// The last id that moved.
    last: [u8; 16],
}

impl Turn {
    /// Counts the new ids of a store.
    pub(crate) fn begin(conn: &Connection) -> Result<Self, StoreError> {
        let count = "SELECT count(*) FROM clearline_new_ids";
        let n_new: i64 = conn.query_row(count, [], |row| row.get(0))?;
        Ok(Self { n_new: n_new.unsigned_abs(), last: [0; 16] })
    }
}

/// The ids within a commit.
pub(crate) struct Ids<'c> {
    conn: &'c Connection,
    find: CachedStatement<'c>,
    add: CachedStatement<'c>,
}

impl<'c> Ids<'c> {
    pub(crate) fn begin(conn: &'c Connection) -> Result<Self, StoreError> {
        let add = "INSERT INTO clearline_new_ids (id, number) VALUES (?1, ?2)";
        Ok(Self { conn, find: conn.prepare_cached(FIND)?, add: conn.prepare_cached(add)? })
    }

    /// The number that this id has or had.
    pub(crate) fn find(&mut self, id: Uuid) -> Result<Option<u32>, Failure> {
        Ok(self.find.query_row([id.as_bytes()], |row| row.get(0)).optional()?)
    }

    /// Keeps the number of an id that has none.
    pub(crate) fn add(&mut self, id: Uuid, number: u32, turn: &mut Turn) -> Result<(), Failure> {
        self.add.execute((id.as_bytes(), number))?;
        turn.n_new += 1;
        Ok(())
    }

    /// Moves on as many ids as there are too many.
    pub(crate) fn move_on(&self, turn: &mut Turn) -> Result<(), StoreError> {
        let mut too_many = turn.n_new.saturating_sub(NEW_IDS);
        while too_many > 0 {
            let nth = "SELECT id FROM clearline_new_ids WHERE id > ?1 ORDER BY id LIMIT 1 OFFSET ?2";
            let nth = |offset: u64| {
                let mut statement = self.conn.prepare_cached(nth)?;
                statement.query_row((turn.last, offset.cast_signed()), |row| row.get(0)).optional()
            };
            // The run ends with the last id of all at the latest; then it begins anew from the first.
            let end: [u8; 16] = nth(too_many - 1)?.unwrap_or([0xff; 16]);
            let run = "INSERT INTO clearline_ids SELECT id, number FROM clearline_new_ids
                 WHERE id > ?1 AND id <= ?2 ORDER BY id";
            let moved = self.conn.prepare_cached(run)?.execute((turn.last, end))? as u64;
            let gone = "DELETE FROM clearline_new_ids WHERE id > ?1 AND id <= ?2";
            self.conn.prepare_cached(gone)?.execute((turn.last, end))?;
            turn.last = if end == [0xff; 16] { [0; 16] } else { end };
            turn.n_new = turn.n_new.saturating_sub(moved);
            too_many = too_many.saturating_sub(moved.max(1));
        }
        Ok(())
    }
}

/// The number that this id has or had.
pub(crate) fn find(conn: &Connection, id: Uuid) -> Result<Option<u32>, StoreError> {
    let mut statement = conn.prepare_cached(FIND)?;
    Ok(statement.query_row([id.as_bytes()], |row| row.get(0)).optional()?)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Adds ids batch by batch, moving after each, and looks for all of them.
    fn check(id_of: impl Fn(u64) -> Uuid) {
        const BATCH: u64 = 20_000;
        let mut conn = Connection::open_in_memory().unwrap();
        crate::schema::migrate(&mut conn, 0).unwrap();
        let mut turn = Turn::begin(&conn).unwrap();
        let n = NEW_IDS + 5 * BATCH;
        for batch in 0..n / BATCH {
            let mut ids = Ids::begin(&conn).unwrap();
            for k in batch * BATCH..(batch + 1) * BATCH {
                assert_eq!(ids.find(id_of(k)).unwrap(), None);
                ids.add(id_of(k), k as u32, &mut turn).unwrap();
            }
            ids.move_on(&mut turn).unwrap();
            // As after a restart: where the moving goes on does not matter.
            let counted = Turn::begin(&conn).unwrap();
            assert_eq!(counted.n_new, turn.n_new);
            assert!(counted.n_new <= NEW_IDS, "{}", counted.n_new);
        }
        for k in 0..n / BATCH * BATCH {
            assert_eq!(find(&conn, id_of(k)).unwrap(), Some(k as u32));
        }
    }

    #[test]
    fn random_ids_move_on_and_are_found_wherever_they_are() {
        check(|k| {
            Uuid::from_u64_pair(k.wrapping_mul(0x9e37_79b9_7f4a_7c15), k.wrapping_mul(0xd1b5_4a32_d192_ed03))
        });
    }

    #[test]
    fn ids_in_order_with_the_least_and_the_greatest_of_all_are_found_too() {
        check(|k| match k {
            0 => Uuid::nil(),
            1 => Uuid::max(),
            k => Uuid::from_u64_pair(k / 100, k),
        });
    }
}
