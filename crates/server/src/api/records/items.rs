//! Features of the collections: pages, single features, and their history.

use std::sync::Arc;

use atlas::{Found, ReferenceData, View};
use axum::{
    Json,
    extract::State,
    http::HeaderMap,
    response::{IntoResponse, Response},
};
use demining::{Judged, for_collection};
use geometry::LonLat;
use serde_json::{Value, json};
use service::{Service, access::Caller};
use uuid::Uuid;

use crate::{
    access::AskedBy,
    html::{self, Drawn, Frame},
    http::{
        cached_response::{CachedResponse, Keep},
        negotiate::{self, Form},
        params::{Params, Path},
        problem::{Answer, Problem},
        site::Site,
    },
    wire::{
        collection::{Collection, noun},
        features::{self, GEOJSON, Page},
        history,
        records::Listed,
        reference,
        systems::{self, System, Within},
    },
};

/// The default and the largest number of features on one page.
pub const LIMIT: (usize, usize) = (1_000, 10_000);

/// The same for an HTML table.
const LIMIT_OF_A_TABLE: (usize, usize) = (100, 1_000);

/// The values of `f` that mean GeoJSON.
const FORMATS: [&str; 2] = ["json", "geojson"];

/// `GET /collections/{collection}/items` of a collection of records.
pub async fn records<T: Listed>(
    State(service): State<Arc<Service>>,
    State(site): State<Arc<Site>>,
    AskedBy(caller): AskedBy,
    params: Params,
    headers: HeaderMap,
) -> Answer {
    page((&service, &site, &caller), Collection::Records(T::COLLECTION), params, &headers).await
}

/// `GET /collections/{collection}/items`
pub async fn list(
    State(service): State<Arc<Service>>,
    State(site): State<Arc<Site>>,
    AskedBy(caller): AskedBy,
    Path(collection): Path<String>,
    params: Params,
    headers: HeaderMap,
) -> Answer {
    page((&service, &site, &caller), Collection::parse(&collection)?, params, &headers).await
}

async fn page(
    (service, site, caller): (&Service, &Site, &Caller),
    collection: Collection,
    mut params: Params,
    headers: &HeaderMap,
) -> Answer {
    let base = site.base(headers);
    let kept = params.without(&["after"]);
    let form = negotiate::take(&mut params, headers, &FORMATS)?;
    let (usual, most) = if form == Form::Html { LIMIT_OF_A_TABLE } else { LIMIT };
    let limit = params.parse("limit", |text| match text.parse::<usize>() {
        // The standard wants the largest page for a limit above the maximum, not an error.
        Ok(n) if n >= 1 => Ok(n.min(most)),
        _ => Err("is not a whole number of 1 or more".to_owned()),
    })?;
    let limit = limit.unwrap_or(usual);
    let after = params.take("after");
    let only_hits = params.parse("resultType", |text| match text {
        "hits" => Ok(true),
        "results" => Ok(false),
        _ => Err("is not hits or results".to_owned()),
    })?;
    let only_hits = only_hits.unwrap_or(false);
    let system = systems::take(&mut params)?;
    let within = systems::take_bbox(&mut params)?;
    let make = || {
        let view = caller.view(&service.atlas);
        let after = after.as_deref();
        let page = if let Collection::Records(collection) = collection {
            for_collection!(collection, T => page_of::<T>(&view, params, within, (after, limit, only_hits))?)
        } else {
            let condition = reference::take(&mut params, collection)?;
            params.finish(&format!("{}, {PAGING}", reference::NAMES))?;
            let limit = if only_hits { 0 } else { limit };
            let after = key(after, |key| key.parse().map_err(|_| "is not a page key".to_owned()))?;
            let asked = (within.as_ref(), condition.as_ref());
            reference::page(view.reference(), collection, asked, after, limit)
        };
        let own = format!("{base}/collections/{}/items", collection.name());
        let next = page.next.clone().filter(|_| !only_hits);
        let links = links(&own, &kept, after, next.as_deref());
        Ok((page.into_json(&links, &system)?, view.revision()))
    };
    if form == Form::Html {
        let (frame, revision) = (Frame::of(service, site, headers), caller.view(&service.atlas).revision());
        let make = || Ok(html::items(&frame, collection, &read_again(&make()?.0)?, &kept));
        return html::respond(site, headers, Some(revision), make).await;
    }
    let make = || make().map(|(body, revision)| CachedResponse::new(GEOJSON, body, revision));
    let keep = site.keep(Keep::Asking);
    Ok(in_system(site.responses.once(headers, make).await?.respond(headers, keep), &system))
}

