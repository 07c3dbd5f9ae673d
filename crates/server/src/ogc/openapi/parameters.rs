//! The parameters of all operations.

use atlas::Scope;
use demining::{Kind, Status};
use exchange::Format;
use serde_json::{Value, json};
use service::review::{
    LIMIT as REVIEWED,
    decisions::{NEAR_DAYS, NEAR_M},
};

use crate::{
    api::{changes::LIMIT as CHANGES, records::items::LIMIT},
    wire::{
        accidents::VICTIM_GROUPS,
        collection::Collection,
        filter,
        layers::Layered,
        matrices::WEB_MERCATOR_QUAD,
        properties::{self, Values},
        systems,
    },
};

/// Returns every parameter, by the name that operations refer to.
pub fn all() -> Value {
    let text = || json!({"type": "string"});
    let several = |items: Value| json!({"type": "array", "minItems": 1, "items": items});
    let number = || json!({"type": "number"});
    let uri = || json!({"type": "string", "format": "uri", "enum": systems::uris().collect::<Vec<_>>()});
    let whole = || json!({"type": "integer", "minimum": 0});
    // Other words are valid and match no record, so this is no enum.
    let statuses = listed(Status::ALL.iter().map(|status| status.word()));
    let kinds = listed(Kind::ALL.iter().map(|kind| kind.word()));
    let mut all = json!({
        "limit": query("limit", "The number of features on a page", json!({"type": "integer", "minimum": 1, "maximum": LIMIT.1, "default": LIMIT.0})),
        "after": query("after", "The key at which a page begins; follow the link next", text()),
        "bbox": query("bbox", "Only features in this box: the lower corner, then the upper corner, in the axis order of bbox-crs", json!({
            "type": "array", "items": number(), "oneOf": [
                {"minItems": 4, "maxItems": 4}, {"minItems": 6, "maxItems": 6},
            ], "example": [45.5, 39.0, 46.5, 40.5],
        })),
        "bbox-crs": query("bbox-crs", "The reference system of bbox", uri()),
        "crs": query("crs", "The reference system of the coordinates in the response", uri()),
        "datetime": query("datetime", "Found or dealt with on this day or in this interval", json!({"type": "string", "example": "2023-03-01/2023-03-31"})),
        "datetime.day": query("datetime", "Occurred on this day or in this interval", json!({"type": "string", "example": "2023-03-01/2023-03-31"})),
        "datetime.months": query("datetime", "Occurred in this interval. For the public it must be whole months.", json!({"type": "string", "example": "2023-08-01/2023-09-30"})),
        "by.accidents": query("by", "The properties to group by: region and month, and for readers who see records any \
            property that is a text or a word", several(text())),
        "victims_by": query("victims_by", "What to group the victims by. Only for readers who see records.", several(json!({
            "type": "string", "enum": VICTIM_GROUPS,
        }))),
        "collection": query("collection", "The collection of the records", json!({
            "type": "string", "enum": demining::Collection::ALL.iter().map(|collection| collection.name()).collect::<Vec<_>>(),
            "default": demining::Collection::Detections.name(),
        })),
        "status": query("status", &format!("Only these statuses: {statuses}"), several(text())),
        "kind": query("kind", &format!("Only these kinds: {kinds}"), several(text())),
        "region": query("region", "Only in these regions; null means outside all regions", several(text())),
        "operator": query("operator", "Only of these operators; an empty name means no operator", several(text())),
        "filter": query("filter", "A condition in CQL2", json!({"type": "string", "example": "kind = 'ap_mine' AND quantity > 1"})),
        // GDAL sends filters to the server only if it finds the draft's name here.
        "filter-lang": query("filter-lang", "The language of the filter", json!({
            "type": "string", "enum": ["cql2-text", "cql2-json", "cql-text"], "default": "cql2-text",
        })),
        "filter-crs": query("filter-crs", "The reference system of the geometries in the filter", json!({
            "type": "string", "format": "uri", "enum": systems::uris().collect::<Vec<_>>(),
        })),
        "as_of": query("as_of", "The state of the records at the end of this day", json!({"type": "string", "format": "date"})),
        "revision": query("revision", "Returns this revision or a later one, regardless of caches; see docs/caching.md", whole()),
        "events": query(
            "events",
            "Counts events on this day or in this interval: records found in it, and records neutralised in it. \
             A record can be in both counts, so they never form a share. In contrast, datetime selects records with \
             either day in it and counts them by their status.",
            json!({"type": "string", "example": "2023-08-01/2023-08-31"}),
        ),
        "resultType": query("resultType", "hits: return only the number of matches", json!({"type": "string", "enum": ["results", "hits"]})),
        "by": query("by", "The properties to group by", several(json!({
            "type": "string", "enum": ["region", "status", "kind", "month", "operator"],
        }))),
        "f": query("f", "The format of the response", json!({"type": "string", "enum": ["json", "html"]})),
        "f.json": query("f", "The format of the response", json!({"type": "string", "enum": ["json"]})),
        "f.export": query("f", "The format of the file", json!({
            "type": "string", "enum": Format::exported().map(Format::word).collect::<Vec<_>>(),
        })),
        "f.items": query("f", "The format of the response", json!({"type": "string", "enum": ["json", "geojson", "html"]})),
        "f.summary": query("f", "The format of the response", json!({"type": "string", "enum": ["json", "csv"]})),
        "f.landing": query("f", "The format of the response", json!({"type": "string", "enum": ["json", "html"]})),
        "id": path("id", "The feature's id", text()),
        "tiles": path("tiles", "The collection", json!({"type": "string", "enum": Layered::ALL.map(Layered::name)})),
        "z": path("z", "Zoom", whole()),
        "x": path("x", "Column", whole()),
        "y": path("y", "Row", whole()),
        "row": path("row", "Row", whole()),
        "column": path("column", "Column", whole()),
        "set": path("set", "The tile matrix set", json!({"type": "string", "enum": [WEB_MERCATOR_QUAD]})),
    });
    if let (Some(all), Some(uploads)) = (all.as_object_mut(), of_uploads().as_object_mut()) {
        all.append(uploads);
        all.extend(Collection::ALL.into_iter().flat_map(by_property));
    }
    all
}

