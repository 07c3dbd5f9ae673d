//! `GET /search`: places and regions by name, in any spelling.

use std::sync::Arc;

use axum::{Json, extract::State, response::IntoResponse};
use serde_json::json;
use service::Service;

use crate::{
    http::{
        params::Params,
        problem::{Answer, Problem},
    },
    wire::regions,
};

/// The most results.
const RESULTS: usize = 12;

/// `GET /search?q=`
pub async fn search(State(service): State<Arc<Service>>, mut params: Params) -> Answer {
    let text = params.take("q").unwrap_or_default();
    params.finish("q")?;
    if text.chars().count() > 100 {
        return Err(Problem::parameter("q", &text, "is longer than 100 characters"));
    }
    let reference = service.atlas.reference();
    let results: Vec<_> =
        reference.search(&text, RESULTS).iter().map(|hit| regions::hit(reference, hit)).collect();
    Ok(Json(json!({"results": results})).into_response())
}
