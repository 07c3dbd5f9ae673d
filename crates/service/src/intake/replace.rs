//! Replaces or deletes one record.

use std::sync::Arc;

use atlas::Scope;
use demining::{Action, Collection, Expect, FieldProblem, Judged, Review, Write, for_collection};
use exchange::{ReadOptions, read_feature};
use uuid::Uuid;

use super::{
    Intake,
    commit::{One, commit_one, own_operator},
    derived::{Claim, Derived, claims},
    judge::{judge_row, today},
    options::UploadOptions,
    outcome::{IntakeOutcome, Refusal},
    report::{Notice, ReportedProblem, Seen},
    unreadable::Unreadable,
};
use crate::{access::Caller, collections::Served, fault::Fault};

/// A replacement of a record.
#[derive(Debug)]
pub struct Replacing<'a> {
    /// The record's id.
    pub id: Uuid,
    /// The new Feature.
    pub body: &'a [u8],
    /// Options for the Feature.
    pub upload_options: &'a UploadOptions,
    /// Options for reading it, with its collection.
    pub reading: &'a ReadOptions,
    /// The revision that its sender expects.
    pub expect: Expect,
    /// Whether it came as a patch, which names only what it changes: then a derived value in it is refused.
    pub is_patch: bool,
}

/// Replaces a record with a Feature. If the Feature's `review` differs from the record's and the caller may
/// review, this is also a review decision.
///
/// # Errors
/// If the store fails; nothing is stored then.
pub async fn replace(
    intake: &Arc<Intake>,
    caller: &Caller,
    replacing: Replacing<'_>,
) -> Result<IntakeOutcome, Fault> {
    for_collection!(replacing.reading.collection, T => replace_one::<T>(intake, caller, replacing).await)
}

async fn replace_one<T: Served>(
    intake: &Arc<Intake>,
    caller: &Caller,
    Replacing { id, body, upload_options, reading, expect, is_patch }: Replacing<'_>,
) -> Result<IntakeOutcome, Fault> {
    let row = match read_feature(body, reading) {
        Ok(row) => row,
        Err(error) => return Unreadable::of(&error).map(IntakeOutcome::Unreadable),
    };
    let mut claimed = Vec::new();
    let judged = row.map_err(|problem| vec![problem]).and_then(|mut raw| {
        if raw.id.is_empty() {
            raw.id = demining::Value::Text(id.to_string());
        }
        claimed = claims(&raw);
        let upload_options = UploadOptions { operator: own_operator(caller), ..upload_options.clone() };
        judge_row::<T>(raw, today(), &upload_options)
    });
    let write = match judged {
        Ok(write) => write,
        Err(problems) => {
            let troubles = problems.into_iter().map(ReportedProblem::from).collect();
            return Ok(IntakeOutcome::Refused(Refusal::NoRecord, troubles));
        }
    };
    if write.id() != id {
        let given = write.id().to_string();
        let reason = format!("must be {id}, the id in the URL");
        let problem = FieldProblem::new(1, Some(&given), "id", &given, reason);
        return Ok(IntakeOutcome::Refused(Refusal::OtherRecord, vec![problem.into()]));
    }
    let Action::Put(content) = &write.action else {
        return Err(Fault::internal(&"a row did not become a put"));
    };
    let derived = Derived::of_view(intake.atlas.view(Scope::Full), intake.policy.starts(caller.role()));
    let review = decided(caller, &mut claimed);
    let contradictions = derived.contradictions::<T>(claimed, content);
    let slip = derived.slip(content.location()).map(|seen| Notice { row: write.row, id, seen });
    if is_patch && !contradictions.is_empty() {
        let troubles = contradictions.into_iter().map(|(claim, stands)| refused(id, claim, &stands));
        return Ok(IntakeOutcome::Refused(Refusal::Derived, troubles.collect()));
    }
    let notices = contradictions.into_iter().map(|(Claim { field, given }, stands)| Notice {
        row: write.row,
        id,
        seen: Seen::Derived { field: field.to_owned(), given, stands },
    });
    let notices = notices.chain(slip).collect();
    let Some(write) = expecting(write, expect) else { return Ok(IntakeOutcome::Stale) };
    write_one(intake, caller, One { review, notices, ..One::of(write) }).await
}

/// Sets the revision that the request expects, unless the row itself names one; `None` if the two differ.
pub fn expecting<C>(write: Write<C>, expect: Expect) -> Option<Write<C>> {
    match (write.expect, expect) {
        (Expect::At(named), Expect::At(revision)) if named != revision => None,
        (Expect::At(_), _) => Some(write),
        _ => Some(Write { expect, ..write }),
    }
}

/// Takes the review decision that a Feature states out of the claims.
fn decided(caller: &Caller, claims: &mut Vec<Claim>) -> Option<Review> {
    let at = claims.iter().position(|claim| claim.field == "review")?;
    let review: Review = claims[at].given.parse().ok()?;
    if caller.is_field_team() || review == Review::Submitted {
        return None;
    }
    claims.remove(at);
    Some(review)
}

fn refused(id: Uuid, Claim { field, given }: Claim, stands: &str) -> ReportedProblem {
    let reason = if field == "review" {
        format!("is set by a manager; the current value is {stands}")
    } else {
        format!("is derived by the server; the current value is {stands}")
    };
    FieldProblem::new(1, Some(&id.to_string()), field, &given, reason).called("derived").into()
}

/// Deletes the record `id` of a collection.
///
/// # Errors
/// If the store fails; nothing is deleted then.
pub async fn delete(
    intake: &Arc<Intake>,
    caller: &Caller,
    (collection, id): (Collection, Uuid),
    reason: Option<String>,
    expect: Expect,
) -> Result<IntakeOutcome, Fault> {
    for_collection!(collection, T => {
        let write: Write<Judged<T>> = Write { row: 1, action: Action::Delete(id), expect, reason };
        write_one(intake, caller, One::of(write)).await
    })
}

async fn write_one<T: Served>(
    intake: &Arc<Intake>,
    caller: &Caller,
    one: One<T>,
) -> Result<IntakeOutcome, Fault> {
    commit_one(intake, caller, one).await?.map_err(|error| Fault::internal(&error))
}
