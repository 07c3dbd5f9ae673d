//! `GET /`: the map for people, the landing page for programs.

use std::sync::Arc;

use axum::{
    Json,
    extract::State,
    http::{HeaderMap, header},
    response::IntoResponse,
};
use serde_json::json;

use super::page;
use crate::{
    app::App,
    ogc::openapi,
    params::Params,
    problem::{Answer, Problem},
    wire::links,
};

/// `GET /`
pub async fn landing(State(app): State<Arc<App>>, mut params: Params, headers: HeaderMap) -> Answer {
    let wanted = params.take("f");
    let json_wanted = match wanted.as_deref() {
        Some("json") => true,
        Some("html") => false,
        Some(other) => return Err(Problem::parameter("f", other, "is not json or html")),
        None => {
            let accept = headers.get(header::ACCEPT).and_then(|v| v.to_str().ok()).unwrap_or("");
            accept.contains("application/json") && !accept.contains("text/html")
        }
    };
    // The map keeps its own state in the query: any parameter is its affair.
    if !json_wanted {
        return page::index(&app, &headers).await;
    }
    params.finish("f")?;
    let base = links::base(&app, &headers);
    Ok(Json(json!({
        "title": "Clearline",
        "description": "Demining progress. Shows what has been recorded: no record does not mean no danger.",
        "links": [
            {"rel": "self", "type": "application/json", "href": format!("{base}/?f=json")},
            {"rel": "alternate", "type": "text/html", "href": format!("{base}/")},
            {"rel": "service-desc", "type": openapi::CONTENT_TYPE, "href": format!("{base}/api"), "title": "OpenAPI 3.0"},
            {"rel": "conformance", "type": "application/json", "href": format!("{base}/conformance")},
            {"rel": "data", "type": "application/json", "href": format!("{base}/collections")},
            {"rel": "style", "type": "application/json", "href": format!("{base}/style.json")},
        ],
    }))
    .into_response())
}
