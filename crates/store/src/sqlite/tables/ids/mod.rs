//! The record numbers of ids, including those of deleted records.
//!
//! Ids are random. In one big index each new id would touch a separate page, and a load would become slower
//! and slower. So the new ids of a commit are stored as one packed row and in the writer's memory. Once there
//! are many, they move to the index together, in its order, so that each page is rewritten once for many ids.
//!
//! - `packed`: ids in the file
//! - `filter`: a filter of all ids, for large commits

mod filter;
mod packed;

use std::collections::HashMap;

use rusqlite::{CachedStatement, Connection, OptionalExtension};
use uuid::Uuid;

use self::{
    filter::Filter,
    packed::{FIND, each_packed, pack, unpack},
};
use crate::error::{Failure, StoreError};

pub(crate) use packed::{each, find};

/// New ids that an idle writer moves to the index: few, because a reader scans the packed rows.
const DUE: usize = 65_536;

/// New ids that a busy writer moves: 22 MB of memory.
const OVERDUE: usize = 850_000;

/// Writes in a commit that justify building the filter, which takes a second for 10 million ids.
const LARGE_COMMIT: usize = 10_000;

/// The ids of a store, as its writer knows them.
#[derive(Debug)]
pub(crate) struct Ids {
    /// The ids that are not in the index.
    new: HashMap<Uuid, u32>,
    /// Those that the open transaction added, in order.
    added: Vec<(Uuid, u32)>,
    /// Every id ever used, once there was a large commit.
    filter: Option<Filter>,
}

impl Ids {
    pub(crate) fn open(conn: &Connection) -> Result<Self, StoreError> {
        let mut new = HashMap::new();
        each_packed(conn, |entries| {
            new.extend(entries.iter().map(unpack));
            false
        })?;
        Ok(Self { new, added: Vec::new(), filter: None })
    }

    /// Prepares for a commit of this many writes.
    pub(crate) fn expect(&mut self, conn: &Connection, n_writes: usize) -> Result<(), StoreError> {
        if n_writes >= LARGE_COMMIT && self.filter.is_none() {
            let mut filter = Filter::default();
            let mut statement = conn.prepare("SELECT id FROM clearline_ids")?;
            let mut rows = statement.query([])?;
            while let Some(row) = rows.next()? {
                filter.add(Uuid::from_bytes(row.get(0)?));
            }
            for id in self.new.keys() {
                filter.add(*id);
            }
            self.filter = Some(filter);
        }
        Ok(())
    }

    /// Returns the number that this id has or had.
    pub(crate) fn find(&self, index: &mut Index<'_>, id: Uuid) -> Result<Option<u32>, Failure> {
        if self.filter.as_ref().is_some_and(|filter| filter.lacks(id)) {
            return Ok(None);
        }
        match self.new.get(&id) {
            Some(number) => Ok(Some(*number)),
            None => Ok(index.0.query_row([id.as_bytes()], |row| row.get(0)).optional()?),
        }
    }

    /// Adds the number of a new id.
    pub(crate) fn add(&mut self, id: Uuid, number: u32) {
        self.new.insert(id, number);
        self.added.push((id, number));
        if let Some(filter) = &mut self.filter {
            filter.add(id);
        }
    }

    /// Returns how many ids the open transaction added.
    pub(crate) fn n_added(&self) -> usize {
        self.added.len()
    }

    /// Removes the ids that the open transaction added after the first `n_added`.
    pub(crate) fn undo(&mut self, n_added: usize) {
        for (id, _) in self.added.drain(n_added..) {
            self.new.remove(&id);
        }
    }

    /// Writes the ids that the open transaction added.
    pub(crate) fn write(&mut self, conn: &Connection) -> Result<(), StoreError> {
        if !self.added.is_empty() {
            self.added.sort_unstable();
            let packed: Vec<u8> = self.added.iter().flat_map(pack).collect();
            conn.prepare_cached("INSERT INTO clearline_new_ids (ids) VALUES (?1)")?.execute([packed])?;
        }
        Ok(())
    }

    /// Keeps the ids after the transaction was committed.
    pub(crate) fn keep(&mut self) {
        self.added.clear();
    }

    /// Returns `true` if an idle writer should move the new ids to the index.
    pub(crate) fn are_due(&self) -> bool {
        self.new.len() >= DUE
    }

