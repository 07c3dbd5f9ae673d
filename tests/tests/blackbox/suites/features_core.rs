//! OGC API Features Part 1 (OGC 17-069r4), Annex A: core, GeoJSON, `OpenAPI` 3.0.

use std::collections::BTreeSet;

use serde_json::Value;

use super::{COLLECTIONS, first_id, links, parameter, path};
use crate::{
    accidents,
    program::{KALBAJAR, LACHIN, Server, collection, feature, read},
};

const GEOJSON: &str = "application/geo+json";
const CRS84: &str = "http://www.opengis.net/def/crs/OGC/1.3/CRS84";

fn items(name: &str) -> String {
    format!("/collections/{name}/items")
}

fn ids(page: &Value) -> BTreeSet<String> {
    page["features"].as_array().unwrap().iter().map(|feature| feature["id"].to_string()).collect()
}

/// `/conf/core/http`
#[test]
fn core_http() {
    let server = Server::start();
    for path in [
        "/?f=json",
        "/conformance",
        "/api",
        "/collections",
        "/collections/regions",
        "/collections/regions/items",
    ] {
        let got = server.get(path);
        assert_eq!(got.status(), 200, "{path}");
        let head = server.agent().head(server.url(path)).call().unwrap();
        assert_eq!(head.status(), 200, "{path}");
        assert_eq!(head.headers()["content-type"], got.headers()["content-type"]);
    }
    assert_eq!(server.get("/collections/nothing").status(), 404);
    assert_eq!(server.agent().delete(server.url("/collections/regions")).call().unwrap().status(), 405);
}

/// `/conf/core/root-op`, `/conf/core/root-success`
#[test]
fn core_root_success() {
    let server = Server::start();
    let landing = server.json("/");
    for relation in ["service-desc", "conformance", "data"] {
        assert!(!links(&landing, relation).is_empty(), "{relation}");
    }
}

/// `/conf/core/api-definition-op`, `/conf/core/api-definition-success`
#[test]
fn core_api_definition_success() {
    let server = Server::start();
    let landing = server.json("/");
    let link = links(&landing, "service-desc")[0];
    let own = path(&server, &landing, "service-desc");
    assert_eq!(server.header(&own, "content-type"), link["type"].as_str().unwrap());
    assert!(server.json(&own)["openapi"].as_str().unwrap().starts_with("3.0"));
}

/// `/conf/core/conformance-op`, `/conf/core/conformance-success`
#[test]
fn core_conformance_success() {
    let server = Server::start();
    let declared = server.json("/conformance")["conformsTo"].clone();
    let declared: BTreeSet<&str> = declared.as_array().unwrap().iter().map(|c| c.as_str().unwrap()).collect();
    for class in ["core", "geojson", "oas30"] {
        let class = format!("http://www.opengis.net/spec/ogcapi-features-1/1.0/conf/{class}");
        assert!(declared.contains(class.as_str()), "{class}");
    }
}

/// `/conf/core/fc-md-op`, `fc-md-success`, `fc-md-links`, `fc-md-items`, `fc-md-items-links`, `fc-md-extent`
#[test]
fn core_fc_md_success() {
    let server = Server::with_demonstration();
    let document = server.json("/collections");
    assert_eq!(path(&server, &document, "self"), "/collections");
    let all = document["collections"].as_array().unwrap();
    assert_eq!(all.len(), COLLECTIONS.len());
    for described in all {
        assert!(COLLECTIONS.contains(&described["id"].as_str().unwrap()));
        let of_items = links(described, "items");
        assert!(of_items.iter().any(|link| link["type"] == GEOJSON));
        assert!(
            document["links"]
                .as_array()
                .unwrap()
                .iter()
                .all(|l| l["rel"].is_string() && l["type"].is_string())
        );
        if let Some(bbox) = described["extent"]["spatial"]["bbox"][0].as_array() {
            let bbox: Vec<f64> = bbox.iter().map(|n| n.as_f64().unwrap()).collect();
            assert!(bbox.len() == 4 && bbox[0] <= bbox[2] && bbox[1] <= bbox[3]);
        }
    }
}

