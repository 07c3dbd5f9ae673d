//! What became of what came in. The doors say it in their own words: HTTP by a status and a body, OpenRosa by a
//! message, the command line by its exit code and a report.

use std::sync::Arc;

use demining::{Record, Revision};
use uuid::Uuid;

use super::{
    report::{Notice, Report, ReportedProblem},
    unreadable::Unreadable,
};

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
    Conflict(ReportedProblem),
    /// There is no record of this id.
    Missing(Uuid),
    /// One record cannot stand, or its sender may not write it. Nothing of it is kept.
    Refused(Refusal, Vec<ReportedProblem>),
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
