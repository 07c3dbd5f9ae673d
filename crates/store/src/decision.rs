//! What becomes of a wish, given what stands there. Pure.

use demining::{Action, Expect, Outcome, Record, Status, Write};

/// What to do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Decision {
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
pub(crate) fn decide(write: &Write, current: Option<&Record>) -> Decision {
    let Some(current) = current else {
        return match (&write.action, write.expect) {
            (Action::Put(_), Expect::Same | Expect::Any) => Decision::Create,
            (Action::Put(_), Expect::At(_)) | (Action::Delete(_), _) => Decision::Leave(Outcome::Missing),
        };
    };
    let conflict = Decision::Leave(Outcome::Conflict { current: current.revision });
    let known = match write.expect {
        Expect::At(revision) => revision == current.revision,
        Expect::Any => true,
        // A deletion has no content to be the same.
        Expect::Same => matches!(write.action, Action::Delete(_)),
    };
    match &write.action {
        Action::Put(wanted) if **wanted == current.detection => Decision::Leave(Outcome::Unchanged),
        _ if !known => conflict,
        Action::Delete(_) => Decision::Delete,
        Action::Put(wanted) if is_illegal(current.detection.status, wanted.status) => {
            Decision::Leave(Outcome::IllegalChange { from: current.detection.status, to: wanted.status })
        }
        Action::Put(wanted) if goes_back(current.detection.status, wanted.status) && !has_reason(write) => {
            Decision::Leave(Outcome::NeedsReason)
        }
        Action::Put(_) => Decision::Update,
    }
}

/// Whether a status cannot follow the other, whatever the reason: what was dealt with was there, and
/// what was nothing was not dealt with, so the way between the two leads over detected.
fn is_illegal(from: Status, to: Status) -> bool {
    from != to && from != Status::Detected && to != Status::Detected
}

/// Whether a status is a correction: anything but staying, or going on from detected.
fn goes_back(from: Status, to: Status) -> bool {
    from != to && from != Status::Detected
}

fn has_reason(write: &Write) -> bool {
    write.reason.as_ref().is_some_and(|reason| !reason.trim().is_empty())
}
