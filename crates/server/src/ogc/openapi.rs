//! The description of the whole as `OpenAPI` 3.0, which OGC clients read.
//!
//! GDAL looks for the concrete path of a collection's items and for its `limit` by `$ref`; QGIS for the parameter
//! that is named exactly so.

use demining::{Kind, Status};
use exchange::Format;
use serde_json::{Map, Value, json};

use super::{systems, tiles_api};
use crate::{
    ogc::matrices::WEB_MERCATOR_QUAD,
    routes::{Collection, LIMIT},
};

/// Its content type, as `OWSLib` compares it.
pub const CONTENT_TYPE: &str = "application/vnd.oai.openapi+json;version=3.0";

/// What the items of detections can be asked for by.
pub(super) const FILTERS: [&str; 9] =
    ["bbox", "datetime", "status", "kind", "region", "operator", "filter", "filter-lang", "filter-crs"];

/// The document; `base` is the address of the server.
pub fn document(base: &str) -> Value {
    json!({
        "openapi": "3.0.3",
        "info": {
            "title": "Clearline",
            "version": env!("CARGO_PKG_VERSION"),
            "description": "Demining progress: what was found, and what became of it. It shows what has been recorded: \
                no record does not mean no danger.",
        },
        "servers": [{"url": base}],
        "tags": [
            {"name": "Capabilities", "description": "What this server is and has"},
            {"name": "Features", "description": "OGC API Features"},
            {"name": "Tiles", "description": "OGC API Tiles"},
            {"name": "Progress", "description": "Tiles, figures and changes"},
            {"name": "Uploads", "description": "Records from field teams"},
        ],
        "paths": paths(),
        "components": {
            "parameters": parameters(),
            "schemas": schemas(),
            "responses": {
                "problem": {
                    "description": "What is wrong, and what to do about it (RFC 9457)",
                    "content": {"application/problem+json": {"schema": {"$ref": "#/components/schemas/problem"}}},
                },
            },
            "securitySchemes": {"token": {"type": "http", "scheme": "bearer"}},
        },
    })
}

fn paths() -> Map<String, Value> {
    let mut paths = Map::new();
    let mut add = |path: &str, item: Value| paths.insert(path.to_owned(), item);
    let capability = |id: &str, summary: &str, schema: &str| {
        get("Capabilities", id, summary, &["f"], &content("application/json", schema), false)
    };
    let landing = json!({
        "application/json": {"schema": {"$ref": "#/components/schemas/links"}},
        "text/html": {"schema": {"type": "string"}},
    });
    add("/", get("Capabilities", "landing", "Landing page, or the map", &["f.landing"], &landing, false));
    add("/conformance", capability("conformance", "Conformance classes", "conformance"));
    add(
        "/api",
        get(
            "Capabilities",
            "api",
            "This document",
            &["f"],
            &json!({CONTENT_TYPE: {"schema": {"type": "object"}}}),
            false,
        ),
    );
    add("/collections", capability("collections", "Collections", "collections"));
    for collection in Collection::ALL {
        let (name, (title, _)) = (collection.name(), collection.title_and_description());
        let own = format!("/collections/{name}");
        add(&own, capability(&format!("{name}.describe"), title, "collection"));
        for (what, summary) in [("schema", "Schema"), ("queryables", "What filters can ask for")] {
            let schema = json!({"application/schema+json": {"schema": {"type": "object"}}});
            let id = format!("{name}.{what}");
            add(
                &format!("{own}/{what}"),
                get("Features", &id, &format!("{title}: {summary}"), &["f"], &schema, false),
            );
        }
        let is_detections = collection == Collection::Detections;
        let mut names = vec!["limit", "after", "crs", "bbox-crs", "f.items", "resultType"];
        names.extend(if is_detections { &FILTERS[..] } else { &FILTERS[..1] });
        let page = content("application/geo+json", "featureCollection");
        let feature = content("application/geo+json", "feature");
        let mut items = get("Features", &format!("{name}.items"), title, &names, &page, false);
        let id = format!("{name}.item");
        let mut item =
            get("Features", &id, &format!("{title}: one feature"), &["id", "crs", "f.items"], &feature, true);
        if is_detections {
            items["post"] = write(
                "create",
                "Creates a detection, or takes many",
                &[],
                "application/geo+json",
                &[200, 201, 409],
            );
            item["put"] =
                write("replace", "Replaces a detection", &["id"], "application/geo+json", &[200, 404, 412]);
            item["patch"] = write(
                "update",
                "Changes a detection",
                &["id"],
                "application/merge-patch+json",
                &[200, 404, 412],
            );
            item["delete"] = write("delete", "Deletes a detection", &["id"], "", &[204, 404, 412]);
        }
        add(&format!("{own}/items"), items);
        add(&format!("{own}/items/{{id}}"), item);
    }
    let json = content("application/json", "any");
    add(
        "/collections/detections/items/{id}/history",
        get("Features", "history", "Every revision of a detection, newest first", &["id"], &json, true),
    );
    paths.extend(progress());
    paths.extend(tiles_api::paths());
    paths
}

