//! The schemas of requests and responses.

use demining::{Collection as RecordCollection, field::FieldRole};
use serde_json::{Map, Value, json};

use super::{
    access, accidents, own,
    parts::{list, object, of, schema},
    review,
};

use crate::wire::{
    collection::{Collection, noun},
    properties,
};

/// Returns every schema, by the name that operations refer to.
pub fn all() -> Value {
    let links = || json!({"type": "array", "items": {"$ref": "#/components/schemas/link"}});
    let mut all = json!({
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
    });
    if let Some(all) = all.as_object_mut() {
        all.extend(uploads());
        all.extend(RecordCollection::ALL.iter().flat_map(|collection| records(*collection)));
        all.extend(figures());
        for schemas in [access::schemas(), accidents::schemas(), own::schemas(), review::schemas()] {
            all.extend(schemas.as_object().cloned().unwrap_or_default());
        }
    }
    all
}

/// Returns the schemas of a collection's records and their changes.
fn records(collection: RecordCollection) -> Map<String, Value> {
    let all = properties::of(Collection::Records(collection));
    let fields = || all.iter().filter(|property| !matches!(property.role, FieldRole::Id | FieldRole::Place));
    let properties: Map<String, Value> =
        fields().map(|property| (property.name.to_owned(), simple(property.schema()))).collect();
    let required: Vec<&str> = fields()
        .filter(|property| property.role == FieldRole::Required)
        .map(|property| property.name)
        .collect();
    // The server completes these.
    let completed: &[&str] = match collection {
        RecordCollection::Detections => &["status", "quantity"],
        RecordCollection::Accidents => &[],
    };
    let required = [required, completed.to_vec()].concat();
    let point = json!({"type": "object", "required": ["type", "coordinates"], "properties": {
        "type": {"type": "string", "enum": ["Point"]},
        "coordinates": {"type": "array", "items": {"type": "number"}, "minItems": 2, "maxItems": 2},
    }});
    let change = of(collection, "change");
    let schemas = [
        (
            noun(collection).to_owned(),
            object(
                &["type", "id", "geometry", "properties"],
                &json!({
                    "type": {"type": "string", "enum": ["Feature"]}, "id": {"type": "string", "format": "uuid"}, "geometry": point,
                    "properties": {"type": "object", "required": required, "properties": properties},
                    "links": list(&schema("link")),
                    "notices": list(&schema("rowNotice")),
                }),
            ),
        ),
        (
            collection.name().to_owned(),
            object(
                &["type", "features", "links"],
                &json!({
                    "type": {"type": "string", "enum": ["FeatureCollection"]},
                    "numberMatched": {"type": "integer"}, "numberReturned": {"type": "integer"}, "timeStamp": {"type": "string"},
                    "links": list(&schema("link")), "features": list(&schema(noun(collection))),
                }),
            ),
        ),
        (
            change.clone(),
            object(
                &["revision", "action", "id", "at", "by", "feature"],
                &json!({
                    "revision": {"type": "integer"}, "action": {"type": "string", "enum": ["put", "delete"]},
                    "id": {"type": "string", "format": "uuid"}, "at": {"type": "string", "format": "date-time"},
                    "by": {"type": "string"}, "by_operator": {"type": "string"}, "reason": {"type": "string"},
                    "feature": {"type": "object", "nullable": true, "allOf": [schema(noun(collection))]},
                }),
            ),
        ),
        (
            of(collection, "history"),
            object(
                &["id", "revisions"],
                &json!({"id": {"type": "string"}, "revisions": list(&schema(&change))}),
            ),
        ),
        (
            of(collection, "changes"),
            object(
                &["since", "revision", "reached", "changes", "next"],
                &json!({
                    "since": {"type": "integer"}, "revision": {"type": "integer"}, "reached": {"type": "integer"},
                    "changes": list(&schema(&change)), "next": {"type": "string", "nullable": true},
                }),
            ),
        ),
    ];
    schemas.into_iter().collect()
}

