//! The locks that ensure a single writer of a store.
//!
//! One lock is on a separate file beside the store, the other on the store's file itself, which may have
//! other names: hard links, or mounts of the file alone. Both are locks of whole open files; `SQLite`'s own
//! locks are on byte ranges and last for a transaction, and the two kinds do not interfere. The operating
//! system releases locks when the process ends, however it ends. The lock file itself remains: removing it
//! would let two processes hold locks on two files of the same name.
//!
//! `SQLite` names the write-ahead log after the store. Under another name of the same file it would not find
//! the content of the log, and the next write would lose it. So the lock file records which file its name
//! belongs to, and a file with several names can be opened by that name only.

use std::{
    fs::{self, File, OpenOptions, TryLockError},
    io::{self, Seek, Write},
    os::unix::fs::MetadataExt,
    path::{Path, PathBuf},
};

#[cfg(target_os = "linux")]
use rustix::fs::{AtFlags, StatxAttributes, StatxFlags, statx};

use crate::{error::StoreError, sqlite::file::names::beside};

/// The lock beside the store, held until it is dropped.
#[derive(Debug)]
pub(crate) struct Lock {
    file: File,
}

/// The lock on the store's file itself, held until it is dropped.
#[derive(Debug)]
pub(crate) struct Hold {
    _file: File,
    inode: u64,
}

impl Lock {
    /// Takes the lock of the store at `path`, creating the lock file if necessary.
    ///
    /// # Errors
    /// [`StoreError::InUse`] if another process has it, [`StoreError::Io`] if the lock file cannot be
    /// created.
    pub(crate) fn take(path: &Path) -> Result<Self, StoreError> {
        let beside = file_of(path);
        let io = |error| StoreError::io(&beside, error);
        let file = OpenOptions::new().create(true).truncate(false).write(true).open(&beside).map_err(io)?;
        lock(&file).map_err(|error| error.map_or_else(|| in_use(path), io))?;
        Ok(Self { file })
    }

    /// Takes the lock only if the lock file exists, so that no lock file appears beside a file that is not a
    /// store.
    pub(crate) fn take_if_there(path: &Path) -> Result<Option<Self>, StoreError> {
        if file_of(path).exists() { Self::take(path).map(Some) } else { Ok(None) }
    }

    /// Records that this is the name of the held file. A file with one name does not depend on it, so a full
    /// disk is no reason to fail.
    pub(crate) fn note(&mut self, path: &Path, held: &Hold) {
        if noted(path) != Some(held.inode) {
            let text = format!("inode {}\n", held.inode);
            let _ = self.file.set_len(0).and_then(|()| self.file.rewind());
            let _ = self.file.write_all(text.as_bytes());
        }
    }
}

impl Hold {
    /// Takes the lock of the file at `path`.
    ///
    /// # Errors
    /// [`StoreError::InUse`] if another process has it, under any name; [`StoreError::Linked`] if this is not
    /// the name that a server used; [`StoreError::MountedAlone`] if its log cannot be beside it.
    pub(crate) fn take(path: &Path) -> Result<Self, StoreError> {
        let io = |error| StoreError::io(path, error);
        let file = File::open(path).map_err(io)?;
        lock(&file).map_err(|error| error.map_or_else(|| in_use(path), io))?;
        require_usual_name(path)?;
        require_folder(&file, path)?;
        let inode = file.metadata().map_err(io)?.ino();
        Ok(Self { _file: file, inode })
    }
}

/// Refuses a name of a store that has several, unless a server has used this name.
///
/// # Errors
/// [`StoreError::Linked`].
pub(crate) fn require_usual_name(path: &Path) -> Result<(), StoreError> {
    let about = fs::metadata(path).map_err(|error| StoreError::io(path, error))?;
    if about.nlink() > 1 && noted(path) != Some(about.ino()) {
        return Err(StoreError::Linked { path: path.to_owned(), n_names: about.nlink() });
    }
    Ok(())
}

/// Refuses a file that is mounted without its folder. Accepts it if the system cannot tell.
#[cfg(target_os = "linux")]
fn require_folder(file: &File, path: &Path) -> Result<(), StoreError> {
    let about = statx(file, "", AtFlags::EMPTY_PATH, StatxFlags::empty());
    let is_mount = about.is_ok_and(|about| about.stx_attributes.contains(StatxAttributes::MOUNT_ROOT));
    if is_mount { Err(StoreError::MountedAlone { path: path.to_owned() }) } else { Ok(()) }
}

/// Other systems cannot tell.
#[cfg(not(target_os = "linux"))]
fn require_folder(_: &File, _: &Path) -> Result<(), StoreError> {
    Ok(())
}

/// Returns the inode recorded in the lock file.
fn noted(path: &Path) -> Option<u64> {
    fs::read_to_string(file_of(path)).ok()?.trim().strip_prefix("inode ")?.parse().ok()
}

/// Locks an open file; the error is `None` if another process has locked it.
fn lock(file: &File) -> Result<(), Option<io::Error>> {
    file.try_lock().map_err(|error| match error {
        TryLockError::WouldBlock => None,
        TryLockError::Error(error) => Some(error),
    })
}

fn in_use(path: &Path) -> StoreError {
    StoreError::InUse { path: path.to_owned() }
}

fn file_of(path: &Path) -> PathBuf {
    beside(path, "-lock")
}
