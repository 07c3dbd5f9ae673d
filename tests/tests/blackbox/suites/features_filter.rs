//! OGC API Features Part 3 (OGC 19-079r2), Annex A: queryables, filter, features filter, of every collection.

use std::collections::BTreeSet;

use serde_json::Value;

use super::{COLLECTIONS, accepting, encoded, header, links, parameter, path};
use crate::program::{Server, read};

const QUERYABLES: &str = "http://www.opengis.net/def/rel/ogc/1.0/queryables";
const GEOJSON: &str = "application/geo+json";

/// Returns the queryables of a collection.
fn queryables(server: &Server, name: &str) -> Value {
    server.json(&format!("/collections/{name}/queryables"))["properties"].clone()
}

/// Returns the name of the geometry among them, if any.
fn geometry(queryables: &Value) -> Option<&str> {
    let mut all = queryables.as_object().unwrap().iter();
    all.find(|(_, schema)| schema["format"].as_str().is_some_and(|f| f.starts_with("geometry-")))
        .map(|(n, _)| n.as_str())
}

fn items(name: &str, query: &str) -> String {
    format!("/collections/{name}/items?limit=10000&{query}")
}

fn ids(server: &Server, name: &str, query: &str) -> BTreeSet<String> {
    let address = items(name, query);
    let answer = server.get(&address);
    assert_eq!(header(&answer, "content-type"), GEOJSON, "{address}");
    let (status, page) = read(answer);
    assert_eq!(status, 200, "{address}: {page}");
    page["features"].as_array().unwrap().iter().map(|feature| feature["id"].to_string()).collect()
}

fn refused(server: &Server, name: &str, query: &str) {
    let (status, problem) = read(server.get(&items(name, query)));
    assert!(status == 400 && problem["detail"].is_string(), "{name}: {query}: {status} {problem}");
}

/// Returns the box of a collection: west, south, east, north.
fn extent(server: &Server, name: &str) -> Option<[f64; 4]> {
    let described = server.json(&format!("/collections/{name}"));
    let bbox = described["extent"]["spatial"]["bbox"][0].as_array()?;
    Some([0, 1, 2, 3].map(|n| bbox[n].as_f64().unwrap()))
}

fn meets(geometry: &str, [west, south, east, north]: [f64; 4]) -> String {
    encoded(&format!("S_INTERSECTS({geometry},BBOX({west},{south},{east},{north}))"))
}

/// `/conf/filter/get-conformance`, `/conf/features-filter/get-conformance`
#[test]
fn the_classes_of_filters_are_declared() {
    let server = Server::start();
    let declared = server.json("/conformance")["conformsTo"].to_string();
    for class in ["queryables", "filter", "features-filter"] {
        assert!(declared.contains(&format!("ogcapi-features-3/1.0/conf/{class}\"")), "{class}");
    }
}

/// `/conf/queryables/get-queryables`, `/conf/queryables/get-collection`
#[test]
fn each_collection_links_to_its_queryables() {
    let server = Server::start();
    for name in COLLECTIONS {
        let described = server.json(&format!("/collections/{name}"));
        let own = path(&server, &described, QUERYABLES);
        assert_eq!(own, format!("/collections/{name}/queryables"));
        let answer = accepting(&server, &own, "application/schema+json");
        assert_eq!(header(&answer, "content-type"), "application/schema+json");
        let (status, document) = read(answer);
        assert_eq!(status, 200);
        assert_eq!(document["$schema"], "https://json-schema.org/draft/2020-12/schema");
        assert_eq!(document["$id"], links(&described, QUERYABLES)[0]["href"]);
        assert_eq!(document["type"], "object");
        let properties = document["properties"].as_object().unwrap();
        assert!(!properties.is_empty(), "{name} has queryables");
        for (property, schema) in properties {
            let is_geometry = schema["format"].as_str().is_some_and(|f| f.starts_with("geometry-"));
            assert!(schema["type"].is_string() != is_geometry, "{name}: {property}: {schema}");
        }
    }
}

