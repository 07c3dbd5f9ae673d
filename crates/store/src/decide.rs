//! Decides what a write does, depending on the current record.

use demining::{
    Action, Amendment, Change, Content, Expect, Judged, Outcome, Record, Review, Revision, Write,
};

/// What to do with a write.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum WriteDecision {
    /// Create the record.
    Create,
    /// Update the record.
    Update,
    /// Delete the record.
    Delete,
    /// Change nothing, for this reason.
    Leave(Outcome),
}

/// Decides on `write`, where `current` is the current record.
///
/// Content that the record already has is unchanged whatever the sender expected, so that an upload whose
/// response was lost can be sent again.
pub(crate) fn decide<T: Content>(
    write: &Write<Judged<T>>,
    current: Option<&Record<Judged<T>>>,
) -> WriteDecision {
    let Some(current) = current else {
        return match (&write.action, write.expect) {
            (Action::Put(_), Expect::Same | Expect::UpTo(_) | Expect::Any) => WriteDecision::Create,
            (Action::Quarantine(_, why), _) => WriteDecision::Leave(Outcome::Quarantined(*why)),
            _ => WriteDecision::Leave(Outcome::Missing),
        };
    };
    let known = match write.expect {
        Expect::At(revision) => revision == current.revision,
        Expect::UpTo(revision) => current.revision <= revision,
        Expect::Any => true,
        // These actions have no content to compare.
        Expect::Same => matches!(write.action, Action::Delete(_) | Action::Review(..)),
    };
    match &write.action {
        Action::Put(wanted) | Action::Quarantine(wanted, _) if **wanted == current.content => {
            WriteDecision::Leave(Outcome::Unchanged)
        }
        Action::Review(_, wanted) if *wanted == current.review => WriteDecision::Leave(Outcome::Unchanged),
        Action::Quarantine(_, why) => WriteDecision::Leave(Outcome::Quarantined(*why)),
        _ if !known => WriteDecision::Leave(Outcome::Conflict { current: current.revision }),
        Action::Put(wanted) => match current.content.amendment(wanted) {
            Amendment::Illegal { from, to } => WriteDecision::Leave(Outcome::IllegalChange { from, to }),
            Amendment::Reversal if !has_reason(write) => WriteDecision::Leave(Outcome::NeedsReason),
            Amendment::Correction if current.review == Review::Approved && !has_reason(write) => {
                WriteDecision::Leave(Outcome::NeedsReason)
            }
            Amendment::Progress | Amendment::Correction | Amendment::Reversal => WriteDecision::Update,
        },
        Action::Review(_, Review::Rejected | Review::HasIssues) if !has_reason(write) => {
            WriteDecision::Leave(Outcome::NeedsReason)
        }
        Action::Review(..) => WriteDecision::Update,
        Action::Delete(_) => WriteDecision::Delete,
    }
}

fn has_reason<C>(write: &Write<C>) -> bool {
    write.reason.as_ref().is_some_and(|reason| !reason.trim().is_empty())
}

/// Returns the outcome of an applied write, with the record's new content and review state; no content if it
/// is deleted. New records get the state `review`; records with changed content get `review_of_changed` if it
/// is set, and otherwise keep theirs.
pub(crate) fn make<C: Clone>(
    decision: WriteDecision,
    action: Action<C>,
    standing: Option<&Record<C>>,
    review: Review,
    review_of_changed: Option<Review>,
) -> (Outcome, Option<(C, Review)>) {
    match (decision, action, standing) {
        (WriteDecision::Create, Action::Put(wanted), _) => (Outcome::Created, Some((*wanted, review))),
        (WriteDecision::Update, Action::Put(wanted), Some(standing)) => {
            (Outcome::Updated, Some((*wanted, review_of_changed.unwrap_or(standing.review))))
        }
        (WriteDecision::Update, Action::Review(_, review), Some(standing)) => {
            (Outcome::Updated, Some((standing.content.clone(), review)))
        }
        (WriteDecision::Delete, ..) => (Outcome::Deleted, None),
        (WriteDecision::Leave(outcome), ..) => (outcome, None),
        // A missing record can only be created, and only by a put.
        _ => (Outcome::Missing, None),
    }
}

/// Returns `true` if the record had the wanted content at the revision that the sender knew or since. Then
/// the write is a repetition or agrees with somebody else's, and the history has all of it.
pub(crate) fn was_so<C: PartialEq>(history: &[Change<C>], expect: Expect, wanted: &C) -> bool {
    let since = match expect {
        Expect::At(revision) => revision,
        Expect::Same | Expect::UpTo(_) | Expect::Any => Revision(0),
    };
    let is_wanted = |change: &Change<C>| change.after.as_ref().is_some_and(|after| after.content == *wanted);
    history.iter().take_while(|change| change.revision >= since).any(is_wanted)
}

/// Returns the word for an outcome in the log.
pub(crate) fn word_of(outcome: Outcome) -> &'static str {
    match outcome {
        Outcome::Created => "created",
        Outcome::Deleted => "deleted",
        _ => "updated",
    }
}
