//! The base map: what the page draws below the records.

use std::sync::Arc;

use atlas::Scope;
use axum::{
    extract::State,
    http::{HeaderMap, Uri},
};
use demining::Revision;

use crate::{
    api::tiles::position,
    basemap::{BaseMap, BaseMapError},
    http::{
        address::Address,
        cached_response::{CachedResponse, Keep, REVISION_HEADER},
        params::Path,
        problem::{Answer, Problem},
        site::Site,
    },
};

/// `GET /basemap.json`: the kind of the base map and where its tiles are.
pub async fn document(
    State(site): State<Arc<Site>>,
    State(base_map): State<Arc<BaseMap>>,
    uri: Uri,
    headers: HeaderMap,
) -> Answer {
    Address::of(&uri, Revision(0))?.params()?.finish("none")?;
    let document = base_map.document(&site.base(&headers));
    let mut response =
        CachedResponse::json(&document, Revision(0))?.respond(&headers, site.keep(Keep::Asking));
    response.headers_mut().remove(REVISION_HEADER);
    Ok(response)
}

/// `GET /basemap/{archive}/{z}/{x}/{y}`: a tile of an archive. The name of the archive changes with its content, so
/// any cache may keep the tile.
pub async fn tile(
    State(site): State<Arc<Site>>,
    State(base_map): State<Arc<BaseMap>>,
    Path((name, z, x, y)): Path<(String, String, String, String)>,
    uri: Uri,
    headers: HeaderMap,
) -> Answer {
    Address::of(&uri, Revision(0))?.params()?.finish("none")?;
    let none = || {
        Problem::not_found(format!("archive not found: {name:?}; /basemap.json has the addresses of tiles"))
    };
    let (kind, version) = name.split_once('-').ok_or_else(none)?;
    let archive = base_map.archive(kind).filter(|archive| archive.version == version).ok_or_else(none)?;
    let (stem, _) = y.split_once('.').unwrap_or((&y, ""));
    let at = position(&z, &x, stem)?;
    let make = || {
        let failed = |error: BaseMapError| {
            tracing::warn!(%error, "reading a tile of the base map failed");
            Problem::unavailable("the base map cannot be read at the moment")
        };
        // An empty vector tile is a tile; a picture that the archive lacks is not.
        let tile = archive.tile(at).map_err(failed)?;
        let tile = match tile {
            None if archive.kind.content_type().starts_with("image/") => {
                return Err(Problem::not_found("the archive has no tile here"));
            }
            tile => tile.unwrap_or_default(),
        };
        Ok(CachedResponse::new(archive.kind.content_type(), tile, Revision(0)))
    };
    let path = uri.path();
    let answer = site.responses.get((Scope::Public, path), &headers, Revision(0), make).await?;
    let mut response = answer.respond(&headers, Keep::Forever);
    response.headers_mut().remove(REVISION_HEADER);
    Ok(response)
}
