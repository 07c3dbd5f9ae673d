//! What only a file needs: whether another program edited it, and whether it holds together.

use demining::Revision;

use super::open::Reader;
use crate::{
    error::StoreError,
    sqlite::file::{edits, quick_check},
};

impl Reader {
    /// Whether other programs may have changed records since `seen` was the last revision, without
    /// the log's knowing: they keep the date of the layer's last change, as commits do.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub fn was_edited_since(&self, seen: Revision) -> Result<bool, StoreError> {
        edits::since(&self.conn, seen)
    }

    /// Reads the whole file and checks that it holds together. `goes_on` is asked every now and then;
    /// it may take its time, so that others come first, and ends the check when it says no.
    ///
    /// Says whether the check came to its end.
    ///
    /// # Errors
    /// [`StoreError::Damaged`] with up to three of the things that are wrong.
    pub fn check(&self, goes_on: impl FnMut() -> bool + Send + 'static) -> Result<bool, StoreError> {
        quick_check::run(&self.conn, goes_on)
    }
}