/// Returns the schemas of uploads, their reports, and events.
fn uploads() -> Map<String, Value> {
    let counts = ["rows", "created", "updated", "unchanged", "held", "refused", "problems_left_out"];
    let mut report: Map<String, Value> =
        counts.into_iter().map(|name| (name.to_owned(), json!({"type": "integer"}))).collect();
    report.extend([
        ("upload".to_owned(), json!({"type": "string", "format": "uuid"})),
        ("revision".to_owned(), json!({"type": "integer"})),
        ("dry_run".to_owned(), json!({"type": "boolean"})),
        ("ids".to_owned(), list(&json!({"type": "string", "format": "uuid"}))),
        ("problems".to_owned(), list(&schema("rowProblem"))),
        ("notices".to_owned(), list(&schema("rowNotice"))),
        ("decisions".to_owned(), list(&schema("rowDecision"))),
        ("settled".to_owned(), schema("settlement")),
    ]);
    let schemas = json!({
        "upload": {"type": "object", "description": "A Feature or a FeatureCollection", "required": ["type"], "properties": {
            "type": {"type": "string", "enum": ["Feature", "FeatureCollection"]},
            "id": {"type": "string"}, "geometry": {"type": "object"}, "properties": {"type": "object"},
            "features": list(&json!({"type": "object"})),
        }},
        "report": object(&["revision", "rows", "created", "updated", "unchanged", "held", "refused", "ids", "problems"], &report.into()),
        "waits": object(&["upload", "received_at", "state"], &json!({
            "upload": {"type": "string", "format": "uuid"}, "received_at": {"type": "string", "format": "date-time"},
            "state": {"type": "string", "enum": ["waiting"]},
        })),
        "rowNotice": object(&["row", "id", "field", "code", "message"], &json!({
            "row": {"type": "integer"}, "id": {"type": "string", "format": "uuid"}, "field": {"type": "string"},
            "code": {"type": "string", "enum": ["axes_swapped", "derived", "not_shown"]}, "message": {"type": "string"},
        })),
        "rowProblem": object(&["row", "field", "value", "reason"], &json!({
            "row": {"type": "integer"}, "id": {"type": "string"}, "field": {"type": "string"},
            "value": {"type": "string"}, "reason": {"type": "string"}, "code": {"type": "string"},
        })),
        "settlement": object(&["reason", "settled_at"], &json!({
            "reason": {"type": "string"}, "settled_at": {"type": "string", "format": "date-time"},
        })),
        "rowDecision": object(&["row", "id", "decision", "decided_at"], &json!({
            "row": {"type": "integer"}, "id": {"type": "string", "format": "uuid"},
            "decision": {"type": "string", "enum": ["accepted", "dismissed"]}, "reason": {"type": "string"},
            "decided_at": {"type": "string", "format": "date-time"},
        })),
        "logHead": object(&["revision", "hash", "head"], &json!({
            "revision": {"type": "integer"}, "hash": {"type": "string"}, "head": {"type": "string"},
        })),
        "revisionEvent": object(&["revision", "bounds", "tiles"], &json!({
            "revision": {"type": "integer"}, "bounds": bounds(true),
            "tiles": {"type": "array", "nullable": true, "items": object(&["z", "x", "y"], &json!({
                "z": {"type": "integer"}, "x": {"type": "integer"}, "y": {"type": "integer"},
            }))},
        })),
    });
    match schemas {
        Value::Object(schemas) => schemas,
        _ => Map::new(),
    }
}

