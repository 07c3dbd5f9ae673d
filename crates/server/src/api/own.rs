//! The state of records and quarantined writes, for the phones of the team that sent them.

use std::{collections::HashSet, sync::Arc};

use atlas::ReferenceData;
use axum::{
    Json,
    extract::State,
    http::{HeaderMap, StatusCode, header},
    response::IntoResponse,
};
use demining::{Author, Change, Collection, Content, Judged, for_collection};
use serde::{Deserialize, Serialize};
use serde_json::{json, value::RawValue};
use service::{Served, Service, access::Caller, intake::upload_of, journal, review::quarantine::as_record};
use store::{QuarantineDecision, QuarantinedWrite, Reader, StoreError, Upload};
use uuid::Uuid;

use crate::{
    access::AskedBy,
    http::{
        body::{FEATURE, Incoming},
        params::{Params, Path},
        problem::{Answer, Problem},
    },
    wire::history,
};

/// The most records in one request.
pub const MOST_RECORDS: usize = 500;

/// The reason stored when a sender withdraws a claim.
const WITHDRAWN: &str = "withdrawn by its sender";

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Asked {
    ids: Vec<String>,
}

/// The state of a record.
#[derive(Serialize)]
struct Standing {
    id: Uuid,
    /// A review state, `deleted`, or `unknown` if no such record ever existed.
    state: &'static str,
    #[serde(flatten)]
    newest: Option<Newest>,
    claims: Vec<Claim>,
}

/// The newest revision of a record.
#[derive(Serialize)]
struct Newest {
    revision: u64,
    updated_at: String,
    updated_by: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    reason: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    feature: Option<Box<RawValue>>,
}

/// A write of the caller that the server quarantined.
#[derive(Serialize)]
struct Claim {
    number: i64,
    #[serde(skip_serializing_if = "Option::is_none")]
    upload: Option<Uuid>,
    held_at: String,
    why: &'static str,
    /// `pending`, `accepted`, `dismissed` or `withdrawn`.
    decision: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    reason: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    decided_at: Option<String>,
    feature: Box<RawValue>,
}

/// `POST /me/records`: the state of each record, with the reason of its newest revision, and the decisions on
/// the caller's quarantined writes. Like `/history`, it includes rejected and deleted records.
pub async fn records(
    State(service): State<Arc<Service>>,
    AskedBy(caller): AskedBy,
    params: Params,
    headers: HeaderMap,
    body: Incoming,
) -> Answer {
    params.finish("none")?;
    let bytes = body.receive_unpacked(&service.intake.memory, FEATURE, &headers).await?;
    let ids = read(&bytes)?;
    let (view, author) = (caller.view(&service.atlas), caller.author());
    let standings = move |reader: &mut Reader| {
        let each = ids.into_iter().map(|id| standing(reader, view.reference(), author.as_ref(), id));
        each.collect::<Result<Answer<Vec<_>>, StoreError>>()
    };
    let records = service.readers.run(standings).await??;
    Ok(([(header::CACHE_CONTROL, "no-store")], Json(json!({"records": records}))).into_response())
}

/// Reads the requested ids, without duplicates.
///
/// # Errors
/// 400 when they are unreadable; 413 for more than [`MOST_RECORDS`].
fn read(bytes: &[u8]) -> Answer<Vec<Uuid>> {
    let unreadable = |detail: String| Problem::new(StatusCode::BAD_REQUEST, "unreadable", detail);
    let Asked { ids } = serde_json::from_slice(bytes)
        .map_err(|error| unreadable(format!("the body is not {{\"ids\": [...]}}: {error}")))?;
    if ids.len() > MOST_RECORDS {
        let detail = format!("request at most {MOST_RECORDS} records at once, not {}", ids.len());
        return Err(Problem::new(StatusCode::PAYLOAD_TOO_LARGE, "too-large", detail));
    }
    let mut seen = HashSet::new();
    let parsed = ids
        .iter()
        .map(|id| Uuid::try_parse(id).map_err(|_| unreadable(format!("ids: {id:?} is not a UUID"))));
    parsed.filter(|id| id.as_ref().map_or(true, |id| seen.insert(*id))).collect()
}

fn standing(
    reader: &Reader,
    reference: &ReferenceData,
    caller: Option<&Author>,
    id: Uuid,
) -> Result<Answer<Standing>, StoreError> {
    for_collection!(collection_of(reader, id)?, T => standing_of::<T>(reader, reference, caller, id))
}

/// Returns the collection of a record, or of the quarantined writes that would create it.
fn collection_of(reader: &Reader, id: Uuid) -> Result<Collection, StoreError> {
    if let Some(collection) = reader.collection_of(id)? {
        return Ok(collection);
    }
    for collection in Collection::ALL {
        if for_collection!(*collection, T => !reader.quarantined_of::<T>(id)?.is_empty()) {
            return Ok(*collection);
        }
    }
    Ok(Collection::Detections)
}