/// Tiles, figures and downloads.
fn progress() -> Map<String, Value> {
    let mut paths = Map::new();
    let mut add = |path: &str, item: Value| paths.insert(path.to_owned(), item);
    let json = content("application/json", "any");
    let mut counted = FILTERS.to_vec();
    counted.push("as_of");
    let mut tiles = vec!["tiles", "z", "x", "y"];
    tiles.extend(&counted);
    let tile =
        json!({"application/vnd.mapbox-vector-tile": {"schema": {"type": "string", "format": "binary"}}});
    add("/tiles/{tiles}/{z}/{x}/{y}.mvt", get("Progress", "tile", "A vector tile", &tiles, &tile, true));
    add("/tiles/{tiles}.json", get("Progress", "tilejson", "TileJSON of the tiles", &["tiles"], &json, true));
    add("/style.json", get("Progress", "style", "A MapLibre style", &[], &json, false));
    let mut export = vec!["f.export"];
    export.extend(FILTERS);
    let files: Map<String, Value> = Format::ALL
        .iter()
        .map(|format| {
            (format.content_type().to_owned(), json!({"schema": {"type": "string", "format": "binary"}}))
        })
        .collect();
    let mut download = get(
        "Progress",
        "export",
        "All detections that the filters leave, as a file",
        &export,
        &files.into(),
        false,
    );
    download["get"]["responses"]["503"] = json!({"$ref": "#/components/responses/problem"});
    add("/export/detections", download);
    let mut summary = vec!["by", "f.summary"];
    summary.extend(&counted);
    let both = json!({
        "application/json": {"schema": {"$ref": "#/components/schemas/any"}},
        "text/csv": {"schema": {"type": "string"}},
    });
    add("/summary", get("Progress", "summary", "Counts, grouped", &summary, &both, false));
    paths
}

/// A GET with these parameters and this content.
pub(super) fn get(
    tag: &str,
    id: &str,
    summary: &str,
    parameters: &[&str],
    content: &Value,
    may_miss: bool,
) -> Value {
    let mut responses = json!({
        "200": {"description": "OK", "content": content},
        "400": {"$ref": "#/components/responses/problem"},
        "500": {"$ref": "#/components/responses/problem"},
    });
    if may_miss {
        responses["404"] = json!({"$ref": "#/components/responses/problem"});
    }
    json!({"get": {
        "tags": [tag], "operationId": id, "summary": summary,
        "parameters": references(parameters), "responses": responses,
    }})
}

/// A write, with a token, that can end in these statuses beside what is wrong with every write.
fn write(id: &str, summary: &str, parameters: &[&str], body: &str, statuses: &[u16]) -> Value {
    let mut responses = Map::new();
    for status in statuses.iter().chain(&[400, 401, 403, 413, 415, 422, 500, 503]) {
        let response = match status {
            204 => json!({"description": "Done"}),
            200 | 201 => json!({"description": "Done", "content": content("application/geo+json", "any")}),
            _ => json!({"$ref": "#/components/responses/problem"}),
        };
        responses.insert(status.to_string(), response);
    }
    let mut operation = json!({
        "tags": ["Uploads"], "operationId": id, "summary": summary,
        "parameters": references(parameters), "security": [{"token": []}], "responses": responses,
    });
    if !body.is_empty() {
        operation["requestBody"] =
            json!({"required": true, "content": {body: {"schema": {"$ref": "#/components/schemas/any"}}}});
    }
    operation
}

pub(super) fn references(names: &[&str]) -> Vec<Value> {
    names.iter().map(|name| json!({"$ref": format!("#/components/parameters/{name}")})).collect()
}

pub(super) fn content(content_type: &str, schema: &str) -> Value {
    json!({content_type: {"schema": {"$ref": format!("#/components/schemas/{schema}")}}})
}

