//! How QGIS opens a layer.

use serde_json::{Value, json};

use super::client::Qgis;
use crate::program::Server;

#[test]
fn qgis_finds_its_way_from_the_address_of_the_server() {
    let server = Server::start();
    let qgis = Qgis { server: &server, user: "me" };
    let landing = qgis.get(&server.url("/"), "application/json");
    let link = |rel: &str, types: &[&str]| {
        let links = landing["links"].as_array().unwrap().iter().filter(|link| link["rel"] == rel);
        let rank = |link: &&Value| types.iter().position(|t| link["type"] == *t).unwrap_or(types.len());
        links.min_by_key(rank).unwrap_or_else(|| panic!("no link {rel}"))["href"].as_str().unwrap().to_owned()
    };
    let openapi = ["application/vnd.oai.openapi+json;version=3.0", "application/openapi+json;version=3.0"];
    let api = qgis.get(&link("service-desc", &openapi), &openapi.join(", "));
    // The page size: the default, but at least 1,000, and at most the maximum.
    let limit = &api["components"]["parameters"]["limit"]["schema"];
    assert!(limit["maximum"].as_i64().unwrap() >= 1_000 && limit["default"].is_i64(), "{limit}");
    let conformance = qgis.get(&link("conformance", &["application/json"]), "application/json");
    for class in [
        "cql2/1.0/conf/cql2-text",
        "cql2/1.0/conf/basic-cql2",
        "cql2/1.0/conf/advanced-comparison-operators",
        "cql2/1.0/conf/case-insensitive-comparison",
        "cql2/1.0/conf/basic-spatial-operators",
        "ogcapi-features-2/1.0/conf/crs",
        "ogcapi-features-3/1.0/conf/filter",
        "ogcapi-features-3/1.0/conf/features-filter",
        "ogcapi-features-5/1.0/conf/schemas",
    ] {
        let class = json!(format!("http://www.opengis.net/spec/{class}"));
        assert!(conformance["conformsTo"].as_array().unwrap().contains(&class), "{class}");
    }
    let collections = link("data", &["application/json"]);
    let queryables = qgis.get(&format!("{collections}/detections/queryables"), "application/schema+json");
    let geometry = &queryables["properties"]["geometry"];
    assert!(geometry["format"].as_str().unwrap().starts_with("geometry"), "{geometry}");
    qgis.get("{items}?limit=10", "application/geo+json, application/json");
}

#[test]
fn the_schema_offers_the_reason_as_a_field_to_fill_in() {
    let server = Server::start();
    let fields = Qgis { server: &server, user: "me" }.fields();
    let named = |name: &str| fields.iter().find(|field| field.name == name);
    let reason = named("reason").unwrap();
    assert_eq!((reason.type_.as_str(), reason.read_only), ("string", false));
    for derived in ["region", "review", "revision", "updated_at"] {
        assert!(named(derived).unwrap().read_only, "{derived}");
    }
    // The place comes from the map.
    assert!(named("geometry").is_none());
    // The order is ours, not alphabetical.
    let first: Vec<&str> = fields.iter().take(4).map(|field| field.name.as_str()).collect();
    assert_eq!(first, ["id", "kind", "model", "made_in_year"]);
}
