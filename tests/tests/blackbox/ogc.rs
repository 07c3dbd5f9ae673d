//! The abstract tests of OGC API Features Part 1 (core, GeoJSON) and Part 2 (reference systems), on the real
//! program.

use std::{collections::BTreeSet, process::Command};

use serde_json::Value;

use crate::program::{KALBAJAR, LACHIN, Server, collection, feature, id};

const CRS84: &str = "http://www.opengis.net/def/crs/OGC/1.3/CRS84";
const COLLECTIONS: [&str; 5] = ["detections", "accidents", "regions", "places", "reported_figures"];

/// Returns the address of the link with a relation.
fn link<'a>(document: &'a Value, relation: &str) -> &'a Value {
    let links = document["links"].as_array().unwrap();
    links.iter().find(|l| l["rel"] == relation).unwrap_or_else(|| panic!("no link {relation} in {document}"))
}

fn href<'a>(document: &'a Value, relation: &str) -> &'a str {
    link(document, relation)["href"].as_str().unwrap()
}

/// Returns the same as a path of this server.
fn path<'a>(server: &Server, document: &'a Value, relation: &str) -> &'a str {
    href(document, relation).strip_prefix(&server.url("")).unwrap()
}

fn texts(list: &Value) -> Vec<&str> {
    list.as_array().unwrap().iter().map(|text| text.as_str().unwrap()).collect()
}

#[test]
fn the_landing_page_leads_to_all_the_rest() {
    let server = Server::with_demonstration();
    let landing = server.json("/?f=json");
    assert_eq!(link(&landing, "service-desc")["type"], "application/vnd.oai.openapi+json;version=3.0");
    let api = server.json(path(&server, &landing, "service-desc"));
    assert!(api["openapi"].as_str().unwrap().starts_with("3.0."));
    let classes = server.json(path(&server, &landing, "conformance"));
    for class in [
        "http://www.opengis.net/spec/ogcapi-features-1/1.0/conf/core",
        "http://www.opengis.net/spec/ogcapi-features-1/1.0/conf/geojson",
        "http://www.opengis.net/spec/ogcapi-features-2/1.0/conf/crs",
    ] {
        assert!(texts(&classes["conformsTo"]).contains(&class), "{class}");
    }
    let collections = server.json(path(&server, &landing, "data"));
    let names: Vec<&str> =
        collections["collections"].as_array().unwrap().iter().map(|c| c["id"].as_str().unwrap()).collect();
    assert_eq!(names, COLLECTIONS);
    for described in collections["collections"].as_array().unwrap() {
        assert_eq!(described["itemType"], "feature");
        let own = server.json(path(&server, described, "self"));
        assert_eq!(&own, described);
        let items = server.json(path(&server, described, "items"));
        assert_eq!(items["type"], "FeatureCollection");
        assert_eq!(items["numberReturned"], items["features"].as_array().unwrap().len());
    }
}

