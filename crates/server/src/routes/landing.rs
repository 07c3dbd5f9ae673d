//! `GET /`: the map for people, the landing page for programs.

use std::sync::Arc;

use axum::{
    extract::State,
    http::{HeaderMap, HeaderValue, header},
};
use demining::Revision;
use serde_json::json;

use super::page;
use crate::{
    app::App,
    ogc::openapi,
    params::Params,
    problem::{Answer, Problem},
    sendable::{Keep, REVISION_HEADER, Sendable},
    wire::links,
};

/// `GET /`
pub async fn landing(State(app): State<Arc<App>>, mut params: Params, headers: HeaderMap) -> Answer {
    let wanted = params.take("f");
    let json_wanted = match wanted.as_deref() {
        Some("json") => true,
        Some("html") => false,
        Some(other) => return Err(Problem::parameter("f", other, "is not json or html")),
        // Browsers say that they want HTML. Programs that do not care get what programs read, unless they were
        // given the address of a state of the map.
        None => params.is_empty() && !accepts_html(&headers),
    };
    let mut response = if json_wanted {
        params.finish("f")?;
        let mut response = page(&app, &headers)?.respond(&headers, Keep::Asking);
        // It rests on no records.
        response.headers_mut().remove(REVISION_HEADER);
        response
    } else {
        // The map keeps its own state in the query: any parameter is its affair.
        page::index(&app, &headers).await?
    };
    response.headers_mut().insert(header::VARY, HeaderValue::from_static("accept, accept-encoding"));
    Ok(response)
}

fn accepts_html(headers: &HeaderMap) -> bool {
    headers.get_all(header::ACCEPT).iter().any(|value| value.to_str().is_ok_and(|v| v.contains("text/html")))
}

/// The landing page of OGC API Common.
fn page(app: &App, headers: &HeaderMap) -> Answer<Sendable> {
    let base = links::base(app, headers);
    let page = json!({
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
    });
    Sendable::json(&page, Revision(0))
}
