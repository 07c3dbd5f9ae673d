//! The quarantine: writes that wait for a manager's decision.

use demining::{Author, Detection, QuarantineReason, Revision};
use jiff::Timestamp;
use uuid::Uuid;

/// A write in quarantine: of a detection, unless `T` is the record type of another collection.
#[derive(Debug, Clone, PartialEq)]
pub struct QuarantinedWrite<T = Detection> {
    /// Its number, which is never reused.
    pub number: i64,
    /// The upload that it came in.
    pub upload: Option<Uuid>,
    /// Its row in the upload.
    pub row: u64,
    /// When it was quarantined.
    pub held_at: Timestamp,
    /// Who sent it.
    pub by: Author,
    /// Why it could not be applied.
    pub why: QuarantineReason,
    /// The revision of the record that the sender knew.
    pub base: Option<Revision>,
    /// The sender's reason for the change.
    pub reason: Option<String>,
    /// The manager's decision; `None` while it waits.
    pub decided: Option<Decided>,
    /// The wanted content of the record.
    pub wanted: T,
}

/// A manager's decision on a quarantined write.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Decided {
    /// When.
    pub at: Timestamp,
    /// The manager.
    pub by: String,
    /// Whether the write was accepted.
    pub is_accepted: bool,
    /// The reason, in the manager's words.
    pub reason: Option<String>,
}

/// A request to decide on a quarantined write.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct QuarantineDecision {
    /// The number of the write.
    pub number: i64,
    /// Whether the write is accepted, by a write in the same upload.
    pub is_accepted: bool,
    /// The reason, in the manager's words.
    pub reason: Option<String>,
}

/// Where a photo is named.
#[derive(Debug, Clone, PartialEq)]
pub struct PhotoUse {
    /// Whether a record names it or did so before it was changed or deleted.
    pub is_in_log: bool,
    /// The quarantined writes that name it, decided or not; not collected if a record names it.
    pub held: Vec<QuarantinedWrite>,
}