#[test]
fn every_reference_in_the_description_leads_somewhere_and_every_path_answers() {
    fn references<'a>(value: &'a Value, found: &mut BTreeSet<&'a str>) {
        match value {
            Value::Object(members) => {
                found.extend(members.get("$ref").and_then(Value::as_str));
                members.values().for_each(|member| references(member, found));
            }
            Value::Array(items) => items.iter().for_each(|item| references(item, found)),
            _ => {}
        }
    }
    let server = Server::with_demonstration();
    let api = server.json("/api");
    let mut found = BTreeSet::new();
    references(&api, &mut found);
    assert!(found.len() > 20);
    for reference in found {
        assert!(api.pointer(reference.strip_prefix('#').unwrap()).is_some(), "{reference}");
    }
    let first = |name: &str| {
        let page = server.json(&format!("/collections/{name}/items?limit=1"));
        page["features"][0]["id"].to_string().trim_matches('"').to_owned()
    };
    for (path, item) in api["paths"].as_object().unwrap() {
        // Operations that need a body, a token or time have separate tests.
        if item.get("get").is_none()
            || path == "/events"
            || path.starts_with("/uploads")
            || path.starts_with("/photos")
            || path == "/tokens"
            || path == "/session/openid"
        {
            continue;
        }
        let name = path.split('/').nth(2).unwrap_or_default();
        let id = if path.starts_with("/summary") {
            "AZ-KAL".to_owned()
        } else if path.contains("{id}") {
            first(name)
        } else {
            String::new()
        };
        let example =
            path.replace("{id}", &id).replace("{tiles}", "detections").replace("{set}", "WebMercatorQuad");
        let example = example.replace("{z}", "7").replace("{x}", "80").replace("{y}", "48");
        let example = example.replace("{row}", "48").replace("{column}", "80");
        let response = server.get(&example);
        assert_eq!(response.status(), 200, "{example}");
        let documented = item["get"]["responses"]["200"]["content"].as_object().unwrap();
        let given = response.headers()["content-type"].to_str().unwrap().to_owned();
        assert!(
            path == "/" || documented.keys().any(|known| given.starts_with(known.as_str())),
            "{example}: {given} is not one of {documented:?}"
        );
        // An undescribed parameter is unknown.
        assert_eq!(
            server.get(&format!("{example}?colour=red")).status(),
            if path == "/" { 200 } else { 400 }
        );
        let told = item["get"]["parameters"].as_array().unwrap();
        assert!(told.iter().all(|p| p["$ref"].as_str().unwrap().starts_with("#/components/parameters/")));
    }
}

#[test]
fn schemas_tell_every_property_that_features_have() {
    let server = Server::with_demonstration();
    for name in COLLECTIONS {
        let described = server.json(&format!("/collections/{name}"));
        let schema = server.json(path(&server, &described, "describedby"));
        assert_eq!(schema["$id"], href(&described, "describedby"));
        let page = server.json(&format!("/collections/{name}/items?limit=10000"));
        for feature in page["features"].as_array().unwrap() {
            for (property, value) in feature["properties"].as_object().unwrap() {
                let told = &schema["properties"][property];
                let right = match told["type"].as_str() {
                    Some("string") => value.is_string(),
                    Some("integer") => value.is_i64(),
                    Some("number") => value.is_number(),
                    Some("array") => value.is_array(),
                    Some("object") => value.is_object(),
                    other => panic!("{name}: {property} is described as {other:?}"),
                };
                assert!(right || value.is_null(), "{name}: {property} is {value}, told to be {told}");
                let words = told["enum"].as_array();
                assert!(
                    words.is_none_or(|words| value.is_null() || words.contains(value)),
                    "{property} {value}"
                );
            }
        }
        let queryables = path(&server, &described, "http://www.opengis.net/def/rel/ogc/1.0/queryables");
        let asked = server.json(queryables);
        for (property, told) in asked["properties"].as_object().unwrap() {
            assert_eq!(&schema["properties"][property], told);
        }
    }
}

/// Returns the ids on all pages from this one on.
fn follow(server: &Server, first: &str) -> Vec<String> {
    let (mut ids, mut next) = (Vec::new(), Some(first.to_owned()));
    for _ in 0..1_000 {
        let Some(page) = next.take().map(|address| server.json(&address)) else { return ids };
        ids.extend(page["features"].as_array().unwrap().iter().map(|f| f["id"].to_string()));
        let links = page["links"].as_array().unwrap();
        next = links
            .iter()
            .find(|l| l["rel"] == "next")
            .map(|l| l["href"].as_str().unwrap().strip_prefix(&server.url("")).unwrap().to_owned());
    }
    panic!("the pages of {first} do not end");
}

#[test]
fn following_the_pages_gives_each_feature_once() {
    let server = Server::with_demonstration();
    for name in COLLECTIONS {
        let all =
            server.json(&format!("/collections/{name}/items?limit=1"))["numberMatched"].as_u64().unwrap();
        let ids = follow(&server, &format!("/collections/{name}/items?limit=97"));
        assert_eq!(ids.len() as u64, all, "{name}");
        assert_eq!(ids.iter().collect::<BTreeSet<_>>().len(), ids.len(), "{name}");
        let hits = server.json(&format!("/collections/{name}/items?resultType=hits"));
        assert_eq!((&hits["numberMatched"], &hits["numberReturned"]), (&all.into(), &0.into()), "{name}");
        assert_eq!(hits["features"], Value::Array(Vec::new()));
        // A limit above the maximum gives the maximum.
        assert_eq!(server.get(&format!("/collections/{name}/items?limit=1000000")).status(), 200);
    }
}