/// Returns the parameters that select features by the value of one property, by the name that operations
/// refer to.
pub fn by_property(collection: Collection) -> impl Iterator<Item = (String, Value)> {
    let parameter = move |property: properties::Property| {
        let schema = match &property.values {
            Values::Text | Values::Words(_) => json!({"type": "string"}),
            Values::Whole(_) => json!({"type": "integer"}),
            Values::Real => json!({"type": "number"}),
            Values::Day => json!({"type": "string", "format": "date"}),
            Values::Instant => json!({"type": "string", "format": "date-time"}),
            Values::Uuid => json!({"type": "string", "format": "uuid"}),
            Values::Texts | Values::Time | Values::Rows(_) | Values::Other(_) | Values::Geometry(_) => {
                return None;
            }
        };
        let known = match &property.values {
            Values::Words(words) => format!(": {}", listed(words.iter().copied())),
            _ => String::new(),
        };
        let description = format!("{}{known}; only features that have this value", property.title);
        Some((format!("{}.{}", collection.name(), property.name), query(property.name, &description, schema)))
    };
    let asked = |property: &properties::Property| {
        property.is_queryable() && !filter::NO_PARAMETERS.contains(&property.name)
    };
    properties::shown(collection, Scope::Full).into_iter().filter(asked).filter_map(parameter)
}

fn listed<'a>(words: impl Iterator<Item = &'a str>) -> String {
    words.collect::<Vec<_>>().join(", ")
}

