//! A store is opened for reading.

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

/// Reads a store beside its writer. It sees what was committed before each call, and never waits
/// for the writer nor keeps it waiting. It can be sent to another thread; several may exist.
#[derive(Debug)]
pub struct Reader {
    pub(super) conn: Connection,
}

impl Reader {
    /// Opens the store at `path` for reading, whether or not a server has it open.
    ///
    /// # Errors
    /// As [`Store::open`](crate::Store::open); also when there is no store, or one of an older version.
    pub fn open(path: impl AsRef<Path>) -> Result<Self, StoreError> {
        Ok(Self::of(connection::reader(&resolve(path.as_ref())?)?))
    }

    pub(crate) fn of(conn: Connection) -> Self {
        Self { conn }
    }

    /// The last revision; 0 when nothing was ever written.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub fn revision(&self) -> Result<Revision, StoreError> {
        log::revision(&self.conn)
    }

    /// The id of the store: made with it, and the same in every copy of it.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub fn store_id(&self) -> Result<Uuid, StoreError> {
        Ok(log::identity(&self.conn)?.0)
    }

    /// Which of the histories of this store this is: it begins with 1, and goes up when a store is restored to an
    /// earlier state, so that a revision of before is not taken for one of after.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub fn epoch(&self) -> Result<u64, StoreError> {
        Ok(log::identity(&self.conn)?.1)
    }

    /// The last revision with its hash: what is to be published, so that nobody can change the log
    /// unseen; see [`Head`].
    ///
    /// # Errors
    /// When the file cannot be read.
    pub fn head(&self) -> Result<Head, StoreError> {
        Ok(log::log_head(&self.conn)?.head)
    }
}
