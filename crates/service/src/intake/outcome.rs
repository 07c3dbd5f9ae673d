//! The outcome of a message. HTTP presents it as a status and a body, OpenRosa as a message, the command line
//! as an exit code and a report.

use demining::{Collection, Revision};
use uuid::Uuid;

use super::{
    report::{Notice, Report, ReportedProblem},
    unreadable::Unreadable,
};
use crate::collections::FoundOf;

/// The outcome of a message.
#[derive(Debug)]
pub enum IntakeOutcome {
    /// Its rows were judged; the report covers each of them.
    Judged(Report),
    /// The write of one record was applied.
    Accepted(Written),
    /// The record already had this content.
    Unchanged(Written),
    /// The write of one record waits for a manager, because its sender may not make it.
    Quarantined(Report),
    /// The record has another revision than the sender expects.
    Stale,
    /// A record with this id has other content.
    Conflict(ReportedProblem),
    /// No record of the collection has this id.
    Missing(Collection, Uuid),
    /// The record is invalid, or its sender may not write it. Nothing of it is stored.
    Refused(Refusal, Vec<ReportedProblem>),
    /// The message cannot be read as a whole.
    Unreadable(Unreadable),
    /// The bytes are on disk; the message is judged later.
    Later(Uuid),
    /// The bytes are on disk; another request is judging the message.
    InProgress,
    /// The sender used the key for another message before.
    KeyReused,
    /// The request had a condition on a single record, but the body is not a single record.
    NotOne,
}

/// A single record after a write.
#[derive(Debug)]
pub struct Written {
    /// The record's collection.
    pub collection: Collection,
    /// The record's id.
    pub id: Uuid,
    /// What the write did.
    pub how: How,
    /// The record as written; `None` if it was deleted or differs from what was sent.
    pub record: Option<FoundOf>,
    /// The revision after the write.
    pub revision: Revision,
    /// Notices for the sender.
    pub notices: Vec<Notice>,
}

/// What a write of a single record did.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum How {
    /// It created the record.
    Created,
    /// It created a new revision.
    Updated,
    /// It deleted the record.
    Deleted,
    /// The record already had this content.
    Unchanged,
}

/// Why a single record is refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Refusal {
    /// It is not a valid record.
    NoRecord,
    /// Its id differs from that of the record it replaces.
    OtherRecord,
    /// Its sender may not write it.
    NotAllowed,
    /// The change needs a reason.
    NeedsReason,
    /// This status change is not allowed.
    IllegalChange,
    /// The id belongs to a record of another collection.
    OtherCollection,
    /// A patch contains a value that the server derives.
    Derived,
}
