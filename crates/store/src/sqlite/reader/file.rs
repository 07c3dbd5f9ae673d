//! Methods that only a file needs: edits by other programs, and the integrity check.

use demining::Revision;

use super::open::Reader;
use crate::{
    error::StoreError,
    sqlite::file::{edits, quick_check},
};

impl Reader {
    /// Returns `true` if other programs may have changed records since `seen` was the last revision,
    /// bypassing the log: they update the layer's date of last change, as commits do.
    ///
    /// # Errors
    /// If the file cannot be read.
    pub fn was_edited_since(&self, seen: Revision) -> Result<bool, StoreError> {
        edits::since(&self.conn, seen)
    }

    /// Checks the integrity of the whole file. `goes_on` is called regularly; it may sleep, so that other
    /// work comes first, and stops the check by returning `false`.
    ///
    /// Returns `true` if the check was completed.
    ///
    /// # Errors
    /// [`StoreError::Damaged`] with up to three problems.
    pub fn check(&self, goes_on: impl FnMut() -> bool + Send + 'static) -> Result<bool, StoreError> {
        quick_check::run(&self.conn, goes_on)
    }
}
