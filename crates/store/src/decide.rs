//! Decides what a write does, depending on the current record.

use demining::{Action, Change, Detection, Expect, Outcome, Record, Review, Revision, Status, Write};

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
pub(crate) fn decide(write: &Write, current: Option<&Record>) -> WriteDecision {
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
        Action::Put(wanted) if is_illegal(current.content.status, wanted.status) => {
            WriteDecision::Leave(Outcome::IllegalChange { from: current.content.status, to: wanted.status })
        }
        _ if needs_reason(&write.action, current) && !has_reason(write) => {
            WriteDecision::Leave(Outcome::NeedsReason)
        }
        Action::Put(_) | Action::Review(..) => WriteDecision::Update,
        Action::Delete(_) => WriteDecision::Delete,
    }
}

/// Returns `true` if a status change is not allowed, whatever the reason. A neutralised item existed, and a
/// discounted one was never neutralised, so a change between the two must pass through detected.
fn is_illegal(from: Status, to: Status) -> bool {
    from != to && from != Status::Detected && to != Status::Detected
}

/// Returns `true` if the write requires a reason.
fn needs_reason(action: &Action, current: &Record) -> bool {
    match action {
        Action::Put(wanted) => {
            current.content.status.is_taken_back_by(wanted.status)
                || current.review == Review::Approved && current.content.is_taken_back_by(wanted)
        }
        Action::Review(_, wanted) => matches!(wanted, Review::Rejected | Review::HasIssues),
        Action::Delete(_) | Action::Quarantine(..) => false,
    }
}

fn has_reason(write: &Write) -> bool {
    write.reason.as_ref().is_some_and(|reason| !reason.trim().is_empty())
}

/// Returns the outcome of an applied write, with the record's new content and review state; no content if it
/// is deleted. New records get the state `review`; records with changed content get `review_of_changed` if it
/// is set, and otherwise keep theirs.
pub(crate) fn make(
    decision: WriteDecision,
    action: Action,
    standing: Option<&Record>,
    review: Review,
    review_of_changed: Option<Review>,
) -> (Outcome, Option<(Detection, Review)>) {
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
pub(crate) fn was_so(history: &[Change], expect: Expect, wanted: &Detection) -> bool {
    let since = match expect {
        Expect::At(revision) => revision,
        Expect::Same | Expect::UpTo(_) | Expect::Any => Revision(0),
    };
    let is_wanted = |change: &Change| change.after.as_ref().is_some_and(|after| after.content == *wanted);
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
