//! What becomes of a wish, given what stands there. Pure.

use demining::{Action, Details, Expect, Outcome, Record, Review, Status, Write};

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
            _ => Decision::Leave(Outcome::Missing),
        };
    };
    let known = match write.expect {
        Expect::At(revision) => revision == current.revision,
        Expect::Any => true,
        // Neither has content to be the same.
        Expect::Same => matches!(write.action, Action::Delete(_) | Action::Review(..)),
    };
    match &write.action {
        Action::Put(wanted) if **wanted == current.detection => Decision::Leave(Outcome::Unchanged),
        Action::Review(_, wanted) if *wanted == current.review => Decision::Leave(Outcome::Unchanged),
        _ if !known => Decision::Leave(Outcome::Conflict { current: current.revision }),
        Action::Put(wanted) if is_illegal(current.detection.status, wanted.status) => {
            Decision::Leave(Outcome::IllegalChange { from: current.detection.status, to: wanted.status })
        }
        _ if needs_reason(&write.action, current) && !has_reason(write) => {
            Decision::Leave(Outcome::NeedsReason)
        }
        Action::Put(_) | Action::Review(..) => Decision::Update,
        Action::Delete(_) => Decision::Delete,
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
            goes_back(current.detection.status, wanted.status)
                || current.review == Review::Approved && corrects(&current.detection, wanted)
        }
        Action::Review(_, wanted) => matches!(wanted, Review::Rejected | Review::HasIssues),
        Action::Delete(_) => false,
    }
}

/// Whether a status is a correction: anything but staying, or going on from detected.
fn goes_back(from: Status, to: Status) -> bool {
    from != to && from != Status::Detected
}

/// Whether something that was said is taken back. What was not known may come to be known, and what
/// was detected may be dealt with, or prove to be none: that is progress.
fn corrects(from: &Details, to: &Details) -> bool {
    fn taken_back<T: PartialEq>(from: Option<&T>, to: Option<&T>) -> bool {
        from.is_some() && from != to
    }
    let kept = Details {
        location_as_given: to.location_as_given.clone(),
        accuracy_m: to.accuracy_m,
        fix: to.fix,
        model: to.model.clone(),
        made_in_year: to.made_in_year,
        depth_cm: to.depth_cm,
        status: to.status,
        neutralised_on: to.neutralised_on,
        disposal: to.disposal,
        operator: to.operator.clone(),
        team: to.team.clone(),
        hazard_area: to.hazard_area.clone(),
        source_reliability: to.source_reliability,
        note: to.note.clone(),
        photos: to.photos.clone(),
        extra: to.extra.clone(),
        ..from.clone()
    };
    // What always has a value: its place, kind, number of items and day.
    kept != *to
        || taken_back(from.location_as_given.as_ref(), to.location_as_given.as_ref())
        || taken_back(from.accuracy_m.as_ref(), to.accuracy_m.as_ref())
        || taken_back(from.fix.as_ref(), to.fix.as_ref())
        || taken_back(from.model.as_ref(), to.model.as_ref())
        || taken_back(from.made_in_year.as_ref(), to.made_in_year.as_ref())
        || taken_back(from.depth_cm.as_ref(), to.depth_cm.as_ref())
        || taken_back(from.neutralised_on.as_ref(), to.neutralised_on.as_ref())
        || taken_back(from.disposal.as_ref(), to.disposal.as_ref())
        || taken_back(from.operator.as_ref(), to.operator.as_ref())
        || taken_back(from.team.as_ref(), to.team.as_ref())
        || taken_back(from.hazard_area.as_ref(), to.hazard_area.as_ref())
        || taken_back(from.source_reliability.as_ref(), to.source_reliability.as_ref())
        || taken_back(from.note.as_ref(), to.note.as_ref())
        || from.photos.iter().any(|photo| !to.photos.contains(photo))
        || taken_back(from.extra.as_ref(), to.extra.as_ref())
}

fn has_reason(write: &Write) -> bool {
    write.reason.as_ref().is_some_and(|reason| !reason.trim().is_empty())
}