/// `/conf/filter/filter-param`, `/conf/filter/filter-lang-default`, `/conf/features-filter/filter-on-items`
#[test]
fn filters_are_supported_on_the_items_of_each_collection() {
    let server = Server::with_demonstration();
    let api = server.json("/api");
    for name in COLLECTIONS {
        for described in ["filter", "filter-lang", "filter-crs"] {
            parameter(&api, &format!("/collections/{name}/items"), described);
        }
        let all = ids(&server, name, "");
        for queryable in queryables(&server, name).as_object().unwrap().keys() {
            let null = encoded(&format!("{queryable} IS NULL"));
            let json = encoded(&format!(r#"{{"op":"isNull","args":[{{"property":"{queryable}"}}]}}"#));
            let plain = ids(&server, name, &format!("filter={null}"));
            assert!(plain.is_subset(&all), "{name}: {queryable}");
            assert_eq!(ids(&server, name, &format!("filter-lang=cql2-text&filter={null}")), plain);
            assert_eq!(ids(&server, name, &format!("filter-lang=cql2-json&filter={json}")), plain);
        }
        for wrong in ["THIS IS NOT A FILTER", "", "true AND", "{}", "1"] {
            for language in ["", "filter-lang=cql2-text&", "filter-lang=cql2-json&"] {
                // A number is not a condition, in either language.
                refused(&server, name, &format!("{language}filter={}", encoded(wrong)));
            }
        }
        refused(&server, name, "filter-lang=sql&filter=true");
    }
}

/// `/conf/filter/expression-construction`
#[test]
fn unknown_queryables_are_refused() {
    let server = Server::start();
    for name in COLLECTIONS {
        refused(&server, name, &format!("filter={}", encoded("this_is_not_a_queryable IS NULL")));
    }
}

/// `/conf/filter/filter-crs-wgs84`
#[test]
fn geometries_are_in_wgs84_unless_it_is_said() {
    let server = Server::with_demonstration();
    for name in COLLECTIONS {
        let queryables = queryables(&server, name);
        let (Some(geometry), Some(extent)) = (geometry(&queryables), extent(&server, name)) else { continue };
        assert_eq!(
            ids(&server, name, &format!("filter={}", meets(geometry, extent))),
            ids(&server, name, "")
        );
        refused(&server, name, &format!("filter={}", meets(geometry, [1e6, 1e6, 2e6, 2e6])));
    }
}

/// `/conf/filter/filter-crs-param`
#[test]
fn geometries_are_read_in_each_system_that_is_offered() {
    let server = Server::with_demonstration();
    for name in COLLECTIONS {
        let queryables = queryables(&server, name);
        let (Some(geometry), Some([west, south, east, north])) =
            (geometry(&queryables), extent(&server, name))
        else {
            continue;
        };
        let all = ids(&server, name, "");
        let described = server.json(&format!("/collections/{name}"));
        for system in described["crs"].as_array().unwrap() {
            let system = system.as_str().unwrap();
            // A box in degrees is one only in geographic systems; in others its corners get a margin.
            let box_ = match system.rsplit('/').next().unwrap() {
                "CRS84" => [west, south, east, north],
                "4326" => [south, west, north, east],
                "3857" => [3.0e6, 4.0e6, 7.0e6, 6.0e6],
                _ => continue,
            };
            let query = format!("filter-crs={}&filter={}", encoded(system), meets(geometry, box_));
            assert_eq!(ids(&server, name, &query), all, "{name}: {system}");
        }
        let unknown = encoded("http://www.opengis.net/def/crs/OGC/0/does_not_exist");
        let box_ = meets(geometry, [west, south, east, north]);
        refused(&server, name, &format!("filter-crs={unknown}&filter={box_}"));
    }
}

/// `/conf/filter/mixing-expression`
#[test]
fn a_filter_and_a_box_are_both_held() {
    let server = Server::with_demonstration();
    for name in COLLECTIONS {
        let queryables = queryables(&server, name);
        let (Some(geometry), Some(extent)) = (geometry(&queryables), extent(&server, name)) else { continue };
        let [west, south, east, north] = extent;
        let filter = meets(geometry, extent);
        let both = ids(&server, name, &format!("filter={filter}&bbox={west},{south},{east},{north}"));
        assert_eq!(both, ids(&server, name, ""));
        assert_eq!(ids(&server, name, &format!("filter={filter}&bbox=-10,-10,-5,-5")).len(), 0);
    }
}

/// OGC API Features Part 1, `/conf/core/fc-time-response`: a feature without a time is in every interval.
#[test]
fn datetime_is_supported_on_each_collection() {
    let server = Server::with_demonstration();
    let api = server.json("/api");
    for name in COLLECTIONS {
        let described = parameter(&api, &format!("/collections/{name}/items"), "datetime");
        assert_eq!(described["schema"]["type"], "string", "{name}");
        let all = ids(&server, name, "");
        assert_eq!(ids(&server, name, "datetime=../.."), all, "{name}");
        assert!(ids(&server, name, "datetime=2021-01-01/2022-12-31").is_subset(&all), "{name}");
        refused(&server, name, "datetime=yesterday");
        refused(&server, name, "datetime=2023-01-01/2022-01-01");
    }
}
