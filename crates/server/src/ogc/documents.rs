//! Documents that OGC API clients read before they request features.

use std::sync::Arc;

use atlas::Scope;
use axum::{
    Json,
    extract::State,
    http::{HeaderMap, header},
    response::IntoResponse,
};
use serde_json::{Value, json};
use service::{Service, access::Caller};

use crate::{
    access::AskedBy,
    html::{self, Frame},
    http::{
        negotiate::{self, Form},
        params::{Params, Path},
        problem::{Answer, Problem},
        site::Site,
    },
    ogc::{conformance, openapi},
    wire::{collection::Collection, properties},
};

/// The content type of JSON Schema.
pub const SCHEMA: &str = "application/schema+json";

/// Reads `f`, which may only be JSON.
///
/// # Errors
/// 400 for any other value.
pub fn take_json(params: &mut Params) -> Answer<()> {
    match params.take("f").as_deref() {
        None | Some("json") => Ok(()),
        Some(other) => Err(Problem::parameter("f", other, "is not json")),
    }
}

/// `GET /conformance`
pub async fn conformance(
    State(service): State<Arc<Service>>,
    State(site): State<Arc<Site>>,
    mut params: Params,
    headers: HeaderMap,
) -> Answer {
    let form = negotiate::take(&mut params, &headers, &["json"])?;
    params.finish("f")?;
    let document = json!({"conformsTo": conformance::classes().collect::<Vec<_>>()});
    if form == Form::Html {
        let frame = Frame::of(&service, &site, &headers);
        return html::respond(&site, &headers, None, || Ok(html::conformance(&frame, &document))).await;
    }
    Ok(negotiate::varied(Json(document).into_response()))
}

/// `GET /api`
pub async fn api(
    State(service): State<Arc<Service>>,
    State(site): State<Arc<Site>>,
    mut params: Params,
    headers: HeaderMap,
) -> Answer {
    let form = negotiate::take(&mut params, &headers, &["json"])?;
    params.finish("f")?;
    if form == Form::Html {
        return readable(&service, &site, &headers).await;
    }
    let document = openapi::document(&site.base(&headers));
    let response = ([(header::CONTENT_TYPE, openapi::CONTENT_TYPE)], document.to_string()).into_response();
    Ok(negotiate::varied(response))
}

/// `GET /api.html`
pub async fn api_page(
    State(service): State<Arc<Service>>,
    State(site): State<Arc<Site>>,
    params: Params,
    headers: HeaderMap,
) -> Answer {
    params.finish("none")?;
    readable(&service, &site, &headers).await
}

async fn readable(service: &Service, site: &Site, headers: &HeaderMap) -> Answer {
    let (frame, base) = (Frame::of(service, site, headers), site.base(headers));
    html::respond(site, headers, None, || Ok(html::api(&frame, &openapi::document(&base)))).await
}

/// `GET /collections/{collection}/schema`
pub async fn schema(
    State(service): State<Arc<Service>>,
    State(site): State<Arc<Site>>,
    AskedBy(caller): AskedBy,
    Path(collection): Path<String>,
    params: Params,
    headers: HeaderMap,
) -> Answer {
    described((&service, &site, &caller), &collection, params, &headers, ("schema", properties::schema)).await
}

/// `GET /collections/{collection}/queryables`
pub async fn queryables(
    State(service): State<Arc<Service>>,
    State(site): State<Arc<Site>>,
    AskedBy(caller): AskedBy,
    Path(collection): Path<String>,
    params: Params,
    headers: HeaderMap,
) -> Answer {
    described(
        (&service, &site, &caller),
        &collection,
        params,
        &headers,
        ("queryables", properties::queryables),
    )
    .await
}

/// A function that builds a collection's document, for a scope, from its title and address.
type Document = fn(Collection, Scope, &str, &str) -> Value;

async fn described(
    (service, site, caller): (&Service, &Site, &Caller),
    collection: &str,
    mut params: Params,
    headers: &HeaderMap,
    (what, document): (&str, Document),
) -> Answer {
    let form = negotiate::take(&mut params, headers, &["json"])?;
    params.finish("f")?;
    let collection = Collection::parse(collection)?;
    let own = format!("{}/collections/{}/{what}", site.base(headers), collection.name());
    let title = collection.title_and_description().0;
    let document = document(collection, caller.scope(), title, &own);
    if form == Form::Html {
        let frame = Frame::of(service, site, headers);
        let make = || Ok(html::properties(&frame, collection.name(), title, what, &document));
        return html::respond(site, headers, None, make).await;
    }
    let response = ([(header::CONTENT_TYPE, SCHEMA)], document.to_string()).into_response();
    Ok(negotiate::varied(response))
}
