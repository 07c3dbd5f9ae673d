//! The abstract test suites of the OGC API standards. Each test bears the name of the abstract test that it runs.

mod features_core;
mod features_crs;
mod tiles;

use serde_json::Value;

use crate::program::Server;

/// All collections of features.
const COLLECTIONS: [&str; 4] = ["detections", "regions", "places", "reported_figures"];

/// The links of a document under a relation.
fn links<'a>(document: &'a Value, relation: &str) -> Vec<&'a Value> {
    document["links"].as_array().unwrap().iter().filter(|link| link["rel"] == relation).collect()
}

/// The address of the first of them, as a path of this server.
fn path(server: &Server, document: &Value, relation: &str) -> String {
    let links = links(document, relation);
    let link = links.first().unwrap_or_else(|| panic!("no link {relation} in {document}"));
    link["href"].as_str().unwrap().strip_prefix(&server.base).unwrap().to_owned()
}

/// The parameter of an operation with this name, wherever it is described.
fn parameter<'a>(api: &'a Value, path: &str, name: &str) -> &'a Value {
    let given = api["paths"][path]["get"]["parameters"].as_array().unwrap();
    let resolved = given.iter().map(|p| match p["$ref"].as_str() {
        Some(reference) => api.pointer(reference.trim_start_matches('#')).unwrap(),
        None => p,
    });
    resolved.into_iter().find(|p| p["name"] == name).unwrap_or_else(|| panic!("{path} has no {name}"))
}
