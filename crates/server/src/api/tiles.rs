//! Vector tiles and the documents that describe them.

use std::sync::Arc;

use atlas::{Filter, Scope};
use axum::{
    extract::{Request, State},
    http::{HeaderMap, StatusCode},
};
use demining::for_collection;
use geometry::TileId;
use serde_json::json;
use service::{Service, access::Caller};

use crate::{
    access::AskedBy,
    http::{
        address::Address,
        cached_response::CachedResponse,
        problem::{Answer, Problem},
        site::Site,
    },
    wire::{
        filter,
        layers::{Layered, extent, vector_layers},
        records::{self, Listed},
    },
};

/// The content type of vector tiles.
pub const MVT: &str = "application/vnd.mapbox-vector-tile";

/// `GET /tiles/{collection}/{z}/{x}/{y}.mvt`, and `GET /tiles/{collection}.json`.
///
/// A cached tile is looked up by its address as sent; only the position of the tile is parsed.
pub async fn get(
    State(service): State<Arc<Service>>,
    State(site): State<Arc<Site>>,
    AskedBy(caller): AskedBy,
    request: Request,
) -> Answer {
    let (request, _) = request.into_parts();
    let address = Address::of(&request.uri, caller.view(&service.atlas).revision())?;
    let parts: Vec<&str> = address.path().split('/').skip(2).collect();
    match parts[..] {
        [collection, z, x, y] => {
            let (layered, at) = (Layered::parse(collection)?, position(z, x, y)?);
            tile((&service, &site), caller.scope(), &address, address.name(), layered, at, &request.headers)
                .await
        }
        [document] => match document.strip_suffix(".json") {
            Some(collection) => {
                tilejson(&service, &site, &caller, &address, collection, &request.headers).await
            }
            None => Err(Problem::not_found("no such document")),
        },
        _ => Err(Problem::not_found("not found; tiles are at /tiles/COLLECTION/Z/X/Y.mvt")),
    }
}

/// Returns a tile, cached under `name`.
///
/// # Errors
/// 400 for an invalid filter.
pub async fn tile(
    (service, site): (&Service, &Site),
    scope: Scope,
    address: &Address<'_>,
    name: &str,
    layered: Layered,
    tile: TileId,
    headers: &HeaderMap,
) -> Answer {
    let changed = || layered.changed(&service.atlas, scope, tile);
    let make = || {
        let view = service.atlas.view(scope);
        let mut params = address.params()?;
        // Filters apply only to records; a region's figures cover everything that counts in it.
        let body = match layered {
            Layered::Records(collection) => for_collection!(collection, T => {
                let filter = records::take_as_of::<T>(&mut params, &view)?;
                params.finish(&records::names_as_of::<T>())?;
                T::tile(&view, tile, &filter)
            }),
            Layered::Regions => {
                let filter = Filter { as_of: filter::as_of(&mut params)?, ..Filter::default() };
                params.finish("as_of")?;
                view.regions_tile(tile, &filter)
            }
            Layered::Places => {
                params.finish("none")?;
                view.places_tile(tile)
            }
        };
        Ok(CachedResponse::new(MVT, body, view.revision()))
    };
    let answer = site.responses.get((scope, name), headers, changed(), make).await?;
    // Read the revision again: the response may include a change committed while it was being built.
    Ok(answer.respond(headers, address.keep(changed())))
}

/// Returns TileJSON 3.
async fn tilejson(
    service: &Service,
    site: &Site,
    caller: &Caller,
    address: &Address<'_>,
    collection: &str,
    headers: &HeaderMap,
) -> Answer {
    let layered = Layered::parse(collection)?;
    address.params()?.finish("revision")?;
    let base = site.base(headers);
    let view = caller.view(&service.atlas);
    // Clients draw deeper zoom levels from these tiles.
    let deepest = match layered {
        Layered::Records(_) => 16,
        Layered::Regions | Layered::Places => 12,
    };
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
    let answer = site.responses.once(headers, || CachedResponse::json(&document, view.revision())).await?;
    Ok(answer.respond(headers, site.keep(address.keep(view.revision()))))
}

/// Parses a tile's zoom, column and row.
///
/// # Errors
/// 400 when no such tile exists.
pub fn position(z: &str, x: &str, y: &str) -> Answer<TileId> {
    let y = y.strip_suffix(".mvt").or_else(|| y.strip_suffix(".pbf")).unwrap_or(y);
    let number = |name: &str, text: &str| {
        text.parse::<u32>().map_err(|_| Problem::parameter(name, text, "is not a whole number"))
    };
    let (z, x, y) = (number("z", z)?, number("x", x)?, number("y", y)?);
    let z = u8::try_from(z).map_err(|_| Problem::parameter("z", &z.to_string(), "is outside 0..22"))?;
    TileId::new(z, x, y).map_err(|error| {
        Problem::new(StatusCode::BAD_REQUEST, "tile", format!("no tile {z}/{x}/{y}: {error}"))
    })
}