fn standing_of<T: Served>(
    reader: &Reader,
    reference: &ReferenceData,
    caller: Option<&Author>,
    id: Uuid,
) -> Result<Answer<Standing>, StoreError> {
    let newest = reader.newest::<T>(id)?;
    let mut held = reader.quarantined_of::<T>(id)?;
    held.retain(|held| Some(&held.by) == caller);
    let state = newest
        .as_ref()
        .map_or("unknown", |newest| newest.after.as_ref().map_or("deleted", |record| record.review.word()));
    let told = || {
        let newest = newest.map(|newest| told(reference, newest)).transpose()?;
        let claims = held.iter().map(|held| claim(reference, held)).collect::<Answer<_>>()?;
        Ok(Standing { id, state, newest, claims })
    };
    Ok(told())
}

fn told<T: Content>(reference: &ReferenceData, change: Change<Judged<T>>) -> Answer<Newest> {
    Ok(Newest {
        revision: change.revision.0,
        updated_at: change.at.to_string(),
        updated_by: change.by.name,
        reason: change.reason,
        feature: change.after.map(|record| history::feature(reference, &record)).transpose()?,
    })
}

fn claim<T: Content>(reference: &ReferenceData, held: &QuarantinedWrite<Judged<T>>) -> Answer<Claim> {
    let decided = held.decided.as_ref();
    Ok(Claim {
        number: held.number,
        upload: held.upload,
        held_at: held.held_at.to_string(),
        why: held.why.word(),
        decision: match decided {
            None => "pending",
            Some(decided) if decided.is_accepted => "accepted",
            Some(decided) if decided.by == held.by.name => "withdrawn",
            Some(_) => "dismissed",
        },
        reason: decided.and_then(|decided| decided.reason.clone()),
        decided_at: decided.map(|decided| decided.at.to_string()),
        feature: history::feature(reference, &as_record(held))?,
    })
}

/// `DELETE /me/claims/{number}`: the sender withdraws a write that waits for a manager.
pub async fn withdraw(
    State(service): State<Arc<Service>>,
    AskedBy(caller): AskedBy,
    Path(number): Path<i64>,
    params: Params,
) -> Answer {
    params.finish("none")?;
    let collection = service.readers.run(move |reader| reader.collection_of_quarantined(number)).await?;
    for_collection!(collection.ok_or_else(|| not_yours(number))?, T => withdraw_of::<T>(&service, &caller, number).await)
}

async fn withdraw_of<T: Served>(service: &Service, caller: &Caller, number: i64) -> Answer {
    let held = service.readers.run(move |reader| reader.find_quarantined::<T>(number)).await?;
    let held =
        held.filter(|held| Some(&held.by) == caller.author().as_ref()).ok_or_else(|| not_yours(number))?;
    let decided = |detail: String| Problem::new(StatusCode::CONFLICT, "decided", detail);
    if let Some(by) = &held.decided {
        return Err(decided(format!("{} decided this at {}", by.by, by.at)));
    }
    let decides = vec![QuarantineDecision { number, is_accepted: false, reason: Some(WITHDRAWN.to_owned()) }];
    let upload = Upload { decides, ..upload_of(&service.intake, caller, T::wrap_writes(Vec::new())) };
    let committed = service.writer.commit_once(upload).await?.map_err(|error| decided(error.to_string()))?;
    journal::decided(caller, "held", "withdrawn", 1, 0, committed.revision);
    Ok(StatusCode::NO_CONTENT.into_response())
}

fn not_yours(number: i64) -> Problem {
    Problem::not_found(format!("none of your writes in the quarantine has the number {number}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_are_asked_about_once_each_and_not_without_end() {
        let [a, b] = [1, 2].map(Uuid::from_u128);
        let asked = |ids: &[String]| read(json!({"ids": ids}).to_string().as_bytes());
        assert_eq!(asked(&[a.to_string(), b.to_string(), a.to_string()]).unwrap(), [a, b]);
        assert!(asked(&[]).unwrap().is_empty());
        let status = |ids: &[String]| asked(ids).unwrap_err().into_response().status();
        assert_eq!(status(&["7".to_owned()]), StatusCode::BAD_REQUEST);
        let many: Vec<_> = (0..=MOST_RECORDS as u128).map(|n| Uuid::from_u128(n).to_string()).collect();
        assert_eq!(status(&many), StatusCode::PAYLOAD_TOO_LARGE);
        assert_eq!(asked(&many[1..]).unwrap().len(), MOST_RECORDS);
    }
}
