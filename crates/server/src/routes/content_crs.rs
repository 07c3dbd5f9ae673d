//! `Content-Crs` on a request: the reference system of the coordinates in its body (OGC API Features Part 4).

use axum::http::{HeaderMap, StatusCode};
use exchange::{AxisOrder, ReadOptions, Reference};

use crate::{
    ogc::systems::{self, CONTENT_CRS},
    problem::{Answer, Problem},
};

/// The options with the system that the header names, in the order of axes that its definition has. Angle
/// brackets may be left out, as QGIS does.
///
/// # Errors
/// 400 when the header names none of the systems offered, or another one than the parameter `crs`.
pub fn applied(options: ReadOptions, headers: &HeaderMap) -> Answer<ReadOptions> {
    let Some(given) = headers.get(CONTENT_CRS) else { return Ok(options) };
    let given = given.to_str().unwrap_or("?");
    let refused = |reason: &str| {
        let shown: String = given.chars().take(80).collect();
        Problem::new(StatusCode::BAD_REQUEST, "content-crs", format!("Content-Crs {shown:?}: {reason}"))
    };
    let system = systems::parse(given).map_err(|reason| refused(&reason))?;
    let named = Reference::parse(system.uri(), AxisOrder::Defined).map_err(|reason| refused(&reason))?;
    match &options.crs {
        Some(asked) if *asked != named => Err(refused("is not what the parameter crs says")),
        _ => Ok(ReadOptions { crs: Some(named), ..options }),
    }
}
