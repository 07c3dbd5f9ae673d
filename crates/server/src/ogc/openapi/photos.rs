//! Photos of records.

use serde_json::{Map, Value, json};

use super::uploads::{operation, problem};

/// Returns the paths.
pub fn paths() -> Map<String, Value> {
    let length =
        json!({"Upload-Offset": {"description": "The bytes received so far", "schema": {"type": "integer"}}});
    let picture = json!({
        "description": "The picture, encoded again without metadata",
        "content": {"image/jpeg": {"schema": {"type": "string", "format": "binary"}}},
    });
    let get = |id: &str, summary: &str| {
        let mut get = operation(id, summary, &["photo.hash"], &[("200", picture.clone())]);
        get["responses"]["404"] = problem();
        get
    };
    let part = |description: &str| json!({"description": description, "headers": length});
    let ends =
        [("201", part("The last part was stored")), ("204", part("The part was stored")), ("409", problem())];
    let names = ["photo.hash", "photo.offset", "photo.length"];
    let mut patch = operation("photoPart", "Uploads the next part of a photo", &names, &ends);
    patch["requestBody"] = json!({"required": true, "content": {
        "image/jpeg": {"schema": {"type": "string", "format": "binary"}},
        "image/png": {"schema": {"type": "string", "format": "binary"}},
        "image/webp": {"schema": {"type": "string", "format": "binary"}},
    }});
    let mut paths = Map::new();
    let whole = json!({"get": get("photo", "A photo"), "patch": patch});
    paths.insert("/photos/{hash}".to_owned(), whole);
    let thumbnail = get("thumbnail", "A photo, at most 320 pixels wide and high");
    paths.insert("/photos/{hash}/thumbnail".to_owned(), json!({"get": thumbnail}));
    paths
}
