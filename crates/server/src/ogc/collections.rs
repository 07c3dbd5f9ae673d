//! The collections of features.

use std::sync::Arc;

use axum::{Json, extract::State, http::HeaderMap, response::IntoResponse};
use demining::for_collection;
use serde_json::{Value, json};
use service::{Service, access::Caller};

use crate::{
    access::AskedBy,
    html::{self, Frame},
    http::{
        negotiate::{self, Form},
        params::{Params, Path},
        problem::Answer,
        site::Site,
    },
    ogc::{documents::SCHEMA, tilesets},
    wire::{collection::Collection, features::GEOJSON, layers::Layered, records::Listed, regions, systems},
};

/// The link relation of a feature schema (OGC API Features Part 5). QGIS recognises only this one.
const SCHEMA_OF: &str = "http://www.opengis.net/def/rel/ogc/1.0/schema";

/// The link relation of a collection's queryables.
const QUERYABLES: &str = "http://www.opengis.net/def/rel/ogc/1.0/queryables";

/// `GET /collections`
pub async fn list(
    State(service): State<Arc<Service>>,
    State(site): State<Arc<Site>>,
    AskedBy(caller): AskedBy,
    mut params: Params,
    headers: HeaderMap,
) -> Answer {
    let form = negotiate::take(&mut params, &headers, &["json"])?;
    params.finish("f")?;
    let base = site.base(&headers);
    let all: Vec<Value> =
        Collection::ALL.into_iter().map(|c| describe(&service, &caller, c, &base)).collect();
    let own = format!("{base}/collections");
    let links = json!([
        {"rel": "self", "type": "application/json", "href": own},
        {"rel": "alternate", "type": "text/html", "href": format!("{own}?f=html")},
    ]);
    let document = json!({"links": links, "collections": all});
    if form == Form::Html {
        let frame = Frame::of(&service, &site, &headers);
        return html::respond(&site, &headers, None, || Ok(html::collections(&frame, &document))).await;
    }
    Ok(negotiate::varied(Json(document).into_response()))
}

/// `GET /collections/{collection}`
pub async fn one(
    State(service): State<Arc<Service>>,
    State(site): State<Arc<Site>>,
    AskedBy(caller): AskedBy,
    Path(collection): Path<String>,
    mut params: Params,
    headers: HeaderMap,
) -> Answer {
    let form = negotiate::take(&mut params, &headers, &["json"])?;
    params.finish("f")?;
    let document = describe(&service, &caller, Collection::parse(&collection)?, &site.base(&headers));
    if form == Form::Html {
        let frame = Frame::of(&service, &site, &headers);
        return html::respond(&site, &headers, None, || Ok(html::collection(&frame, &document))).await;
    }
    Ok(negotiate::varied(Json(document).into_response()))
}

fn describe(service: &Service, caller: &Caller, collection: Collection, base: &str) -> Value {
    let (title, description) = collection.title_and_description();
    let own = format!("{base}/collections/{}", collection.name());
    let mut described = json!({
        "id": collection.name(), "title": title, "description": description, "itemType": "feature",
        "crs": systems::uris().collect::<Vec<_>>(), "storageCrs": systems::uris().next(),
        "links": [
            {"rel": "self", "type": "application/json", "href": own},
            {"rel": "alternate", "type": "text/html", "href": format!("{own}?f=html")},
            {"rel": "items", "type": GEOJSON, "href": format!("{own}/items"), "title": title},
            {"rel": "items", "type": "text/html", "href": format!("{own}/items?f=html"), "title": title},
            {"rel": "describedby", "type": SCHEMA, "href": format!("{own}/schema")},
            {"rel": SCHEMA_OF, "type": SCHEMA, "href": format!("{own}/schema")},
            {"rel": QUERYABLES, "type": SCHEMA, "href": format!("{own}/queryables")},
        ],
    });
    if Layered::parse(collection.name()).is_ok()
        && let Some(links) = described["links"].as_array_mut()
    {
        let href = format!("{own}/tiles");
        links.push(json!({"rel": tilesets::TILESETS, "type": "application/json", "href": href}));
    }
    let extent = match collection {
        Collection::Records(collection) => {
            for_collection!(collection, T => T::extent(&caller.view(&service.atlas)))
        }
        Collection::Regions | Collection::Places => regions::extent(service.atlas.reference()),
        Collection::ReportedFigures => None,
    };
    if let Some(extent) = extent {
        described["extent"] =
            json!({"spatial": {"bbox": [widened(extent.to_array())], "crs": systems::uris().next()}});
    }
    described
}

/// Widens a box by 1e-7 degrees on each side, because boundaries have more digits than a box.
fn widened([west, south, east, north]: [f64; 4]) -> [f64; 4] {
    let outward = |degrees: f64, by: f64, most: f64| {
        ((degrees * 1e7).round() + by).clamp(-most * 1e7, most * 1e7) / 1e7
    };
    [
        outward(west, -1.0, 180.0),
        outward(south, -1.0, 90.0),
        outward(east, 1.0, 180.0),
        outward(north, 1.0, 90.0),
    ]
}
