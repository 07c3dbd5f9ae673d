//! Opens a store for reading.

use std::path::Path;

use demining::Revision;
use rusqlite::Connection;
use uuid::Uuid;

use crate::{
    chain::Head,
    error::StoreError,
    sqlite::{
        file::{connection, names::resolve},
        log,
    },
};

/// Reads a store beside its writer. Each call sees what was committed before; readers and the writer never
/// wait for each other. A reader can be sent to another thread; several may exist.
#[derive(Debug)]
pub struct Reader {
    pub(super) conn: Connection,
}

impl Reader {
    /// Opens the store at `path` for reading, whether or not a server has it open.
    ///
    /// # Errors
    /// As [`Store::open`](crate::Store::open); also if there is no store, or one of an older version.
    pub fn open(path: impl AsRef<Path>) -> Result<Self, StoreError> {
        Ok(Self::of(connection::reader(&resolve(path.as_ref())?)?))
    }

    pub(crate) fn of(conn: Connection) -> Self {
        Self { conn }
    }

    /// Returns the last revision; 0 if nothing was ever written.
    ///
    /// # Errors
    /// If the file cannot be read.
    pub fn revision(&self) -> Result<Revision, StoreError> {
        log::revision(&self.conn)
    }

    /// Returns the id of the store: assigned at its creation, and the same in every copy of it.
    ///
    /// # Errors
    /// If the file cannot be read.
    pub fn store_id(&self) -> Result<Uuid, StoreError> {
        Ok(log::identity(&self.conn)?.0)
    }

    /// Returns the epoch of the store's history: it begins with 1 and increases when a store is restored to
    /// an earlier state, so that equal revisions from before and after are not confused.
    ///
    /// # Errors
    /// If the file cannot be read.
    pub fn epoch(&self) -> Result<u64, StoreError> {
        Ok(log::identity(&self.conn)?.1)
    }

    /// Returns the last revision with its hash. Publish it, so that nobody can change the log unnoticed; see
    /// [`Head`].
    ///
    /// # Errors
    /// If the file cannot be read.
    pub fn head(&self) -> Result<Head, StoreError> {
        Ok(log::log_head(&self.conn)?.head)
    }
}
