//! Records, their revisions and what may be asked of them.

use std::sync::Arc;

use jiff::Timestamp;
use uuid::Uuid;

use crate::{Author, Detection, QuarantineReason, Review, Status, common_fields, field::FieldValue};

/// The number of a commit in the change log: 0 before the first, then one more with each.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Revision(pub u64);

/// A detection as it is kept.
#[derive(Debug, Clone, PartialEq)]
pub struct Record {
    /// What was recorded.
    pub detection: Detection,
    /// Given once by the store, never used for another record: the order of paging.
    pub number: u32,
    /// Where it stands in review.
    pub review: Review,
    /// The commit that last changed it.
    pub revision: Revision,
    /// When that was, to the millisecond.
    pub updated_at: Timestamp,
    /// The name on the token that did it.
    pub updated_by: String,
}

impl Record {
    /// The value of one of the [fields that every collection has](crate::COMMON_FIELDS), by its number. `region`
    /// is the id of the district that the record lies in.
    pub fn common<'a>(&'a self, number: u16, region: Option<&'a str>) -> FieldValue<'a> {
        match number {
            common_fields::REVISION => FieldValue::Whole(self.revision.0),
            common_fields::UPDATED_AT => FieldValue::Instant(self.updated_at),
            common_fields::UPDATED_BY => FieldValue::Text(&self.updated_by),
            common_fields::NUMBER => FieldValue::Whole(self.number.into()),
            common_fields::REVIEW => FieldValue::of_word(Some(self.review)),
            common_fields::REGION => region.map_or(FieldValue::Null, FieldValue::Text),
            _ => FieldValue::Null,
        }
    }
}

/// What a caller knows of a record that it writes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Expect {
    /// It is new, or there with the same content: anything else is a conflict.
    Same,
    /// It stands at this revision (If-Match).
    At(Revision),
    /// It stands at this revision or an earlier one: nobody has written it since.
    UpTo(Revision),
    /// Whatever stands there is replaced.
    Any,
}

/// What is to happen to a record.
#[derive(Debug, Clone, PartialEq)]
pub enum Action {
    /// It is to have this content. Created when it is not there, unless `expect` is `At`.
    Put(Box<Detection>),
    /// It is to stand so in review; its content stays.
    Review(Uuid, Review),
    /// It is to leave; its history stays.
    Delete(Uuid),
    /// It is not for its sender to put this in its place: it is set aside for a manager, unless it stands
    /// there already.
    Quarantine(Box<Detection>, QuarantineReason),
}

/// One wish of an upload.
#[derive(Debug, Clone, PartialEq)]
pub struct Write {
    /// The row it came from, for the report.
    pub row: u64,
    /// What is to happen.
    pub action: Action,
    /// What the caller knows.
    pub expect: Expect,
    /// Why, in the caller's words; a correction needs it, and a review that sends back or rejects.
    pub reason: Option<String>,
}

impl Write {
    /// The record that is written.
    pub fn id(&self) -> Uuid {
        match &self.action {
            Action::Put(detection) | Action::Quarantine(detection, _) => detection.id,
            Action::Delete(id) | Action::Review(id, _) => *id,
        }
    }
}

/// What became of a wish.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    /// A new record.
    Created,
    /// A new revision of a record.
    Updated,
    /// There already, with the same content.
    Unchanged,
    /// Gone.
    Deleted,
    /// There with other content, or at another revision than the caller knows.
    Conflict {
        /// Where it stands.
        current: Revision,
    },
    /// Set aside for a manager: received, and not in its place.
    Quarantined(QuarantineReason),
    /// Not there.
    Missing,
    /// A correction of an approved record needs a reason, as does a review that sends back or rejects.
    NeedsReason,
    /// No record goes from the one status to the other: it goes back to detected first.
    IllegalChange {
        /// What it is.
        from: Status,
        /// What it was to be.
        to: Status,
    },
}

impl Outcome {
    /// Whether nothing of the wish was done because it could not be.
    pub fn is_refusal(self) -> bool {
        self.quarantine_reason().is_some()
    }

    /// Why what was refused so would be set aside; none when it was not refused.
    pub fn quarantine_reason(self) -> Option<QuarantineReason> {
        match self {
            Self::Created | Self::Updated | Self::Unchanged | Self::Deleted | Self::Quarantined(_) => None,
            Self::Conflict { .. } => Some(QuarantineReason::Conflict),
            Self::Missing => Some(QuarantineReason::Missing),
            Self::NeedsReason => Some(QuarantineReason::NeedsReason),
            Self::IllegalChange { .. } => Some(QuarantineReason::IllegalChange),
        }
    }
}

/// One entry of the change log.
#[derive(Debug, Clone, PartialEq)]
pub struct Change {
    /// The commit.
    pub revision: Revision,
    /// Where the public's view stands after the whole commit: it counts by itself, and only commits that
    /// change what the public may know, so that its numbers tell nothing of the others.
    pub shown: Revision,
    /// When.
    pub at: Timestamp,
    /// Who made it.
    pub by: Author,
    /// Why, when a reason was given.
    pub reason: Option<String>,
    /// The record changed.
    pub id: Uuid,
    /// Its number, also after a deletion.
    pub number: u32,
    /// What it became; none when it was deleted.
    pub after: Option<Arc<Record>>,
}
