//! What came in and was set aside: the queue, and what a manager makes of it.

use std::sync::Arc;

use atlas::{Found, View};
use axum::{
    Json,
    extract::State,
    http::{HeaderMap, StatusCode},
    response::IntoResponse,
};
use demining::{Action, Detection, Expect, Outcome, Record, Review, Revision, Write};
use exchange::Fields;
use serde::Deserialize;
use serde_json::{Value, json};
use service::{
    Service,
    access::Caller,
    intake::{reason_of, today, upload_of},
    journal,
    photos::Photos,
};
use store::{Decision, Held, Reader, StoreError, Upload};

use crate::{
    access::AskedBy,
    api::review::{
        queues::{changed, page_of, told_photos, waiting},
        risks,
    },
    http::{
        body::{FEATURE, Incoming},
        params::{Params, Path},
        problem::{Answer, Problem},
        row_problem::RowProblem,
    },
    wire::{
        features,
        upload::{self, told},
    },
};

/// `GET /held`: what waits, oldest first: what the record was to be, what it is, and why it is here.
pub async fn queue(
    State(service): State<Arc<Service>>,
    AskedBy(caller): AskedBy,
    mut params: Params,
) -> Answer {
    let (after, limit) = page_of(&mut params)?;
    params.finish("after, limit")?;
    let view = caller.view(&service.atlas);
    let photos = Arc::clone(&service.photos);
    let work = move |reader: &mut Reader| page(reader, (&view, &photos), &caller, after, limit);
    Ok(([("cache-control", "no-store")], Json(service.readers.run(work).await??)).into_response())
}

fn page(
    reader: &Reader,
    (view, photos): (&View, &Photos),
    caller: &Caller,
    mut after: i64,
    limit: usize,
) -> Result<Answer<Value>, StoreError> {
    let (mut records, mut next) = (Vec::new(), None);
    'pages: loop {
        let held = reader.held(after, limit)?;
        let Some(last) = held.last().map(|held| held.number) else { break };
        for held in held.iter().filter(|held| caller.may_write_at(held.wanted.location, view.reference())) {
            if records.len() == limit {
                next = Some(after);
                break 'pages;
            }
            after = held.number;
            match entry(view, held) {
                Ok(mut entry) => {
                    entry["photos"] = told_photos(photos, &held.wanted);
                    records.push(entry);
                }
                Err(problem) => return Ok(Err(problem)),
            }
        }
        after = last;
    }
    let waiting = waiting(reader, view, caller, None)?;
    Ok(Ok(json!({"waiting": waiting, "records": records, "next": next})))
}

fn entry(view: &View, held: &Held) -> Answer<Value> {
    let wanted = feature(&as_found(view, held))?;
    let standing = view.get(held.wanted.id);
    let current = standing.as_ref().map(feature).transpose()?.unwrap_or(Value::Null);
    let risks = risks::of(
        (&held.wanted, &wanted),
        standing.as_ref().map(|found| (&*found.record, &current)),
        today(),
    );
    Ok(json!({
        "number": held.number, "upload": held.upload, "row": held.row, "by": held.by.name,
        "by_operator": held.by.operator,
        "held_at": held.held_at.to_string(), "why": held.why.word(), "detail": told(held.why),
        "base_revision": held.base.map(|revision| revision.0), "reason": held.reason,
        "feature": wanted, "current": current, "changed": changed(&current, &wanted), "risks": risks,
    }))
}

fn feature(found: &Found) -> Answer<Value> {
    serde_json::from_slice(&features::detection(found, Fields::All)).map_err(|e| Problem::internal(&e))
}

/// What was wanted, as if it stood there.
fn as_found(view: &View, held: &Held) -> Found {
    let region = view.reference().locate(held.wanted.location).map(Arc::from);
    Found { region, record: Arc::new(as_record(held)) }
}

/// What was wanted, as the record that it would be.
pub fn as_record(held: &Held) -> Record {
    Record {
        detection: held.wanted.clone(),
        number: 0,
        review: Review::Submitted,
        revision: held.base.unwrap_or_default(),
        updated_at: held.held_at,
        updated_by: held.by.name.clone(),
    }
}

/// What is decided.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Sent {
    /// `accepted` or `dismissed`.
    decision: String,
    #[serde(default)]
    reason: Option<String>,
    /// The revision at which the record was looked at; none when there was none.
    #[serde(default)]
    revision: Option<u64>,
    /// The names of the risks that were seen, and are taken.
    #[serde(default)]
    confirms: Vec<String>,
}