#[test]
fn one_feature_has_its_links_and_the_tag_that_a_write_asks_for() {
    let server = Server::start();
    server.post_json("/uploads", &collection(&[feature(1, LACHIN.0, LACHIN.1)]));
    let own = format!("/collections/detections/items/{}", id(1));
    let item = server.json(&own);
    assert_eq!(href(&item, "self"), server.url(&own));
    assert_eq!(href(&item, "collection"), server.url("/collections/detections"));
    // In any reference system.
    for address in [own.clone(), format!("{own}?crs=http://www.opengis.net/def/crs/EPSG/0/32638")] {
        let tag = server.header(&address, "etag");
        let write = |tag: &str| {
            let agent = server.agent();
            let request = agent
                .delete(server.url(&format!("{own}?reason=test")))
                .header("authorization", format!("Bearer {}", server.token()))
                .header("if-match", tag);
            request.call().unwrap().status().as_u16()
        };
        assert_eq!(write("\"other\""), 412);
        assert_eq!(write(&tag), 204);
        let (_, again) = server.post_json("/uploads", &collection(&[feature(1, LACHIN.0, LACHIN.1)]));
        assert_eq!(again["created"], 1);
    }
}

/// Converts a place with Debian's PROJ: easting or longitude first.
fn proj(system: &str, lon: f64, lat: f64) -> (f64, f64) {
    let mut command = Command::new("gdaltransform");
    command.args(["-s_srs", "OGC:CRS84", "-t_srs", system, "-output_xy"]);
    command.args(["-coord", &lon.to_string(), &lat.to_string()]);
    let output = command.output().expect("make test installs gdaltransform with GDAL");
    let text = String::from_utf8(output.stdout).unwrap();
    let numbers: Vec<f64> = text.split_whitespace().map(|n| n.parse().unwrap()).collect();
    (numbers[0], numbers[1])
}

#[test]
fn coordinates_come_in_every_system_that_is_offered_to_a_millimetre() {
    let server = Server::start();
    server.post_json("/uploads", &collection(&[feature(1, LACHIN.0, LACHIN.1)]));
    let described = server.json("/collections/detections");
    assert_eq!(described["storageCrs"], CRS84);
    let offered = texts(&described["crs"]);
    assert_eq!((offered.len(), offered[0]), (6, CRS84));
    for uri in offered {
        let items = format!("/collections/detections/items?crs={uri}");
        assert_eq!(server.header(&items, "content-crs"), format!("<{uri}>"));
        let position = server.json(&items)["features"][0]["geometry"]["coordinates"].clone();
        let one = server.json(&format!("/collections/detections/items/{}?crs={uri}", id(1)));
        assert_eq!(one["geometry"]["coordinates"], position);
        let given = (position[0].as_f64().unwrap(), position[1].as_f64().unwrap());
        let code = uri.rsplit('/').next().unwrap();
        // GDAL returns the easting first; the response has the axis order of the definition.
        let (expected, near) = match code {
            "CRS84" => (LACHIN, 1e-9),
            "4326" => ((LACHIN.1, LACHIN.0), 1e-9),
            "28408" => {
                let (east, north) = proj("EPSG:28408", LACHIN.0, LACHIN.1);
                ((north, east), 0.001)
            }
            code => (proj(&format!("EPSG:{code}"), LACHIN.0, LACHIN.1), 0.001),
        };
        let off = (given.0 - expected.0).abs().max((given.1 - expected.1).abs());
        assert!(off <= near, "{uri}: {given:?}, and GDAL says {expected:?}");
        // A box around it, in the system's axis order, and one beside it.
        let width = if near < 1e-6 { 0.001 } else { 100.0 };
        let found = |first: f64, second: f64| {
            let bbox = format!("{},{},{},{}", first, second, first + 2.0 * width, second + 2.0 * width);
            let items = format!("/collections/detections/items?bbox-crs={uri}&bbox={bbox}&resultType=hits");
            server.json(&items)["numberMatched"].as_u64().unwrap()
        };
        assert_eq!(found(given.0 - width, given.1 - width), 1, "{uri}");
        assert_eq!(found(given.0 + width, given.1 - width), 0, "{uri}");
    }
    for parameter in ["crs", "bbox-crs"] {
        let unknown =
            format!("/collections/detections/items?{parameter}=http://www.opengis.net/def/crs/EPSG/0/2154");
        assert_eq!(server.get(&unknown).status(), 400);
    }
    // A polygon as well.
    let regions = "/collections/regions/items?limit=1&crs=http://www.opengis.net/def/crs/EPSG/0/4326";
    let first = |page: &Value| {
        let position = &page["features"][0]["geometry"]["coordinates"][0][0][0];
        (position[0].as_f64().unwrap(), position[1].as_f64().unwrap())
    };
    let (turned, straight) =
        (first(&server.json(regions)), first(&server.json("/collections/regions/items?limit=1")));
    assert!((turned.0 - straight.1).abs() < 1e-7 && (turned.1 - straight.0).abs() < 1e-7);
}