/// Returns the parameters of uploads, figures and changes.
fn of_uploads() -> Value {
    let text = || json!({"type": "string"});
    let flag = || json!({"type": "boolean", "default": false});
    let whole = || json!({"type": "integer", "minimum": 0});
    json!({
        "atomic": query("atomic", "Accept all rows or none", flag()),
        "dry_run": query("dry_run", "Judge every row without writing", flag()),
        "update": query("update", "Replace existing records", flag()),
        "reason": query("reason", "The reason, stored in the history", json!({"type": "string", "minLength": 1, "maxLength": 1000})),
        "crs.upload": query("crs", "The reference system of the coordinates, if the file does not state it; \
            longitude or easting comes first", text()),
        "columns": query("columns", "A JSON object that maps unknown column names to fields", json!({
            "type": "string", "example": "{\"Cihaz\": \"kind\"}",
        })),
        "dates": query("dates", "The order of day, month and year in numeric dates, such as 03/04/2023", json!({
            "type": "string", "enum": demining::DateOrder::ALL.iter().map(|order| order.word()).collect::<Vec<_>>(),
        })),
        "bom": query("bom", "CSV only: begin with a byte order mark, so that Excel reads the text as UTF-8", flag()),
        "format": query("format", "The format of the file, if its content type does not state it", json!({
            "type": "string", "enum": Format::read().map(Format::word).collect::<Vec<_>>(),
        })),
        "q": query("q", "A name or the beginning of one", json!({"type": "string", "maxLength": 100, "example": "Kəlbəcər"})),
        "since": query("since", "Changes after this revision", whole()),
        "seq": query("seq", "The position in a revision of many changes; see next", whole()),
        "limit.changes": query("limit", "The number of changes in one response", json!({
            "type": "integer", "minimum": 1, "maximum": CHANGES.1, "default": CHANGES.0,
        })),
        "review.state": query("state", "The review state of the records", json!({
            "type": "string", "enum": ["submitted", "has_issues", "rejected", "approved"], "default": "submitted",
        })),
        "review.region": query("region", "Only records in this region", text()),
        "review.after": query("after", "Only records after this key; see next", whole()),
        "review.limit": query("limit", "The number of records in one response", json!({
            "type": "integer", "minimum": 1, "maximum": REVIEWED.1, "default": REVIEWED.0,
        })),
        "near_m": query("near_m", "The largest distance of a possible duplicate, in metres", json!({
            "type": "number", "minimum": 0, "maximum": NEAR_M.1, "default": NEAR_M.0,
        })),
        "near_days": query("near_days", "The most days between a record and a possible duplicate", json!({
            "type": "integer", "minimum": 0, "maximum": NEAR_DAYS.1, "default": NEAR_DAYS.0,
        })),
        "token.id": path("id", "The token's id", json!({"type": "string", "format": "uuid"})),
        "held.after": query("after", "Only writes with a number after this; see next", whole()),
        "refused.after": query("after", "Only uploads received after this key; see next", whole()),
        "review.revision": path("revision", "The revision of the decision", whole()),
        "refused.upload": path("upload", "The upload's id", json!({"type": "string", "format": "uuid"})),
        "held.number": path("number", "The number of the write in the quarantine", whole()),
        "idempotency": {
            "name": "Idempotency-Key", "in": "header", "required": false,
            "description": "The sender's key for this upload: a repeated upload with the same key gets the same response",
            "schema": {"type": "string", "pattern": "^[\\x21-\\x7e]{1,255}$"},
        },
        "photo.offset": header("Upload-Offset", "The byte offset of the part in the photo"),
        "photo.length": header("Upload-Length", "The size of the whole photo in bytes"),
        "photo.hash": path("hash", "SHA-256 of the photo, hexadecimal", json!({"type": "string", "pattern": "^[0-9a-f]{64}$"})),
        "upload.id": path("id", "The upload's id", json!({"type": "string", "format": "uuid"})),
        "region.id": path("id", "The region's id", json!({"type": "string", "example": "AZ-KAL"}))
    })
}

// Takes a schema by value, so that callers can build one in place.
#[allow(clippy::needless_pass_by_value)]
fn query(name: &str, description: &str, schema: Value) -> Value {
    json!({
        "name": name, "in": "query", "description": description, "required": false,
        "schema": schema, "style": "form", "explode": false,
    })
}

fn header(name: &str, description: &str) -> Value {
    let schema = json!({"type": "integer", "minimum": 0});
    json!({"name": name, "in": "header", "description": description, "required": true, "schema": schema})
}

#[allow(clippy::needless_pass_by_value)] // As above.
fn path(name: &str, description: &str, schema: Value) -> Value {
    json!({"name": name, "in": "path", "description": description, "required": true, "schema": schema})
}
