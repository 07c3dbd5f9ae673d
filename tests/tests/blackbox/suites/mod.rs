//! The abstract test suites of the OGC API standards. Each test is named after the abstract test that it
//! runs.

mod common;
mod cql2;
mod features_core;
mod features_crs;
mod features_filter;
mod features_html;
mod features_write;
mod schemas;
mod tiles;

use std::fmt::Write;

use serde_json::Value;

use crate::program::Server;

/// All collections of features.
const COLLECTIONS: [&str; 5] = ["detections", "accidents", "regions", "places", "reported_figures"];

/// Returns the links of a document with a relation.
fn links<'a>(document: &'a Value, relation: &str) -> Vec<&'a Value> {
    document["links"].as_array().unwrap().iter().filter(|link| link["rel"] == relation).collect()
}

/// Returns the address of the first of them, as a path of this server.
fn path(server: &Server, document: &Value, relation: &str) -> String {
    let links = links(document, relation);
    let link = links.first().unwrap_or_else(|| panic!("no link {relation} in {document}"));
    link["href"].as_str().unwrap().strip_prefix(&server.base).unwrap().to_owned()
}

/// Returns the parameter of an operation with this name, wherever it is described.
fn parameter<'a>(api: &'a Value, path: &str, name: &str) -> &'a Value {
    let given = api["paths"][path]["get"]["parameters"].as_array().unwrap();
    let resolved = given.iter().map(|p| match p["$ref"].as_str() {
        Some(reference) => api.pointer(reference.trim_start_matches('#')).unwrap(),
        None => p,
    });
    resolved.into_iter().find(|p| p["name"] == name).unwrap_or_else(|| panic!("{path} has no {name}"))
}

/// Percent-encodes a parameter's value.
fn encoded(value: &str) -> String {
    let mut encoded = String::new();
    for byte in value.bytes() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' => encoded.push(byte.into()),
            _ => write!(encoded, "%{byte:02X}").unwrap(),
        }
    }
    encoded
}

/// Returns the id of the first feature of a collection.
fn first_id(server: &Server, name: &str) -> String {
    let page = server.json(&format!("/collections/{name}/items?limit=1"));
    page["features"][0]["id"].to_string().trim_matches('"').to_owned()
}

/// Sends a request with this `Accept`.
fn accepting(server: &Server, path: &str, accept: &str) -> ureq::http::Response<ureq::Body> {
    server.agent().get(server.url(path)).header("accept", accept).call().unwrap()
}

/// Returns the value of a response's header, or an empty text.
fn header(answer: &ureq::http::Response<ureq::Body>, name: &str) -> String {
    answer.headers().get(name).map(|value| value.to_str().unwrap().to_owned()).unwrap_or_default()
}
