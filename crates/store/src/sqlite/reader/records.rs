//! The records as they stand.

use std::ops::RangeInclusive;

use demining::{Record, Revision};
use uuid::Uuid;

use super::open::Reader;
use crate::{
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
    /// How many records there are.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub fn len(&self) -> Result<u64, StoreError> {
        let count = "SELECT count(*) FROM clearline_records WHERE stands";
        Ok(self.conn.query_row(count, [], |row| row.get::<_, i64>(0))?.unsigned_abs())
    }

    /// Whether there is no record.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub fn is_empty(&self) -> Result<bool, StoreError> {
        Ok(self.len()? == 0)
    }

    /// Every record, in the order of their numbers, and the revision at which they all stood so.
    /// Takes memory for one record at a time.
    ///
    /// # Errors
    /// [`StoreError::Damaged`], with table, fid and problem, at the first row that breaks a rule;
    /// the records before it were told.
    pub fn records(&self, each: impl FnMut(Record)) -> Result<Revision, StoreError> {
        self.records_between(0..=u32::MAX, each)
    }

    /// The same of the records with these numbers, so that several readers can share the work. They
    /// read one state of the store only as long as nothing is committed between their calls, which
    /// the revisions tell.
    ///
    /// # Errors
    /// As [`Reader::records`].
    pub fn records_between(
        &self,
        numbers: RangeInclusive<u32>,
        mut each: impl FnMut(Record),
    ) -> Result<Revision, StoreError> {
        // What no record can have as its number is to be told as damage, so the ends lie open.
        let first = if *numbers.start() == 0 { i64::MIN } else { i64::from(*numbers.start()) };
        let last = if *numbers.end() == u32::MAX { i64::MAX } else { i64::from(*numbers.end()) };
        let tx = self.conn.unchecked_transaction()?;
        let at = revision(&tx)?;
        let (mut statement, mut records) = (tx.prepare_cached(&RECORDS)?, Records::new(&tx)?);
        let mut rows = statement.query((first, last))?;
        while let Some(row) = rows.next()? {
            each(records.read(row)?);
        }
        Ok(at)
    }

    /// The greatest number of a record; 0 when there is none.
    ///
    /// # Errors
    /// [`StoreError::Damaged`] when it is no number that a record can have.
    pub fn last_number(&self) -> Result<u32, StoreError> {
        let last: i64 =
            self.conn.query_row("SELECT coalesce(max(fid), 0) FROM detections", [], |row| row.get(0))?;
        u32::try_from(last).map_err(|_| StoreError::Damaged(format!("detections fid {last} is out of range")))
    }

    /// The record of this id as it stands.
    ///
    /// # Errors
    /// [`StoreError::Damaged`] when its row breaks a rule.
    pub fn find(&self, id: Uuid) -> Result<Option<Record>, StoreError> {
        let tx = self.conn.unchecked_transaction()?;
        let Some(number) = ids::find(&tx, id)? else { return Ok(None) };
        let mut statement = tx.prepare_cached(&format!("{} AND s.number = ?1", *RECORD))?;
        let mut rows = statement.query([number])?;
        rows.next()?.map(read_record).transpose()
    }
}
