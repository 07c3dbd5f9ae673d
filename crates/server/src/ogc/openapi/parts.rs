//! The building blocks of operations.

use demining::Collection;
use serde_json::{Value, json};

/// The filters of detections.
pub const FILTERS: [&str; 9] =
    ["bbox", "datetime", "status", "kind", "region", "operator", "filter", "filter-lang", "filter-crs"];

/// The filters of accidents.
const FILTERS_OF_ACCIDENTS: [&str; 7] =
    ["bbox", "datetime.day", "region", "operator", "filter", "filter-lang", "filter-crs"];

/// Returns the filters of the records of a collection.
pub fn filters(collection: Collection) -> &'static [&'static str] {
    match collection {
        Collection::Detections => &FILTERS,
        Collection::Accidents => &FILTERS_OF_ACCIDENTS,
    }
}

/// Returns the name of an operation or schema of a collection: for detections the bare name, for others with
/// the collection as a prefix.
pub fn of(collection: Collection, name: &str) -> String {
    match collection {
        Collection::Detections => name.to_owned(),
        Collection::Accidents => format!("{collection}.{name}"),
    }
}

/// The filters of regions, places and reported figures.
pub const FILTERS_OF_REFERENCE: [&str; 5] = ["bbox", "datetime", "filter", "filter-lang", "filter-crs"];

/// Builds a GET operation with these parameters and this content.
pub fn get(
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
        "401": {"$ref": "#/components/responses/problem"},
        "403": {"$ref": "#/components/responses/problem"},
        "429": {"$ref": "#/components/responses/problem"},
        "500": {"$ref": "#/components/responses/problem"},
        "503": {"$ref": "#/components/responses/problem"},
    });
    if may_miss {
        responses["404"] = json!({"$ref": "#/components/responses/problem"});
    }
    json!({"get": {
        "tags": [tag], "operationId": id, "summary": summary,
        "parameters": references(parameters), "responses": responses,
    }})
}

/// Builds references to these parameters.
pub fn references(names: &[&str]) -> Vec<Value> {
    names.iter().map(|name| json!({"$ref": format!("#/components/parameters/{name}")})).collect()
}

/// Builds a content type with a reference to this schema.
pub fn content(content_type: &str, schema: &str) -> Value {
    json!({content_type: {"schema": {"$ref": format!("#/components/schemas/{schema}")}}})
}

/// Builds a reference to this schema.
pub fn schema(name: &str) -> Value {
    json!({"$ref": format!("#/components/schemas/{name}")})
}

/// Builds the schema of an object.
pub fn object(required: &[&str], properties: &Value) -> Value {
    json!({"type": "object", "required": required, "properties": properties})
}

/// Builds the schema of a list.
pub fn list(items: &Value) -> Value {
    json!({"type": "array", "items": items})
}
