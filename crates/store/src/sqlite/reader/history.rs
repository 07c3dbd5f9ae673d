//! Reads the history of records, and the changes since a revision.

use demining::{Author, Change, Collection, Judged, Revision};
use uuid::Uuid;

use super::open::Reader;
use crate::{
    changes::{Changes, Position},
    collections::Stored,
    error::StoreError,
    sqlite::tables::{changes, ids, owners, shown},
};

impl Reader {
    /// Returns the collection of the record that has or had this id; `None` if it was never used.
    ///
    /// # Errors
    /// [`StoreError::Damaged`] if the row of the log breaks a rule.
    pub fn collection_of(&self, id: Uuid) -> Result<Option<Collection>, StoreError> {
        let tx = self.conn.unchecked_transaction()?;
        ids::find(&tx, id)?.map_or(Ok(None), |number| changes::collection_of(&tx, number))
    }

    /// Returns every change of a record, newest first; empty if the id was never used in this collection.
    ///
    /// # Errors
    /// [`StoreError::Damaged`] if a row of the log breaks a rule.
    pub fn history<T: Stored>(&self, id: Uuid) -> Result<Vec<Change<Judged<T>>>, StoreError> {
        let tx = self.conn.unchecked_transaction()?;
        ids::find(&tx, id)?.map_or(Ok(Vec::new()), |number| changes::history(&tx, number))
    }

    /// Returns the newest change of a record; `None` if the id was never used in this collection.
    ///
    /// # Errors
    /// [`StoreError::Damaged`] if the row of the log breaks a rule.
    pub fn newest<T: Stored>(&self, id: Uuid) -> Result<Option<Change<Judged<T>>>, StoreError> {
        let tx = self.conn.unchecked_transaction()?;
        let Some(number) = ids::find(&tx, id)? else { return Ok(None) };
        changes::newest(&tx, number)
    }

    /// Returns at most `limit` changes (at least 1) of all collections after a position. A revision is not
    /// split, unless it alone has more than `limit` changes.
    ///
    /// # Errors
    /// [`StoreError::Damaged`] if a row of the log breaks a rule.
    pub fn changes_since(&self, after: Position, limit: usize) -> Result<Changes, StoreError> {
        let limit = limit.max(1);
        let tx = self.conn.unchecked_transaction()?;
        // Read one more change than requested, to know whether there are more.
        let following = changes::after(&tx, after, limit.saturating_add(1))?;
        Ok(Changes::cut(following.runs, following.positions, after, limit))
    }

    /// Returns the owner of a record: the author who first created this id, even if it was deleted since.
    ///
    /// # Errors
    /// [`StoreError::Damaged`] if a row of the log breaks a rule.
    pub fn owner(&self, id: Uuid) -> Result<Option<Author>, StoreError> {
        let tx = self.conn.unchecked_transaction()?;
        ids::find(&tx, id)?.map_or(Ok(None), |number| owners::of(&tx, number))
    }

    /// Returns the public revision after a revision.
    ///
    /// # Errors
    /// If the file cannot be read.
    pub fn shown_at(&self, revision: Revision) -> Result<Revision, StoreError> {
        shown::at(&self.conn, revision)
    }
}
