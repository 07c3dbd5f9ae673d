//! OGC API Features Part 1, Annex A: HTML.

use super::{COLLECTIONS, accepting, first_id, header};
use crate::program::{Server, read};

/// `/conf/html/definition`, `/conf/html/content`: a page describes its features, and links to each and to the
/// next page.
#[test]
fn pages_of_features_show_them_and_lead_on() {
    let server = Server::with_demonstration();
    for name in COLLECTIONS {
        let items = format!("/collections/{name}/items");
        let features = server.json(&format!("{items}?limit=2"));
        let answer = accepting(&server, &format!("{items}?limit=2"), "text/html");
        assert!(header(&answer, "content-type").starts_with("text/html"), "{name}");
        let (_, page) = read(answer);
        let page = page.as_str().unwrap();
        for feature in features["features"].as_array().unwrap() {
            let id = feature["id"].to_string();
            assert!(page.contains(&format!("{items}/{}", id.trim_matches('"'))), "{name}: {id}");
        }
        let next = features["links"].as_array().unwrap().iter().find(|link| link["rel"] == "next").unwrap();
        let after = next["href"].as_str().unwrap().split(['?', '&']).find(|pair| pair.starts_with("after="));
        assert!(page.contains(after.unwrap()), "{name} leads to its next page");
    }
}

/// The same for one feature: every property with a value is shown.
#[test]
fn a_page_of_a_feature_shows_its_properties() {
    let server = Server::with_demonstration();
    for name in COLLECTIONS {
        let own = format!("/collections/{name}/items/{}", first_id(&server, name));
        let feature = server.json(&own);
        let (_, page) = read(accepting(&server, &own, "text/html"));
        let page = page.as_str().unwrap();
        for (property, value) in feature["properties"].as_object().unwrap() {
            let Some(value) = value.as_str() else { continue };
            let value = value.replace('&', "&amp;").replace('<', "&lt;").replace('"', "&quot;");
            assert!(page.contains(&value), "{own}: {property} {value}");
        }
    }
}
