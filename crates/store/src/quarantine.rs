//! The quarantine: records that came in and that a manager decides on.

use demining::{Author, Detection, QuarantineReason, Revision};
use jiff::Timestamp;
use uuid::Uuid;

/// A record that was set aside.
#[derive(Debug, Clone, PartialEq)]
pub struct QuarantinedWrite {
    /// Its number, which is given once.
    pub number: i64,
    /// The upload it came in.
    pub upload: Option<Uuid>,
    /// Its row there.
    pub row: u64,
    /// When it was set aside.
    pub held_at: Timestamp,
    /// Who sent it.
    pub by: Author,
    /// Why it could not be put in its place.
    pub why: QuarantineReason,
    /// The revision of the record that the sender knew.
    pub base: Option<Revision>,
    /// Why the sender wanted it.
    pub reason: Option<String>,
    /// What a manager made of it; none as long as it waits.
    pub decided: Option<Decided>,
    /// What the record was to be.
    pub wanted: Detection,
}

/// What a manager made of a record that was set aside.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Decided {
    /// When.
    pub at: Timestamp,
    /// The manager.
    pub by: String,
    /// Whether the record was put in its place.
    pub is_accepted: bool,
    /// Why, in the manager's words.
    pub reason: Option<String>,
}

/// A decision on a record that was set aside.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct QuarantineDecision {
    /// Its number.
    pub number: i64,
    /// Whether the record is put in its place, by a write of the same upload.
    pub is_accepted: bool,
    /// Why, in the manager's words.
    pub reason: Option<String>,
}

/// Where a photo is named.
#[derive(Debug, Clone, PartialEq)]
pub struct PhotoUse {
    /// Whether a record names it, or did before it was changed or deleted.
    pub is_in_log: bool,
    /// What was set aside and names it, decided or not; not looked for when a record names it.
    pub held: Vec<QuarantinedWrite>,
}
