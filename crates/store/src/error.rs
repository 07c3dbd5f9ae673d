//! What can go wrong with a store, and with one upload to it.

use std::{io, path::PathBuf};

/// Why the store could not do what was asked. Nothing of a commit that fails so is kept.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// The file is one of ours, and something in it is broken.
    #[error("the store is damaged: {0}")]
    Damaged(String),
    /// The file is something else.
    #[error("{} is not a Clearline store: {found}", path.display())]
    NotOurs {
        /// The file.
        path: PathBuf,
        /// What it is instead, as far as can be told.
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
    /// The file was written by an older program, and only a [`Store`](crate::Store) may bring it up to date.
    #[error(
        "the store has schema version {found}, this program needs {supported}: start the server once to update it"
    )]
    Older {
        /// The version of the file.
        found: u32,
        /// The version that this program needs.
        supported: u32,
    },
    /// Another server, or another part of this one, has the store open for writing.
    #[error("{} is in use by another server or import", path.display())]
    InUse {
        /// The file.
        path: PathBuf,
    },
    /// The file has several names (hard links), and no server has used it by this one.
    #[error(
        "{} is one of {n_names} names (hard links) of the same file, and not the one that a server has used: what \
         is written under two names is lost; use the other name, or remove all but one",
        path.display()
    )]
    Linked {
        /// The name that was given.
        path: PathBuf,
        /// How many names the file has.
        n_names: u64,
    },
    /// The file is a mount of its own.
    #[error(
        "{} is mounted by itself, without the log that belongs beside it: what is written there would be lost with \
         the mount, and what lies in the log already is not seen; mount its folder instead",
        path.display()
    )]
    MountedAlone {
        /// The file.
        path: PathBuf,
    },
    /// Another program (QGIS, say) kept the file locked for longer than a write waits. Try again.
    #[error("the store is locked by another program")]
    Busy,
    /// The disk, or the quota, is full.
    #[error("the disk of the store is full")]
    Full,
    /// The file cannot be reached.
    #[error("cannot open the store {}: {source}", path.display())]
    Io {
        /// The file, or the one beside it.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// Reading, writing or syncing the file failed.
    #[error("the disk of the store failed: {0}")]
    Disk(String),
    /// The system gave no random bytes for a token or a salt.
    #[error("no random bytes: {0}")]
    Random(String),
    /// The disk has no room to bring the store up to date. Nothing was changed.
    #[error(
        "{} is of an older version, and there is no room to bring it up to date: a copy of it is kept, and its \
         tables are written anew, which takes about {needed_mb} MB. Nothing was changed",
        path.display()
    )]
    NoRoomToUpdate {
        /// The file.
        path: PathBuf,
        /// Room that suffices beside the file.
        needed_mb: u64,
    },
    /// A text holds the character U+0000, which no store can keep.
    #[error("{field} holds the character U+0000, which cannot be stored")]
    Unstorable {
        /// Where.
        field: &'static str,
    },
    /// A text that should be redacted is a part of the hash of its revision.
    #[error(
        "revision {revision} was written by a version that hashed its texts themselves: they cannot be redacted \
         without breaking the log"
    )]
    NotRedactable {
        /// The revision.
        revision: u64,
    },
    /// The database refused something that it should not: an error of this program.
    #[error("unexpected database error: {0}")]
    Unexpected(String),
}

impl StoreError {
    pub(crate) fn io(path: impl Into<PathBuf>, source: io::Error) -> Self {
        Self::Io { path: path.into(), source }
    }
}

/// Why one upload of a commit could not stand. Nothing of it is kept; its neighbours stand.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum UploadError {
    /// Every number that a record can have is given away.
    #[error("the store has given away all of its {} record numbers", u32::MAX)]
    NoMoreNumbers,
    /// The database cannot hold a value, such as a text of more than a gigabyte, or an upload's id
    /// that is taken.
    #[error("the database refused the upload: {0}")]
    Refused(String),
    /// A text holds the character U+0000, which no store can keep.
    #[error("{field} holds the character U+0000, which cannot be stored")]
    Unstorable {
        /// Where.
        field: &'static str,
    },
    /// The token of its sender was revoked or has expired, or the session ended, since the request began.
    #[error("its sender's token or session is good for nothing any more")]
    Revoked,
    /// What it decides on was decided since the request began.
    #[error("somebody else decided on this meanwhile")]
    Decided,
    /// Its sender sent an upload with its key before.
    #[error("upload {id} came before with this key")]
    Before {
        /// The one that came first.
        id: uuid::Uuid,
        /// Whether its bytes were the same.
        is_same: bool,
        /// Whether it is judged, and so has a report.
        is_judged: bool,
    },
}

/// What stops one upload, or all.
#[derive(Debug)]
pub(crate) enum Failure {
    Upload(UploadError),
    Store(StoreError),
}

impl Failure {
    /// The same, of which it is known that all uploads of the commit were undone.
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
