//! Unreadable uploads that their senders cannot correct: the queue, and how a manager settled one.

use std::sync::Arc;

use axum::{
    Json,
    extract::State,
    http::{HeaderMap, StatusCode},
    response::IntoResponse,
};
use serde::Deserialize;
use serde_json::{Value, json};
use service::{
    Service,
    intake::{Verdict, reason_of},
    review::refused::{self, NotSettled},
};
use store::Refused;
use uuid::Uuid;

use crate::{
    access::AskedBy,
    api::review::queues::{page_of, received, unreadable, waiting},
    http::{
        body::{FEATURE, Incoming},
        params::{Params, Path},
        problem::{Answer, Problem},
        row_problem::RowProblem,
    },
};

/// `GET /refused`: waiting uploads, oldest first, with their problems. `/uploads/{id}/received` has the
/// received bytes.
pub async fn queue(
    State(service): State<Arc<Service>>,
    AskedBy(caller): AskedBy,
    mut params: Params,
) -> Answer {
    let (after, limit) = page_of(&mut params)?;
    params.finish("after, limit")?;
    let page = refused::page(&service, caller, after, limit).await?;
    let uploads = page.uploads.iter().map(entry).collect::<Answer<Vec<Value>>>()?;
    let told = json!({"waiting": waiting(page.waiting), "uploads": uploads, "next": page.next});
    Ok(([("cache-control", "no-store")], Json(told)).into_response())
}

fn entry(refused: &Refused) -> Answer<Value> {
    let Refused { upload, received_at, by, door, version, report, .. } = refused;
    let problems = problems(Verdict::read(*version, report)?);
    Ok(json!({
        "upload": upload, "received_at": received_at.to_string(), "by": by.name, "by_operator": by.operator,
        "door": door, "problems": problems,
    }))
}

/// Returns the problems of a report: of its rows, or of the whole upload.
fn problems(verdict: Verdict) -> Vec<RowProblem> {
    match verdict {
        Verdict::Judged(report) => report.troubles.into_iter().map(RowProblem::from).collect(),
        Verdict::Unreadable(unreadable) => {
            vec![RowProblem::of_document(0, Problem::from(unreadable).detail().to_owned())]
        }
    }
}

/// How an upload was settled.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Sent {
    reason: String,
}

/// `POST /refused/{upload}`: records how the upload was settled, and removes it from the queue.
pub async fn settle(
    State(service): State<Arc<Service>>,
    AskedBy(caller): AskedBy,
    Path(id): Path<String>,
    params: Params,
    headers: HeaderMap,
    body: Incoming,
) -> Answer {
    params.finish("none")?;
    let told = |why: NotSettled| match why {
        NotSettled::Missing => Problem::not_found(format!("no refused upload has the id {id:?}")),
        NotSettled::Before { by, at } => {
            Problem::new(StatusCode::CONFLICT, "decided", format!("{by} settled this at {at}"))
        }
    };
    let upload = Uuid::try_parse(&id).map_err(|_| told(NotSettled::Missing))?;
    let refused = refused::find(&service, &caller, upload).await?.map_err(told)?;
    let Sent { reason } = received(body, &service, FEATURE, &headers).await?;
    let how = reason_of(&reason).map_err(|why| unreadable(format!("reason: {why}")))?;
    refused::settle(&service, &caller, refused, how).await?.map_err(told)?;
    Ok(([("cache-control", "no-store")], Json(json!({"upload": upload}))).into_response())
}
