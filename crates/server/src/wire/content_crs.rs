//! `Content-Crs` on a request: the reference system of the coordinates in its body (OGC API Features Part 4).

use axum::http::{HeaderMap, StatusCode};

use crate::{
    http::problem::{Answer, Problem},
    wire::systems::{self, CONTENT_CRS, System},
};

/// Reads the system from the header. Its URI also determines the axis order, that of the definition (OGC API
/// Features Part 2): latitude comes first for EPSG:4326. Angle brackets are optional, because QGIS omits
/// them.
///
/// # Errors
/// 400 when the server does not offer the system.
pub fn given(headers: &HeaderMap) -> Answer<Option<System>> {
    let Some(given) = headers.get(CONTENT_CRS) else { return Ok(None) };
    let given = given.to_str().unwrap_or("?");
    systems::parse(given).map(Some).map_err(|reason| {
        let shown: String = given.chars().take(80).collect();
        Problem::new(StatusCode::BAD_REQUEST, "content-crs", format!("Content-Crs {shown:?}: {reason}"))
    })
}
