//! OGC API Features Part 2 (OGC 18-058r1), Annex A: coordinate reference systems by reference.

use serde_json::Value;

use super::{COLLECTIONS, parameter};
use crate::program::Server;

const CRS84: &str = "http://www.opengis.net/def/crs/OGC/1.3/CRS84";
const UNKNOWN: &str = "http://www.opengis.net/def/crs/EPSG/0/2154";

fn offered(server: &Server, name: &str) -> Vec<String> {
    let described = server.json(&format!("/collections/{name}"));
    described["crs"].as_array().unwrap().iter().map(|uri| uri.as_str().unwrap().to_owned()).collect()
}

/// `/conf/crs/crs-uri`, `/conf/crs/fc-md-crs-list`
#[test]
fn crs_uri_and_list() {
    let server = Server::start();
    for name in COLLECTIONS {
        let offered = offered(&server, name);
        assert_eq!(offered[0], CRS84, "the default comes among them");
        assert!(offered.iter().all(|uri| uri.starts_with("http://www.opengis.net/def/crs/")));
    }
}

/// `/conf/crs/fc-md-storageCrs`, `/conf/crs/fc-md-storageCrs-valid-value`
#[test]
fn crs_storage() {
    let server = Server::start();
    for name in COLLECTIONS {
        let described = server.json(&format!("/collections/{name}"));
        assert!(described["crs"].as_array().unwrap().contains(&described["storageCrs"]));
    }
}

/// `/conf/crs/fc-bbox-crs-definition`, `/conf/crs/fc-crs-definition`
#[test]
fn crs_parameters_are_defined() {
    let server = Server::start();
    let api = server.json("/api");
    for name in COLLECTIONS {
        for of in ["crs", "bbox-crs"] {
            let described = parameter(&api, &format!("/collections/{name}/items"), of);
            assert_eq!((&described["in"], &described["required"]), (&"query".into(), &false.into()));
            assert_eq!((&described["style"], &described["explode"]), (&"form".into(), &false.into()));
            assert_eq!(
                (&described["schema"]["type"], &described["schema"]["format"]),
                (&"string".into(), &"uri".into())
            );
        }
        parameter(&api, &format!("/collections/{name}/items/{{id}}"), "crs");
    }
}

/// `/conf/crs/fc-bbox-crs-valid-value`, `/conf/crs/fc-crs-valid-value`
#[test]
fn crs_unknown_values_are_refused() {
    let server = Server::with_demonstration();
    for name in COLLECTIONS {
        let items = format!("/collections/{name}/items");
        assert_eq!(server.get(&format!("{items}?crs={UNKNOWN}")).status(), 400);
        assert_eq!(server.get(&format!("{items}?bbox=46,39,47,40&bbox-crs={UNKNOWN}")).status(), 400);
        let first = server.json(&format!("{items}?limit=1"))["features"][0]["id"].to_string();
        let one = format!("{items}/{}?crs={UNKNOWN}", first.trim_matches('"'));
        assert_eq!(server.get(&one).status(), 400);
    }
}

/// `/conf/crs/fc-bbox-crs-action`: a box means the same in each system.
#[test]
fn crs_bbox_action() {
    let server = Server::with_demonstration();
    for name in ["detections", "accidents", "regions", "places"] {
        let matched = |query: &str| {
            server.json(&format!("/collections/{name}/items?limit=1&{query}"))["numberMatched"]
                .as_u64()
                .unwrap()
        };
        let plain = matched("bbox=46,39.5,46.8,40.2");
        assert!(plain > 0);
        assert_eq!(matched(&format!("bbox=46,39.5,46.8,40.2&bbox-crs={CRS84}")), plain);
        let turned = "bbox=39.5,46,40.2,46.8&bbox-crs=http://www.opengis.net/def/crs/EPSG/0/4326";
        assert_eq!(matched(turned), plain);
        assert_eq!(matched("bbox=46,39.5,46.8,40.2&bbox-crs=http://www.opengis.net/def/crs/EPSG/0/4326"), 0);
    }
}

/// `/conf/crs/fc-crs-action`, `/conf/crs/crs-parameter-default`, `/conf/crs/content-crs-header`
#[test]
fn crs_action_and_header() {
    fn first(coordinates: &Value) -> (f64, f64) {
        match &coordinates[0] {
            Value::Number(x) => (x.as_f64().unwrap(), coordinates[1].as_f64().unwrap()),
            inner => first(inner),
        }
    }
    let server = Server::with_demonstration();
    for name in COLLECTIONS {
        let items = format!("/collections/{name}/items");
        assert_eq!(server.header(&format!("{items}?limit=1"), "content-crs"), format!("<{CRS84}>"));
        let plain = server.json(&format!("{items}?limit=1"));
        let id = plain["features"][0]["id"].to_string();
        for uri in offered(&server, name) {
            for path in
                [format!("{items}?limit=1&crs={uri}"), format!("{items}/{}?crs={uri}", id.trim_matches('"'))]
            {
                assert_eq!(server.header(&path, "content-crs"), format!("<{uri}>"), "{path}");
            }
            let there = server.json(&format!("{items}?limit=1&crs={uri}"));
            let (there, here) = (&there["features"][0]["geometry"], &plain["features"][0]["geometry"]);
            if here.is_null() {
                continue;
            }
            let ((x, y), (lon, lat)) = (first(&there["coordinates"]), first(&here["coordinates"]));
            match uri.rsplit('/').next().unwrap() {
                "CRS84" => assert_eq!((x, y), (lon, lat)),
                "4326" => assert!((x - lat).abs() < 1e-7 && (y - lon).abs() < 1e-7),
                _ => assert!(x.abs() > 1_000.0 && y.abs() > 1_000.0, "{uri}: {x}, {y}"),
            }
        }
    }
}
