//! Features: a page of them as a table, and one as a list with a small map.

use maud::{Markup, html};
use serde_json::Value;

use super::{Frame, all_links, outline, shown, text};

use crate::wire::{
    collection::Collection,
    properties::{self, Property},
};

pub use super::outline::Drawn;

/// The most characters of a value in a table; the feature's page shows all of it.
const MOST_IN_A_CELL: usize = 80;

/// Builds a page of features. `query` contains the parameters other than the page's key.
pub fn items(frame: &Frame, collection: Collection, page: &Value, query: &str) -> Markup {
    let (name, (title, _)) = (collection.name(), collection.title_and_description());
    let own = format!("{}/collections/{name}", frame.root);
    let features: Vec<&Value> = page["features"].as_array().into_iter().flatten().collect();
    let all = properties::of(collection);
    let columns: Vec<&Property> = all
        .iter()
        .filter(|p| p.is_tabular() && features.iter().any(|f| !f["properties"][p.name].is_null()))
        .collect();
    let next = page["links"].as_array().into_iter().flatten().find(|link| link["rel"] == "next");
    let asked: Vec<(String, String)> = form_urlencoded::parse(query.as_bytes())
        .filter(|(name, _)| name != "f")
        .map(|(name, value)| (name.into_owned(), value.into_owned()))
        .collect();
    let content = html! {
        p .lead { strong { (text(&page["numberMatched"])) } " features; " (features.len()) " on this page." }
        @if !asked.is_empty() {
            p .asked { @for (name, value) in &asked { span { (name) " = " (value) } " " } a href={ (own) "/items?f=html" } { "Without filters" } }
        }
        div .scroll tabindex="0" role="region" aria-label=(title) { table {
            thead { tr { th scope="col" { "Id" } @for column in &columns { th scope="col" title=(column.title) { (column.name) } } } }
            tbody { @for feature in &features { tr {
                @let id = text(&feature["id"]);
                th scope="row" { a href={ (own) "/items/" (encoded(&id)) } { (short(&id)) } }
                @for column in &columns { (cell(&feature["properties"][column.name])) }
            } } }
        } }
        p .actions {
            @if page["links"].as_array().into_iter().flatten().any(|l| l["rel"] == "self" && text(&l["href"]).contains("after=")) {
                a href={ (own) "/items?" (query) } { "First page" }
            }
            @if let Some(next) = next { a .button rel="next" href=(text(&next["href"])) { "Next page" } }
        }
        (all_links(page))
    };
    let path = format!("/collections/{name}");
    let above = [("Collections", "/collections"), (title, path.as_str())];
    let plain: String = form_urlencoded::Serializer::new(String::new()).extend_pairs(&asked).finish();
    let json = format!("{own}/items?{plain}{}f=json", if plain.is_empty() { "" } else { "&" });
    frame.page("Items", &above, &json, &content)
}

/// Builds the page of one feature, with a drawing.
pub fn item(frame: &Frame, collection: Collection, feature: &Value, drawn: Option<&Drawn>) -> Markup {
    let (name, (title, _)) = (collection.name(), collection.title_and_description());
    let id = text(&feature["id"]);
    let all = properties::of(collection);
    let title_of =
        |name: &str| all.iter().find(|p| p.name == name).map_or(name.to_owned(), |p| p.title.to_owned());
    let position =
        feature["geometry"]["coordinates"].as_array().filter(|_| feature["geometry"]["type"] == "Point");
    let heading = feature["properties"]["name"].as_str().map_or_else(|| short(&id), str::to_owned);
    let content = html! {
        div .item {
            dl .facts {
                div { dt { "Id" } dd { code { (id) } } }
                @if let Some(position) = position {
                    div { dt { "Coordinates" } dd { (position.iter().map(text).collect::<Vec<_>>().join(", ")) } }
                }
                @for (name, value) in feature["properties"].as_object().into_iter().flatten().filter(|(_, v)| !v.is_null()) {
                    div { dt title=(name) { (title_of(name)) } dd { (shown(value)) } }
                }
            }
            @if let Some(drawn) = drawn { (outline::figure(drawn)) }
        }
        (all_links(feature))
    };
    let (collection, items) = (format!("/collections/{name}"), format!("/collections/{name}/items"));
    let above = [("Collections", "/collections"), (title, collection.as_str()), ("Items", items.as_str())];
    let json = format!("{}{items}/{}?f=json", frame.root, encoded(&id));
    frame.page(&heading, &above, &json, &content)
}

fn cell(value: &Value) -> Markup {
    match value {
        Value::Number(number) => html! { td .number { (number) } },
        other => html! { td { (cut(&text(other))) } },
    }
}

fn cut(text: &str) -> String {
    match text.char_indices().nth(MOST_IN_A_CELL) {
        Some((at, _)) => format!("{}…", &text[..at]),
        None => text.to_owned(),
    }
}

/// Returns the end of a long id: ids created in sequence begin alike.
fn short(id: &str) -> String {
    match id.char_indices().rev().nth(11) {
        Some((at, _)) if id.len() == 36 => format!("…{}", &id[at..]),
        _ => id.to_owned(),
    }
}

/// Encodes an id for a path.
fn encoded(id: &str) -> String {
    form_urlencoded::byte_serialize(id.as_bytes()).collect::<String>().replace('+', "%20")
}