    /// Returns `true` if a busy writer should move them first.
    pub(crate) fn are_overdue(&self) -> bool {
        self.new.len() >= OVERDUE
    }

    /// Moves the new ids to the index; call [`Ids::forget_moved`] after the commit.
    pub(crate) fn move_on(&self, conn: &Connection) -> Result<(), StoreError> {
        let mut ids: Vec<(Uuid, u32)> = self.new.iter().map(|(id, number)| (*id, *number)).collect();
        ids.sort_unstable();
        let mut insert = conn.prepare_cached("INSERT INTO clearline_ids (id, number) VALUES (?1, ?2)")?;
        for (id, number) in &ids {
            insert.execute((id.as_bytes(), number))?;
        }
        conn.prepare_cached("DELETE FROM clearline_new_ids")?.execute([])?;
        Ok(())
    }

    pub(crate) fn forget_moved(&mut self) {
        self.new = HashMap::new();
    }
}

/// The index of the moved ids.
pub(crate) struct Index<'c>(CachedStatement<'c>);

impl<'c> Index<'c> {
    pub(crate) fn begin(conn: &'c Connection) -> Result<Self, StoreError> {
        Ok(Self(conn.prepare_cached(FIND)?))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn new_store() -> Connection {
        let mut conn = Connection::open_in_memory().unwrap();
        crate::sqlite::schema::migrate(&mut conn, 0).unwrap();
        conn
    }

    /// Adds ids batch by batch, moving them to the index at times, and looks up all of them.
    fn check(filtered: bool, id_of: impl Fn(u32) -> Uuid) {
        const BATCH: u32 = 500;
        let conn = new_store();
        let mut ids = Ids::open(&conn).unwrap();
        for batch in 0..9 {
            ids.expect(&conn, if filtered { LARGE_COMMIT } else { 1 }).unwrap();
            let mut index = Index::begin(&conn).unwrap();
            for k in batch * BATCH..(batch + 1) * BATCH {
                assert_eq!(ids.find(&mut index, id_of(k)).unwrap(), None);
                ids.add(id_of(k), k);
            }
            drop(index);
            ids.write(&conn).unwrap();
            ids.keep();
            if batch % 4 == 2 {
                ids.move_on(&conn).unwrap();
                ids.forget_moved();
            }
            if batch == 4 {
                ids = Ids::open(&conn).unwrap();
            }
        }
        let mut index = Index::begin(&conn).unwrap();
        for k in 0..9 * BATCH {
            assert_eq!(find(&conn, id_of(k)).unwrap(), Some(k));
            assert_eq!(ids.find(&mut index, id_of(k)).unwrap(), Some(k));
        }
        assert_eq!(find(&conn, Uuid::from_u128(1)).unwrap(), None);
    }

    fn random(k: u32) -> Uuid {
        let k = u64::from(k);
        Uuid::from_u64_pair(k.wrapping_mul(0x9e37_79b9_7f4a_7c15), k.wrapping_mul(0xd1b5_4a32_d192_ed03))
    }

    #[test]
    fn random_ids_are_found_wherever_they_are() {
        check(false, random);
        check(true, random);
    }

    #[test]
    fn ids_in_order_with_the_least_and_the_greatest_of_all_are_found_too() {
        check(true, |k| match k {
            0 => Uuid::nil(),
            1 => Uuid::max(),
            k => Uuid::from_u64_pair(u64::from(k) / 100, u64::from(k)),
        });
    }

    #[test]
    fn ids_that_were_undone_are_new_again() {
        let conn = new_store();
        let mut ids = Ids::open(&conn).unwrap();
        let mut index = Index::begin(&conn).unwrap();
        ids.expect(&conn, LARGE_COMMIT).unwrap();
        ids.add(random(1), 1);
        let n_added = ids.n_added();
        ids.add(random(2), 2);
        ids.undo(n_added);
        assert_eq!(ids.find(&mut index, random(2)).unwrap(), None);
        assert_eq!(ids.find(&mut index, random(1)).unwrap(), Some(1));
        ids.write(&conn).unwrap();
        assert_eq!(Ids::open(&conn).unwrap().new, HashMap::from([(random(1), 1)]));
    }
}
