//! What clients of the OGC API standards read before they ask for features.

use std::sync::Arc;

use atlas::Scope;
use axum::{
    Json,
    extract::State,
    http::{HeaderMap, header},
    response::IntoResponse,
};
use serde_json::{Value, json};

use super::collections::Collection;
use service::access::Caller;

use crate::{
    access::AskedBy,
    app::App,
    negotiate::{self, Form},
    ogc::{conformance, openapi, properties},
    pages::{self, Frame},
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
pub async fn conformance(State(app): State<Arc<App>>, mut params: Params, headers: HeaderMap) -> Answer {
    let form = negotiate::take(&mut params, &headers, &["json"])?;
    params.finish("f")?;
    let document = json!({"conformsTo": conformance::classes().collect::<Vec<_>>()});
    if form == Form::Html {
        let frame = Frame::of(&app, &headers);
        return pages::respond(&app, &headers, None, || Ok(pages::conformance(&frame, &document))).await;
    }
    Ok(negotiate::varied(Json(document).into_response()))
}

/// `GET /api`
pub async fn api(State(app): State<Arc<App>>, mut params: Params, headers: HeaderMap) -> Answer {
    let form = negotiate::take(&mut params, &headers, &["json"])?;
    params.finish("f")?;
    if form == Form::Html {
        return readable(&app, &headers).await;
    }
    let document = openapi::document(&links::base(&app, &headers));
    let response = ([(header::CONTENT_TYPE, openapi::CONTENT_TYPE)], document.to_string()).into_response();
    Ok(negotiate::varied(response))
}

/// `GET /api.html`
pub async fn api_page(State(app): State<Arc<App>>, params: Params, headers: HeaderMap) -> Answer {
    params.finish("none")?;
    readable(&app, &headers).await
}

async fn readable(app: &App, headers: &HeaderMap) -> Answer {
    let (frame, base) = (Frame::of(app, headers), links::base(app, headers));
    pages::respond(app, headers, None, || Ok(pages::api(&frame, &openapi::document(&base)))).await
}

/// `GET /collections/{collection}/schema`
pub async fn schema(
    State(app): State<Arc<App>>,
    AskedBy(caller): AskedBy,
    Path(collection): Path<String>,
    params: Params,
    headers: HeaderMap,
) -> Answer {
    described((&app, &caller), &collection, params, &headers, ("schema", properties::schema)).await
}

/// `GET /collections/{collection}/queryables`
pub async fn queryables(
    State(app): State<Arc<App>>,
    AskedBy(caller): AskedBy,
    Path(collection): Path<String>,
    params: Params,
    headers: HeaderMap,
) -> Answer {
    described((&app, &caller), &collection, params, &headers, ("queryables", properties::queryables)).await
}

/// What makes a document of a collection, for a scope, with its title and its address.
type Document = fn(Collection, Scope, &str, &str) -> Value;

async fn described(
    (app, caller): (&App, &Caller),
    collection: &str,
    mut params: Params,
    headers: &HeaderMap,
    (what, document): (&str, Document),
) -> Answer {
    let form = negotiate::take(&mut params, headers, &["json"])?;
    params.finish("f")?;
    let collection = Collection::parse(collection)?;
    let own = format!("{}/collections/{}/{what}", links::base(app, headers), collection.name());
    let title = collection.title_and_description().0;
    let document = document(collection, caller.scope(), title, &own);
    if form == Form::Html {
        let frame = Frame::of(app, headers);
        let make = || Ok(pages::properties(&frame, collection.name(), title, what, &document));
        return pages::respond(app, headers, None, make).await;
    }
    let response = ([(header::CONTENT_TYPE, SCHEMA)], document.to_string()).into_response();
    Ok(negotiate::varied(response))
}
