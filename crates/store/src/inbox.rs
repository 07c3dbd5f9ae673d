//! What was received: an upload as it came, and one that could not stand and that a manager settles.

use bytes::Bytes;
use demining::Author;
use jiff::Timestamp;
use uuid::Uuid;

use crate::{access::Proof, error::UploadError};

/// An upload as it came.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Received {
    /// Made by the server; its report has the same.
    pub id: Uuid,
    /// Who sent it.
    pub by: Author,
    /// By what it is known that the sender may; looked at once more when it is kept, and not kept itself.
    pub proof: Proof,
    /// Who that is and what it may do, as JSON: what is judged later is judged as if it were at once.
    pub sender: String,
    /// The way it came in.
    pub door: String,
    /// The sender's own name for it: the same name again by the same door is the same upload again.
    pub key: Option<String>,
    /// What came with the bytes and says how to read them, as JSON.
    pub request_meta: String,
    /// The bytes; empty when they are not kept.
    pub bytes: Bytes,
    /// BLAKE3 of what came, when its bytes are not kept: a large file that was imported.
    pub hash: Option<[u8; 32]>,
}

impl Received {
    pub(crate) fn hash(&self) -> [u8; 32] {
        self.hash.unwrap_or_else(|| *blake3::hash(&self.bytes).as_bytes())
    }
}

/// What became of an upload that came in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Kept {
    /// It is new, and is on the disk.
    New,
    /// The token of the sender was revoked or has expired, or the session ended: it is not kept.
    Revoked,
    /// A text of it, which is named, holds the character U+0000: it is not kept.
    Unstorable(&'static str),
    /// The sender sent an upload with this key before, by the same door.
    Before {
        /// The one that came first.
        id: Uuid,
        /// Whether its bytes were the same.
        is_same: bool,
        /// Whether it is judged, and so has a report.
        is_judged: bool,
    },
}

impl Kept {
    /// Why it is not kept; none when it is.
    pub(crate) fn error(self) -> Option<UploadError> {
        match self {
            Self::New => None,
            Self::Revoked => Some(UploadError::Revoked),
            Self::Unstorable(field) => Some(UploadError::Unstorable { field }),
            Self::Before { id, is_same, is_judged } => Some(UploadError::Before { id, is_same, is_judged }),
        }
    }
}

/// An upload with rows that could not stand.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refused {
    /// Its number in the inbox.
    pub number: i64,
    /// The upload.
    pub upload: Uuid,
    /// When it came.
    pub received_at: Timestamp,
    /// Who sent it.
    pub by: Author,
    /// What that one may do, as JSON: see [`Received::sender`](crate::Received::sender).
    pub sender: String,
    /// The way it came in.
    pub door: String,
    /// How its report is written: see [`UploadReport::version`](crate::UploadReport::version).
    pub version: u32,
    /// Its report, as JSON.
    pub report: String,
    /// What a manager did about it; none as long as it waits.
    pub settled: Option<Settled>,
}

/// What a manager did about an upload that could not stand.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Settled {
    /// When.
    pub at: Timestamp,
    /// The manager.
    pub by: String,
    /// What, in the manager's words.
    pub how: String,
}

/// The wish to settle an upload that could not stand.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Settlement {
    /// The upload.
    pub upload: Uuid,
    /// What was done about it.
    pub how: String,
}
