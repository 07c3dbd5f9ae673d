//! Vector tiles and the documents that name them.

use std::sync::Arc;

use atlas::{Atlas, Filter, Scope, View};
use axum::{
    extract::{Request, State},
    http::{HeaderMap, StatusCode},
};
use demining::{Kind, Revision};
use geometry::{Bounds, TileId};
use serde_json::{Value, json};

use service::access::Caller;

use crate::{
    access::AskedBy,
    address::Address,
    app::App,
    problem::{Answer, Problem},
    sendable::Sendable,
    wire::{filter, links, regions},
};

/// The content type of vector tiles.
pub const MVT: &str = "application/vnd.mapbox-vector-tile";

/// A collection that is drawn as tiles.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Layered {
    /// Explosive ordnance found.
    Detections,
    /// Administrative units.
    Regions,
    /// Towns and villages.
    Places,
}

impl Layered {
    /// The collection with this name.
    ///
    /// # Errors
    /// 404 when it has no tiles.
    pub fn parse(name: &str) -> Answer<Self> {
        match name {
            "detections" => Ok(Self::Detections),
            "regions" => Ok(Self::Regions),
            "places" => Ok(Self::Places),
            _ => Err(Problem::not_found(format!(
                "there are no tiles of {name:?}; there are of detections, regions and places"
            ))),
        }
    }

    fn changed(self, atlas: &Atlas, scope: Scope, tile: TileId) -> Revision {
        match self {
            Self::Detections => atlas.last_change(scope, tile),
            Self::Regions => atlas.last_change_of_regions(scope, tile),
            Self::Places => Revision(0),
        }
    }
}

/// `GET /tiles/{collection}/{z}/{x}/{y}.mvt`, and `GET /tiles/{collection}.json`.
///
/// A tile that is kept ready is found by its address as it was sent: nothing in it is read but
/// where the tile lies.
pub async fn get(State(app): State<Arc<App>>, AskedBy(caller): AskedBy, request: Request) -> Answer {
    let (request, _) = request.into_parts();
    let address = Address::of(&request.uri, caller.view(&app.service.atlas).revision())?;
    let parts: Vec<&str> = address.path().split('/').skip(2).collect();
    match parts[..] {
        [collection, z, x, y] => {
            let (layered, at) = (Layered::parse(collection)?, position(z, x, y)?);
            tile(&app, caller.scope(), &address, address.name(), layered, at, &request.headers).await
        }
        [document] => match document.strip_suffix(".json") {
            Some(collection) => tilejson(&app, &caller, &address, collection, &request.headers).await,
            None => Err(Problem::not_found("there is no such document")),
        },
        _ => Err(Problem::not_found("tiles are at /tiles/COLLECTION/Z/X/Y.mvt")),
    }
}

/// A tile, kept ready under `name`.
///
/// # Errors
/// 400 for a filter that cannot be read.
pub async fn tile(
    app: &App,
    scope: Scope,
    address: &Address<'_>,
    name: &str,
    layered: Layered,
    tile: TileId,
    headers: &HeaderMap,
) -> Answer {
    let changed = || layered.changed(&app.service.atlas, scope, tile);
    let make = || {
        let view = app.service.atlas.view(scope);
        let mut params = address.params()?;
        // Only detections are filtered: the figures on a region are of all that counts in it.
        let (filter, known) = match layered {
            Layered::Detections => (filter::take_as_of(&mut params, &view)?, filter::NAMES_AS_OF),
            Layered::Regions => (Filter { as_of: filter::as_of(&mut params)?, ..Filter::default() }, "as_of"),
            Layered::Places => (Filter::default(), "none"),
        };
        params.finish(known)?;
        let body = match layered {
            Layered::Detections => view.detections_tile(tile, &filter),
            Layered::Regions => view.regions_tile(tile, &filter),
            Layered::Places => view.places_tile(tile),
        };
        Ok(Sendable::new(MVT, body, view.revision()))
    };
    let answer = app.answers.get((scope, name), headers, changed(), make).await?;
    // Looked at again: the answer may show a change that came while it was made.
    Ok(answer.respond(headers, address.keep(changed())))
}