/// Reads the filters and returns the page of the filtered records.
fn page_of<T: Listed>(
    view: &View,
    mut params: Params,
    within: Option<Within>,
    (after, limit, only_hits): (Option<&str>, usize, bool),
) -> Answer<Page> {
    let mut filter = T::filter(&mut params, view)?;
    params.finish(&format!("{}, {PAGING}", T::FILTERS))?;
    if let Some(within) = within {
        T::within(&mut filter, within);
    }
    if only_hits {
        return Ok(Page::hits::<T>(view, &filter));
    }
    let after = key(after, |key| features::number_of::<T>(view, key))?;
    Ok(Page::of_records::<T>(view, &filter, after, limit))
}

/// Reads the key at which a page begins.
fn key(after: Option<&str>, number: impl FnOnce(&str) -> Result<u32, String>) -> Answer<Option<u32>> {
    let read = |key| number(key).map_err(|reason| Problem::parameter("after", key, &reason));
    after.map(read).transpose()
}

/// The parameters of a page other than filters.
const PAGING: &str = "limit, after, crs, bbox-crs, f, resultType";

/// Parses a document that is shown as a page.
fn read_again(body: &[u8]) -> Answer<Value> {
    serde_json::from_slice(body).map_err(|error| Problem::internal(&error))
}

/// Returns what the page draws beside a feature: its region, and its own place.
fn drawn(
    reference: &ReferenceData,
    collection: Collection,
    id: &str,
    place: Option<LonLat>,
) -> Option<Drawn> {
    let place = match collection {
        Collection::Places => reference.places().iter().find(|p| p.id.to_string() == id).map(|p| p.location),
        _ => place,
    };
    let region = if collection == Collection::Regions { Some(id) } else { reference.locate(place?) };
    let region = reference.region(region?).map(|info| &info.region)?;
    Some(Drawn { region: region.names.get("en").to_owned(), boundary: region.boundary.clone(), place })
}

/// Sets the header that names the coordinates' reference system.
fn in_system(mut response: Response, system: &System) -> Response {
    response.headers_mut().insert(systems::CONTENT_CRS, system.header());
    negotiate::varied(response)
}

/// Builds the links of a page at `own` with these parameters that begins after a key.
fn links(own: &str, parameters: &str, after: Option<&str>, next: Option<&str>) -> Vec<Value> {
    let page = |after: Option<&str>| {
        let after = after.map(|key| format!("{}after={key}", if parameters.is_empty() { "" } else { "&" }));
        let query = format!("{parameters}{}", after.unwrap_or_default());
        if query.is_empty() { own.to_owned() } else { format!("{own}?{query}") }
    };
    let own_page = page(after);
    let without_form: Vec<&str> =
        own_page.split(['?', '&']).skip(1).filter(|pair| !pair.starts_with("f=")).collect();
    let html = format!("{own}?{}", [&without_form[..], &["f=html"]].concat().join("&"));
    let mut links = vec![
        json!({"rel": "self", "type": GEOJSON, "href": own_page}),
        json!({"rel": "alternate", "type": "text/html", "href": html}),
    ];
    if let Some(next) = next {
        links.push(json!({"rel": "next", "type": GEOJSON, "href": page(Some(next))}));
    }
    let collection = own.trim_end_matches("/items");
    links.push(json!({"rel": "collection", "type": "application/json", "href": collection}));
    links
}

/// Builds the links of one feature.
fn item_links(base: &str, collection: Collection, id: &str) -> Vec<Value> {
    let own = format!("{base}/collections/{}", collection.name());
    vec![
        json!({"rel": "self", "type": GEOJSON, "href": format!("{own}/items/{id}")}),
        json!({"rel": "alternate", "type": "text/html", "href": format!("{own}/items/{id}?f=html")}),
        json!({"rel": "collection", "type": "application/json", "href": own}),
    ]
}

