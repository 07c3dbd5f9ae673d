//! Liveness and readiness.

use std::sync::Arc;

use axum::{Json, extract::State, http::StatusCode};
use serde_json::{Value, json};
use service::Service;

/// `GET /healthz`: the process responds.
pub async fn live() -> Json<Value> {
    Json(json!({"status": "ok"}))
}

/// `GET /readyz`: the index is built and the store is readable and writable. The server builds the index
/// before it accepts requests. It tests writing only after a failed write.
pub async fn ready(State(service): State<Arc<Service>>) -> (StatusCode, Json<Value>) {
    if service.corruption.is_found() {
        let status = "the store is damaged: nothing can be written until a backup replaces it";
        return (StatusCode::SERVICE_UNAVAILABLE, Json(json!({"status": status})));
    }
    if let Some(status) = service.hindrance().await {
        return (StatusCode::SERVICE_UNAVAILABLE, Json(json!({"status": status})));
    }
    // Omit the revision: it would disclose changes that the public does not see.
    match service.readers.run(|reader| reader.revision()).await {
        Ok(_) => (StatusCode::OK, Json(json!({"status": "ready"}))),
        Err(_) => (StatusCode::SERVICE_UNAVAILABLE, Json(json!({"status": "the store cannot be read"}))),
    }
}
