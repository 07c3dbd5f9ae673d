//! Features of the collections: pages, single ones, and their history.

use std::sync::Arc;

use atlas::{Found, Scope};
use axum::{
    Json,
    extract::State,
    http::HeaderMap,
    response::{IntoResponse, Response},
};
use serde_json::{Value, json};
use uuid::Uuid;

use super::collections::Collection;
use crate::{
    app::App,
    ogc::systems::{self, System, Within},
    params::{Params, Path},
    problem::{Answer, Problem},
    sendable::{Keep, Sendable},
    wire::{features, filter, history, links as addresses},
};

/// Features on one page: unless asked otherwise, and at the most.
pub const LIMIT: (usize, usize) = (1_000, 10_000);

/// The content type of features.
pub const GEOJSON: &str = "application/geo+json";

/// `GET /collections/detections/items`
pub async fn detections(State(app): State<Arc<App>>, params: Params, headers: HeaderMap) -> Answer {
    page(&app, Collection::Detections, params, &headers).await
}

/// `GET /collections/{collection}/items`
pub async fn list(
    State(app): State<Arc<App>>,
    Path(collection): Path<String>,
    params: Params,
    headers: HeaderMap,
) -> Answer {
    page(&app, Collection::parse(&collection)?, params, &headers).await
}

async fn page(app: &App, collection: Collection, mut params: Params, headers: &HeaderMap) -> Answer {
    let base = addresses::base(app, headers);
    let kept = params.without(&["after"]);
    take_format(&mut params)?;
    let limit = params.parse("limit", |text| match text.parse::<usize>() {
        // More than the most is answered with the most, as the standard wants it.
        Ok(n) if n >= 1 => Ok(n.min(LIMIT.1)),
        _ => Err("is not a number of 1 or more".to_owned()),
    })?;
    let limit = limit.unwrap_or(LIMIT.0);
    let after = params.parse("after", |t| t.parse::<u32>().map_err(|_| "is no key of a page".to_owned()))?;
    let only_hits = params.parse("resultType", |text| match text {
        "hits" => Ok(true),
        "results" => Ok(false),
        _ => Err("is not hits or results".to_owned()),
    })?;
    let only_hits = only_hits.unwrap_or(false);
    let system = systems::take(&mut params)?;
    let within = systems::take_bbox(&mut params)?;
    let make = || {
        let view = app.atlas.view(Scope::Full);
        let page = if collection == Collection::Detections {
            let mut filter = filter::take(&mut params, view.ground())?;
            params.finish(&format!("{}, {PAGING}", filter::NAMES))?;
            match within {
                Some(Within::Boxes(boxes)) => filter.bounds = boxes,
                Some(Within::Area(area)) => filter.area = Some(area),
                None => {}
            }
            if only_hits {
                features::hits(&view, &filter)
            } else {
                features::detections(&view, &filter, after, limit)
            }
        } else {
            params.finish(&format!("bbox, {PAGING}"))?;
            let limit = if only_hits { 0 } else { limit };
            features::reference(view.ground(), collection, within.as_ref(), after, limit)
        };
        let own = format!("{base}/collections/{}/items", collection.name());
        let next = page.next.filter(|_| !only_hits);
        let links = links(&own, &kept, after, next);
        Ok(Sendable::new(GEOJSON, page.into_json(&links, &system)?, view.revision()))
    };
    Ok(in_system(app.answers.once(headers, make).await?.respond(headers, Keep::Asking), &system))
}

/// What pages understand beside the filters.
const PAGING: &str = "limit, after, crs, bbox-crs, f, resultType";

/// Takes `f`, which can only ask for GeoJSON.
fn take_format(params: &mut Params) -> Answer<()> {
    match params.take("f").as_deref() {
        None | Some("json" | "geojson") => Ok(()),
        Some(other) => Err(Problem::parameter("f", other, "is not json or geojson; /summary has csv")),
    }
}

