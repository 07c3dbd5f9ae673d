//! Received uploads, and refused ones that a manager settles.

use bytes::Bytes;
use demining::Author;
use jiff::Timestamp;
use uuid::Uuid;

use crate::{access::Proof, error::UploadError};

/// A received upload.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Received {
    /// Assigned by the server; the report has the same id.
    pub id: Uuid,
    /// Who sent it.
    pub by: Author,
    /// The sender's credential. It is checked again when the upload is stored, and is not stored itself.
    pub proof: Proof,
    /// The sender's identity and rights, as JSON: judging the upload later applies the same rights.
    pub sender: String,
    /// The channel.
    pub door: String,
    /// The sender's key for the upload: the same key in the same channel repeats the upload.
    pub key: Option<String>,
    /// What came with the bytes and describes how to read them, as JSON.
    pub request_meta: String,
    /// The bytes; empty if they are not stored.
    pub bytes: Bytes,
    /// BLAKE3 of the input if its bytes are not stored: a large imported file.
    pub hash: Option<[u8; 32]>,
}

impl Received {
    pub(crate) fn hash(&self) -> [u8; 32] {
        self.hash.unwrap_or_else(|| *blake3::hash(&self.bytes).as_bytes())
    }
}

/// The outcome of storing a received upload.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Kept {
    /// It is new and on disk.
    New,
    /// The sender's token was revoked or expired, or the session ended: it is not stored.
    Revoked,
    /// The named text contains the character U+0000: the upload is not stored.
    Unstorable(&'static str),
    /// The sender used the key for an earlier upload, in the same channel.
    Before {
        /// The earlier upload.
        id: Uuid,
        /// Whether its bytes were the same.
        is_same: bool,
        /// Whether it has been judged, and so has a report.
        is_judged: bool,
    },
}

impl Kept {
    /// Returns why the upload is not stored; `None` if it is.
    pub(crate) fn error(self) -> Option<UploadError> {
        match self {
            Self::New => None,
            Self::Revoked => Some(UploadError::Revoked),
            Self::Unstorable(field) => Some(UploadError::Unstorable { field }),
            Self::Before { id, is_same, is_judged } => Some(UploadError::Before { id, is_same, is_judged }),
        }
    }
}

/// An upload with refused rows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refused {
    /// Its number in the inbox.
    pub number: i64,
    /// The upload.
    pub upload: Uuid,
    /// When it was received.
    pub received_at: Timestamp,
    /// Who sent it.
    pub by: Author,
    /// The sender's rights, as JSON: see [`Received::sender`](crate::Received::sender).
    pub sender: String,
    /// The channel.
    pub door: String,
    /// The version of the report: see [`UploadReport::version`](crate::UploadReport::version).
    pub version: u32,
    /// The report, as JSON.
    pub report: String,
    /// How a manager settled it; `None` while it waits.
    pub settled: Option<Settled>,
}

/// How a manager settled a refused upload.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Settled {
    /// When.
    pub at: Timestamp,
    /// The manager.
    pub by: String,
    /// What was done, in the manager's words.
    pub how: String,
}

/// A request to settle a refused upload.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Settlement {
    /// The upload.
    pub upload: Uuid,
    /// What was done about it.
    pub how: String,
}
