//! OGC API Features Part 4, in the steps that QGIS takes when a user edits a layer.

use serde_json::{Value, json};
use ureq::{Body, http::Response};

use crate::program::{KALBAJAR, LACHIN, Server, feature, id, read};

const ITEMS: &str = "/collections/detections/items";
const WGS84: &str = "http://www.opengis.net/def/crs/EPSG/0/4326";
const UTM38: &str = "http://www.opengis.net/def/crs/EPSG/0/32638";

/// Sends a write with the manager's token.
fn send(server: &Server, method: &str, path: &str, headers: &[(&str, &str)], body: &str) -> Response<Body> {
    let agent = server.agent();
    let request = match method {
        "POST" => agent.post(server.url(path)),
        "PUT" => agent.put(server.url(path)),
        _ => agent.patch(server.url(path)),
    };
    let request = request.header("authorization", format!("Bearer {}", server.token()));
    headers.iter().fold(request, |request, (name, value)| request.header(*name, *value)).send(body).unwrap()
}

fn delete(server: &Server, path: &str, tag: Option<&str>) -> u16 {
    let request = server.agent().delete(server.url(path));
    let request = request.header("authorization", format!("Bearer {}", server.token()));
    let request = if let Some(tag) = tag { request.header("if-match", tag) } else { request };
    request.call().unwrap().status().as_u16()
}

fn header(response: &Response<Body>, name: &str) -> String {
    response.headers().get(name).map(|value| value.to_str().unwrap().to_owned()).unwrap_or_default()
}

/// Builds a feature without an id, with latitude before longitude.
fn turned(n: u64, (lon, lat): (f64, f64)) -> String {
    let mut feature = feature(n, lat, lon);
    feature.as_object_mut().unwrap().remove("id");
    feature.to_string()
}

fn place(server: &Server, path: &str) -> (f64, f64) {
    let at = server.json(path)["geometry"]["coordinates"].clone();
    (at[0].as_f64().unwrap(), at[1].as_f64().unwrap())
}

const GEOJSON: (&str, &str) = ("content-type", "application/geo+json");
const PATCH: (&str, &str) = ("content-type", "application/merge-patch+json");

#[test]
fn a_layer_is_edited_step_by_step() {
    let server = Server::start();
    // The allowed methods, also for an id that does not exist.
    let items = server.agent().options(server.url(ITEMS)).call().unwrap();
    assert_eq!(items.status(), 200);
    assert!(header(&items, "allow").contains("POST"));
    assert!(header(&items, "accept-post").contains("application/geo+json"));
    let unknown = server.agent().options(server.url(&format!("{ITEMS}/unknown"))).call().unwrap();
    assert_eq!(unknown.status(), 200);
    for method in ["PUT", "PATCH", "DELETE"] {
        assert!(header(&unknown, "allow").contains(method), "{method}");
    }
    assert!(header(&unknown, "accept-patch").contains("application/merge-patch+json"));

    // Create a feature with coordinates in the order of EPSG:4326.
    let made = send(&server, "POST", ITEMS, &[GEOJSON, ("content-crs", WGS84)], &turned(1, LACHIN));
    assert_eq!(made.status(), 201);
    let location = header(&made, "location");
    assert!(location.starts_with(&format!("{ITEMS}/")), "{location}");
    assert_eq!(place(&server, &location), LACHIN);
    let item = server.json(&location);
    assert_eq!(item["id"], location.rsplit('/').next().unwrap());
    assert_eq!(item["properties"]["region"], "AZ-LAC");

    // Move it, changing only the place.
    let moved = json!({"geometry": {"type": "Point", "coordinates": [KALBAJAR.1, KALBAJAR.0]}});
    let patched = send(&server, "PATCH", &location, &[PATCH, ("content-crs", WGS84)], &moved.to_string());
    assert_eq!(patched.status(), 422, "what is approved is moved for a reason");
    let moved = json!({"geometry": moved["geometry"], "properties": {"reason": "measured again"}});
    let patched = send(&server, "PATCH", &location, &[PATCH, ("content-crs", WGS84)], &moved.to_string());
    assert_eq!(patched.status(), 200);
    assert_eq!(place(&server, &location), KALBAJAR);
    assert_eq!(server.json(&location)["properties"]["kind"], item["properties"]["kind"]);
    // A patch without coordinates leaves them alone, whatever system it names.
    let noted = r#"{"properties": {"note": "beside the road"}}"#;
    assert_eq!(send(&server, "PATCH", &location, &[PATCH, ("content-crs", UTM38)], noted).status(), 200);
    assert_eq!(place(&server, &location), KALBAJAR);
    assert_eq!(server.json(&location)["properties"]["note"], "beside the road");

    // Replace it as a whole: the note disappears.
    let again = format!("{location}?reason=the%20first%20was%20right");
    let put = send(&server, "PUT", &again, &[GEOJSON, ("content-crs", WGS84)], &turned(1, LACHIN));
    assert_eq!(put.status(), 200);
    assert_eq!(place(&server, &location), LACHIN);
    assert_eq!(server.json(&location)["properties"]["note"], Value::Null);

    assert_eq!(delete(&server, &location, None), 204);
    assert_eq!(server.get(&location).status(), 404);
    assert_eq!(delete(&server, &location, None), 404);
}