/// Returns the schemas of counts and regions. Quantities count items, records count entries.
#[expect(clippy::too_many_lines, reason = "a list of schemas")]
fn figures() -> Map<String, Value> {
    let (text, whole) = (|| json!({"type": "string"}), || json!({"type": "integer"}));
    let maybe_text = || json!({"type": "string", "nullable": true});
    let by_status = |name: &str| {
        object(
            &[name, "detected", "neutralised"],
            &json!({name: text(), "detected": schema("count"), "neutralised": schema("count")}),
        )
    };
    let by_event = |name: &str| {
        object(
            &[name, "found", "neutralised"],
            &json!({name: text(), "found": schema("count"), "neutralised": schema("count")}),
        )
    };
    let levels = json!({"type": "string", "enum": ["country", "economic_region", "district"]});
    let named = object(&["id", "names"], &json!({"id": text(), "names": schema("names")}));
    let schemas = json!({
        "bounds": bounds(false),
        "lonLat": {"type": "array", "items": {"type": "number"}, "minItems": 2, "maxItems": 2},
        "names": {"type": "object", "description": "By language", "additionalProperties": {"type": "string"}},
        "count": object(&["records", "quantity"], &json!({"records": whole(), "quantity": whole()})),
        "recorded": object(&["records", "quantity", "detected", "neutralised"], &json!({
            "records": whole(), "quantity": whole(), "detected": schema("count"), "neutralised": schema("count"),
        })),
        "area": {"type": "object", "required": ["type"], "description": "A Polygon or MultiPolygon, or a Feature of one", "properties": {
            "type": {"type": "string", "enum": ["Polygon", "MultiPolygon", "Feature"]},
            "coordinates": {"type": "array", "items": {}}, "geometry": {"type": "object"},
        }},
        "summary": object(&["revision", "by", "rows", "total"], &json!({
            "revision": whole(), "by": list(&text()), "area_m2": {"type": "number"}, "total": schema("count"),
            "rows": list(&object(&["records", "quantity"], &json!({
                "region": maybe_text(), "status": text(), "kind": text(), "month": text(), "operator": maybe_text(),
                "records": whole(), "quantity": whole(),
            }))),
        })),
        "period": object(&["from", "to"], &json!({"from": maybe_text(), "to": maybe_text()})),
        "events": object(&["found", "neutralised"], &json!({
            "found": schema("count"), "neutralised": schema("count"),
        })),
        "eventsSummary": object(&["revision", "by", "events", "rows", "total"], &json!({
            "revision": whole(), "by": list(&text()), "events": schema("period"), "area_m2": {"type": "number"}, "total": schema("events"),
            "rows": list(&object(&["found", "neutralised"], &json!({
                "region": maybe_text(), "kind": text(), "month": text(), "operator": maybe_text(),
                "found": schema("count"), "neutralised": schema("count"),
            }))),
        })),
        "eventsRegion": object(
            &["id", "level", "parent", "names", "aliases", "area_m2", "bounds", "label", "children", "events"],
            &json!({
                "id": text(), "level": levels, "parent": maybe_text(), "names": schema("names"), "aliases": list(&text()),
                "area_m2": {"type": "number"}, "bounds": bounds(true),
                "label": schema("lonLat"), "children": list(&text()), "source": text(), "events": schema("events"),
            }),
        ),
        "eventsOverview": object(&["revision", "demonstration", "events", "regions", "outside", "total"], &json!({
            "revision": whole(), "demonstration": {"type": "boolean"}, "events": schema("period"),
            "regions": list(&schema("eventsRegion")), "outside": schema("events"), "total": schema("events"),
        })),
        "eventsDetail": object(&["revision", "events", "region", "ancestors", "children", "kinds", "months", "reported"], &json!({
            "revision": whole(), "events": schema("period"), "region": schema("eventsRegion"), "ancestors": list(&named),
            "children": list(&schema("eventsRegion")), "kinds": list(&by_event("kind")), "months": list(&by_event("month")),
            "reported": list(&schema("reportedFigure")),
        })),
        "region": object(
            &["id", "level", "parent", "names", "aliases", "area_m2", "bounds", "label", "children", "recorded", "first", "latest"],
            &json!({
                "id": text(), "level": levels, "parent": maybe_text(), "names": schema("names"), "aliases": list(&text()),
                "area_m2": {"type": "number"}, "bounds": bounds(true),
                "label": schema("lonLat"), "children": list(&text()), "source": text(), "recorded": schema("recorded"),
                "first": maybe_text(), "latest": maybe_text(),
            }),
        ),
        "overview": object(&["revision", "demonstration", "updated", "regions", "outside", "total"], &json!({
            "revision": whole(), "demonstration": {"type": "boolean"}, "updated": maybe_text(),
            "regions": list(&schema("region")), "outside": schema("recorded"), "total": schema("recorded"),
        })),
        "regionDetail": object(&["revision", "region", "ancestors", "children", "kinds", "months", "reported"], &json!({
            "revision": whole(), "region": schema("region"), "ancestors": list(&named), "children": list(&schema("region")),
            "kinds": list(&by_status("kind")), "months": list(&by_status("month")), "reported": list(&schema("reportedFigure")),
        })),
        "reportedFigure": object(
            &["id", "measure", "text", "number", "unit", "period", "regions", "part_of", "note", "parts_sum", "source"],
            &json!({
                "id": text(), "measure": text(), "text": text(), "number": {"type": "number"},
                "unit": {"type": "string", "description": "What the number counts: items, people, or square metres"},
                "period": object(&["from", "to"], &json!({"from": maybe_text(), "to": maybe_text()})),
                "regions": list(&text()), "part_of": maybe_text(), "note": maybe_text(),
                "parts_sum": {"type": "number", "nullable": true, "description": "The sum of the parts, if it differs from the number"},
                "source": object(&["title", "publisher", "quoting", "published", "url"], &json!({
                    "title": text(), "publisher": text(), "quoting": maybe_text(), "published": maybe_text(), "url": maybe_text(),
                })),
            }),
        ),
        "searchResults": object(&["results"], &json!({"results": list(&schema("found"))})),
        "found": object(&["type", "id", "names", "center", "bounds"], &json!({
            "type": {"type": "string", "enum": ["region", "place"]}, "id": text(), "names": schema("names"), "level": levels,
            "country": maybe_text(), "center": schema("lonLat"), "bounds": bounds(true),
            "region": maybe_text(),
        })),
        "tileJson": object(&["tilejson", "tiles", "vector_layers"], &json!({
            "tilejson": text(), "tiles": list(&text()), "vector_layers": list(&json!({"type": "object"})),
            "minzoom": whole(), "maxzoom": whole(), "bounds": schema("bounds"),
        })),
    });
    match schemas {
        Value::Object(schemas) => schemas,
        _ => Map::new(),
    }
}

/// Converts a property's schema to `OpenAPI` 3.0.
fn simple(mut schema: Value) -> Value {
    if let Some(schema) = schema.as_object_mut() {
        schema.remove("x-ogc-role");
    }
    schema
}

/// Builds the schema of a box, which may be null if `nullable`.
fn bounds(nullable: bool) -> Value {
    let mut schema = json!({
        "type": "array", "description": "West, south, east, north",
        "items": {"type": "number"}, "minItems": 4, "maxItems": 4,
    });
    if nullable {
        schema["nullable"] = json!(true);
    }
    schema
}
