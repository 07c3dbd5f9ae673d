//! What came in, could not stand, and cannot be mended by who sent it: the queue, and what a manager did about it.

use std::sync::Arc;

use atlas::View;
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
    access::Caller,
    intake::{Verdict, reason_of, upload_of},
    journal,
};
use store::{Reader, Refused, Settlement, StoreError, Upload};
use uuid::Uuid;

use crate::{
    access::AskedBy,
    api::review::queues::{LIMIT, may_look, page_of, waiting},
    http::{
        body::{FEATURE, Incoming},
        params::{Params, Path},
        problem::{Answer, Problem},
        row_problem::RowProblem,
    },
};

/// `GET /refused`: what waits, oldest first, with what is wrong. What came is at `/uploads/{id}/received`.
pub async fn queue(
    State(service): State<Arc<Service>>,
    AskedBy(caller): AskedBy,
    mut params: Params,
) -> Answer {
    let (after, limit) = page_of(&mut params)?;
    params.finish("after, limit")?;
    let view = caller.view(&service.atlas);
    let work = move |reader: &mut Reader| {
        let (refused, next) = page(reader, &view, &caller, after, limit)?;
        Ok((refused, next, waiting(reader, &view, &caller, None)?))
    };
    let (refused, next, waiting) = service.readers.run(work).await?;
    let uploads = refused.iter().map(entry).collect::<Answer<Vec<Value>>>()?;
    let told = json!({"waiting": waiting, "uploads": uploads, "next": next});
    Ok(([("cache-control", "no-store")], Json(told)).into_response())
}

/// What waits and the caller may look into, and where the next page begins.
fn page(
    reader: &Reader,
    view: &View,
    caller: &Caller,
    mut after: i64,
    limit: usize,
) -> Result<(Vec<Refused>, Option<i64>), StoreError> {
    let mut shown: Vec<Refused> = Vec::new();
    loop {
        let refused = reader.refused(after, LIMIT.1)?;
        let Some(last) = refused.last().map(|refused| refused.number) else { return Ok((shown, None)) };
        shown.extend(refused.into_iter().filter(|refused| may_look(refused, view, caller)));
        if shown.len() > limit {
            shown.truncate(limit);
            let next = shown.last().map(|refused| refused.number);
            return Ok((shown, next));
        }
        after = last;
    }
}

fn entry(refused: &Refused) -> Answer<Value> {
    let Refused { upload, received_at, by, door, version, report, .. } = refused;
    let problems = problems(Verdict::read(*version, report)?);
    Ok(json!({
        "upload": upload, "received_at": received_at.to_string(), "by": by.name, "by_operator": by.operator,
        "door": door, "problems": problems,
    }))
}

/// What a report says is wrong with its rows, or with the whole.
fn problems(verdict: Verdict) -> Vec<RowProblem> {
    match verdict {
        Verdict::Judged(report) => report.troubles.into_iter().map(RowProblem::from).collect(),
        Verdict::Unreadable(unreadable) => {
            vec![RowProblem::of_document(0, Problem::from(unreadable).detail().to_owned())]
        }
    }
}

/// What was done.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Sent {
    reason: String,
}

/// `POST /refused/{upload}`: says what was done about it, and takes it off the queue.
pub async fn settle(
    State(service): State<Arc<Service>>,
    AskedBy(caller): AskedBy,
    Path(id): Path<String>,
    params: Params,
    headers: HeaderMap,
    body: Incoming,
) -> Answer {
    params.finish("none")?;
    let missing = || Problem::not_found(format!("no upload {id:?} waits for a manager"));
    let upload = Uuid::try_parse(&id).map_err(|_| missing())?;
    let refused = service.readers.run(move |reader| reader.find_refused(upload)).await?;
    let view = caller.view(&service.atlas);
    let refused = refused.filter(|refused| may_look(refused, &view, &caller)).ok_or_else(missing)?;
    let bytes = body.receive_unpacked(&service.intake.memory, FEATURE, &headers).await?;
    let unreadable = |detail: String| Problem::new(StatusCode::BAD_REQUEST, "unreadable", detail);
    let Sent { reason } = serde_json::from_slice(&bytes).map_err(|error| unreadable(error.to_string()))?;
    let how = reason_of(&reason).map_err(|why| unreadable(format!("reason: {why}")))?;
    if let Some(settled) = refused.settled {
        let detail = format!("{} settled this at {}", settled.by, settled.at);
        return Err(Problem::new(StatusCode::CONFLICT, "decided", detail));
    }
    let settles = vec![Settlement { upload, how }];
    let done =
        service.writer.commit(Upload { settles, ..upload_of(&service.intake, &caller, Vec::new()) }).await?;
    journal::decided(&caller, "refused", "settled", 1, 0, done.revision);
    Ok(([("cache-control", "no-store")], Json(json!({"upload": upload}))).into_response())
}