#[test]
fn coordinates_of_a_body_are_read_in_every_system_that_is_offered() {
    let server = Server::start();
    let plain = feature(1, LACHIN.0, LACHIN.1);
    assert_eq!(send(&server, "POST", ITEMS, &[GEOJSON], &plain.to_string()).status(), 201);
    let own = format!("{ITEMS}/{}", id(1));
    let offered = server.json("/collections/detections")["crs"].clone();
    for (n, uri) in (2..).zip(offered.as_array().unwrap().iter().map(|uri| uri.as_str().unwrap())) {
        let mut there = feature(n, 0.0, 0.0);
        there["geometry"] = server.json(&format!("{own}?crs={uri}"))["geometry"].clone();
        let brackets = format!("<{uri}>");
        let named = if n % 2 == 0 { uri } else { &brackets };
        let made = send(&server, "POST", ITEMS, &[GEOJSON, ("content-crs", named)], &there.to_string());
        assert_eq!(made.status(), 201, "{uri}: {:?}", read(made));
        let at = place(&server, &format!("{ITEMS}/{}", id(n)));
        let off = (at.0 - LACHIN.0).abs().max((at.1 - LACHIN.1).abs());
        assert!(off < 1e-8, "{uri}: {at:?}");
    }
    for wrong in ["http://www.opengis.net/def/crs/EPSG/0/2154", "nonsense"] {
        let body = feature(20, LACHIN.0, LACHIN.1).to_string();
        let made = send(&server, "POST", ITEMS, &[GEOJSON, ("content-crs", wrong)], &body);
        assert_eq!(made.status(), 400, "{wrong}");
        assert_eq!(send(&server, "PUT", &own, &[GEOJSON, ("content-crs", wrong)], &body).status(), 400);
        assert_eq!(send(&server, "PATCH", &own, &[PATCH, ("content-crs", wrong)], "{}").status(), 400);
    }
    // The parameter and the header must agree.
    let both = format!("{ITEMS}?crs=EPSG:32638");
    let body = feature(21, LACHIN.0, LACHIN.1).to_string();
    assert_eq!(send(&server, "POST", &both, &[GEOJSON, ("content-crs", WGS84)], &body).status(), 400);
    assert_eq!(server.json("/summary")["total"]["records"], 7);
}

#[test]
fn nobody_overwrites_what_he_has_not_seen() {
    let server = Server::start();
    let body = feature(1, LACHIN.0, LACHIN.1);
    let text = body.to_string();
    assert_eq!(send(&server, "POST", ITEMS, &[GEOJSON], &text).status(), 201);
    let own = format!("{ITEMS}/{}", id(1));
    let seen = server.header(&own, "etag");
    assert!(seen.starts_with('"') && seen.ends_with('"'));
    let mut other = body.clone();
    other["properties"]["model"] = json!("OZM-72");
    // The id exists with other content.
    assert_eq!(send(&server, "POST", ITEMS, &[GEOJSON], &other.to_string()).status(), 409);
    for (method, kind, body) in
        [("PUT", GEOJSON, other.to_string()), ("PATCH", PATCH, r#"{"properties":{"quantity":2}}"#.into())]
    {
        let tag = server.header(&own, "etag");
        let before = server.json(&own);
        assert_eq!(send(&server, method, &own, &[kind, ("if-match", "\"0\"")], &body).status(), 412);
        assert_eq!(server.json(&own), before);
        let done = send(&server, method, &format!("{own}?reason=again"), &[kind, ("if-match", &tag)], &body);
        assert_eq!(done.status(), 200);
        assert_ne!(header(&done, "etag"), tag);
        assert_eq!(header(&done, "etag"), server.header(&own, "etag"));
    }
    // The id in the body differs from the one in the address.
    let wrong = feature(2, LACHIN.0, LACHIN.1).to_string();
    assert_eq!(send(&server, "PUT", &own, &[GEOJSON], &wrong).status(), 422);
    let renamed = json!({"id": id(2)}).to_string();
    assert_eq!(send(&server, "PATCH", &own, &[PATCH], &renamed).status(), 422);
    // Replacing does not create.
    let nobody = format!("{ITEMS}/{}", id(2));
    assert_eq!(send(&server, "PUT", &nobody, &[GEOJSON], &wrong).status(), 404);
    assert_eq!(send(&server, "PUT", &nobody, &[GEOJSON, ("if-match", "\"xyz\"")], &wrong).status(), 404);
    assert_eq!(delete(&server, &own, Some(&seen)), 412);
    assert_eq!(delete(&server, &own, Some(&server.header(&own, "etag"))), 204);
    assert_eq!(server.get(&own).status(), 404);
}