/// `POST /held/{number}`: puts in its place what was set aside, unless it has a risk that is not confirmed, or
/// dismisses it with a reason.
pub async fn decide(
    State(service): State<Arc<Service>>,
    AskedBy(caller): AskedBy,
    Path(number): Path<i64>,
    params: Params,
    headers: HeaderMap,
    body: Incoming,
) -> Answer {
    params.finish("none")?;
    let bytes = body.receive_unpacked(&service.intake.memory, FEATURE, &headers).await?;
    let Read { is_accepted, reason, revision, confirms } = read_decision(&bytes)?;
    let missing = || Problem::not_found(format!("nothing that was set aside has the number {number}"));
    let held = service.readers.run(move |reader| reader.find_held(number)).await?.ok_or_else(missing)?;
    if let Some(decided) = &held.decided {
        let detail = format!("{} decided on this at {}", decided.by, decided.at);
        return Err(Problem::new(StatusCode::CONFLICT, "decided", detail));
    }
    let view = caller.view(&service.atlas);
    let standing = view.get(held.wanted.id);
    let places = standing.iter().map(|found| found.record.detection.location);
    if places.chain([held.wanted.location]).any(|place| !caller.may_write_at(place, view.reference())) {
        let detail = format!("this lies outside the regions of {}", caller.name());
        return Err(Problem::new(StatusCode::FORBIDDEN, "forbidden", detail));
    }
    // Nobody has looked at what is not there yet: no record stands at revision 0, so that is a conflict.
    let seen = standing.as_ref().map_or(0, |found| found.record.revision.0);
    let revision = revision.map(|looked_at| if looked_at > seen { 0 } else { looked_at });
    if is_accepted {
        confirmed(&view, &held, &confirms)?;
    }
    let writes = if is_accepted { vec![accepted(&held, revision, reason.as_deref())] } else { Vec::new() };
    let decides = vec![Decision { number, is_accepted, reason }];
    let upload = Upload { decides, ..upload_of(&service.intake, &caller, writes) };
    let committed = service.writer.commit_once(upload).await?;
    let committed =
        committed.map_err(|error| Problem::new(StatusCode::CONFLICT, "decided", error.to_string()))?;
    let n_refused = committed.outcomes.iter().filter(|outcome| outcome.is_refusal()).count();
    let decision = if is_accepted { "accepted" } else { "dismissed" };
    journal::decided(&caller, "held", decision, 1 - n_refused.min(1), n_refused, committed.revision);
    let refused = |outcome: Outcome| upload::refused(held.row, held.wanted.id, outcome);
    if let Some(problem) = committed.outcomes.first().copied().filter(|outcome| outcome.is_refusal()) {
        let rows = refused(problem).into_iter().collect();
        let answer = Problem::rows("this cannot be put in its place; look at the record again", rows);
        return Err(match problem {
            Outcome::Conflict { .. } | Outcome::Missing => answer.with_status(StatusCode::CONFLICT),
            _ => answer,
        });
    }
    let body = json!({"revision": committed.revision.0, "id": held.wanted.id});
    Ok(([("cache-control", "no-store")], Json(body)).into_response())
}

/// Whether every risk of putting it in its place was seen.
///
/// # Errors
/// 409 that names those that were not.
fn confirmed(view: &View, held: &Held, confirms: &[String]) -> Answer<()> {
    let wanted = feature(&as_found(view, held))?;
    let standing = view.get(held.wanted.id);
    let current = standing.as_ref().map(feature).transpose()?.unwrap_or(Value::Null);
    let standing = standing.as_ref().map(|found| (&*found.record, &current));
    let risks = risks::of((&held.wanted, &wanted), standing, today()).into_iter();
    let (row, id) = (held.row, held.wanted.id.to_string());
    let unseen = risks.filter(|risk| !confirms.iter().any(|code| code == risk.code)).map(|risk| {
        let told = demining::Problem::new(row, Some(&id), &risk.fields.join(", "), "", risk.detail);
        RowProblem::from(told.called(risk.code))
    });
    let unseen: Vec<RowProblem> = unseen.collect();
    if unseen.is_empty() {
        return Ok(());
    }
    let detail = "look at what this does, and send the codes of it as confirms if it is meant";
    Err(Problem::new(StatusCode::CONFLICT, "unconfirmed", detail).with_rows(unseen))
}

/// The write that puts it in its place, over the record as it was looked at. The history names both.
fn accepted(held: &Held, revision: Option<u64>, reason: Option<&str>) -> Write {
    let told = reason.or(held.reason.as_deref()).map(|why| format!(": {why}")).unwrap_or_default();
    let told: String = format!("sent by {}{told}", held.by).chars().take(1_000).collect();
    let wanted: Detection = held.wanted.clone();
    Write {
        row: held.row,
        action: Action::Put(Box::new(wanted)),
        expect: revision.map_or(Expect::Same, |revision| Expect::At(Revision(revision))),
        reason: Some(told),
    }
}

/// A decision that was read.
#[derive(Debug, Default, PartialEq, Eq)]
struct Read {
    is_accepted: bool,
    reason: Option<String>,
    revision: Option<u64>,
    confirms: Vec<String>,
}

fn read_decision(bytes: &[u8]) -> Answer<Read> {
    let unreadable = |detail: String| Problem::new(StatusCode::BAD_REQUEST, "unreadable", detail);
    let Sent { decision, reason, revision, confirms } =
        serde_json::from_slice(bytes).map_err(|error| unreadable(error.to_string()))?;
    let reason = reason.filter(|text| !text.trim().is_empty());
    let reason = reason.map(|text| reason_of(&text).map_err(|why| unreadable(format!("reason: {why}"))));
    let reason = reason.transpose()?;
    match decision.as_str() {
        "accepted" => Ok(Read { is_accepted: true, reason, revision, confirms }),
        "dismissed" if reason.is_some() => Ok(Read { is_accepted: false, reason, revision, confirms }),
        "dismissed" => Err(unreadable("reason: whoever sent it wants to know why".to_owned())),
        _ => Err(unreadable("decision: is accepted or dismissed".to_owned())),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_dismissed_says_why() {
        let read = |text: &str| read_decision(text.as_bytes()).ok();
        assert_eq!(
            read(r#"{"decision": "accepted", "revision": 3, "confirms": ["far"]}"#),
            Some(Read {
                is_accepted: true,
                revision: Some(3),
                confirms: vec!["far".into()],
                ..Read::default()
            })
        );
        assert_eq!(
            read(r#"{"decision": "dismissed", "reason": "twice"}"#),
            Some(Read { reason: Some("twice".into()), ..Read::default() })
        );
        for bad in [
            r#"{"decision": "dismissed"}"#,
            r#"{"decision": "maybe"}"#,
            r#"{"decision": "accepted", "x": 1}"#,
        ] {
            assert!(read(bad).is_none(), "{bad}");
        }
    }
}
