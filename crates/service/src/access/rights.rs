//! Restricts writes to what their sender may change. The same rules apply to every collection.

use atlas::{Found, View};
use demining::{
    Action, Amendment, Content, Expect, FieldProblem, Judged, QuarantineReason, Review, Revision, Write,
};
use store::{Reader, StoreError};

use super::{Caller, Grant};
use crate::collections::{OPERATOR, Served, operator_of};

/// The revision of a write that names a revision newer than the one its rights were judged against. No record
/// has this revision, so the write is a conflict.
const NOBODY_SAW: Revision = Revision(0);

/// Why a sender may not make a write.
#[derive(Debug)]
pub struct Refusal {
    /// The reason for quarantine.
    pub why: QuarantineReason,
    /// The same reason as the problem of a row.
    pub problem: FieldProblem,
}

/// Returns the write that the caller may make, bound to the revision that was judged, so that it cannot apply
/// to another version of the record.
///
/// # Errors
/// The refusal if the caller may not make the write; a [`StoreError`] if the store cannot be read.
pub fn hold<T: Served>(
    caller: &Caller,
    view: &View,
    reader: &Reader,
    write: Write<Judged<T>>,
) -> Result<Result<Write<Judged<T>>, Refusal>, StoreError> {
    if caller.may_write_everything() {
        return Ok(Ok(write));
    }
    let id = write.id();
    let refused = |why: QuarantineReason, field, value: &str, reason: String| {
        let problem = FieldProblem::new(write.row, Some(&id.to_string()), field, value, reason);
        Ok(Err(Refusal { why, problem: problem.called(why.word()) }))
    };
    let current = T::find(view, id);
    if let Action::Put(wanted) = &write.action {
        if current.as_ref().is_some_and(|current| current.record.content == **wanted) {
            // The write changes nothing.
            return Ok(Ok(write));
        }
        let place = wanted.location();
        if !caller.may_write_at(place, view.reference()) {
            let at = format!("{}, {}", place.lon(), place.lat());
            return refused(
                QuarantineReason::Outside,
                "location",
                &at,
                format!("is outside the regions of {}", caller.name()),
            );
        }
        let own = caller.bearer().and_then(|bearer| bearer.operator.as_deref());
        let given = operator_of::<T>(wanted);
        let stays = current.as_ref().is_some_and(|c| operator_of::<T>(&c.record.content) == given);
        if caller.grant() == Grant::Own && own.is_some() && given != own && !stays {
            return refused(
                QuarantineReason::Operator,
                OPERATOR,
                given.unwrap_or(""),
                format!("must be {}, the operator of {}", own.unwrap_or(""), caller.name()),
            );
        }
    }
    let Some(current) = current else {
        // A record that appears meanwhile belongs to somebody else.
        let expect = match write.expect {
            Expect::Any => Expect::Same,
            Expect::At(_) => Expect::At(NOBODY_SAW),
            known => known,
        };
        return Ok(Ok(Write { expect, ..write }));
    };
    if !caller.may_write_at(current.record.content.location(), view.reference()) {
        return refused(
            QuarantineReason::Outside,
            "id",
            &id.to_string(),
            format!("the record is outside the regions of {}", caller.name()),
        );
    }
    if caller.grant() == Grant::Own
        && let Some((why, reason)) = not_own(caller, &current, &write.action, reader)?
    {
        return refused(why, "id", &id.to_string(), reason.to_owned());
    }
    let expect = match write.expect {
        Expect::Any => Expect::At(current.record.revision),
        // A revision after the judged one may be somebody else's.
        Expect::At(known) if known > current.record.revision => Expect::At(NOBODY_SAW),
        known => known,
    };
    Ok(Ok(Write { expect, ..write }))
}

/// Returns why a field team may not change a record; `None` if it may. A team may change its own records, and
/// other records if it takes nothing back, such as when it deals with what a colleague found. Only a manager
/// changes approved records.
fn not_own<T: Content>(
    caller: &Caller,
    current: &Found<Judged<T>>,
    action: &Action<Judged<T>>,
    reader: &Reader,
) -> Result<Option<(QuarantineReason, &'static str)>, StoreError> {
    let standing = &current.record.content;
    if current.record.review == Review::Approved {
        return Ok(Some((
            QuarantineReason::Approved,
            "the record is approved: only a manager can change it",
        )));
    }
    if matches!(action, Action::Put(wanted) if standing.amendment(wanted) == Amendment::Progress) {
        return Ok(None);
    }
    let is_own = reader.owner(standing.id())?.is_some_and(|owner| Some(owner) == caller.author());
    Ok((!is_own).then_some((QuarantineReason::Foreign, "the record was created by somebody else")))
}