/// Says which reference system the coordinates are in.
fn in_system(mut response: Response, system: &System) -> Response {
    response.headers_mut().insert(systems::CONTENT_CRS, system.header());
    response
}

/// The links of a page at `own` with these parameters, that begins after a key.
fn links(own: &str, parameters: &str, after: Option<u32>, next: Option<u32>) -> Vec<Value> {
    let page = |after: Option<u32>| {
        let after = after.map(|key| format!("{}after={key}", if parameters.is_empty() { "" } else { "&" }));
        let query = format!("{parameters}{}", after.unwrap_or_default());
        if query.is_empty() { own.to_owned() } else { format!("{own}?{query}") }
    };
    let mut links = vec![json!({"rel": "self", "type": GEOJSON, "href": page(after)})];
    if let Some(next) = next {
        links.push(json!({"rel": "next", "type": GEOJSON, "href": page(Some(next))}));
    }
    let collection = own.trim_end_matches("/items");
    links.push(json!({"rel": "collection", "type": "application/json", "href": collection}));
    links
}

/// The links of one feature.
fn item_links(base: &str, collection: Collection, id: &str) -> Vec<Value> {
    let own = format!("{base}/collections/{}", collection.name());
    vec![
        json!({"rel": "self", "type": GEOJSON, "href": format!("{own}/items/{id}")}),
        json!({"rel": "collection", "type": "application/json", "href": own}),
    ]
}

/// `GET /collections/detections/items/{id}`
pub async fn detection(
    State(app): State<Arc<App>>,
    Path(id): Path<String>,
    mut params: Params,
    headers: HeaderMap,
) -> Answer {
    take_format(&mut params)?;
    let system = systems::take(&mut params)?;
    params.finish("crs, f")?;
    let view = app.atlas.view(Scope::Full);
    let found = find(&view, &id)?;
    let id = found.record.detection.id.to_string();
    let links = item_links(&addresses::base(&app, &headers), Collection::Detections, &id);
    let body = features::linked_detection(&found, &links, &system)?;
    let item = Sendable::new(GEOJSON, body, view.revision()).tagged_as(&features::detection(&found));
    Ok(in_system(item.respond(&headers, Keep::Asking), &system))
}

/// `GET /collections/{collection}/items/{id}`
pub async fn one(
    State(app): State<Arc<App>>,
    Path((collection, id)): Path<(String, String)>,
    mut params: Params,
    headers: HeaderMap,
) -> Answer {
    take_format(&mut params)?;
    let system = systems::take(&mut params)?;
    params.finish("crs, f")?;
    let view = app.atlas.view(Scope::Full);
    let collection = Collection::parse(&collection)?;
    let links = item_links(&addresses::base(&app, &headers), collection, &id);
    let body = features::reference_item(view.ground(), collection, &id, &links, &system)?;
    Ok(in_system(Sendable::new(GEOJSON, body, view.revision()).respond(&headers, Keep::Asking), &system))
}

/// The record with this id.
///
/// # Errors
/// 404 when there is none.
pub fn find(view: &atlas::View, id: &str) -> Answer<Found> {
    let missing = || Problem::not_found(format!("there is no detection {id:?}"));
    let id = Uuid::try_parse(id).map_err(|_| missing())?;
    view.get(id).ok_or_else(missing)
}

/// `GET /collections/detections/items/{id}/history`: every revision, newest first.
pub async fn history(State(app): State<Arc<App>>, Path(id): Path<String>, params: Params) -> Answer {
    params.finish("none")?;
    let missing = || Problem::not_found(format!("there is no detection {id:?}, and never was"));
    let record = Uuid::try_parse(&id).map_err(|_| missing())?;
    let changes = app.readers.run(move |reader| reader.history(record)).await?;
    if changes.is_empty() {
        return Err(missing());
    }
    let revisions: Vec<_> =
        changes.iter().map(|change| history::entry(app.atlas.ground(), change)).collect::<Answer<_>>()?;
    Ok(Json(json!({"id": record, "revisions": revisions})).into_response())
}
