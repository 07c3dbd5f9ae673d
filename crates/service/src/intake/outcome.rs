//! What became of what came in. The doors say it in their own words: HTTP by a status and a body, OpenRosa by a
//! message, the command line by its exit code and a report.

use std::{io, sync::Arc};

use demining::{Record, Revision};
use exchange::ReadError;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::report::{Notice, Report, Trouble};
use crate::fault::Fault;

/// What became of what came in.
#[derive(Debug)]
pub enum Outcome {
    /// Its rows were judged; the report tells of each.
    Judged(Report),
    /// One record stands as its sender wants it, or is gone.
    Accepted(Written),
    /// One record stood so before.
    Unchanged(Written),
    /// One record waits for a manager, because its sender may not put it in its place.
    Quarantined(Report),
    /// One record stands at another revision than its sender knows.
    Stale,
    /// Another content has the id of one record.
    Conflict(Trouble),
    /// There is no record of this id.
    Missing(Uuid),
    /// One record cannot stand, or its sender may not write it. Nothing of it is kept.
    Refused(Refusal, Vec<Trouble>),
    /// It cannot be read as a whole.
    Unreadable(Unreadable),
    /// Its bytes are on the disk, and it is judged later.
    Later(Uuid),
    /// Its bytes are on the disk, and another request is judging it.
    InProgress,
    /// Its sender gave the key to something else before.
    KeyReused,
    /// It came with a condition, which speaks of one record, and is not one.
    NotOne,
}

/// A single record that was written.
#[derive(Debug)]
pub struct Written {
    /// The record's id.
    pub id: Uuid,
    /// How it is written.
    pub how: How,
    /// The record as it was written; none when it is gone, or is not what was sent.
    pub record: Option<Arc<Record>>,
    /// The revision after it.
    pub revision: Revision,
    /// What its sender should look at.
    pub notices: Vec<Notice>,
}

/// How a single record is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum How {
    /// It is new.
    Created,
    /// It has a new revision.
    Updated,
    /// It is gone.
    Deleted,
    /// It stood so before.
    Unchanged,
}

/// Why a single record is refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Refusal {
    /// It is no record.
    NoRecord,
    /// It has another id than the record that it replaces.
    OtherRecord,
    /// Its sender may not write it.
    NotAllowed,
    /// The change needs a reason.
    NeedsReason,
    /// The status cannot change like that.
    IllegalChange,
    /// A patch names a value that the server derives.
    Derived,
}

/// Why something cannot be read as a whole.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Unreadable {
    /// What sort of failure it is.
    pub why: Why,
    /// The row at which reading ended; none when no row was reached, 0 when none is to blame.
    pub row: Option<u64>,
    /// What is wrong, as a sentence without its full stop.
    pub reason: String,
}

/// See [`Unreadable`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Why {
    /// It is not what it says it is.
    Broken,
    /// It is larger than a limit.
    TooLarge,
    /// It is in a format or coding that is not read.
    Format,
}

impl Unreadable {
    /// It breaks where it is unpacked.
    pub fn packed(error: &io::Error) -> Self {
        Self { why: Why::Broken, row: None, reason: error.to_string() }
    }
}

impl Unreadable {
    /// What is wrong with an input that cannot be read.
    ///
    /// # Errors
    /// When the input is not to blame: it can be read another time.
    pub fn of(error: &ReadError) -> Result<Self, Fault> {
        if error.is_ours() {
            tracing::error!(%error, "an input could not be read just now");
            return Err(Fault::NoTemporary);
        }
        let (row, is_too_large) = match error {
            ReadError::Io { row, source } => (*row, source.kind() == io::ErrorKind::FileTooLarge),
            ReadError::RowTooLong { row, .. } => (*row, true),
            ReadError::Json { row, .. } | ReadError::Utf8 { row, .. } | ReadError::Broken { row, .. } => {
                (*row, false)
            }
            ReadError::TooManyRows { limit } => (*limit + 1, true),
            ReadError::TooLarge { .. } => (0, true),
            _ => (0, false),
        };
        let why = if is_too_large { Why::TooLarge } else { Why::Broken };
        Ok(Self { why, row: Some(row), reason: error.to_string() })
    }
}
