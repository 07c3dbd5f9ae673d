//! What clients of the OGC API standards read before they ask for features.

use std::sync::Arc;

use axum::{
    Json,
    extract::State,
    http::{HeaderMap, header},
    response::IntoResponse,
};
use serde_json::{Value, json};

use super::collections::Collection;
use crate::{
    app::App,
    ogc::{conformance, openapi, properties},
    params::{Params, Path},
    problem::{Answer, Problem},
    wire::links,
};

/// The content type of JSON Schema.
pub const SCHEMA: &str = "application/schema+json";

/// Takes `f`, which can only ask for JSON.
///
/// # Errors
/// 400 when it asks for something else.
pub fn take_json(params: &mut Params) -> Answer<()> {
    match params.take("f").as_deref() {
        None | Some("json") => Ok(()),
        Some(other) => Err(Problem::parameter("f", other, "is not json")),
    }
}

/// `GET /conformance`
pub async fn conformance(mut params: Params) -> Answer<Json<Value>> {
    take_json(&mut params)?;
    params.finish("f")?;
    Ok(Json(json!({"conformsTo": conformance::classes().collect::<Vec<_>>()})))
}

/// `GET /api`
pub async fn api(State(app): State<Arc<App>>, mut params: Params, headers: HeaderMap) -> Answer {
    take_json(&mut params)?;
    params.finish("f")?;
    let document = openapi::document(&links::base(&app, &headers));
    Ok(([(header::CONTENT_TYPE, openapi::CONTENT_TYPE)], document.to_string()).into_response())
}

/// `GET /collections/{collection}/schema`
pub async fn schema(
    State(app): State<Arc<App>>,
    Path(collection): Path<String>,
    params: Params,
    headers: HeaderMap,
) -> Answer {
    described(&app, &collection, params, &headers, "schema", properties::schema)
}

/// `GET /collections/{collection}/queryables`
pub async fn queryables(
    State(app): State<Arc<App>>,
    Path(collection): Path<String>,
    params: Params,
    headers: HeaderMap,
) -> Answer {
    described(&app, &collection, params, &headers, "queryables", properties::queryables)
}

fn described(
    app: &App,
    collection: &str,
    mut params: Params,
    headers: &HeaderMap,
    what: &str,
    document: impl Fn(Collection, &str, &str) -> Value,
) -> Answer {
    take_json(&mut params)?;
    params.finish("f")?;
    let collection = Collection::parse(collection)?;
    let own = format!("{}/collections/{}/{what}", links::base(app, headers), collection.name());
    let document = document(collection, collection.title_and_description().0, &own);
    Ok(([(header::CONTENT_TYPE, SCHEMA)], document.to_string()).into_response())
}