/// `GET /collections/{collection}/items/{id}` of a collection of records.
pub async fn record<T: Listed>(
    State(service): State<Arc<Service>>,
    State(site): State<Arc<Site>>,
    AskedBy(caller): AskedBy,
    Path(id): Path<String>,
    mut params: Params,
    headers: HeaderMap,
) -> Answer {
    let form = negotiate::take(&mut params, &headers, &FORMATS)?;
    let system = systems::take(&mut params)?;
    params.finish("crs, f")?;
    let view = caller.view(&service.atlas);
    let found = find::<T>(&view, &id)?;
    let (id, collection) = (found.record.content.id().to_string(), Collection::Records(T::COLLECTION));
    let links = item_links(&site.base(&headers), collection, &id);
    let fields = features::fields(view.scope());
    let body = features::linked(&found, fields, &links, &system)?;
    if form == Form::Html {
        let place = Some(found.record.content.location());
        return page_of_one((&service, &site, &caller), &headers, collection, &body, place).await;
    }
    let item =
        CachedResponse::new(GEOJSON, body, view.revision()).tagged_as(&features::feature(&found, fields));
    Ok(in_system(item.respond(&headers, site.keep(Keep::Asking)), &system))
}

/// `GET /collections/{collection}/items/{id}`
pub async fn one(
    State(service): State<Arc<Service>>,
    State(site): State<Arc<Site>>,
    AskedBy(caller): AskedBy,
    Path((collection, id)): Path<(String, String)>,
    mut params: Params,
    headers: HeaderMap,
) -> Answer {
    let form = negotiate::take(&mut params, &headers, &FORMATS)?;
    let system = systems::take(&mut params)?;
    params.finish("crs, f")?;
    let view = caller.view(&service.atlas);
    let collection = Collection::parse(&collection)?;
    let links = item_links(&site.base(&headers), collection, &id);
    let body = reference::item(view.reference(), collection, &id, &links, &system)?;
    if form == Form::Html {
        return page_of_one((&service, &site, &caller), &headers, collection, &body, None).await;
    }
    let item = CachedResponse::new(GEOJSON, body, view.revision());
    Ok(in_system(item.respond(&headers, site.keep(Keep::Asking)), &system))
}

async fn page_of_one(
    (service, site, caller): (&Service, &Site, &Caller),
    headers: &HeaderMap,
    collection: Collection,
    body: &[u8],
    place: Option<LonLat>,
) -> Answer {
    let (frame, view) = (Frame::of(service, site, headers), caller.view(&service.atlas));
    let feature = read_again(body)?;
    let id = feature["id"].to_string();
    let drawn = drawn(view.reference(), collection, id.trim_matches('"'), place);
    let make = || Ok(html::item(&frame, collection, &feature, drawn.as_ref()));
    html::respond(site, headers, Some(view.revision()), make).await
}

/// Finds the record with this id.
///
/// # Errors
/// 404 when it does not exist.
pub fn find<T: Listed>(view: &View, id: &str) -> Answer<Found<Judged<T>>> {
    let missing = || Problem::not_found(format!("{} not found: {id:?}", noun(T::COLLECTION)));
    let id = Uuid::try_parse(id).map_err(|_| missing())?;
    T::find(view, id).ok_or_else(missing)
}

/// `GET /collections/{collection}/items/{id}/history` of a collection of records: every revision, newest
/// first.
pub async fn history<T: Listed>(
    State(service): State<Arc<Service>>,
    Path(id): Path<String>,
    params: Params,
) -> Answer {
    params.finish("none")?;
    let missing = || Problem::not_found(format!("no {} ever had the id {id:?}", noun(T::COLLECTION)));
    let record = Uuid::try_parse(&id).map_err(|_| missing())?;
    let changes = service.readers.run(move |reader| reader.history::<T>(record)).await?;
    if changes.is_empty() {
        return Err(missing());
    }
    let revisions: Vec<_> = changes
        .iter()
        .map(|change| history::entry(service.atlas.reference(), change))
        .collect::<Answer<_>>()?;
    Ok(Json(json!({"id": record, "revisions": revisions})).into_response())
}
