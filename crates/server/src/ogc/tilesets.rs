//! OGC API Tiles: the tiles of `/tiles`, with documents that describe them. Rows come before columns.

use std::sync::Arc;

use axum::{
    Json,
    extract::{Request, State},
    http::{HeaderMap, StatusCode, header},
    response::IntoResponse,
};
use geometry::MAX_ZOOM;
use serde_json::{Map, Value, json};
use service::Service;

use crate::{
    access::AskedBy,
    api::tiles::{self, MVT},
    http::{
        address::Address,
        params::{Params, Path},
        problem::{Answer, Problem},
        site::Site,
    },
    ogc::documents::take_json,
    wire::{
        collection::Collection,
        layers::{self, Layered},
        matrices::{self, CRS, TileLimits, URI, WEB_MERCATOR_QUAD},
    },
};

/// The link relation of a collection's tilesets.
pub const TILESETS: &str = "http://www.opengis.net/def/rel/ogc/1.0/tilesets-vector";

/// The link relation of all tile matrix sets.
pub const SCHEMES: &str = "http://www.opengis.net/def/rel/ogc/1.0/tiling-schemes";

/// The link relation from a tileset to its tile matrix set.
const SCHEME: &str = "http://www.opengis.net/def/rel/ogc/1.0/tiling-scheme";

/// `GET /collections/{collection}/tiles`
pub async fn list(
    State(site): State<Arc<Site>>,
    Path(name): Path<String>,
    mut params: Params,
    headers: HeaderMap,
) -> Answer<Json<Value>> {
    take_json(&mut params)?;
    params.finish("f")?;
    Layered::parse(&name)?;
    let base = site.base(&headers);
    let own = format!("{base}/collections/{name}/tiles");
    let set = format!("{own}/{WEB_MERCATOR_QUAD}");
    Ok(Json(json!({
        "links": [{"rel": "self", "type": "application/json", "href": own}],
        "tilesets": [{
            "title": title(&name)?, "dataType": "vector", "crs": CRS, "tileMatrixSetURI": URI,
            "links": [
                {"rel": "self", "type": "application/json", "href": set},
                scheme_link(&base), item_link(&set),
            ],
        }],
    })))
}

/// `GET /collections/{collection}/tiles/WebMercatorQuad`
pub async fn one(
    State(service): State<Arc<Service>>,
    State(site): State<Arc<Site>>,
    AskedBy(caller): AskedBy,
    Path((name, set)): Path<(String, String)>,
    mut params: Params,
    headers: HeaderMap,
) -> Answer<Json<Value>> {
    take_json(&mut params)?;
    params.finish("f")?;
    let layered = Layered::parse(&name)?;
    known(&set)?;
    let base = site.base(&headers);
    let own = format!("{base}/collections/{name}/tiles/{WEB_MERCATOR_QUAD}");
    let extent = layers::extent(layered, &caller.view(&service.atlas));
    let limits: Vec<Value> = (0..=MAX_ZOOM).map(|z| TileLimits::of(extent, z).to_json()).collect();
    let mut tileset = json!({
        "title": title(&name)?,
        "description": "Shows what has been recorded. No record does not mean no danger.",
        "dataType": "vector", "crs": CRS, "tileMatrixSetURI": URI, "tileMatrixSetLimits": limits,
        "layers": layers(layered),
        "links": [
            {"rel": "self", "type": "application/json", "href": own},
            item_link(&own), scheme_link(&base),
            {"rel": "describedby", "type": "application/json", "href": format!("{base}/tiles/{name}.json"), "title": "TileJSON"},
            {"rel": "collection", "type": "application/json", "href": format!("{base}/collections/{name}")},
        ],
    });
    if let Some(bounds) = extent {
        tileset["boundingBox"] = json!({
            "lowerLeft": [bounds.west(), bounds.south()], "upperRight": [bounds.east(), bounds.north()],
            "crs": "http://www.opengis.net/def/crs/OGC/1.3/CRS84",
        });
    }
    Ok(Json(tileset))
}

