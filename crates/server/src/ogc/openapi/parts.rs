//! What operations are made of.

use serde_json::{Value, json};

/// What the items of detections can be asked for by.
pub const FILTERS: [&str; 9] =
    ["bbox", "datetime", "status", "kind", "region", "operator", "filter", "filter-lang", "filter-crs"];

/// What the items of the small collections can be asked for by.
pub const FILTERS_OF_REFERENCE: [&str; 5] = ["bbox", "datetime", "filter", "filter-lang", "filter-crs"];

/// A GET with these parameters and this content.
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

/// These parameters.
pub fn references(names: &[&str]) -> Vec<Value> {
    names.iter().map(|name| json!({"$ref": format!("#/components/parameters/{name}")})).collect()
}

/// This content type with a schema of this name.
pub fn content(content_type: &str, schema: &str) -> Value {
    json!({content_type: {"schema": {"$ref": format!("#/components/schemas/{schema}")}}})
}

/// The schema of this name.
pub fn schema(name: &str) -> Value {
    json!({"$ref": format!("#/components/schemas/{name}")})
}
