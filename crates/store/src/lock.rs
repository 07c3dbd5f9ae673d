//! The lock that makes a writer the only one of its store.
//!
//! It lies on a file of its own beside the store: `SQLite`'s locks come and go with transactions,
//! and closing any handle of the store's file would drop them for the whole process. The operating
//! system releases it when the process ends, however it ends. The lock file itself stays: removing
//! it would let two processes hold locks on two files of the same name.

use std::{
    fs::{File, OpenOptions, TryLockError},
    path::{Path, PathBuf},
};

use crate::StoreError;

/// Held as long as it lives.
#[derive(Debug)]
pub(crate) struct Lock {
    _file: File,
}

impl Lock {
    /// Takes the lock of the store at `path`, making the lock file if need be.
    ///
    /// # Errors
    /// [`StoreError::InUse`] when somebody has it, [`StoreError::Io`] when the lock file cannot be made.
    pub(crate) fn take(path: &Path) -> Result<Self, StoreError> {
        let beside = Self::file_of(path);
        let io = |error| StoreError::io(&beside, error);
        let file = OpenOptions::new().create(true).truncate(false).write(true).open(&beside).map_err(io)?;
        match file.try_lock() {
            Ok(()) => Ok(Self { _file: file }),
            Err(TryLockError::WouldBlock) => Err(StoreError::InUse { path: path.to_owned() }),
            Err(TryLockError::Error(error)) => Err(io(error)),
        }
    }

    /// The same when there is a lock file already, so that a stranger's file gets none beside it.
    pub(crate) fn take_if_there(path: &Path) -> Result<Option<Self>, StoreError> {
        if Self::file_of(path).exists() { Self::take(path).map(Some) } else { Ok(None) }
    }

    fn file_of(path: &Path) -> PathBuf {
        beside(path, "-lock")
    }
}

/// The file beside the store whose name has this at its end.
pub(crate) fn beside(path: &Path, ending: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(ending);
    PathBuf::from(name)
}
