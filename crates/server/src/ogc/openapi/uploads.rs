//! Uploads: single features and files.

use demining::Collection;
use exchange::Format;
use serde_json::{Map, Value, json};

use super::parts::{content, of, references, schema};
use crate::wire::collection::noun;

/// The parameters of an upload.
const OPTIONS: [&str; 7] = ["atomic", "dry_run", "update", "reason", "crs.upload", "columns", "dates"];

/// Returns the paths of file uploads and their reports.
pub fn paths() -> Map<String, Value> {
    let mut paths = Map::new();
    let bodies = Format::read().map(|format| match format {
        Format::GeoJson => json!({"schema": schema("upload"), "example": example(Collection::Detections)}),
        _ => json!({"schema": {"type": "string", "format": "binary"}}),
    });
    let bodies: Map<String, Value> =
        Format::read().map(|format| format.content_type().to_owned()).zip(bodies).collect();
    let mut names = OPTIONS.to_vec();
    names.extend(["format", "collection", "idempotency"]);
    let report =
        json!({"description": "The outcome of each row", "content": content("application/json", "report")});
    let kept = json!({"description": "The upload is stored and will be judged later", "content": {
        "application/problem+json": {"schema": schema("problem")},
    }});
    let ends = [("200", report.clone()), ("202", kept)];
    let mut post = operation("upload", "Uploads a file of records", &names, &ends);
    post["requestBody"] = json!({"required": true, "content": bodies});
    post["responses"]["409"] = problem();
    paths.insert("/uploads".to_owned(), json!({"post": post}));
    let waits = json!({"description": "The upload is stored and waits to be judged", "content": content("application/json", "waits")});
    let ends = [("200", report), ("202", waits)];
    let mut again = operation("report", "The report of an upload", &["upload.id"], &ends);
    again["responses"]["404"] = problem();
    paths.insert("/uploads/{id}".to_owned(), json!({"get": again}));
    let bytes = json!({"schema": {"type": "string", "format": "binary"}});
    let bytes =
        json!({"description": "The bytes as received", "content": {"application/octet-stream": bytes}});
    let mut received =
        operation("received", "The received bytes of an upload", &["upload.id"], &[("200", bytes)]);
    received["responses"]["404"] = problem();
    paths.insert("/uploads/{id}/received".to_owned(), json!({"get": received}));
    paths
}

/// Builds the POST to the items of a collection.
pub fn create(collection: Collection) -> Value {
    let noun = noun(collection);
    let created = json!({
        "description": "Created",
        "headers": {"Location": {"description": format!("The address of the {noun}"), "schema": {"type": "string"}}},
        "content": content("application/geo+json", noun),
    });
    let there = json!({
        "description": format!("The {noun} already exists, unchanged; or the report of several rows"),
        "content": {
            "application/geo+json": {"schema": schema(noun)},
            "application/json": {"schema": schema("report")},
        },
    });
    let waits = json!({
        "description": "The write is in the quarantine until a manager decides, because its sender may not make it",
        "content": content("application/json", "report"),
    });
    let statuses = [("200", there), ("201", created), ("202", waits), ("409", problem()), ("412", problem())];
    let mut names = OPTIONS.to_vec();
    names.push("idempotency");
    let told = format!("Creates {}, or uploads several", a(noun));
    let mut post = operation(&of(collection, "create"), &told, &names, &statuses);
    post["requestBody"] = json!({"required": true, "content": {
        "application/geo+json": {"schema": schema("upload"), "example": example(collection)},
    }});
    post
}

/// Builds the PUT, PATCH and DELETE of one record.
pub fn changes(collection: Collection) -> [(&'static str, Value); 3] {
    let noun = noun(collection);
    let done = || json!({"description": "Done", "content": content("application/geo+json", noun)});
    let nothing = json!({"description": "Deleted"});
    let mut put = operation(
        &of(collection, "replace"),
        &format!("Replaces {}", a(noun)),
        &["id", "reason", "crs.upload", "columns", "dates"],
        &[("200", done()), ("201", done())],
    );
    put["requestBody"] = json!({"required": true, "content": {
        "application/geo+json": {"schema": schema("upload"), "example": example(collection)},
    }});
    let mut patch = operation(
        &of(collection, "update"),
        &format!("Changes {}", a(noun)),
        &["id", "reason"],
        &[("200", done())],
    );
    patch["requestBody"] = json!({"required": true, "content": {
        "application/merge-patch+json": {
            "schema": {"type": "object"}, "example": {"properties": {"quantity": 2}},
        },
    }});
    let delete = operation(
        &of(collection, "delete"),
        &format!("Deletes {}; its history remains", a(noun)),
        &["id", "reason"],
        &[("204", nothing)],
    );
    [("put", put), ("patch", patch), ("delete", delete)].map(|(method, mut operation)| {
        for status in ["404", "412"] {
            operation["responses"][status] = problem();
        }
        (method, operation)
    })
}

/// Returns a noun with its article.
fn a(noun: &str) -> String {
    let article = if noun.starts_with(['a', 'e', 'i', 'o', 'u']) { "an" } else { "a" };
    format!("{article} {noun}")
}

/// Builds an example of an uploaded feature.
fn example(collection: Collection) -> Value {
    let properties = match collection {
        Collection::Detections => {
            json!({"kind": "ap_mine", "model": "PMN-2", "quantity": 1, "detected_on": "2023-03-14"})
        }
        Collection::Accidents => json!({
            "class": "mine", "occurred_on": "2023-03-14", "device": "ap_mine",
            "victims": [{"outcome": "injured", "sex": "male", "age_group": "adult", "status": "civilian"}],
        }),
    };
    json!({
        "type": "Feature", "id": "018f3c1e-7a44-7cc1-9d5e-2f0a4b1c9e01",
        "geometry": {"type": "Point", "coordinates": [46.0412, 40.1063]},
        "properties": properties,
    })
}

/// Builds an operation that requires a token, with these responses and the problems that every operation
/// shares.
pub fn operation(id: &str, summary: &str, parameters: &[&str], ends: &[(&str, Value)]) -> Value {
    let refusals = ["400", "401", "403", "408", "413", "415", "422", "429", "500", "503"];
    let mut responses: Map<String, Value> =
        refusals.into_iter().map(|status| (status.to_owned(), problem())).collect();
    responses.extend(ends.iter().map(|(status, response)| ((*status).to_owned(), response.clone())));
    json!({
        "tags": ["Uploads"], "operationId": id, "summary": summary, "parameters": references(parameters),
        "security": [{"token": []}], "responses": responses,
    })
}

pub fn problem() -> Value {
    json!({"$ref": "#/components/responses/problem"})
}
