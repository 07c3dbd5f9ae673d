//! Records, their revisions, and the writes that change them.

use std::sync::Arc;

use jiff::Timestamp;
use uuid::Uuid;

use crate::{
    Author, Collection, Content, Detection, Judged, QuarantineReason, Review, Status, common_fields,
    field::FieldValue,
};

/// The number of a commit in the change log: 0 before the first commit, then increasing by 1.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Revision(pub u64);

/// A record as stored: a detection unless `T` is the content of another collection.
#[derive(Debug, Clone, PartialEq)]
pub struct Record<T = Detection> {
    /// The content.
    pub content: T,
    /// Assigned once by the store and never reused: the order of paging.
    pub number: u32,
    /// Its review state.
    pub review: Review,
    /// The commit that last changed it.
    pub revision: Revision,
    /// The time of that commit, to the millisecond.
    pub updated_at: Timestamp,
    /// The name on the token that made it.
    pub updated_by: String,
}

impl<T> Record<T> {
    /// Returns the value of one of the [fields common to all collections](crate::COMMON_FIELDS), by number.
    /// `region` is the id of the district that contains the record.
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

/// What a caller expects of the record that it writes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Expect {
    /// The record is new or already has the same content; anything else is a conflict.
    Same,
    /// The record is at this revision (If-Match).
    At(Revision),
    /// The record is at this revision or an earlier one: nobody has written it since.
    UpTo(Revision),
    /// No expectation: the record is replaced.
    Any,
}

/// What to do with a record.
#[derive(Debug, Clone, PartialEq)]
pub enum Action<T = Detection> {
    /// Set its content. Creates a missing record unless `expect` is `At`.
    Put(Box<T>),
    /// Set its review state; the content stays.
    Review(Uuid, Review),
    /// Delete it; its history stays.
    Delete(Uuid),
    /// Quarantine this content for a manager, because its sender may not write it; has no effect if the
    /// record already has this content.
    Quarantine(Box<T>, QuarantineReason),
}

/// One requested change of an upload.
#[derive(Debug, Clone, PartialEq)]
pub struct Write<T = Detection> {
    /// The row that it comes from, for the report.
    pub row: u64,
    /// What to do.
    pub action: Action<T>,
    /// What the caller expects.
    pub expect: Expect,
    /// The caller's reason; required for a correction, and for a review that sends back or rejects.
    pub reason: Option<String>,
}

impl<T: Content> Write<Judged<T>> {
    /// Returns the id of the record to write.
    pub fn id(&self) -> Uuid {
        match &self.action {
            Action::Put(content) | Action::Quarantine(content, _) => content.id(),
            Action::Delete(id) | Action::Review(id, _) => *id,
        }
    }
}

/// The outcome of a write.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    /// A new record.
    Created,
    /// A new revision of a record.
    Updated,
    /// The record already has this content.
    Unchanged,
    /// The record was deleted.
    Deleted,
    /// The record has other content, or another revision than the caller expects.
    Conflict {
        /// Its current revision.
        current: Revision,
    },
    /// Received and quarantined for a manager; the record is unchanged.
    Quarantined(QuarantineReason),
    /// The record does not exist.
    Missing,
    /// A reason is missing: a correction of an approved record needs one, as does a review that sends back or
    /// rejects.
    NeedsReason,
    /// This status change is not allowed: the record must return to detected first.
    IllegalChange {
        /// The current status.
        from: Status,
        /// The requested status.
        to: Status,
    },
    /// The id belongs to a record of another collection, also if that was deleted: an id is given once.
    OtherCollection {
        /// The collection of that record.
        of: Collection,
    },
}

impl Outcome {
    /// Returns whether the write was refused and changed nothing.
    pub fn is_refusal(self) -> bool {
        self.quarantine_reason().is_some()
    }

    /// Returns the reason for quarantining a refused write; `None` if it was not refused.
    pub fn quarantine_reason(self) -> Option<QuarantineReason> {
        match self {
            Self::Created | Self::Updated | Self::Unchanged | Self::Deleted | Self::Quarantined(_) => None,
            Self::Conflict { .. } | Self::OtherCollection { .. } => Some(QuarantineReason::Conflict),
            Self::Missing => Some(QuarantineReason::Missing),
            Self::NeedsReason => Some(QuarantineReason::NeedsReason),
            Self::IllegalChange { .. } => Some(QuarantineReason::IllegalChange),
        }
    }
}

/// One entry of the change log.
#[derive(Debug, Clone, PartialEq)]
pub struct Change<T = Detection> {
    /// The commit.
    pub revision: Revision,
    /// The revision of the public view after the whole commit. It counts separately, and only commits that
    /// change public data, so that its numbers disclose nothing about other commits.
    pub shown: Revision,
    /// The time.
    pub at: Timestamp,
    /// The author.
    pub by: Author,
    /// The reason, if one was stated.
    pub reason: Option<String>,
    /// The id of the changed record.
    pub id: Uuid,
    /// Its number, also after a deletion.
    pub number: u32,
    /// The record after the change; `None` if it was deleted.
    pub after: Option<Arc<Record<T>>>,
}
