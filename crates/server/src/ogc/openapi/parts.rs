//! The building blocks of operations.

use serde_json::{Value, json};

/// The filters of detections.
pub const FILTERS: [&str; 9] =
    ["bbox", "datetime", "status", "kind", "region", "operator", "filter", "filter-lang", "filter-crs"];

/// The filters of the small collections.
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
