//! Reads the current records.

use std::ops::RangeInclusive;

use demining::{Judged, Record, Revision};
use uuid::Uuid;

use super::open::Reader;
use crate::{
    collections::Stored,
    error::StoreError,
    sqlite::{
        log::revision,
        tables::{
            ids,
            records::{RECORD, RECORDS, Records, read_record},
        },
    },
};

impl Reader {
    /// Returns the number of records of all collections.
    ///
    /// # Errors
    /// If the file cannot be read.
    pub fn len(&self) -> Result<u64, StoreError> {
        let count = "SELECT count(*) FROM clearline_records WHERE stands";
        Ok(self.conn.query_row(count, [], |row| row.get::<_, i64>(0))?.unsigned_abs())
    }

    /// Returns `true` if there are no records.
    ///
    /// # Errors
    /// If the file cannot be read.
    pub fn is_empty(&self) -> Result<bool, StoreError> {
        Ok(self.len()? == 0)
    }

    /// Calls `each` with every record of a collection, ordered by number, and returns the revision of this
    /// state. It keeps one record in memory at a time.
    ///
    /// # Errors
    /// [`StoreError::Damaged`], with table, fid and problem, at the first row that breaks a rule; `each` has
    /// received the records before it.
    pub fn records<T: Stored>(&self, each: impl FnMut(Record<Judged<T>>)) -> Result<Revision, StoreError> {
        self.records_between(0..=u32::MAX, each)
    }

    /// Does the same for the records in a range of numbers, so that several readers can share the work. They
    /// read one consistent state only if the returned revisions are equal, that is, if nothing was committed
    /// between the calls.
    ///
    /// # Errors
    /// As [`Reader::records`].
    pub fn records_between<T: Stored>(
        &self,
        numbers: RangeInclusive<u32>,
        mut each: impl FnMut(Record<Judged<T>>),
    ) -> Result<Revision, StoreError> {
        // Leave the ends open, so that an impossible record number is reported as damage.
        let first = if *numbers.start() == 0 { i64::MIN } else { i64::from(*numbers.start()) };
        let last = if *numbers.end() == u32::MAX { i64::MAX } else { i64::from(*numbers.end()) };
        let tx = self.conn.unchecked_transaction()?;
        let at = revision(&tx)?;
        let (mut statement, mut records) =
            (tx.prepare_cached(RECORDS.of(T::COLLECTION))?, Records::new(&tx)?);
        let mut rows = statement.query((first, last))?;
        while let Some(row) = rows.next()? {
            each(records.read(row)?);
        }
        Ok(at)
    }

    /// Returns the highest number of a record of any collection; 0 if there are no records.
    ///
    /// # Errors
    /// [`StoreError::Damaged`] if it is not a valid record number.
    pub fn last_number(&self) -> Result<u32, StoreError> {
        let sql = "SELECT coalesce(max(number), 0) FROM clearline_records WHERE stands";
        let last: i64 = self.conn.query_row(sql, [], |row| row.get(0))?;
        let damaged = |_| StoreError::Damaged(format!("clearline_records number {last} is out of range"));
        u32::try_from(last).map_err(damaged)
    }

    /// Returns the current record with this id; `None` if there is none in this collection.
    ///
    /// # Errors
    /// [`StoreError::Damaged`] if its row breaks a rule.
    pub fn find<T: Stored>(&self, id: Uuid) -> Result<Option<Record<Judged<T>>>, StoreError> {
        let tx = self.conn.unchecked_transaction()?;
        let Some(number) = ids::find(&tx, id)? else { return Ok(None) };
        let mut statement = tx.prepare_cached(&format!("{} AND s.number = ?1", RECORD.of(T::COLLECTION)))?;
        let mut rows = statement.query([number])?;
        rows.next()?.map(read_record).transpose()
    }
}