#[test]
fn a_box_and_a_day_narrow_what_is_matched() {
    let server = Server::start();
    let features = [feature(1, LACHIN.0, LACHIN.1), feature(2, KALBAJAR.0, KALBAJAR.1)];
    server.post_json("/uploads", &collection(&features));
    let matched = |query: &str| {
        server.json(&format!("/collections/detections/items?{query}"))["numberMatched"].as_u64().unwrap()
    };
    let about =
        |(lon, lat): (f64, f64)| format!("{},{},{},{}", lon - 0.01, lat - 0.01, lon + 0.01, lat + 0.01);
    assert_eq!(matched(&format!("bbox={}", about(LACHIN))), 1);
    assert_eq!(matched("bbox=-10,-10,10,10"), 0);
    let day = features[0]["properties"]["detected_on"].as_str().unwrap();
    assert_eq!(matched(&format!("datetime={day}")), 2);
    assert_eq!(matched("datetime=../1990-01-01"), 0);
    assert_eq!(matched(&format!("datetime={day}/..")), 2);
}

#[test]
fn a_download_holds_what_its_filters_leave_and_changes_nothing_when_it_comes_back() {
    let server = Server::with_demonstration();
    let neutralised =
        server.json("/summary?by=status&status=neutralised")["total"]["records"].as_u64().unwrap();
    let all = server.json("/summary?by=status")["total"]["records"].as_u64().unwrap();
    for (format, content_type) in [
        ("geojson", "application/geo+json"),
        ("geojsonseq", "application/geo+json-seq"),
        ("ndjson", "application/x-ndjson"),
        ("csv", "text/csv"),
    ] {
        let part = server.bytes(&format!("/export/detections?f={format}&status=neutralised"));
        let part = String::from_utf8(part).unwrap();
        let rows = match format {
            "csv" => part.lines().count() - 1,
            _ => part.matches("{\"type\":\"Feature\",").count(),
        };
        assert_eq!(rows as u64, neutralised, "{format}");
        let path = format!("/export/detections?f={format}");
        assert!(server.header(&path, "content-type").starts_with(content_type));
        assert!(
            server.header(&path, "content-disposition").starts_with("attachment; filename=\"detections-")
        );
        let (status, report) = server.post("/uploads", content_type, &server.bytes(&path));
        assert_eq!(
            (status, &report["unchanged"], &report["rows"]),
            (200, &all.into(), &all.into()),
            "{format}: {report}"
        );
    }
}

#[test]
fn the_description_in_the_docs_is_the_one_that_is_sent() {
    let server = Server::start();
    let mut sent = server.json("/api");
    sent["servers"][0]["url"] = "/".into();
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../docs/openapi.json");
    let kept: Value = serde_json::from_slice(&std::fs::read(path).unwrap()).unwrap();
    assert!(sent == kept, "docs/openapi.json is not what the server sends: make openapi writes it anew");
}
