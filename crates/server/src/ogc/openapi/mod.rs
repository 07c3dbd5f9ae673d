//! The `OpenAPI` 3.0 description, which OGC clients read.
//!
//! GDAL requires the concrete path of a collection's items, and its `limit` by `$ref`; QGIS requires this
//! exact parameter name.

mod access;
mod accidents;
mod features;
mod own;
mod parameters;
mod parts;
mod photos;
mod progress;
mod review;
mod schemas;
mod tiles;
mod uploads;

use serde_json::{Map, Value, json};

/// The content type, exactly as `OWSLib` compares it.
pub const CONTENT_TYPE: &str = "application/vnd.oai.openapi+json;version=3.0";

/// Builds the document; `base` is the address of the server.
pub fn document(base: &str) -> Value {
    let paths = [
        access::paths(),
        accidents::paths(),
        features::paths(),
        own::paths(),
        photos::paths(),
        progress::paths(),
        review::paths(),
        tiles::paths(),
        uploads::paths(),
    ];
    let paths = paths.into_iter().flatten();
    json!({
        "openapi": "3.0.3",
        "info": {
            "title": "Clearline",
            "version": env!("CARGO_PKG_VERSION"),
            "license": {"name": env!("CARGO_PKG_LICENSE"), "url": "https://www.apache.org/licenses/LICENSE-2.0"},
            "description": "Demining progress: what was found and what was dealt with. It shows what has been recorded: \
                no record does not mean no danger.",
        },
        "servers": [{"url": base}],
        // Public data needs no authentication.
        "security": [{}, {"token": []}, {"password": []}],
        "tags": [
            {"name": "Capabilities", "description": "What this server offers"},
            {"name": "Features", "description": "OGC API Features"},
            {"name": "Tiles", "description": "OGC API Tiles"},
            {"name": "Progress", "description": "Tiles, figures and changes"},
            {"name": "Uploads", "description": "Records from field teams"},
            {"name": "Review", "description": "Records and uploads that wait for a manager"},
            {"name": "Access", "description": "The caller, sessions and tokens"},
        ],
        "paths": paths.collect::<Map<_, _>>(),
        "components": {
            "parameters": parameters::all(),
            "schemas": schemas::all(),
            "responses": {
                "problem": {
                    "description": "The problem and how to solve it (RFC 9457)",
                    "content": {"application/problem+json": {"schema": {"$ref": "#/components/schemas/problem"}}},
                },
            },
            "securitySchemes": {
                "token": {"type": "http", "scheme": "bearer"},
                "password": {"type": "http", "scheme": "basic", "description": "The token as the password"},
            },
        },
    })
}
