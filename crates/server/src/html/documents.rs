//! The landing page, conformance, collections, and their properties.

use maud::{Markup, html};
use serde_json::Value;

use super::{Frame, all_links, text};

/// Builds the landing page, the starting point for GIS programs.
pub fn landing(frame: &Frame, document: &Value) -> Markup {
    let root = &frame.root;
    let content = html! {
        p .lead { (text(&document["description"])) }
        ul .cards {
            li { a href={ (root) "/collections" } { strong { "Collections" } span { "Records, regions, places and reported figures, as tables and GeoJSON" } } }
            li { a href={ (root) "/api.html" } { strong { "Description" } span { "Every address, with its parameters; OpenAPI 3.0 for programs" } } }
            li { a href={ (root) "/conformance" } { strong { "Conformance" } span { "The conformance classes of the OGC API standards" } } }
            li { a href={ (root) "/" } { strong { "Map" } span { "What was recorded, region by region" } } }
        }
        p { "QGIS: Layer, Add Layer, Add WFS / OGC API - Features Layer, and the address of this page." }
        (all_links(document))
    };
    frame.page("For GIS programs", &[], &format!("{root}/?f=json"), &content)
}

/// Builds the page of conformance classes.
pub fn conformance(frame: &Frame, document: &Value) -> Markup {
    let classes: Vec<String> = document["conformsTo"].as_array().into_iter().flatten().map(text).collect();
    let content = html! {
        p .lead { (classes.len()) " conformance classes of the OGC API standards." }
        ul .plain { @for class in &classes { li { code { (class) } } } }
    };
    frame.page("Conformance", &[], &format!("{}/conformance?f=json", frame.root), &content)
}

/// Builds the page of all collections.
pub fn collections(frame: &Frame, document: &Value) -> Markup {
    let root = &frame.root;
    let all = document["collections"].as_array().into_iter().flatten();
    let content = html! {
        ul .cards {
            @for described in all {
                @let name = text(&described["id"]);
                li { a href={ (root) "/collections/" (name) } { strong { (text(&described["title"])) } span { (text(&described["description"])) } } }
            }
        }
        (all_links(document))
    };
    frame.page("Collections", &[], &format!("{root}/collections?f=json"), &content)
}

/// Builds the page of one collection.
pub fn collection(frame: &Frame, described: &Value) -> Markup {
    let own = format!("{}/collections/{}", frame.root, text(&described["id"]));
    let bbox = described["extent"]["spatial"]["bbox"][0].as_array();
    let content = html! {
        p .lead { (text(&described["description"])) }
        p .actions {
            a .button href={ (own) "/items" } { "Browse" }
            a href={ (own) "/schema" } { "Properties" }
            a href={ (own) "/queryables" } { "Queryable properties" }
        }
        dl .facts {
            @if let Some([west, south, east, north]) = bbox.map(Vec::as_slice) {
                div { dt { "Extent" } dd { (text(west)) "° to " (text(east)) "° E, " (text(south)) "° to " (text(north)) "° N" } }
            }
            div { dt { "Reference systems" } dd { ul .plain {
                @for crs in described["crs"].as_array().into_iter().flatten() { li { code { (text(crs)) } } }
            } } }
        }
        (all_links(described))
    };
    frame.page(
        &text(&described["title"]),
        &[("Collections", "/collections")],
        &format!("{own}?f=json"),
        &content,
    )
}

/// Builds the page of a collection's schema or queryables; `what` is the last part of the address.
pub fn properties(frame: &Frame, name: &str, collection: &str, what: &str, document: &Value) -> Markup {
    let path = format!("/collections/{name}");
    let properties = document["properties"].as_object().into_iter().flatten();
    let title = if what == "schema" { "Properties" } else { "Queryable properties" };
    let content = html! {
        div .scroll tabindex="0" role="region" aria-label=(title) { table .meanings {
            thead { tr { th scope="col" { "Name" } th scope="col" { "Meaning" } th scope="col" { "Values" } } }
            tbody { @for (name, schema) in properties { tr {
                th scope="row" { code { (name) } }
                td { (text(&schema["title"])) @if schema["readOnly"] == true { small { " · set by the server" } } }
                td { (values(schema)) }
            } } }
        } }
        @if document["properties"].as_object().is_none_or(serde_json::Map::is_empty) {
            p { "This collection can be filtered only by " code { "bbox" } "." }
        }
    };
    let above = [("Collections", "/collections"), (collection, path.as_str())];
    frame.page(title, &above, &format!("{}{path}/{what}?f=json", frame.root), &content)
}

fn values(schema: &Value) -> String {
    match (&schema["enum"], &schema["format"]) {
        (Value::Array(words), _) => words.iter().map(text).collect::<Vec<_>>().join(", "),
        (_, Value::String(format)) => format.clone(),
        _ => text(&schema["type"]),
    }
}
