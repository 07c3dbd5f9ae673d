//! What waits for a manager: the queue, and what is decided on it.

use std::sync::Arc;

use atlas::{Filter, Found, Set, View};
use axum::{
    Json,
    extract::State,
    http::{HeaderMap, StatusCode},
    response::IntoResponse,
};
use demining::{Action, Change, Expect, Record, Review, Write};
use exchange::Fields;
use jiff::{SignedDuration, Timestamp};
use serde::Deserialize;
use serde_json::{Value, json};
use service::{
    Service,
    access::{Caller, hold},
    intake::{reason_of, upload_of},
    journal,
    photos::Photos,
};
use store::{Committed, Reader, StoreError};
use uuid::Uuid;

use crate::{
    access::AskedBy,
    api::review::queues::{MOST_LOOKED_AT, changed, is_asked, page_of, told_photos, waiting},
    http::{
        body::{Incoming, UPLOAD},
        params::Params,
        problem::{Answer, Problem},
        row_problem::RowProblem,
    },
    wire::{features, upload},
};

/// Decisions in one request, at the most.
pub const MOST_DECISIONS: usize = 1_000;

/// How near a record must lie to be a possible duplicate, in metres and days: unless asked otherwise, and
/// at the most.
pub const NEAR_M: (f64, f64) = (25.0, 1_000.0);
/// See [`NEAR_M`].
pub const NEAR_DAYS: (u32, u32) = (14, 3_650);

/// Possible duplicates that are told of one record.
const MOST_NEAR: usize = 5;

/// What is asked for.
struct Asked {
    state: Review,
    region: Option<String>,
    after: i64,
    limit: usize,
    near_m: f64,
    near_days: u32,
}

/// `GET /review`: the records that stand so in review, each with its last approved state before, what is another
/// since, why, and what lies near of the same kind and days. What waits comes oldest first; what is approved,
/// newest decision first.
pub async fn queue(
    State(service): State<Arc<Service>>,
    AskedBy(caller): AskedBy,
    mut params: Params,
) -> Answer {
    let asked = asked(&mut params)?;
    params.finish("state, region, after, limit, near_m, near_days")?;
    let view = caller.view(&service.atlas);
    if let Some(id) = &asked.region
        && view.reference().region(id).is_none()
    {
        return Err(Problem::parameter("region", id, "is no region; /collections/regions/items lists them"));
    }
    let photos = Arc::clone(&service.photos);
    let work = move |reader: &mut Reader| page(reader, &view, &photos, &caller, &asked);
    Ok(([("cache-control", "no-store")], Json(service.readers.run(work).await??)).into_response())
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
        near_m: near_m.unwrap_or(NEAR_M.0),
        near_days: near_days.unwrap_or(NEAR_DAYS.0),
    })
}

fn page(
    reader: &Reader,
    view: &View,
    photos: &Photos,
    caller: &Caller,
    asked: &Asked,
) -> Result<Answer<Value>, StoreError> {
    let (mut records, mut after, mut n_looked_at) = (Vec::new(), asked.after, 0);
    let next = loop {
        let numbers = listed(reader, asked.state, after, asked.limit)?;
        let Some((last, _)) = numbers.last().copied() else { break None };
        let shown = numbers.iter().filter_map(|(key, number)| Some((*key, view.at_number(*number)?)));
        let shown =
            shown.filter(|(_, found)| is_asked(found, view, caller, asked.region.as_deref(), asked.state));
        for (key, found) in shown {
            match entry(reader, view, &found, asked)? {
                Ok(mut entry) => {
                    entry["photos"] = told_photos(photos, &found.record.detection);
                    records.push((key, entry));
                }
                Err(problem) => return Ok(Err(problem)),
            }
        }
        n_looked_at += numbers.len();
        if let Some((last_shown, _)) = records.get(asked.limit.wrapping_sub(1)) {
            break Some(*last_shown);
        }
        after = last;
        if n_looked_at >= MOST_LOOKED_AT {
            break Some(last);
        }
    };
    records.truncate(asked.limit);
    let waiting = waiting(reader, view, caller, asked.region.as_deref())?;
    let records: Vec<Value> = records.into_iter().map(|(_, entry)| entry).collect();
    Ok(Ok(json!({"state": asked.state.word(), "waiting": waiting, "records": records, "next": next})))
}

/// The numbers of records that stand so in review, each after the key of a page that ends with it.
fn listed(reader: &Reader, state: Review, after: i64, limit: usize) -> Result<Vec<(i64, u32)>, StoreError> {
    if state == Review::Approved {
        return reader.approved(if after == 0 { i64::MAX } else { after }, limit);
    }
    let Ok(after) = u32::try_from(after) else { return Ok(Vec::new()) };
    Ok(reader
        .unapproved(state, after, limit)?
        .into_iter()
        .map(|number| (i64::from(number), number))
        .collect())
}

fn entry(reader: &Reader, view: &View, found: &Found, asked: &Asked) -> Result<Answer<Value>, StoreError> {
    let record = &found.record;
    let history = reader.history(record.detection.id)?;
    let approved = |change: &Change| change.after.clone().filter(|record| record.review == Review::Approved);
    // What is approved now is not what it was before.
    let earlier = usize::from(record.review == Review::Approved);
    let before = history.iter().skip(earlier).find_map(approved);
    Ok(tell(view, found, before.as_deref(), &history, asked))
}

