//! An upload: what is to be written, what became of it, and the report on it.

use demining::{Author, Change, Outcome, Review, Revision, Write};
use jiff::Timestamp;
use uuid::Uuid;

use crate::{
    access::Proof,
    inbox::{Received, Settlement},
    quarantine::QuarantineDecision,
};

/// The wishes of one upload.
#[derive(Debug)]
pub struct Upload {
    /// Who writes.
    pub by: Author,
    /// By what it is known that the writer may; looked at once more in the transaction itself.
    pub proof: Proof,
    /// What is to happen, in order.
    pub writes: Vec<Write>,
    /// Whether one refusal undoes the whole upload.
    pub atomic: bool,
    /// Where the records that it creates stand in review.
    pub review: Review,
    /// Where those stand whose content it changes; where they stood when none.
    pub review_of_changed: Option<Review>,
    /// Whether what would be refused is set aside for a manager.
    pub sets_aside: bool,
    /// Decisions on what was set aside; they stand when no write of this upload is refused.
    pub decides: Vec<QuarantineDecision>,
    /// What is settled by it of what could not stand; it stands when no write of this upload is refused.
    pub settles: Vec<Settlement>,
    /// What it came in as, when that is kept in the same transaction: when all of it is undone, neither this nor
    /// its report is kept.
    pub receives: Option<Received>,
    /// A report to be kept with it, in the same transaction.
    pub report: Option<ReportMaker>,
}

impl Upload {
    /// An upload of approved records of which each stands for itself, without a report.
    pub fn new(by: impl Into<Author>, writes: Vec<Write>) -> Self {
        Self {
            by: by.into(),
            proof: Proof::None,
            writes,
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

/// A report on an upload, written once it is known what became of it.
pub struct ReportMaker {
    /// The id of the upload; never used twice.
    pub id: Uuid,
    /// Says the report. It runs inside the transaction: it must not wait for anything.
    pub tell: Box<dyn FnOnce(&Committed) -> Told + Send>,
}

/// What a report says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Told {
    /// How the report is written.
    pub version: u32,
    /// The report, as JSON.
    pub report: String,
    /// Whether something could not stand that a manager has to look into.
    pub is_refused: bool,
    /// Whether every row found its place in the log: then the bytes need not be kept for good.
    pub is_whole: bool,
}

impl std::fmt::Debug for ReportMaker {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("ReportMaker").field("id", &self.id).finish_non_exhaustive()
    }
}

/// What became of an upload.
#[derive(Debug, Clone, PartialEq)]
pub struct Committed {
    /// Its revision; the current one when it changed nothing.
    pub revision: Revision,
    /// One for each wish, in the same order. When the upload was undone they tell why: a wish that
    /// was not refused would have had this outcome.
    pub outcomes: Vec<Outcome>,
    /// What changed, in the order of the log. Nothing when the upload was undone.
    pub changes: Vec<Change>,
}

/// What was received, and what became of each row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UploadReport {
    /// Made by the server.
    pub id: Uuid,
    /// When it came, to the millisecond.
    pub received_at: Timestamp,
    /// Who sent it.
    pub by: Author,
    /// The revision after it.
    pub revision: Revision,
    /// How the report is written; 0 before reports had a version.
    pub version: u32,
    /// The report, as JSON. The store does not read it.
    pub report: String,
}