/// `GET /collections/{collection}/tiles/WebMercatorQuad/{z}/{row}/{column}`: 404 for a tile outside the
/// limits of the tileset.
pub async fn tile(
    State(service): State<Arc<Service>>,
    State(site): State<Arc<Site>>,
    AskedBy(caller): AskedBy,
    Path((name, set, z, row, column)): Path<(String, String, String, String, String)>,
    request: Request,
) -> Answer {
    let (request, _) = request.into_parts();
    known(&set)?;
    let address = Address::of(&request.uri, caller.view(&service.atlas).revision())?;
    let layered = Layered::parse(&name)?;
    let at =
        tiles::position(&z, &column, &row).map_err(|problem| problem.with_status(StatusCode::NOT_FOUND))?;
    let extent = layers::extent(layered, &caller.view(&service.atlas));
    if !TileLimits::of(extent, at.z()).contain(at) {
        return Err(Problem::not_found(format!(
            "tile {z}/{row}/{column} is outside the limits of the tileset"
        )));
    }
    let same = address.name_at(&format!("/tiles/{name}/{}/{}/{}.mvt", at.z(), at.x(), at.y()));
    tiles::tile((&service, &site), caller.scope(), &address, &same, layered, at, &request.headers).await
}

/// `GET /tileMatrixSets`
pub async fn matrix_sets(
    State(site): State<Arc<Site>>,
    mut params: Params,
    headers: HeaderMap,
) -> Answer<Json<Value>> {
    take_json(&mut params)?;
    params.finish("f")?;
    let own = format!("{}/tileMatrixSets", site.base(&headers));
    let href = format!("{own}/{WEB_MERCATOR_QUAD}");
    Ok(Json(json!({
        "links": [{"rel": "self", "type": "application/json", "href": own}],
        "tileMatrixSets": [{
            "id": WEB_MERCATOR_QUAD, "title": "Google Maps Compatible for the World", "uri": URI, "crs": CRS,
            "links": [{"rel": "self", "type": "application/json", "href": href}],
        }],
    })))
}

/// `GET /tileMatrixSets/WebMercatorQuad`
pub async fn matrix_set(Path(set): Path<String>, mut params: Params) -> Answer {
    take_json(&mut params)?;
    params.finish("f")?;
    known(&set)?;
    let body = matrices::definition().to_string();
    Ok(([(header::CONTENT_TYPE, "application/json")], body).into_response())
}

/// Refuses other tile matrix sets.
fn known(set: &str) -> Answer<()> {
    if set == WEB_MERCATOR_QUAD {
        return Ok(());
    }
    Err(Problem::not_found(format!("tile matrix set not found: {set:?}; use {WEB_MERCATOR_QUAD}")))
}

fn title(name: &str) -> Answer<&'static str> {
    Ok(Collection::parse(name)?.title_and_description().0)
}

fn scheme_link(base: &str) -> Value {
    let href = format!("{base}/tileMatrixSets/{WEB_MERCATOR_QUAD}");
    json!({"rel": SCHEME, "type": "application/json", "href": href})
}

fn item_link(tileset: &str) -> Value {
    let href = format!("{tileset}/{{tileMatrix}}/{{tileRow}}/{{tileCol}}");
    json!({"rel": "item", "type": MVT, "href": href, "templated": true})
}

/// Returns the layers, with a schema of their features' properties.
fn layers(layered: Layered) -> Vec<Value> {
    let layers = layers::vector_layers(layered, MAX_ZOOM);
    let described = layers.as_array().into_iter().flatten().map(|layer| {
        let fields = layer["fields"].as_object().into_iter().flatten();
        let properties: Map<String, Value> = fields
            .map(|(name, meaning)| {
                // For example `Number: items`, as in TileJSON.
                let meaning = meaning.as_str().unwrap_or("");
                let (values, title) = meaning.split_once(": ").unwrap_or((meaning, name));
                let schema = json!({"type": if values == "Number" { "number" } else { "string" }, "title": title});
                (name.clone(), schema)
            })
            .collect();
        json!({
            "id": layer["id"], "description": layer["description"], "dataType": "vector",
            "geometryDimension": if layer["id"] == "regions" { 2 } else { 0 }, "minTileMatrix": "0", "maxTileMatrix": MAX_ZOOM.to_string(),
            "propertiesSchema": {"type": "object", "properties": properties},
        })
    });
    described.collect()
}
