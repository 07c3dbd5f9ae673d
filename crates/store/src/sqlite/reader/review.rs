//! Reads what waits for a manager: unapproved records, the quarantine, refused uploads.

use demining::{Collection, Judged, Review};
use uuid::Uuid;

use super::open::Reader;
use crate::{
    collections::Stored,
    error::StoreError,
    inbox::Refused,
    quarantine::{PhotoUse, QuarantinedWrite},
    sqlite::tables::{photos, quarantine, refused, review},
};

impl Reader {
    /// Returns the numbers of at most `limit` records of a collection in this review state, after a number.
    ///
    /// # Errors
    /// If the file cannot be read.
    pub fn unapproved(
        &self,
        collection: Collection,
        review: Review,
        after: u32,
        limit: usize,
    ) -> Result<Vec<u32>, StoreError> {
        review::unapproved(&self.conn, collection, review, after, limit)
    }

    /// Returns the numbers of at most `limit` approved records of a collection, most recently changed first,
    /// each with the number of its last change in the log; only changes before `before`.
    ///
    /// # Errors
    /// If the file cannot be read.
    pub fn approved(
        &self,
        collection: Collection,
        before: i64,
        limit: usize,
    ) -> Result<Vec<(i64, u32)>, StoreError> {
        review::approved(&self.conn, collection, before, limit)
    }

    /// Returns the number of records of a collection in this review state.
    ///
    /// # Errors
    /// If the file cannot be read.
    pub fn n_unapproved(&self, collection: Collection, review: Review) -> Result<u64, StoreError> {
        review::n_unapproved(&self.conn, collection, review)
    }

    /// Returns at most `limit` waiting writes of a collection in quarantine, after a number.
    ///
    /// # Errors
    /// [`StoreError::Damaged`] if a row breaks a rule.
    pub fn quarantined<T: Stored>(
        &self,
        after: i64,
        limit: usize,
    ) -> Result<Vec<QuarantinedWrite<Judged<T>>>, StoreError> {
        quarantine::waiting(&self.conn, after, limit)
    }

    /// Returns the collection of the quarantined write with this number.
    ///
    /// # Errors
    /// [`StoreError::Damaged`] if the row breaks a rule.
    pub fn collection_of_quarantined(&self, number: i64) -> Result<Option<Collection>, StoreError> {
        quarantine::collection_of(&self.conn, number)
    }

    /// Returns the quarantined write with this number; `None` if there is none of this collection.
    ///
    /// # Errors
    /// [`StoreError::Damaged`] if the row breaks a rule.
    pub fn find_quarantined<T: Stored>(
        &self,
        number: i64,
    ) -> Result<Option<QuarantinedWrite<Judged<T>>>, StoreError> {
        quarantine::find(&self.conn, number)
    }

    /// Returns every quarantined write of a record, decided or not, oldest first.
    ///
    /// # Errors
    /// [`StoreError::Damaged`] if a row breaks a rule.
    pub fn quarantined_of<T: Stored>(
        &self,
        record: Uuid,
    ) -> Result<Vec<QuarantinedWrite<Judged<T>>>, StoreError> {
        quarantine::of_record(&self.conn, record)
    }

    /// Returns the number of waiting writes of a collection in quarantine.
    ///
    /// # Errors
    /// If the file cannot be read.
    pub fn n_quarantined(&self, collection: Collection) -> Result<u64, StoreError> {
        quarantine::n_waiting(&self.conn, collection)
    }

    /// Returns at most `limit` refused uploads that no manager has settled, after a number.
    ///
    /// # Errors
    /// [`StoreError::Damaged`] if a row breaks a rule.
    pub fn refused(&self, after: i64, limit: usize) -> Result<Vec<Refused>, StoreError> {
        refused::waiting(&self.conn, after, limit)
    }

    /// Returns a refused upload, and how a manager settled it.
    ///
    /// # Errors
    /// [`StoreError::Damaged`] if the row breaks a rule.
    pub fn find_refused(&self, upload: Uuid) -> Result<Option<Refused>, StoreError> {
        refused::find(&self.conn, upload)
    }

    /// Returns the number of refused uploads that wait for a manager.
    ///
    /// # Errors
    /// If the file cannot be read.
    pub fn n_refused(&self) -> Result<u64, StoreError> {
        refused::n_waiting(&self.conn)
    }

    /// Returns where a photo is named: in records, and in the quarantine.
    ///
    /// # Errors
    /// [`StoreError::Damaged`] if a row breaks a rule.
    pub fn photo(&self, photo: &str) -> Result<PhotoUse, StoreError> {
        photos::used(&self.conn, photo)
    }
}
