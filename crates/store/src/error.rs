//! Errors of the store, and of a single upload.

use std::{io, path::PathBuf};

/// An error of the store. Nothing of the failed commit is stored.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// The file is a Clearline store, but its content is damaged.
    #[error("the store is damaged: {0}")]
    Damaged(String),
    /// The file is something else.
    #[error("{} is not a Clearline store: {found}", path.display())]
    NotOurs {
        /// The file.
        path: PathBuf,
        /// What it is instead, if known.
        found: String,
    },
    /// The file was written by a newer program.
    #[error(
        "the store has schema version {found}, this program knows versions up to {supported}: use a newer program"
    )]
    Newer {
        /// The version of the file.
        found: u32,
        /// The newest version that this program knows.
        supported: u32,
    },
    /// The file was written by an older program, and only a [`Store`](crate::Store) may upgrade it.
    #[error(
        "the store has schema version {found}, this program needs {supported}: start the server once to upgrade it"
    )]
    Older {
        /// The version of the file.
        found: u32,
        /// The version that this program needs.
        supported: u32,
    },
    /// Another server or import, or another part of this program, has the store open for writing.
    #[error("{} is in use by another server or import", path.display())]
    InUse {
        /// The file.
        path: PathBuf,
    },
    /// The file has several names (hard links), and this is not the one that a server has used.
    #[error(
        "{} is one of {n_names} names (hard links) of the same file, and not the one that a server has used: writes \
         under two names are lost; use the other name, or remove all but one",
        path.display()
    )]
    Linked {
        /// The specified name.
        path: PathBuf,
        /// How many names the file has.
        n_names: u64,
    },
    /// The file is mounted without its folder.
    #[error(
        "{} is mounted without its folder, so its write-ahead log is not beside it: new writes would be lost with \
         the mount, and the existing log is not read; mount the folder instead",
        path.display()
    )]
    MountedAlone {
        /// The file.
        path: PathBuf,
    },
    /// Another program, such as QGIS, kept the file locked for longer than a write waits. Try again.
    #[error("the store is locked by another program")]
    Busy,
    /// The disk is full, or a quota is used up.
    #[error("the disk of the store is full")]
    Full,
    /// The file is not accessible.
    #[error("cannot open the store {}: {source}", path.display())]
    Io {
        /// The file, or one beside it.
        path: PathBuf,
        /// The cause.
        source: io::Error,
    },
    /// Reading, writing or syncing the file failed.
    #[error("the disk of the store failed: {0}")]
    Disk(String),
    /// The system provided no random bytes for a token or a salt.
    #[error("no random bytes: {0}")]
    Random(String),
    /// The disk has no room to upgrade the store. Nothing was changed.
    #[error(
        "{} is of an older version, and there is not enough room to upgrade it: the upgrade keeps a copy and \
         rewrites the tables, which takes about {needed_mb} MB. Nothing was changed",
        path.display()
    )]
    NoRoomToUpdate {
        /// The file.
        path: PathBuf,
        /// Sufficient room beside the file, in MB.
        needed_mb: u64,
    },
    /// A text contains the character U+0000, which no store can keep.
    #[error("{field} contains the character U+0000, which cannot be stored")]
    Unstorable {
        /// The field.
        field: &'static str,
    },
    /// A text to be redacted is hashed directly into its revision.
    #[error(
        "revision {revision} was written by a version that hashed the texts themselves: they cannot be redacted \
         without breaking the log"
    )]
    NotRedactable {
        /// The revision.
        revision: u64,
    },
    /// The database refused something unexpectedly: a bug in this program.
    #[error("unexpected database error: {0}")]
    Unexpected(String),
}

impl StoreError {
    pub(crate) fn io(path: impl Into<PathBuf>, source: io::Error) -> Self {
        Self::Io { path: path.into(), source }
    }
}

/// Why one upload of a commit failed. Nothing of it is stored; the other uploads are unaffected.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum UploadError {
    /// All record numbers are used up.
    #[error("the store has used up all of its {} record numbers", u32::MAX)]
    NoMoreNumbers,
    /// The database cannot hold a value, such as a text of more than a gigabyte, or the upload's id already
    /// exists.
    #[error("the database refused the upload: {0}")]
    Refused(String),
    /// A text contains the character U+0000, which no store can keep.
    #[error("{field} contains the character U+0000, which cannot be stored")]
    Unstorable {
        /// The field.
        field: &'static str,
    },
    /// The sender's token was revoked or expired, or the session ended, since the request began.
    #[error("the sender's token or session is no longer valid")]
    Revoked,
    /// Somebody else decided on the same write since the request began.
    #[error("somebody else has decided on this meanwhile")]
    Decided,
    /// The sender used the key for an earlier upload.
    #[error("the key was already used for upload {id}")]
    Before {
        /// The earlier upload.
        id: uuid::Uuid,
        /// Whether its bytes were the same.
        is_same: bool,
        /// Whether it has been judged, and so has a report.
        is_judged: bool,
    },
}

/// An error that stops one upload, or all.
#[derive(Debug)]
pub(crate) enum Failure {
    Upload(UploadError),
    Store(StoreError),
}

impl Failure {
    /// Converts the error if it undid all uploads of the commit.
    pub(crate) fn of_all(self) -> Self {
        match self {
            Self::Upload(error) => Self::Store(StoreError::Disk(error.to_string())),
            store @ Self::Store(_) => store,
        }
    }
}

impl From<StoreError> for Failure {
    fn from(error: StoreError) -> Self {
        Self::Store(error)
    }
}
