//! `GET /`: the map for people, the landing page for programs.

use std::sync::Arc;

use axum::{extract::State, http::HeaderMap};
use demining::Revision;
use serde_json::{Value, json};
use service::Service;

use crate::{
    api::page,
    html::{self, Frame},
    http::{
        cached_response::{CachedResponse, Keep, REVISION_HEADER},
        negotiate::{self, Form},
        params::Params,
        problem::Answer,
        site::Site,
    },
    ogc::{openapi, tilesets},
};

/// `GET /`
pub async fn landing(
    State(service): State<Arc<Service>>,
    State(site): State<Arc<Site>>,
    mut params: Params,
    headers: HeaderMap,
) -> Answer {
    // Browsers get the map, and so does a link to a state of the map, which is in the query. Programs without
    // a preference get JSON.
    let is_form_wanted = params.names().any(|name| name == "f");
    if !is_form_wanted && (!params.is_empty() || negotiate::prefers_html(&headers)) {
        return Ok(negotiate::varied(page::index(&site, &headers).await?));
    }
    let form = negotiate::take(&mut params, &headers, &["json"])?;
    params.finish("f")?;
    let document = document(&site.base(&headers));
    if form == Form::Html {
        let frame = Frame::of(&service, &site, &headers);
        return html::respond(&site, &headers, None, || Ok(html::landing(&frame, &document))).await;
    }
    let mut response =
        CachedResponse::json(&document, Revision(0))?.respond(&headers, site.keep(Keep::Asking));
    // The page does not depend on records.
    response.headers_mut().remove(REVISION_HEADER);
    Ok(negotiate::varied(response))
}

/// Builds the landing page of OGC API Common.
fn document(base: &str) -> Value {
    json!({
        "title": "Clearline",
        "description": "Demining progress. Shows what has been recorded: no record does not mean no danger.",
        "links": [
            {"rel": "self", "type": "application/json", "href": format!("{base}/?f=json")},
            {"rel": "alternate", "type": "text/html", "href": format!("{base}/?f=html")},
            {"rel": "service-desc", "type": openapi::CONTENT_TYPE, "href": format!("{base}/api"), "title": "OpenAPI 3.0"},
            {"rel": "service-doc", "type": "text/html", "href": format!("{base}/api.html")},
            {"rel": "conformance", "type": "application/json", "href": format!("{base}/conformance")},
            {"rel": "data", "type": "application/json", "href": format!("{base}/collections")},
            {"rel": tilesets::SCHEMES, "type": "application/json", "href": format!("{base}/tileMatrixSets")},
            {"rel": "style", "type": "application/json", "href": format!("{base}/style.json")},
        ],
    })
}
