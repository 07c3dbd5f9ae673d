//! `POST /hooks/kobo` and `/hooks/central`: submissions that another server received and sends on.

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

/// 201 when it found its place, 202 when it is kept and a manager has to look at it, both only once it is on the
/// disk; 200 for an event that is of no interest.
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
        return Ok((StatusCode::OK, Json(json!({"status": "of no interest here"}))).into_response());
    };
    // The same again is the same; other words about the same submission are looked at.
    let key = Some(format!("{}/{}", submission.id, hex::encode(Sha256::digest(&*received))));
    let message = InboundMessage { channel: Channel::Hook(hook), key, bytes: received };
    let answer = match open(intake::take(&service.intake, &caller, message).await?)? {
        None => (StatusCode::CREATED, json!({"status": "received"})),
        Some(open) => {
            (StatusCode::ACCEPTED, json!({"status": "kept for a manager to look at", "detail": open}))
        }
    };
    Ok((answer.0, Json(answer.1)).into_response())
}