/// `/conf/core/sfc-md-op`, `/conf/core/sfc-md-success`
#[test]
fn core_sfc_md_success() {
    let server = Server::with_demonstration();
    for described in server.json("/collections")["collections"].as_array().unwrap() {
        let one = server.json(&path(&server, described, "self"));
        assert_eq!(&one, described);
        assert_eq!(one["itemType"], "feature");
    }
}

/// `/conf/core/fc-op`, `fc-response`, `fc-links`, `fc-numberMatched`, `fc-numberReturned`,
/// `/conf/geojson/definition`, `/conf/geojson/content`
#[test]
fn core_fc_response() {
    let server = Server::with_demonstration();
    for name in COLLECTIONS {
        let own = format!("{}?limit=3", items(name));
        assert_eq!(server.header(&own, "content-type"), GEOJSON);
        let page = server.json(&own);
        assert_eq!(page["type"], "FeatureCollection");
        let features = page["features"].as_array().unwrap();
        assert_eq!(page["numberReturned"], features.len());
        assert!(page["numberMatched"].as_u64().unwrap() >= features.len() as u64);
        assert_eq!(path(&server, &page, "self"), own);
        assert!(
            page["links"].as_array().unwrap().iter().all(|l| l["rel"].is_string() && l["type"].is_string())
        );
        for feature in features {
            assert_eq!(feature["type"], "Feature");
            assert!(
                feature["properties"].is_object() && feature["geometry"].is_null()
                    || feature["geometry"]["type"].is_string()
            );
        }
    }
}

/// `/conf/core/fc-limit-definition`, `/conf/core/fc-limit-response`
#[test]
fn core_fc_limit_response() {
    let server = Server::with_demonstration();
    let api = server.json("/api");
    for name in COLLECTIONS {
        let described = parameter(&api, &items(name), "limit");
        let schema = &described["schema"];
        assert_eq!((&described["in"], &schema["type"]), (&"query".into(), &"integer".into()));
        assert!(schema["minimum"].is_u64() && schema["maximum"].is_u64() && schema["default"].is_u64());
        let page = server.json(&format!("{}?limit=2", items(name)));
        assert_eq!(page["features"].as_array().unwrap().len(), 2);
        let next = server.json(&path(&server, &page, "next"));
        assert!(ids(&next).is_disjoint(&ids(&page)));
        for wrong in ["0", "-1", "many"] {
            assert_eq!(server.get(&format!("{}?limit={wrong}", items(name))).status(), 400);
        }
        assert_eq!(server.get(&format!("{}?limit=1000000", items(name))).status(), 200);
    }
}

/// `/conf/core/fc-bbox-definition`, `/conf/core/fc-bbox-response`
#[test]
fn core_fc_bbox_response() {
    let server = Server::start();
    let api = server.json("/api");
    let records = [feature(1, LACHIN.0, LACHIN.1), feature(2, KALBAJAR.0, KALBAJAR.1)];
    server.post_json("/uploads", &collection(&records));
    accidents::upload(
        &server,
        &[(3, LACHIN), (4, KALBAJAR)].map(|(n, at)| accidents::accident(n, at, "2023-03-14")),
    );
    for name in COLLECTIONS {
        assert_eq!(parameter(&api, &items(name), "bbox")["schema"]["type"], "array");
        let about = format!(
            "{}?bbox={},{},{},{}",
            items(name),
            LACHIN.0 - 0.01,
            LACHIN.1 - 0.01,
            LACHIN.0 + 0.01,
            LACHIN.1 + 0.01
        );
        let (all, near) = (server.json(&items(name)), server.json(&about));
        assert!(
            ids(&near).is_subset(&ids(&all))
                && near["numberMatched"].as_u64() < all["numberMatched"].as_u64()
        );
        for far in ["-10,-10,-5,-5", "-10,-10,-100,-5,-5,100"] {
            let far = server.json(&format!("{}?bbox={far}", items(name)));
            assert_eq!(far["numberMatched"], 0, "{name}");
        }
        for wrong in ["1,2,3", "1,2,3,4,5", "a,b,c,d", "46,50,47,40"] {
            assert_eq!(server.get(&format!("{}?bbox={wrong}", items(name))).status(), 400, "{wrong}");
        }
    }
    let near = format!("{}?bbox=46.2,39.6,46.4,39.8", items("detections"));
    assert_eq!(server.json(&near)["numberMatched"], 1);
}

