//! OGC API Features Part 5 (OGC 23-058r2), Annex A: schemas.

use super::{COLLECTIONS, accepting, header, path};
use crate::program::{Server, read};

/// The keywords of JSON Schema that our schemas use.
const KEYWORDS: [&str; 12] = [
    "maxItems",
    "pattern",
    "type",
    "title",
    "description",
    "format",
    "enum",
    "items",
    "minimum",
    "readOnly",
    "writeOnly",
    "properties",
];

/// `/conf/schemas/basic-schema-inspection`
#[test]
fn each_schema_is_one_of_json_schema() {
    let server = Server::start();
    for name in COLLECTIONS {
        let described = server.json(&format!("/collections/{name}"));
        for relation in ["describedby", "http://www.opengis.net/def/rel/ogc/1.0/queryables"] {
            let schema = server.json(&path(&server, &described, relation));
            assert_eq!(schema["$schema"], "https://json-schema.org/draft/2020-12/schema");
            let own = schema["$id"].as_str().unwrap();
            assert!(own.starts_with("http") && !own.contains('?'), "{own}");
            let again =
                accepting(&server, own.strip_prefix(&server.base).unwrap(), "application/schema+json");
            assert_eq!(header(&again, "content-type"), "application/schema+json");
            assert_eq!(read(again), (200, schema.clone()));
            assert_eq!(schema["type"], "object");
            for (property, values) in schema["properties"].as_object().unwrap() {
                let is_geometry = values["format"].as_str().is_some_and(|f| f.starts_with("geometry-"));
                assert!(values["type"].is_string() != is_geometry, "{name}: {property}: {values}");
                for keyword in values.as_object().unwrap().keys() {
                    let is_known = KEYWORDS.contains(&keyword.as_str()) || keyword.starts_with("x-");
                    assert!(is_known, "{name}: {property}: {keyword}");
                }
                if property.ends_with("_on") || property.starts_with("valid_") {
                    assert_eq!(values["format"], "date", "{name}: {property}");
                }
                if property.ends_with("_at") {
                    assert_eq!(values["format"], "date-time", "{name}: {property}");
                }
            }
        }
    }
}

/// `/conf/schemas/role`, `/conf/schemas/role-id`, `/conf/advanced-property-roles/role-primary-geometry`
#[test]
fn each_schema_has_one_id_and_at_most_one_geometry() {
    let server = Server::start();
    for name in COLLECTIONS {
        let schema = server.json(&format!("/collections/{name}/schema"));
        let properties = schema["properties"].as_object().unwrap();
        let mut roles = properties.values().filter_map(|values| values.get("x-ogc-role"));
        assert!(roles.all(serde_json::Value::is_string), "{name}");
        let with = |role: &str| {
            properties.values().filter(|values| values["x-ogc-role"] == role).collect::<Vec<_>>()
        };
        let [id] = with("id")[..] else { panic!("{name} has one id") };
        assert!(id["type"] == "string" || id["type"] == "integer", "{name}: {id}");
        assert!(with("primary-geometry").len() <= 1, "{name}");
        for geometry in with("primary-geometry") {
            assert!(geometry.get("type").is_none(), "{name}: {geometry}");
        }
    }
}

/// `/conf/schemas/property-seq`
#[test]
fn the_sequence_of_properties_is_in_whole_numbers() {
    let server = Server::start();
    for name in COLLECTIONS {
        let schema = server.json(&format!("/collections/{name}/schema"));
        let properties = schema["properties"].as_object().unwrap().values();
        let mut places = properties.filter_map(|values| values.get("x-ogc-propertySeq"));
        assert!(places.all(serde_json::Value::is_u64), "{name}");
    }
}

/// `/conf/schemas/unit`, `definition`, `nullvalues`: none of these keywords is used, so each test passes.
#[test]
fn optional_keywords_are_not_used() {
    let server = Server::start();
    for name in COLLECTIONS {
        let schema = server.json(&format!("/collections/{name}/schema")).to_string();
        for keyword in ["x-ogc-unit", "x-ogc-definition", "x-ogc-nullValues"] {
            assert!(!schema.contains(keyword), "{name}: {keyword} needs a test of its own");
        }
    }
}
