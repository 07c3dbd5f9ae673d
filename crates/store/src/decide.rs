//! What becomes of a wish, given what stands there.

use demining::{Action, Change, Detection, Expect, Outcome, Record, Review, Revision, Status, Write};

/// What to do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum WriteDecision {
    /// Put a new record there.
    Create,
    /// Give the record its new content.
    Update,
    /// Take the record away.
    Delete,
    /// Nothing, for this reason.
    Leave(Outcome),
}

/// Decides on `write`, where `current` stands now.
///
/// Content that stands there already is unchanged whatever the caller expected, so that an upload
/// whose answer got lost can be sent again.
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
        // Neither has content to be the same.
        Expect::Same => matches!(write.action, Action::Delete(_) | Action::Review(..)),
    };
    match &write.action {
        Action::Put(wanted) | Action::Quarantine(wanted, _) if **wanted == current.detection => {
            WriteDecision::Leave(Outcome::Unchanged)
        }
        Action::Review(_, wanted) if *wanted == current.review => WriteDecision::Leave(Outcome::Unchanged),
        Action::Quarantine(_, why) => WriteDecision::Leave(Outcome::Quarantined(*why)),
        _ if !known => WriteDecision::Leave(Outcome::Conflict { current: current.revision }),
        Action::Put(wanted) if is_illegal(current.detection.status, wanted.status) => {
            WriteDecision::Leave(Outcome::IllegalChange { from: current.detection.status, to: wanted.status })
        }
        _ if needs_reason(&write.action, current) && !has_reason(write) => {
            WriteDecision::Leave(Outcome::NeedsReason)
        }
        Action::Put(_) | Action::Review(..) => WriteDecision::Update,
        Action::Delete(_) => WriteDecision::Delete,
    }
}

/// Whether a status cannot follow the other, whatever the reason: what was dealt with was there, and
/// what was nothing was not dealt with, so the way between the two leads over detected.
fn is_illegal(from: Status, to: Status) -> bool {
    from != to && from != Status::Detected && to != Status::Detected
}

/// Whether the history must say why.
fn needs_reason(action: &Action, current: &Record) -> bool {
    match action {
        Action::Put(wanted) => {
            current.detection.status.is_taken_back_by(wanted.status)
                || current.review == Review::Approved && current.detection.is_taken_back_by(wanted)
        }
        Action::Review(_, wanted) => matches!(wanted, Review::Rejected | Review::HasIssues),
        Action::Delete(_) | Action::Quarantine(..) => false,
    }
}

fn has_reason(write: &Write) -> bool {
    write.reason.as_ref().is_some_and(|reason| !reason.trim().is_empty())
}

/// What a wish that is done makes: its outcome, and the content that is to stand there with where that stands in
/// review; no content when it is taken away. `review` is that of new records, `review_of_changed` that of records
/// whose content changes, where it does not stay.
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
            (Outcome::Updated, Some((standing.detection.clone(), review)))
        }
        (WriteDecision::Delete, ..) => (Outcome::Deleted, None),
        (WriteDecision::Leave(outcome), ..) => (outcome, None),
        // What is not there is only ever created, and only by a put.
        _ => (Outcome::Missing, None),
    }
}

/// Whether the record was as it is wanted, at the revision that the sender knew or since: then this is what was
/// sent before and comes once more, or what somebody else said too, and all of it is in the history.
pub(crate) fn was_so(history: &[Change], expect: Expect, wanted: &Detection) -> bool {
    let since = match expect {
        Expect::At(revision) => revision,
        Expect::Same | Expect::UpTo(_) | Expect::Any => Revision(0),
    };
    let is_wanted = |change: &Change| change.after.as_ref().is_some_and(|after| after.detection == *wanted);
    history.iter().take_while(|change| change.revision >= since).any(is_wanted)
}

/// What the log says was done.
pub(crate) fn word_of(outcome: Outcome) -> &'static str {
    match outcome {
        Outcome::Created => "created",
        Outcome::Deleted => "deleted",
        _ => "updated",
    }
}
