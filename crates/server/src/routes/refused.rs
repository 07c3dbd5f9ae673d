//! What came in, could not stand, and cannot be mended by who sent it: the queue, and what a manager did about it.

use std::sync::Arc;

use axum::{
    Json,
    body::Body,
    extract::State,
    http::{HeaderMap, StatusCode},
    response::IntoResponse,
};
use serde::Deserialize;
use serde_json::{Value, json};
use store::{Refused, Settlement, Upload};
use uuid::Uuid;

use super::queues::{page_of, waiting};
use crate::{
    access::Caller,
    app::App,
    body::FEATURE,
    intake::{Verdict, reason_of, upload_of},
    journal,
    params::{Params, Path},
    problem::{Answer, Problem},
    wire::upload::RowProblem,
};

/// `GET /refused`: what waits, oldest first, with what is wrong. What came is at `/uploads/{id}/received`.
pub async fn queue(State(app): State<Arc<App>>, caller: Caller, mut params: Params) -> Answer {
    let (after, limit) = page_of(&mut params)?;
    params.finish("after, limit")?;
    let view = caller.view(&app);
    let work = move |reader: &mut store::Reader| {
        let mut refused = reader.refused(after, limit + 1)?;
        let next = (refused.len() > limit).then(|| refused[limit - 1].number);
        refused.truncate(limit);
        Ok((refused, next, waiting(reader, &view, &caller, None)?))
    };
    let (refused, next, waiting) = app.readers.run(work).await?;
    let uploads = refused.iter().map(entry).collect::<Answer<Vec<Value>>>()?;
    let told = json!({"waiting": waiting, "uploads": uploads, "next": next});
    Ok(([("cache-control", "no-store")], Json(told)).into_response())
}

fn entry(refused: &Refused) -> Answer<Value> {
    let Refused { upload, received_at, by, door, version, report, .. } = refused;
    let problems = problems(Verdict::read(*version, report)?);
    Ok(json!({
        "upload": upload, "received_at": received_at.to_string(), "by": by, "door": door, "problems": problems,
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
    State(app): State<Arc<App>>,
    caller: Caller,
    Path(id): Path<String>,
    params: Params,
    headers: HeaderMap,
    body: Body,
) -> Answer {
    params.finish("none")?;
    let bytes = app.memory.receive_unpacked(FEATURE, &headers, body).await?;
    let unreadable = |detail: String| Problem::new(StatusCode::BAD_REQUEST, "unreadable", detail);
    let Sent { reason } = serde_json::from_slice(&bytes).map_err(|error| unreadable(error.to_string()))?;
    let how = reason_of(&reason).map_err(|why| unreadable(format!("reason: {why}")))?;
    let missing = || Problem::not_found(format!("no upload {id:?} waits for a manager"));
    let upload = Uuid::try_parse(&id).map_err(|_| missing())?;
    let refused = app.readers.run(move |reader| reader.find_refused(upload)).await?.ok_or_else(missing)?;
    if let Some(settled) = refused.settled {
        let detail = format!("{} settled this at {}", settled.by, settled.at);
        return Err(Problem::new(StatusCode::CONFLICT, "decided", detail));
    }
    let settles = vec![Settlement { upload, how }];
    let done = app.writer.commit(Upload { settles, ..upload_of(&app, &caller, Vec::new()) }).await?;
    journal::decided(&caller, "refused", "settled", 1, 0, done.revision);
    Ok(([("cache-control", "no-store")], Json(json!({"upload": upload}))).into_response())
}
