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
    params::{Params, Path},
    problem::{Answer, Problem},
    upload::{reason_of, upload_of},
    wire::upload::{Report, RowProblem},
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
        let uploads: Vec<Value> = refused.iter().map(entry).collect();
        let waiting = waiting(reader, &view, &caller, None)?;
        Ok(json!({"waiting": waiting, "uploads": uploads, "next": next}))
    };
    let told = app.readers.run(work).await?;
    Ok(([("cache-control", "no-store")], Json(told)).into_response())
}

fn entry(refused: &Refused) -> Value {
    let Refused { upload, received_at, by, door, report, .. } = refused;
    let problems = problems(report);
    json!({"upload": upload, "received_at": received_at.to_string(), "by": by, "door": door, "problems": problems})
}

/// What a report says is wrong, or the problem that it is.
fn problems(report: &str) -> Vec<RowProblem> {
    let problem = match serde_json::from_str::<Report>(report) {
        Ok(report) if report.refused > 0 => return report.problems,
        _ => Problem::read(report),
    };
    let whole = problem.map_or_else(String::new, |problem| problem.detail().to_owned());
    vec![RowProblem {
        row: 0,
        id: None,
        field: String::new(),
        value: String::new(),
        reason: whole,
        code: None,
    }]
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
    app.writer.commit(Upload { settles, ..upload_of(&app, &caller, Vec::new()) }).await?;
    Ok(([("cache-control", "no-store")], Json(json!({"upload": upload}))).into_response())
}
