//! Uploads as they were received, and their reports.

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
    /// The uploads that were received and wait to be judged, in the order they came.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub fn waiting(&self) -> Result<Vec<Uuid>, StoreError> {
        inbox::waiting(&self.conn)
    }

    /// An upload as it was received, and when. Its bytes are empty once they are forgotten.
    ///
    /// # Errors
    /// [`StoreError::Damaged`] when its bytes are not those that came.
    pub fn received(&self, id: Uuid) -> Result<Option<(Received, Timestamp)>, StoreError> {
        inbox::find(&self.conn, id)
    }

    /// Who sent an upload, and what the inbox kept of what that one may do: see [`Received::sender`]. None when there
    /// is no such upload.
    ///
    /// # Errors
    /// [`StoreError::Damaged`] when a row breaks a rule.
    pub fn sender(&self, upload: Uuid) -> Result<Option<(Author, Option<String>)>, StoreError> {
        inbox::sender(&self.conn, upload)
    }

    /// What came before with the key of an upload, if it has one.
    ///
    /// # Errors
    /// [`StoreError::Damaged`] when a row breaks a rule.
    pub fn came_before(&self, upload: &Received) -> Result<Option<Kept>, StoreError> {
        inbox::before(&self.conn, upload)
    }

    /// The uploads that came from `by` with a key that is `name`, a slash and more, with the doors they came in, in
    /// the order they came.
    ///
    /// # Errors
    /// [`StoreError::Damaged`] when a row breaks a rule.
    pub fn received_as(&self, by: &Author, name: &str) -> Result<Vec<(Uuid, String)>, StoreError> {
        inbox::named(&self.conn, by, name)
    }

    /// The report of an upload.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub fn find_upload(&self, id: Uuid) -> Result<Option<UploadReport>, StoreError> {
        reports::find(&self.conn, id)
    }
}
