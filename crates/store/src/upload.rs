//! An upload: its writes, its outcome, and its report.

use demining::{Author, Outcome, Review, Revision};
use jiff::Timestamp;
use uuid::Uuid;

use crate::{
    access::Proof,
    collections::{ChangesOf, Writes},
    inbox::{Received, Settlement},
    quarantine::QuarantineDecision,
};

/// The writes of one upload, and how to apply them.
#[derive(Debug)]
pub struct Upload {
    /// The author.
    pub by: Author,
    /// The author's credential; checked again in the transaction itself.
    pub proof: Proof,
    /// The writes, in order. They are all of one collection.
    pub writes: Writes,
    /// Whether one refusal undoes the whole upload.
    pub atomic: bool,
    /// The review state of the records that it creates.
    pub review: Review,
    /// The review state of the records whose content it changes; `None` leaves it unchanged.
    pub review_of_changed: Option<Review>,
    /// Whether writes that would be refused are quarantined for a manager.
    pub sets_aside: bool,
    /// Decisions on quarantined writes; they apply only if no write of this upload is refused.
    pub decides: Vec<QuarantineDecision>,
    /// Refused uploads that it settles; this applies only if no write of this upload is refused.
    pub settles: Vec<Settlement>,
    /// The message that it came in, if that is stored in the same transaction. If the upload is undone,
    /// neither the message nor its report is stored.
    pub receives: Option<Received>,
    /// A report to store with it, in the same transaction.
    pub report: Option<ReportMaker>,
}

impl Upload {
    /// Creates a non-atomic upload of approved records without a report.
    pub fn new(by: impl Into<Author>, writes: impl Into<Writes>) -> Self {
        Self {
            by: by.into(),
            proof: Proof::None,
            writes: writes.into(),
            atomic: false,
            review: Review::Approved,
            review_of_changed: None,
            sets_aside: false,
            decides: Vec::new(),
            settles: Vec::new(),
            receives: None,
            report: None,
        }
    }
}

/// Creates the report of an upload once its outcome is known.
pub struct ReportMaker {
    /// The id of the upload; never reused.
    pub id: Uuid,
    /// Returns the report. It runs inside the transaction and must not wait for anything.
    pub tell: Box<dyn FnOnce(&Committed) -> Told + Send>,
}

/// A report to store.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Told {
    /// The version of the report.
    pub version: u32,
    /// The report, as JSON.
    pub report: String,
    /// Whether something was refused that a manager must look at.
    pub is_refused: bool,
    /// Whether every row was accepted into the log: then the bytes need not be kept permanently.
    pub is_whole: bool,
    /// Whether the bytes are deleted at once, because they may identify people.
    pub is_personal: bool,
}

impl std::fmt::Debug for ReportMaker {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("ReportMaker").field("id", &self.id).finish_non_exhaustive()
    }
}

/// The outcome of an upload.
#[derive(Debug, Clone, PartialEq)]
pub struct Committed {
    /// Its revision; the current one if it changed nothing.
    pub revision: Revision,
    /// The outcome of each write, in the same order. If the upload was undone, a write that was not refused
    /// has the outcome that it would have had.
    pub outcomes: Vec<Outcome>,
    /// The changes, in the order of the log. Empty if the upload was undone.
    pub changes: ChangesOf,
}

/// The stored report of an upload.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UploadReport {
    /// Assigned by the server.
    pub id: Uuid,
    /// When it was received, with millisecond precision.
    pub received_at: Timestamp,
    /// Who sent it.
    pub by: Author,
    /// The revision after it.
    pub revision: Revision,
    /// The version of the report; 0 before reports had a version.
    pub version: u32,
    /// The report, as JSON. The store does not parse it.
    pub report: String,
}
