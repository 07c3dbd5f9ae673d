//! Whether the server lives, and whether it answers.

use std::sync::Arc;

use axum::{Json, extract::State, http::StatusCode};
use serde_json::{Value, json};
use service::Service;

/// `GET /healthz`: the process answers.
pub async fn live() -> Json<Value> {
    Json(json!({"status": "ok"}))
}

/// `GET /readyz`: the index is built and the store can be read and written. The index is, before the
/// first request is answered. Writing is tried only when it has failed before.
pub async fn ready(State(service): State<Arc<Service>>) -> (StatusCode, Json<Value>) {
    if service.corruption.is_found() {
        let status = "the store is damaged: nothing can be written until a backup is put in its place";
        return (StatusCode::SERVICE_UNAVAILABLE, Json(json!({"status": status})));
    }
    if let Some(status) = service.hindrance().await {
        return (StatusCode::SERVICE_UNAVAILABLE, Json(json!({"status": status})));
    }
    // No revision: it would tell the public of changes that it does not see.
    match service.readers.run(|reader| reader.revision()).await {
        Ok(_) => (StatusCode::OK, Json(json!({"status": "ready"}))),
        Err(_) => (StatusCode::SERVICE_UNAVAILABLE, Json(json!({"status": "the store cannot be read"}))),
    }
}
