//! What waits for a manager: records that are not approved, the quarantine, uploads that could not stand.

use demining::Review;
use uuid::Uuid;

use super::open::Reader;
use crate::{
    error::StoreError,
    inbox::Refused,
    quarantine::{PhotoUse, QuarantinedWrite},
    sqlite::tables::{photos, quarantine, refused, review},
};

impl Reader {
    /// The numbers of the records that stand so in review, after a number, at most `limit`.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub fn unapproved(&self, review: Review, after: u32, limit: usize) -> Result<Vec<u32>, StoreError> {
        review::unapproved(&self.conn, review, after, limit)
    }

    /// The numbers of records that are approved, those that were changed last first, each after the number of its last
    /// change in the log: those before one, at most `limit`.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub fn approved(&self, before: i64, limit: usize) -> Result<Vec<(i64, u32)>, StoreError> {
        review::approved(&self.conn, before, limit)
    }

    /// How many records stand so in review.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub fn n_unapproved(&self, review: Review) -> Result<u64, StoreError> {
        review::n_unapproved(&self.conn, review)
    }

    /// What was set aside for a manager and waits, after a number, at most `limit`.
    ///
    /// # Errors
    /// [`StoreError::Damaged`] when a row breaks a rule.
    pub fn quarantined(&self, after: i64, limit: usize) -> Result<Vec<QuarantinedWrite>, StoreError> {
        quarantine::waiting(&self.conn, after, limit)
    }

    /// What was set aside under this number.
    ///
    /// # Errors
    /// [`StoreError::Damaged`] when the row breaks a rule.
    pub fn find_quarantined(&self, number: i64) -> Result<Option<QuarantinedWrite>, StoreError> {
        quarantine::find(&self.conn, number)
    }

    /// What was ever set aside of a record, in the order it came.
    ///
    /// # Errors
    /// [`StoreError::Damaged`] when a row breaks a rule.
    pub fn quarantined_of(&self, record: Uuid) -> Result<Vec<QuarantinedWrite>, StoreError> {
        quarantine::of_record(&self.conn, record)
    }

    /// How much of what was set aside waits.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub fn n_quarantined(&self) -> Result<u64, StoreError> {
        quarantine::n_waiting(&self.conn)
    }

    /// The uploads that could not stand and that no manager has settled, after a number, at most `limit`.
    ///
    /// # Errors
    /// [`StoreError::Damaged`] when a row breaks a rule.
    pub fn refused(&self, after: i64, limit: usize) -> Result<Vec<Refused>, StoreError> {
        refused::waiting(&self.conn, after, limit)
    }

    /// What could not stand of an upload, and what a manager did about it.
    ///
    /// # Errors
    /// [`StoreError::Damaged`] when the row breaks a rule.
    pub fn find_refused(&self, upload: Uuid) -> Result<Option<Refused>, StoreError> {
        refused::find(&self.conn, upload)
    }

    /// How many uploads could not stand and wait for a manager.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub fn n_refused(&self) -> Result<u64, StoreError> {
        refused::n_waiting(&self.conn)
    }

    /// Where a photo is named: in records, and in what was set aside.
    ///
    /// # Errors
    /// [`StoreError::Damaged`] when a row breaks a rule.
    pub fn photo(&self, photo: &str) -> Result<PhotoUse, StoreError> {
        photos::used(&self.conn, photo)
    }
}
