//! A store is opened for reading.

use std::path::Path;

use demining::Revision;
use rusqlite::Connection;

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

    /// The last revision with its hash: what is to be published, so that nobody can change the log
    /// unseen; see [`Head`].
    ///
    /// # Errors
    /// When the file cannot be read.
    pub fn head(&self) -> Result<Head, StoreError> {
        log::head(&self.conn)
    }
}