fn tell(
    view: &View,
    found: &Found,
    before: Option<&Record>,
    history: &[Change],
    asked: &Asked,
) -> Answer<Value> {
    let read = |bytes: &[u8]| serde_json::from_slice::<Value>(bytes).map_err(|e| Problem::internal(&e));
    let feature = read(&features::detection(found, Fields::All))?;
    let before = match before {
        Some(record) => {
            let region = view.reference().locate(record.detection.location).map(Arc::from);
            let found = Found { record: Arc::new(record.clone()), region };
            read(&features::detection(&found, Fields::All))?
        }
        None => Value::Null,
    };
    let last = history.first();
    Ok(json!({
        "feature": feature,
        "before": before,
        "changed": changed(&before, &feature),
        "by": last.map(|change| &change.by.name),
        "by_operator": last.and_then(|change| change.by.operator.as_ref()),
        "at": last.map(|change| change.at.to_string()),
        "reason": last.and_then(|change| change.reason.as_ref()),
        "revisions": history.len(),
        "near": near(view, found, asked),
    }))
}

/// Records of the same kind that lie near and were found in the same days, the nearest first.
fn near(view: &View, found: &Found, asked: &Asked) -> Vec<Value> {
    let own = &found.record.detection;
    let same_kind = Filter { kinds: Set::of([own.kind]), ..Filter::default() };
    let days = |other: &Record| (other.detection.detected_on - own.detected_on).get_days().unsigned_abs();
    view.nearest(&same_kind, own.location, 2 * MOST_NEAR + 1)
        .into_iter()
        .filter(|(other, metres)| {
            other.record.detection.id != own.id
                && *metres <= asked.near_m
                && days(&other.record) <= asked.near_days
        })
        .take(MOST_NEAR)
        .map(|(other, metres)| {
            let detection = &other.record.detection;
            json!({
                "id": detection.id, "distance_m": (metres * 10.0).round() / 10.0, "days": days(&other.record),
                "status": detection.status.word(), "review": other.record.review.word(),
                "detected_on": detection.detected_on.to_string(),
                "coordinates": [detection.location.lon(), detection.location.lat()],
            })
        })
        .collect()
}

/// What is decided.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Sent {
    decision: String,
    #[serde(default)]
    reason: Option<String>,
    records: Vec<Decided>,
}

/// On which record, as it stood.
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
    let (review, reason, records) = read_decision(&bytes)?;
    let writes = (1..).zip(&records).map(|(row, decided)| Write {
        row,
        action: Action::Review(decided.id, review),
        expect: Expect::At(demining::Revision(decided.revision)),
        reason: reason.clone(),
    });
    let (committed, problems) = commit_decisions(&service, &caller, writes.collect()).await?;
    let n_decided = records.len() - problems.len();
    journal::decided(&caller, "review", review.word(), n_decided, problems.len(), committed.revision);
    let body = json!({
        "revision": committed.revision.0, "decided": n_decided, "problems": problems,
        "undo": offered(&committed.changes),
    });
    Ok(([("cache-control", "no-store")], Json(body)).into_response())
}

/// Commits the decisions that the caller may make; the others are problems, in the order of their rows.
///
/// # Errors
/// When the store fails.
pub async fn commit_decisions(
    service: &Service,
    caller: &Caller,
    writes: Vec<Write>,
) -> Answer<(Committed, Vec<RowProblem>)> {
    let (asker, view) = (caller.clone(), caller.view(&service.atlas));
    let held: Vec<_> = service
        .readers
        .run(move |reader| writes.into_iter().map(|write| hold(&asker, &view, reader, write)).collect())
        .await?;
    let (mut writes, mut problems) = (Vec::new(), Vec::new());
    for write in held {
        match write {
            Ok(write) => writes.push(write),
            Err(refusal) => problems.push(RowProblem::from(refusal.problem)),
        }
    }
    let rows: Vec<(u64, Uuid)> = writes.iter().map(|write| (write.row, write.id())).collect();
    let committed = service.writer.commit(upload_of(&service.intake, caller, writes)).await?;
    let refused = rows.iter().zip(&committed.outcomes);
    problems.extend(refused.filter_map(|((row, id), outcome)| upload::refused(*row, *id, *outcome)));
    problems.sort_by_key(|problem| problem.row);
    Ok((committed, problems))
}

fn read_decision(bytes: &[u8]) -> Answer<(Review, Option<String>, Vec<Decided>)> {
    let unreadable = |detail: String| Problem::new(StatusCode::BAD_REQUEST, "unreadable", detail);
    let Sent { decision, reason, records } =
        serde_json::from_slice(bytes).map_err(|error| unreadable(error.to_string()))?;
    let review: Review = decision.parse().map_err(|error| unreadable(format!("decision: {error}")))?;
    if review == Review::Submitted {
        return Err(unreadable("decision: is approved, rejected or has_issues".to_owned()));
    }
    if records.is_empty() || records.len() > MOST_DECISIONS {
        return Err(unreadable(format!("records: has 1 to {MOST_DECISIONS}")));
    }
    let reason = reason.filter(|text| !text.trim().is_empty());
    let reason = reason.map(|text| reason_of(&text).map_err(|why| unreadable(format!("reason: {why}"))));
    let reason = reason.transpose()?;
    if reason.is_none() && review != Review::Approved {
        return Err(unreadable("reason: whoever recorded it wants to know why".to_owned()));
    }
    Ok((review, reason, records))
}

/// How long a decision can be taken back: a minute, as it is told, and the time that an answer and the next request
/// may take.
pub const OPEN: SignedDuration = SignedDuration::from_secs(60);

/// Where a decision that was just made can be taken back, and until when; nothing when nothing was decided.
fn offered(changes: &[Change]) -> Value {
    let Some(first) = changes.first() else { return Value::Null };
    let until = first.at.saturating_add(OPEN).unwrap_or(Timestamp::MAX);
    json!({"href": format!("/review/{}/undo", first.revision.0), "until": until.to_string()})
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
