//! Reads received uploads and their reports.

use demining::Author;
use jiff::Timestamp;
use uuid::Uuid;

use super::open::Reader;
use crate::{
    error::StoreError,
    inbox::{Kept, Received},
    sqlite::tables::{inbox, reports},
    upload::UploadReport,
};

impl Reader {
    /// Returns the uploads that wait to be judged, oldest first.
    ///
    /// # Errors
    /// If the file cannot be read.
    pub fn waiting(&self) -> Result<Vec<Uuid>, StoreError> {
        inbox::waiting(&self.conn)
    }

    /// Returns a received upload, and when it was received. Its bytes are empty once they are deleted.
    ///
    /// # Errors
    /// [`StoreError::Damaged`] if its bytes differ from those received.
    pub fn received(&self, id: Uuid) -> Result<Option<(Received, Timestamp)>, StoreError> {
        inbox::find(&self.conn, id)
    }

    /// Returns the sender of an upload and the stored rights of that sender: see [`Received::sender`]. `None`
    /// if there is no such upload.
    ///
    /// # Errors
    /// [`StoreError::Damaged`] if a row breaks a rule.
    pub fn sender(&self, upload: Uuid) -> Result<Option<(Author, Option<String>)>, StoreError> {
        inbox::sender(&self.conn, upload)
    }

    /// Returns the earlier upload with the same key, if the upload has a key.
    ///
    /// # Errors
    /// [`StoreError::Damaged`] if a row breaks a rule.
    pub fn came_before(&self, upload: &Received) -> Result<Option<Kept>, StoreError> {
        inbox::before(&self.conn, upload)
    }

    /// Returns the uploads from `by` whose key begins with `name` and a slash, with their channels, oldest
    /// first.
    ///
    /// # Errors
    /// [`StoreError::Damaged`] if a row breaks a rule.
    pub fn received_as(&self, by: &Author, name: &str) -> Result<Vec<(Uuid, String)>, StoreError> {
        inbox::named(&self.conn, by, name)
    }

    /// Returns the report of an upload.
    ///
    /// # Errors
    /// If the file cannot be read.
    pub fn find_upload(&self, id: Uuid) -> Result<Option<UploadReport>, StoreError> {
        reports::find(&self.conn, id)
    }
}
