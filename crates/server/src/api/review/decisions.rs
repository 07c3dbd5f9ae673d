//! Records that wait for review: the queue, decisions, and undoing them.

use std::sync::Arc;

use axum::{
    Json,
    extract::State,
    http::{HeaderMap, StatusCode},
    response::IntoResponse,
};
use demining::{Action, Change, Collection, Expect, Judged, Review, Revision, Write, for_collection};
use jiff::Timestamp;
use serde::Deserialize;
use serde_json::{Value, json};
use service::{
    Service,
    access::Caller,
    journal,
    review::{
        Near, Within, changed,
        decisions::{self, Asked, MOST_DECISIONS, NEAR_DAYS, NEAR_M, NotDecided, OPEN, Waits},
        undo::{self, NotUndone},
    },
};
use uuid::Uuid;

use crate::{
    access::AskedBy,
    api::review::queues::{feature, page_of, photos, read, reason, unreadable, waiting},
    http::{
        body::{Incoming, UPLOAD},
        params::{Params, Path},
        problem::{Answer, Problem},
        row_problem::RowProblem,
    },
    wire::{records::Listed, upload},
};

/// `GET /review`: the records in a review state, each with its last approved version, the changes since then,
/// the reason, and nearby records of the same kind and days. Waiting records are listed oldest first,
/// approved ones newest decision first.
pub async fn queue(
    State(service): State<Arc<Service>>,
    AskedBy(caller): AskedBy,
    mut params: Params,
) -> Answer {
    let asked = asked(&mut params)?;
    let collection = params.collection()?;
    params.finish("collection, state, region, after, limit, near_m, near_days")?;
    if let Some(id) = &asked.region
        && caller.view(&service.atlas).reference().region(id).is_none()
    {
        return Err(Problem::parameter(
            "region",
            id,
            "is not a region; /collections/regions/items lists all regions",
        ));
    }
    for_collection!(collection, T => queue_of::<T>(&service, caller, asked).await)
}

async fn queue_of<T: Listed>(service: &Service, caller: Caller, asked: Asked) -> Answer {
    let state = asked.state.word();
    let page = decisions::page::<T>(service, caller, asked).await?;
    let records = page.records.iter().map(|record| entry(service, record)).collect::<Answer<Vec<Value>>>()?;
    let told =
        json!({"state": state, "waiting": waiting(page.waiting), "records": records, "next": page.next});
    Ok(([("cache-control", "no-store")], Json(told)).into_response())
}

fn asked(params: &mut Params) -> Answer<Asked> {
    let state = params.parse("state", |text| text.parse::<Review>().map_err(|error| error.to_string()))?;
    let (after, limit) = page_of(params)?;
    let near_m = params.parse("near_m", |text| match text.parse::<f64>() {
        Ok(n) if (0.0..=NEAR_M.1).contains(&n) => Ok(n),
        _ => Err(format!("is outside 0..{}", NEAR_M.1)),
    })?;
    let near_days = params.parse("near_days", |text| match text.parse() {
        Ok(n) if n <= NEAR_DAYS.1 => Ok(n),
        _ => Err(format!("is outside 0..{}", NEAR_DAYS.1)),
    })?;
    Ok(Asked {
        state: state.unwrap_or(Review::Submitted),
        region: params.take("region"),
        after,
        limit,
        within: Within { metres: near_m.unwrap_or(NEAR_M.0), days: near_days.unwrap_or(NEAR_DAYS.0) },
    })
}

fn entry<T: Listed>(service: &Service, waits: &Waits<Judged<T>>) -> Answer<Value> {
    let Waits { found, before, history, near } = waits;
    let content = &found.record.content;
    let last = history.first();
    let changed = before.as_ref().map(|before| changed(&before.record.content, content));
    Ok(json!({
        "feature": feature(found)?,
        "before": before.as_ref().map(feature).transpose()?,
        "changed": changed.unwrap_or_default(),
        "by": last.map(|change| &change.by.name),
        "by_operator": last.and_then(|change| change.by.operator.as_ref()),
        "at": last.map(|change| change.at.to_string()),
        "reason": last.and_then(|change| change.reason.as_ref()),
        "revisions": history.len(),
        "near": near.iter().map(duplicate).collect::<Vec<_>>(),
        "photos": photos::<T>(&service.photos, content),
    }))
}

fn duplicate<T: Listed>(near: &Near<Judged<T>>) -> Value {
    let Near { record, distance_m, days } = near;
    let (content, mut about) = (&record.content, T::about_near(near));
    about["id"] = json!(content.id());
    about["distance_m"] = json!((distance_m * 10.0).round() / 10.0);
    about["days"] = json!(days);
    about["review"] = json!(record.review.word());
    about["coordinates"] = json!([content.location().lon(), content.location().lat()]);
    about
}

/// A decision on several records.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Sent {
    /// The collection of the records; detections if absent.
    #[serde(default)]
    collection: Option<String>,
    decision: String,
    #[serde(default)]
    reason: Option<String>,
    records: Vec<Decided>,
}

/// A record, at the revision that the manager saw.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Decided {
    id: Uuid,
    revision: u64,
}