/// `/conf/core/fc-time-definition`, `/conf/core/fc-time-response`
#[test]
fn core_fc_time_response() {
    let server = Server::start();
    let described = server.json("/api");
    assert_eq!(parameter(&described, &items("detections"), "datetime")["schema"]["type"], "string");
    server.post_json("/uploads", &collection(&[feature(1, LACHIN.0, LACHIN.1)]));
    let matched = |datetime: &str| {
        server.json(&format!("{}?datetime={datetime}", items("detections")))["numberMatched"]
            .as_u64()
            .unwrap()
    };
    for (datetime, count) in [
        ("2023-03-14", 1),
        ("2023-03-14T12:00:00Z", 1),
        ("2023-03-15", 0),
        ("2023-03-01/2023-03-31", 1),
        ("2023-03-14/..", 1),
        ("2023-03-15/..", 0),
        ("../2023-03-14", 1),
        ("../2023-03-13", 0),
    ] {
        assert_eq!(matched(datetime), count, "{datetime}");
    }
    assert_eq!(server.get(&format!("{}?datetime=yesterday", items("detections"))).status(), 400);
}

/// `/conf/core/f-op`, `f-success`, `f-links`
#[test]
fn core_f_success() {
    let server = Server::with_demonstration();
    for name in COLLECTIONS {
        let own = format!("{}/{}", items(name), first_id(&server, name));
        assert_eq!(server.header(&own, "content-type"), GEOJSON);
        let one = server.json(&own);
        assert_eq!(one["type"], "Feature");
        assert_eq!(path(&server, &one, "self"), own);
        assert_eq!(path(&server, &one, "collection"), format!("/collections/{name}"));
        assert_eq!(server.get(&format!("{}/nothing", items(name))).status(), 404);
    }
}

/// `/conf/core/crs84`
#[test]
fn core_crs84() {
    let server = Server::with_demonstration();
    for described in server.json("/collections")["collections"].as_array().unwrap() {
        if described["extent"].is_object() {
            assert_eq!(described["extent"]["spatial"]["crs"], CRS84);
        }
    }
    let page = server.json(&format!("{}?limit=10000", items("places")));
    for feature in page["features"].as_array().unwrap() {
        let lon = feature["geometry"]["coordinates"][0].as_f64().unwrap();
        assert!((38.0..56.0).contains(&lon), "longitude comes first: {lon}");
    }
}

/// `/conf/core/query-param-unknown`, `/conf/core/query-param-invalid`
#[test]
fn core_query_param_unknown() {
    let server = Server::start();
    for name in COLLECTIONS {
        for wrong in ["colour=red", "limit=x", "f=xml"] {
            let (status, problem) = read(server.get(&format!("{}?{wrong}", items(name))));
            assert!(status == 400 && problem["detail"].is_string(), "{wrong}: {status} {problem}");
        }
    }
}

/// `/conf/oas30/completeness`, `/conf/oas30/exception-codes`
#[test]
fn oas30_completeness() {
    let server = Server::start();
    let api = server.json("/api");
    let mut wanted: Vec<String> = ["/", "/conformance", "/api", "/collections"].map(str::to_owned).into();
    wanted.extend(
        COLLECTIONS.iter().flat_map(|name| {
            [format!("/collections/{name}"), items(name), format!("{}/{{id}}", items(name))]
        }),
    );
    for path in wanted {
        let responses = api["paths"][&path]["get"]["responses"].as_object().unwrap();
        assert!(responses.contains_key("200") && responses.contains_key("400"), "{path}");
        assert!(!path.contains("{id}") || responses.contains_key("404"), "{path}");
    }
}
