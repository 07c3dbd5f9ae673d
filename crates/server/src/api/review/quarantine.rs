//! The quarantine: the queue, and a manager's decision on a write.

use std::sync::Arc;

use axum::{
    Json,
    extract::State,
    http::{HeaderMap, StatusCode},
    response::IntoResponse,
};
use demining::{Judged, Outcome, for_collection};
use serde::Deserialize;
use serde_json::{Value, json};
use service::{
    Service,
    access::Caller,
    review::{
        Risk, changed,
        quarantine::{self, About, NotDecided, Quarantined, Verdict},
    },
};

use crate::{
    access::AskedBy,
    api::review::queues::{feature, page_of, photos, read, reason, unreadable, waiting},
    http::{
        body::{FEATURE, Incoming},
        params::{Params, Path},
        problem::{Answer, Problem},
        row_problem::RowProblem,
    },
    wire::{
        records::Listed,
        upload::{self, told},
    },
};

/// `GET /held`: waiting writes, oldest first: the wanted record, the current one, and why the write was
/// quarantined.
pub async fn queue(
    State(service): State<Arc<Service>>,
    AskedBy(caller): AskedBy,
    mut params: Params,
) -> Answer {
    let page = page_of(&mut params)?;
    let collection = params.collection()?;
    params.finish("collection, after, limit")?;
    for_collection!(collection, T => queue_of::<T>(&service, caller, page).await)
}

async fn queue_of<T: Listed>(service: &Service, caller: Caller, (after, limit): (i64, usize)) -> Answer {
    let page = quarantine::page::<T>(service, caller, after, limit).await?;
    let records = page.writes.iter().map(|write| entry(service, write)).collect::<Answer<Vec<Value>>>()?;
    let told = json!({"waiting": waiting(page.waiting), "records": records, "next": page.next});
    Ok(([("cache-control", "no-store")], Json(told)).into_response())
}

fn entry<T: Listed>(service: &Service, write: &Quarantined<Judged<T>>) -> Answer<Value> {
    let Quarantined { held, wanted, standing, risks } = write;
    let current = standing.as_ref().map(feature).transpose()?.unwrap_or(Value::Null);
    let changed = standing.as_ref().map(|found| changed(&found.record.content, &held.wanted));
    Ok(json!({
        "number": held.number, "upload": held.upload, "row": held.row, "by": held.by.name,
        "by_operator": held.by.operator,
        "held_at": held.held_at.to_string(), "why": held.why.word(), "detail": told(held.why),
        "base_revision": held.base.map(|revision| revision.0), "reason": held.reason,
        "feature": feature(wanted)?, "current": current, "changed": changed.unwrap_or_default(),
        "risks": risks, "photos": photos::<T>(&service.photos, &held.wanted),
    }))
}

/// A decision on a quarantined write.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Sent {
    /// `accepted` or `dismissed`.
    decision: String,
    #[serde(default)]
    reason: Option<String>,
    /// The revision of the record that the manager saw; `None` if the record did not exist.
    #[serde(default)]
    revision: Option<u64>,
    /// The codes of the risks that the manager confirms.
    #[serde(default)]
    confirms: Vec<String>,
}

/// `POST /held/{number}`: accepts a quarantined write, unless it has an unconfirmed risk, or dismisses it
/// with a reason.
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
    let verdict = read_verdict(&bytes)?;
    let decided = quarantine::decide(&service, &caller, number, verdict).await?;
    let (about, revision) = decided.map_err(|why| match why {
        NotDecided::Missing => {
            Problem::not_found(format!("no write in the quarantine has the number {number}"))
        }
        NotDecided::Before { by, at } => conflict("decided", format!("{by} decided this at {at}")),
        NotDecided::JustNow(detail) => conflict("decided", detail),
        NotDecided::Outside => {
            let detail = format!("this is outside the regions of {}", caller.name());
            Problem::new(StatusCode::FORBIDDEN, "forbidden", detail)
        }
        NotDecided::Unconfirmed(about, risks) => unconfirmed(about, risks),
        NotDecided::Refused(about, outcome) => refused(about, outcome),
    })?;
    let body = json!({"revision": revision.0, "id": about.id});
    Ok(([("cache-control", "no-store")], Json(body)).into_response())
}

fn conflict(kind: &'static str, detail: String) -> Problem {
    Problem::new(StatusCode::CONFLICT, kind, detail)
}

/// Builds a 409 that lists the unconfirmed risks.
fn unconfirmed(About { row, id }: About, risks: Vec<Risk>) -> Problem {
    let id = id.to_string();
    let told = |risk: Risk| {
        let problem = demining::FieldProblem::new(row, Some(&id), &risk.fields.join(", "), "", risk.detail);
        RowProblem::from(problem.called(risk.code))
    };
    let detail = "check these risks; to accept them, send their codes in confirms".to_owned();
    conflict("unconfirmed", detail).with_rows(risks.into_iter().map(told).collect())
}

fn refused(About { row, id }: About, outcome: Outcome) -> Problem {
    let rows = upload::refused(row, id, outcome).into_iter().collect();
    let answer = Problem::rows("this write cannot be applied; check the record again", rows);
    match outcome {
        Outcome::Conflict { .. } | Outcome::Missing => answer.with_status(StatusCode::CONFLICT),
        _ => answer,
    }
}

fn read_verdict(bytes: &[u8]) -> Answer<Verdict> {
    let Sent { decision, reason: given, revision, confirms } = read(bytes)?;
    let reason = reason(given)?;
    match decision.as_str() {
        "accepted" => Ok(Verdict { is_accepted: true, reason, revision, confirms }),
        "dismissed" if reason.is_some() => Ok(Verdict { is_accepted: false, reason, revision, confirms }),
        "dismissed" => Err(unreadable("reason: is required when dismissing".to_owned())),
        _ => Err(unreadable("decision: must be accepted or dismissed".to_owned())),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_dismissed_says_why() {
        let read = |text: &str| read_verdict(text.as_bytes()).ok();
        assert_eq!(
            read(r#"{"decision": "accepted", "revision": 3, "confirms": ["far"]}"#),
            Some(Verdict {
                is_accepted: true,
                revision: Some(3),
                confirms: vec!["far".into()],
                ..Verdict::default()
            })
        );
        assert_eq!(
            read(r#"{"decision": "dismissed", "reason": "twice"}"#),
            Some(Verdict { reason: Some("twice".into()), ..Verdict::default() })
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