/// `POST /review`: approves records, sends them back or rejects them.
pub async fn decide(
    State(service): State<Arc<Service>>,
    AskedBy(caller): AskedBy,
    params: Params,
    headers: HeaderMap,
    body: Incoming,
) -> Answer {
    params.finish("none")?;
    let bytes = body.receive_unpacked(&service.intake.memory, UPLOAD, &headers).await?;
    let decision = read_decision(&bytes)?;
    for_collection!(decision.collection, T => decide_of::<T>(&service, &caller, decision).await)
}

async fn decide_of<T: Listed>(service: &Service, caller: &Caller, decision: Decision) -> Answer {
    let Decision { review, reason, records, .. } = decision;
    let writes = (1..).zip(&records).map(|(row, decided)| Write {
        row,
        action: Action::Review(decided.id, review),
        expect: Expect::At(Revision(decided.revision)),
        reason: reason.clone(),
    });
    let (committed, refused) = decisions::commit::<T>(service, caller, writes.collect()).await?;
    let n_decided = records.len() - refused.len();
    journal::decided(caller, "review", review.word(), n_decided, refused.len(), committed.revision);
    let body = json!({
        "revision": committed.revision.0, "decided": n_decided, "problems": problems(refused),
        "undo": offered(committed.changes.of::<T>()),
    });
    Ok(([("cache-control", "no-store")], Json(body)).into_response())
}

/// Returns the decisions that failed, in row order.
fn problems(refused: Vec<NotDecided>) -> Vec<RowProblem> {
    let told = |refused: NotDecided| match refused {
        NotDecided::NotAllowed(problem) => Some(RowProblem::from(problem)),
        NotDecided::Refused { row, id, outcome } => upload::refused(row, id, outcome),
    };
    let mut problems: Vec<RowProblem> = refused.into_iter().filter_map(told).collect();
    problems.sort_by_key(|problem| problem.row);
    problems
}

/// A decision as read.
struct Decision {
    collection: Collection,
    review: Review,
    reason: Option<String>,
    records: Vec<Decided>,
}

fn read_decision(bytes: &[u8]) -> Answer<Decision> {
    let Sent { collection, decision, reason: given, records } = read(bytes)?;
    let collection = match collection {
        Some(name) => name.parse().map_err(|why| unreadable(format!("collection: {name:?} {why}")))?,
        None => Collection::Detections,
    };
    let review: Review = decision.parse().map_err(|error| unreadable(format!("decision: {error}")))?;
    if review == Review::Submitted {
        return Err(unreadable("decision: must be approved, rejected or has_issues".to_owned()));
    }
    if records.is_empty() || records.len() > MOST_DECISIONS {
        return Err(unreadable(format!("records: must have 1 to {MOST_DECISIONS} entries")));
    }
    let reason = reason(given)?;
    if reason.is_none() && review != Review::Approved {
        return Err(unreadable("reason: is required when rejecting or sending back".to_owned()));
    }
    Ok(Decision { collection, review, reason, records })
}

/// Returns where and until when a decision can be undone; null if nothing was decided.
fn offered<T>(changes: &[Change<T>]) -> Value {
    let Some(first) = changes.first() else { return Value::Null };
    let until = first.at.saturating_add(OPEN).unwrap_or(Timestamp::MAX);
    json!({"href": format!("/review/{}/undo", first.revision.0), "until": until.to_string()})
}

/// `POST /review/{revision}/undo`: returns every record that is unchanged since the decision to its previous
/// review state.
pub async fn undo(
    State(service): State<Arc<Service>>,
    AskedBy(caller): AskedBy,
    Path(revision): Path<u64>,
    params: Params,
) -> Answer {
    params.finish("none")?;
    let undone = undo::undo(&service, &caller, Revision(revision)).await?;
    let undone = undone.map_err(|why| match why {
        NotUndone::Missing => Problem::not_found(format!("no decision was made at revision {revision}")),
        NotUndone::Foreign(by) => {
            let detail = format!("only {by}, who made this decision, can undo it");
            Problem::new(StatusCode::FORBIDDEN, "forbidden", detail)
        }
        NotUndone::TooLate => {
            let detail = "a decision can be undone within a minute; decide again instead";
            Problem::new(StatusCode::CONFLICT, "too-late", detail)
        }
    })?;
    let body = json!({
        "revision": undone.committed.revision.0, "undone": undone.n_undone, "problems": problems(undone.refused),
    });
    Ok(([("cache-control", "no-store")], Json(body)).into_response())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_decision_that_sends_back_says_why() {
        let read = |text: &str| read_decision(text.as_bytes()).is_ok();
        let id = r#"[{"id": "018f3c1e-7a44-7cc1-9d5e-2f0a4b1c9e01", "revision": 3}]"#;
        assert!(read(&format!(r#"{{"decision": "approved", "records": {id}}}"#)));
        assert!(read(&format!(r#"{{"decision": "rejected", "reason": "seen twice", "records": {id}}}"#)));
        for bad in [
            format!(r#"{{"decision": "rejected", "records": {id}}}"#),
            format!(r#"{{"decision": "has_issues", "reason": " ", "records": {id}}}"#),
            format!(r#"{{"decision": "submitted", "records": {id}}}"#),
            r#"{"decision": "approved", "records": []}"#.to_owned(),
        ] {
            assert!(!read(&bad), "{bad}");
        }
    }
}
