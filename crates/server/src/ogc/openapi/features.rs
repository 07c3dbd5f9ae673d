//! The server's capabilities and features.

use serde_json::{Map, Value, json};

use super::{
    CONTENT_TYPE, parameters,
    parts::{FILTERS_OF_REFERENCE, content, filters, get, of},
    uploads,
};

use crate::wire::collection::{Collection, noun};

/// Returns the landing page and the paths of OGC API Features.
pub fn paths() -> Map<String, Value> {
    let mut paths = Map::new();
    let mut add = |path: &str, item: Value| paths.insert(path.to_owned(), item);
    let capability = |id: &str, summary: &str, schema: &str| {
        get("Capabilities", id, summary, &["f"], &or_page(content("application/json", schema)), false)
    };
    let landing = json!({
        "application/json": {"schema": {"$ref": "#/components/schemas/links"}},
        "text/html": {"schema": {"type": "string"}},
    });
    add("/", get("Capabilities", "landing", "Landing page, or the map", &["f.landing"], &landing, false));
    add("/conformance", capability("conformance", "Conformance classes", "conformance"));
    add(
        "/api",
        get(
            "Capabilities",
            "api",
            "This document",
            &["f"],
            &or_page(json!({CONTENT_TYPE: {"schema": {"type": "object"}}})),
            false,
        ),
    );
    let page = json!({"text/html": {"schema": {"type": "string"}}});
    add("/api.html", get("Capabilities", "apiPage", "This document as a page", &[], &page, false));
    add("/collections", capability("collections", "Collections", "collections"));
    for collection in Collection::ALL {
        let (name, (title, _)) = (collection.name(), collection.title_and_description());
        let own = format!("/collections/{name}");
        add(&own, capability(&format!("{name}.describe"), title, "collection"));
        for (what, summary) in [("schema", "Schema"), ("queryables", "Queryable properties")] {
            let schema = or_page(json!({"application/schema+json": {"schema": {"type": "object"}}}));
            let id = format!("{name}.{what}");
            add(
                &format!("{own}/{what}"),
                get("Features", &id, &format!("{title}: {summary}"), &["f"], &schema, false),
            );
        }
        let records = match collection {
            Collection::Records(records) => Some(records),
            _ => None,
        };
        let mut names = vec!["limit", "after", "crs", "bbox-crs", "f.items", "resultType"];
        names.extend(records.map_or(&FILTERS_OF_REFERENCE[..], filters));
        let by_property: Vec<String> = parameters::by_property(collection).map(|(name, _)| name).collect();
        names.extend(by_property.iter().map(String::as_str));
        let (page, feature) =
            records.map_or(("featureCollection", "feature"), |records| (records.name(), noun(records)));
        let [page, feature] = [page, feature].map(|schema| or_page(content("application/geo+json", schema)));
        let mut items = get("Features", &format!("{name}.items"), title, &names, &page, false);
        let id = format!("{name}.item");
        let mut item =
            get("Features", &id, &format!("{title}: one feature"), &["id", "crs", "f.items"], &feature, true);
        if let Some(records) = records {
            items["post"] = uploads::create(records);
            for (method, operation) in uploads::changes(records) {
                item[method] = operation;
            }
            let history = content("application/json", &of(records, "history"));
            let (id, told) =
                (of(records, "history"), format!("{title}: every revision of one, newest first"));
            add(&format!("{own}/items/{{id}}/history"), get("Features", &id, &told, &["id"], &history, true));
        }
        add(&format!("{own}/items"), items);
        add(&format!("{own}/items/{{id}}"), item);
    }
    paths
}

/// Adds an HTML page as an alternative.
fn or_page(mut content: Value) -> Value {
    content["text/html"] = json!({"schema": {"type": "string"}});
    content
}