/// TileJSON 3.
async fn tilejson(
    app: &App,
    caller: &Caller,
    address: &Address<'_>,
    collection: &str,
    headers: &HeaderMap,
) -> Answer {
    let layered = Layered::parse(collection)?;
    address.params()?.finish("revision")?;
    let base = links::base(app, headers);
    let view = caller.view(&app.service.atlas);
    // Clients draw what lies deeper from these tiles.
    let deepest = if layered == Layered::Detections { 16 } else { 12 };
    let bounds =
        extent(layered, &view).map_or([-180.0, -85.051_128_78, 180.0, 85.051_128_78], |b| b.to_array());
    let document = json!({
        "tilejson": "3.0.0",
        "name": format!("Clearline {collection}"),
        "description": "Shows what has been recorded. No record does not mean no danger.",
        "attribution": "Boundaries: Natural Earth. Places: GeoNames, CC BY 4.0.",
        "scheme": "xyz",
        "tiles": [format!("{base}/tiles/{collection}/{{z}}/{{x}}/{{y}}.mvt")],
        "minzoom": 0,
        "maxzoom": deepest,
        "bounds": bounds,
        "vector_layers": vector_layers(layered, deepest),
    });
    let answer = app.answers.once(headers, || Sendable::json(&document, view.revision())).await?;
    Ok(answer.respond(headers, links::keep(app, address.keep(view.revision()))))
}

/// The layers in the tiles of a collection down to a zoom, with their fields, as TileJSON tells them.
pub fn vector_layers(layered: Layered, deepest: u8) -> Value {
    match layered {
        Layered::Detections => json!([
            {"id": "cells", "description": "Counts of the records in a cell, at one of them", "minzoom": 0, "maxzoom": deepest,
             "fields": cell_fields()},
            {"id": "detections", "description": "Single records", "minzoom": 0, "maxzoom": deepest,
             "fields": {"id": "String", "status": "String", "kind": "String", "quantity": "Number: items",
                        "detected_on": "String: day", "neutralised_on": "String: day"}},
        ]),
        Layered::Regions => json!([
            {"id": "regions", "description": "Administrative units with their figures", "minzoom": 0, "maxzoom": deepest,
             "fields": region_fields()},
            {"id": "region_labels", "description": "The same, where the name of each is written", "minzoom": 0, "maxzoom": deepest,
             "fields": region_fields()},
        ]),
        Layered::Places => json!([
            {"id": "places", "description": "Towns and villages", "minzoom": 0, "maxzoom": deepest,
             "fields": {"id": "Number", "name": "String", "name_az": "String", "population": "Number", "country": "String"}},
        ]),
    }
}

/// What a cell says, with what each is.
fn cell_fields() -> Value {
    let mut fields = json!({"records": "Number: records", "quantity": "Number: items",
        "detected": "Number: items only detected", "neutralised": "Number: items neutralised",
        "within": "String: the region somewhere in which they lie, where no more is told; outside for none"});
    for kind in Kind::ALL {
        fields[kind.word()] = json!("Number: items of this kind, left out when there are none");
    }
    fields
}

/// What a region says.
fn region_fields() -> Value {
    json!({"id": "String", "level": "String", "name": "String", "name_en": "String", "name_az": "String",
                        "parent": "String", "records": "Number", "quantity": "Number: items", "detected": "Number: items",
                        "neutralised": "Number: items", "share": "Number: neutralised items of all, 0 to 1"})
}

/// The box that holds all that is drawn.
pub fn extent(layered: Layered, view: &View) -> Option<Bounds> {
    let regions = regions::extent(view.reference());
    let records = if layered == Layered::Detections { view.extent() } else { None };
    match (regions, records) {
        (Some(a), Some(b)) => Some(a.union(&b)),
        (one, other) => one.or(other),
    }
}

/// The tile at this zoom, column and row.
///
/// # Errors
/// 400 when there is none.
pub fn position(z: &str, x: &str, y: &str) -> Answer<TileId> {
    let y = y.strip_suffix(".mvt").or_else(|| y.strip_suffix(".pbf")).unwrap_or(y);
    let number = |name: &str, text: &str| {
        text.parse::<u32>()
            .map_err(|_| Problem::parameter(name, text, "is not a whole number of a tile address"))
    };
    let (z, x, y) = (number("z", z)?, number("x", x)?, number("y", y)?);
    let z = u8::try_from(z).map_err(|_| Problem::parameter("z", &z.to_string(), "is outside 0..22"))?;
    TileId::new(z, x, y).map_err(|error| {
        Problem::new(StatusCode::BAD_REQUEST, "tile", format!("there is no tile {z}/{x}/{y}: {error}"))
    })
}
