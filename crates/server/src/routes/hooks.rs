//! `POST /hooks/kobo` and `/hooks/central`: submissions that another server received and sends on.

use std::sync::Arc;

use axum::{
    Json,
    body::Body,
    extract::State,
    http::{HeaderMap, StatusCode},
    response::IntoResponse,
};
use serde_json::json;
use sha2::{Digest, Sha256};

use super::openrosa::told;
use crate::{
    access::Caller,
    app::App,
    body::SUBMISSION,
    hooks::{self, Hook},
    inbox::{self, Door, Parcel},
    params::Params,
    problem::{Answer, Problem},
    upload::read_problem,
};

/// `POST /hooks/kobo`
pub async fn kobo(
    app: State<Arc<App>>,
    caller: Caller,
    params: Params,
    headers: HeaderMap,
    body: Body,
) -> Answer {
    take(app, caller, params, &headers, body, Hook::Kobo).await
}

/// `POST /hooks/central`
pub async fn central(
    app: State<Arc<App>>,
    caller: Caller,
    params: Params,
    headers: HeaderMap,
    body: Body,
) -> Answer {
    take(app, caller, params, &headers, body, Hook::Central).await
}

/// 201 when it found its place, 202 when it is kept and a manager has to look at it, both only once it is on the
/// disk; 200 for an event that is of no interest.
async fn take(
    State(app): State<Arc<App>>,
    caller: Caller,
    params: Params,
    headers: &HeaderMap,
    body: Body,
    hook: Hook,
) -> Answer {
    params.finish("none")?;
    let received = app.memory.receive(SUBMISSION, headers, body).await?;
    let Some(submission) = hooks::read(hook, &received).map_err(|error| read_problem(&error))? else {
        return Ok((StatusCode::OK, Json(json!({"status": "of no interest here"}))).into_response());
    };
    let parcel = Parcel {
        door: Door::Hook,
        // The same again is the same; other words about the same submission are looked at.
        key: Some(format!("{}/{}", submission.id, hex::encode(Sha256::digest(&*received)))),
        envelope: serde_json::to_string(&hook).map_err(|e| Problem::internal(&e))?,
    };
    let answer = match told(inbox::keep(&app, &caller, parcel, received).await)? {
        None => (StatusCode::CREATED, json!({"status": "received"})),
        Some(open) => {
            (StatusCode::ACCEPTED, json!({"status": "kept for a manager to look at", "detail": open}))
        }
    };
    Ok((answer.0, Json(answer.1)).into_response())
}
