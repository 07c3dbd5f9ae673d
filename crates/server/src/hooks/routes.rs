//! `POST /hooks/kobo` and `/hooks/central`: submissions that another server received and forwards.

use std::sync::Arc;

use axum::{
    Json,
    extract::State,
    http::{HeaderMap, StatusCode},
    response::IntoResponse,
};
use serde_json::json;
use service::{
    Service,
    intake::{self, Channel, Hook, InboundMessage, read_hook},
};
use sha2::{Digest, Sha256};

use crate::{
    access::AskedBy,
    api::answers::open,
    http::{
        body::{Incoming, SUBMISSION},
        params::Params,
        problem::{Answer, Problem},
    },
};

/// `POST /hooks/kobo`
pub async fn kobo(
    service: State<Arc<Service>>,
    asked_by: AskedBy,
    params: Params,
    headers: HeaderMap,
    body: Incoming,
) -> Answer {
    take(service, asked_by, params, &headers, body, Hook::Kobo).await
}

/// `POST /hooks/central`
pub async fn central(
    service: State<Arc<Service>>,
    asked_by: AskedBy,
    params: Params,
    headers: HeaderMap,
    body: Incoming,
) -> Answer {
    take(service, asked_by, params, &headers, body, Hook::Central).await
}

/// Returns 201 when the submission was accepted and 202 when it waits for a manager, both only once it is on
/// disk; 200 for an ignored event.
async fn take(
    State(service): State<Arc<Service>>,
    AskedBy(caller): AskedBy,
    params: Params,
    headers: &HeaderMap,
    body: Incoming,
    hook: Hook,
) -> Answer {
    params.finish("none")?;
    let received = body.receive_unpacked(&service.intake.memory, SUBMISSION, headers).await?;
    let read = read_hook(hook, &received).map_err(|error| Problem::from(&error))?;
    let Some(submission) = read else {
        return Ok((StatusCode::OK, Json(json!({"status": "ignored"}))).into_response());
    };
    // A repeated request is recognised; different content for the same submission is judged.
    let key = Some(format!("{}/{}", submission.id, hex::encode(Sha256::digest(&*received))));
    let message = InboundMessage { channel: Channel::Hook(hook), key, bytes: received };
    let answer = match open(intake::take(&service.intake, &caller, message).await?)? {
        None => (StatusCode::CREATED, json!({"status": "received"})),
        Some(open) => {
            (StatusCode::ACCEPTED, json!({"status": "kept for a manager to review", "detail": open}))
        }
    };
    Ok((answer.0, Json(answer.1)).into_response())
}
