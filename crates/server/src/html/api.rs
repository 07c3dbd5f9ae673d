//! The API description as a page.

use maud::{Markup, html};
use serde_json::Value;

use super::{Frame, text};

/// Builds a page of all paths, with their operations and parameters.
pub fn api(frame: &Frame, document: &Value) -> Markup {
    let tags = document["tags"].as_array().into_iter().flatten();
    let content = html! {
        p .lead { (text(&document["info"]["description"])) }
        p { "Version " (text(&document["info"]["version"])) ". The same description for programs, as OpenAPI " (text(&document["openapi"])) ": "
            a href={ (frame.root) "/api?f=json" } { "/api" } ". Errors are problem+json (RFC 9457)." }
        @for tag in tags {
            h2 { (text(&tag["name"])) }
            p { (text(&tag["description"])) "." }
            @for (path, item) in document["paths"].as_object().into_iter().flatten() {
                @for (method, operation) in item.as_object().into_iter().flatten().filter(|(_, o)| o["tags"][0] == tag["name"]) {
                    (self::operation(document, path, method, operation))
                }
            }
        }
    };
    frame.page(
        "Description",
        &[("For GIS programs", "/?f=html")],
        &format!("{}/api?f=json", frame.root),
        &content,
    )
}

fn operation(document: &Value, path: &str, method: &str, operation: &Value) -> Markup {
    let parameters: Vec<&Value> = operation["parameters"]
        .as_array()
        .into_iter()
        .flatten()
        .filter_map(|parameter| match parameter["$ref"].as_str() {
            Some(reference) => document.pointer(reference.trim_start_matches('#')),
            None => Some(parameter),
        })
        .collect();
    html! {
        details .operation {
            summary { span .method { (method.to_uppercase()) } " " code { (path) } " " span { (text(&operation["summary"])) } }
            @if !parameters.is_empty() {
                dl .facts { @for parameter in parameters {
                    div { dt { code { (text(&parameter["name"])) } } dd { (text(&parameter["description"])) } }
                } }
            }
            @if operation["security"].is_array() { p { small { "Requires a token." } } }
        }
    }
}
