//! The history of records, and what changed since a revision.

use demining::{Author, Change, Revision};
use uuid::Uuid;

use super::open::Reader;
use crate::{
    changes::{Changes, Position},
    error::StoreError,
    sqlite::tables::{changes, ids, owners, shown},
};

impl Reader {
    /// Every change of a record, the newest first; none when there never was one of this id.
    ///
    /// # Errors
    /// [`StoreError::Damaged`] when a row of the log breaks a rule.
    pub fn history(&self, id: Uuid) -> Result<Vec<Change>, StoreError> {
        let tx = self.conn.unchecked_transaction()?;
        ids::find(&tx, id)?.map_or(Ok(Vec::new()), |number| changes::history(&tx, number))
    }

    /// The newest change of a record; none when there never was one of this id.
    ///
    /// # Errors
    /// [`StoreError::Damaged`] when the row of the log breaks a rule.
    pub fn newest(&self, id: Uuid) -> Result<Option<Change>, StoreError> {
        let tx = self.conn.unchecked_transaction()?;
        let Some(number) = ids::find(&tx, id)? else { return Ok(None) };
        changes::newest(&tx, number)
    }

    /// What changed after a position, at most `limit` changes (1 at least). A revision is not cut in
    /// two, unless it alone holds more than `limit`.
    ///
    /// # Errors
    /// [`StoreError::Damaged`] when a row of the log breaks a rule.
    pub fn changes_since(&self, after: Position, limit: usize) -> Result<Changes, StoreError> {
        let limit = limit.max(1);
        let tx = self.conn.unchecked_transaction()?;
        // One more than asked for tells whether there is more.
        let changes = changes::after(&tx, after, limit.saturating_add(1))?;
        Ok(Changes::cut(changes, after, limit))
    }

    /// Whose a record is: who created the first that ever had this id, also when it was deleted since.
    ///
    /// # Errors
    /// [`StoreError::Damaged`] when a row of the log breaks a rule.
    pub fn owner(&self, id: Uuid) -> Result<Option<Author>, StoreError> {
        let tx = self.conn.unchecked_transaction()?;
        ids::find(&tx, id)?.map_or(Ok(None), |number| owners::of(&tx, number))
    }

    /// Where the public's view stood after a revision.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub fn shown_at(&self, revision: Revision) -> Result<Revision, StoreError> {
        shown::at(&self.conn, revision)
    }
}