fn parameters() -> Value {
    let query = |name: &str, description: &str, schema: Value| {
        json!({
            "name": name, "in": "query", "description": description, "required": false,
            "schema": schema, "style": "form", "explode": false,
        })
    };
    let path = |name: &str, description: &str, schema: Value| json!({"name": name, "in": "path", "description": description, "required": true, "schema": schema});
    let text = || json!({"type": "string"});
    let several = |items: Value| json!({"type": "array", "minItems": 1, "items": items});
    let number = || json!({"type": "number"});
    let uri = || json!({"type": "string", "format": "uri", "enum": systems::uris().collect::<Vec<_>>()});
    let whole = || json!({"type": "integer", "minimum": 0});
    let statuses: Vec<&str> = Status::ALL.iter().map(|status| status.word()).collect();
    let kinds: Vec<&str> = Kind::ALL.iter().map(|kind| kind.word()).collect();
    json!({
        "limit": query("limit", "Features on a page", json!({"type": "integer", "minimum": 1, "maximum": LIMIT.1, "default": LIMIT.0})),
        "after": query("after", "Where a page goes on; see its link next", whole()),
        "bbox": query("bbox", "In this box: the lower corner, the upper corner, in the order of the axes of bbox-crs", json!({
            "type": "array", "items": number(), "oneOf": [
                {"minItems": 4, "maxItems": 4}, {"minItems": 6, "maxItems": 6},
            ],
        })),
        "bbox-crs": query("bbox-crs", "The reference system of bbox", uri()),
        "crs": query("crs", "The reference system of the coordinates in the answer", uri()),
        "datetime": query("datetime", "Found or dealt with on this day, or in this interval", text()),
        "status": query("status", "Of these statuses", several(json!({"type": "string", "enum": statuses}))),
        "kind": query("kind", "Of these kinds", several(json!({"type": "string", "enum": kinds}))),
        "region": query("region", "In these regions; null is outside all of them", several(text())),
        "operator": query("operator", "Of these operators; an empty name is none", several(text())),
        "filter": query("filter", "A condition in CQL2", text()),
        // GDAL asks the server to filter only where it finds the name of the draft.
        "filter-lang": query("filter-lang", "The language of the condition", json!({
            "type": "string", "enum": ["cql2-text", "cql2-json", "cql-text"], "default": "cql2-text",
        })),
        "filter-crs": query("filter-crs", "The reference system of its geometries", json!({
            "type": "string", "format": "uri", "enum": [systems::uris().next()],
        })),
        "as_of": query("as_of", "As the records stood at the end of this day", json!({"type": "string", "format": "date"})),
        "resultType": query("resultType", "hits: only how many there are", json!({"type": "string", "enum": ["results", "hits"]})),
        "by": query("by", "What to group by", several(json!({
            "type": "string", "enum": ["region", "status", "kind", "month", "operator"],
        }))),
        "f": query("f", "The format of the answer", json!({"type": "string", "enum": ["json", "html"]})),
        "f.export": query("f", "The format of the file", json!({
            "type": "string", "enum": Format::ALL.iter().map(|format| format.word()).collect::<Vec<_>>(),
        })),
        "f.items": query("f", "The format of the answer", json!({"type": "string", "enum": ["json", "geojson", "html"]})),
        "f.summary": query("f", "The format of the answer", json!({"type": "string", "enum": ["json", "csv"]})),
        "f.landing": query("f", "The format of the answer", json!({"type": "string", "enum": ["json", "html"]})),
        "id": path("id", "The feature's id", text()),
        "tiles": path("tiles", "Of which collection", json!({"type": "string", "enum": ["detections", "regions", "places"]})),
        "z": path("z", "Zoom", whole()),
        "x": path("x", "Column", whole()),
        "y": path("y", "Row", whole()),
        "row": path("row", "Row", whole()),
        "column": path("column", "Column", whole()),
        "set": path("set", "The tile matrix set", json!({"type": "string", "enum": [WEB_MERCATOR_QUAD]})),
    })
}

fn schemas() -> Value {
    let links = || json!({"type": "array", "items": {"$ref": "#/components/schemas/link"}});
    json!({
        "any": {},
        "link": {
            "type": "object", "required": ["href", "rel"],
            "properties": {
                "href": {"type": "string"}, "rel": {"type": "string"}, "type": {"type": "string"},
                "title": {"type": "string"},
            },
        },
        "links": {
            "type": "object", "required": ["links"],
            "properties": {"title": {"type": "string"}, "description": {"type": "string"}, "links": links()},
        },
        "conformance": {
            "type": "object", "required": ["conformsTo"],
            "properties": {"conformsTo": {"type": "array", "items": {"type": "string"}}},
        },
        "collection": {
            "type": "object", "required": ["id", "links"],
            "properties": {
                "id": {"type": "string"}, "title": {"type": "string"}, "description": {"type": "string"},
                "itemType": {"type": "string"}, "crs": {"type": "array", "items": {"type": "string"}},
                "storageCrs": {"type": "string"}, "links": links(),
                "extent": {"type": "object", "properties": {"spatial": {"type": "object", "properties": {
                    "bbox": {"type": "array", "items": {"type": "array", "items": {"type": "number"}}},
                }}}},
            },
        },
        "collections": {
            "type": "object", "required": ["links", "collections"],
            "properties": {
                "links": links(), "crs": {"type": "array", "items": {"type": "string"}},
                "collections": {"type": "array", "items": {"$ref": "#/components/schemas/collection"}},
            },
        },
        "feature": {
            "type": "object", "required": ["type", "geometry", "properties"],
            "properties": {
                "type": {"type": "string", "enum": ["Feature"]}, "id": {"oneOf": [{"type": "string"}, {"type": "integer"}]},
                "geometry": {"type": "object", "nullable": true}, "properties": {"type": "object"}, "links": links(),
            },
        },
        "featureCollection": {
            "type": "object", "required": ["type", "features"],
            "properties": {
                "type": {"type": "string", "enum": ["FeatureCollection"]},
                "numberMatched": {"type": "integer"}, "numberReturned": {"type": "integer"},
                "links": links(), "features": {"type": "array", "items": {"$ref": "#/components/schemas/feature"}},
            },
        },
        "problem": {
            "type": "object", "required": ["type", "title", "status", "detail"],
            "properties": {
                "type": {"type": "string"}, "title": {"type": "string"}, "status": {"type": "integer"},
                "detail": {"type": "string"}, "errors": {"type": "array", "items": {"type": "object"}},
            },
        },
    })
}
