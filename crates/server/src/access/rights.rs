//! Holds what is to be written to what its writer may.

use atlas::{Found, View};
use demining::{Action, Expect, Problem, Review, Write};
use store::{Reader, StoreError};
use uuid::Uuid;

use super::{Caller, Grant};

/// The wish as the caller may have it: held to the revision that it was looked at, so that it means no
/// other record than the one that was.
///
/// # Errors
/// The problem, when the caller may not have it; when the store cannot be read.
pub fn hold(
    caller: &Caller,
    view: &View,
    reader: &Reader,
    write: Write,
) -> Result<Result<Write, Problem>, StoreError> {
    if caller.may_write_everything() {
        return Ok(Ok(write));
    }
    let id = write.id();
    let refused = |field, value: &str, reason: String| {
        Ok(Err(Problem::new(write.row, Some(&id.to_string()), field, value, reason)))
    };
    let current = view.get(id);
    if let Action::Put(wanted) = &write.action {
        if current.as_ref().is_some_and(|current| current.record.detection == **wanted) {
            // It changes nothing.
            return Ok(Ok(write));
        }
        if !caller.may_write_at(wanted.location, view.ground()) {
            let at = format!("{}, {}", wanted.location.lon(), wanted.location.lat());
            return refused("location", &at, format!("lies outside the regions of {}", caller.name()));
        }
        let own = caller.bearer().and_then(|bearer| bearer.operator.as_deref());
        if caller.grant() == Grant::Own && own.is_some() && wanted.operator.as_deref() != own {
            let given = wanted.operator.as_deref().unwrap_or("");
            return refused(
                "operator",
                given,
                format!("is not {}, for which {} records", own.unwrap_or(""), caller.name()),
            );
        }
    }
    let Some(current) = current else {
        // If there is one by then, it is another's.
        let expect = if write.expect == Expect::Any { Expect::Same } else { write.expect };
        return Ok(Ok(Write { expect, ..write }));
    };
    if !caller.may_write_at(current.record.detection.location, view.ground()) {
        return refused(
            "id",
            &id.to_string(),
            format!("the record lies outside the regions of {}", caller.name()),
        );
    }
    if caller.grant() == Grant::Own
        && let Some(reason) = not_own(caller, &current, reader, id)?
    {
        return refused("id", &id.to_string(), reason);
    }
    let expect = if write.expect == Expect::Any { Expect::At(current.record.revision) } else { write.expect };
    Ok(Ok(Write { expect, ..write }))
}

/// Why a field team may not change a record; none when it may.
fn not_own(
    caller: &Caller,
    current: &Found,
    reader: &Reader,
    id: Uuid,
) -> Result<Option<String>, StoreError> {
    if current.record.review == Review::Approved {
        return Ok(Some("the record is approved: a manager corrects it".to_owned()));
    }
    let creator = reader.history(id)?.pop().map(|first| first.by);
    Ok((creator.as_deref() != Some(caller.name())).then(|| "the record was made by somebody else".to_owned()))
}
