//! OGC API Features Part 4 (OGC 20-002r1), Annex A: create, replace, delete, update, optimistic locking,
//! features.

use serde_json::{Value, json};
use ureq::{
    Body,
    http::{Request, Response},
};

use super::{COLLECTIONS, header};
use crate::program::{KALBAJAR, LACHIN, Server, clearline, collection, feature, id, read};

const ITEMS: &str = "/collections/detections/items";
const GEOJSON: (&str, &str) = ("content-type", "application/geo+json");
const PATCH: (&str, &str) = ("content-type", "application/merge-patch+json");
const WGS84: &str = "http://www.opengis.net/def/crs/EPSG/0/4326";

/// Sends a request with a body. It has a content type only if one is passed.
fn send(server: &Server, method: &str, path: &str, headers: &[(&str, &str)], body: &Value) -> Response<Body> {
    let mut request = Request::builder().method(method).uri(server.url(path));
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    server.agent().run(request.body(body.to_string().into_bytes()).unwrap()).unwrap()
}

/// Sends a request without a body, with this token; as the public if it is empty.
fn ask(server: &Server, method: &str, path: &str, token: &str) -> Response<Body> {
    let request = Request::builder().method(method).uri(server.url(path));
    if token.is_empty() {
        return server.public().run(request.body(()).unwrap()).unwrap();
    }
    let request = request.header("authorization", format!("Bearer {token}"));
    server.public().run(request.body(()).unwrap()).unwrap()
}

/// Creates a token for this role.
fn token(server: &Server, role: &str) -> String {
    let store = server.store.to_str().unwrap();
    let mut arguments = vec!["token", "create", "--role", role, "--name", role, "--store", store];
    if role == "manager" || role == "field" {
        arguments.push("--everywhere");
    }
    let made = clearline(&arguments);
    assert!(made.status.success(), "{}", String::from_utf8_lossy(&made.stderr));
    String::from_utf8(made.stdout).unwrap().trim().to_owned()
}

/// Returns the methods of `Allow`, in order.
fn allowed(answer: &Response<Body>) -> String {
    header(answer, "allow")
}

/// Builds a detection without an id.
fn nameless((lon, lat): (f64, f64)) -> Value {
    let mut feature = feature(1, lon, lat);
    feature.as_object_mut().unwrap().remove("id");
    feature
}

/// Starts a server with one detection; returns its address too.
fn with_one() -> (Server, String) {
    let server = Server::start();
    let (status, report) = server.post_json("/uploads", &collection(&[feature(1, LACHIN.0, LACHIN.1)]));
    assert_eq!((status, &report["created"]), (200, &1.into()));
    (server, format!("{ITEMS}/{}", id(1)))
}

/// `/conf/create-replace-delete/options`, `/conf/update/options`: each role gets the methods that it may use.
#[test]
fn options_tell_each_caller_what_it_may_do() {
    let (server, own) = with_one();
    let (read_only, write) = ("GET, HEAD, OPTIONS", "GET, HEAD, PUT, PATCH, DELETE, OPTIONS");
    for (role, items, item) in [
        ("", read_only, read_only),
        ("viewer", read_only, "GET, HEAD, OPTIONS"),
        ("field", "GET, HEAD, POST, OPTIONS", "GET, HEAD, PUT, PATCH, OPTIONS"),
        ("manager", "GET, HEAD, POST, OPTIONS", write),
        ("admin", "GET, HEAD, POST, OPTIONS", write),
    ] {
        let token = if role.is_empty() { String::new() } else { token(&server, role) };
        let answer = ask(&server, "OPTIONS", ITEMS, &token);
        assert_eq!((answer.status().as_u16(), allowed(&answer).as_str()), (200, items), "{role}");
        assert_eq!(header(&answer, "accept-post").is_empty(), !items.contains("POST"), "{role}");
        // The public does not see this record's place, so it has no address for it.
        let answer = ask(&server, "OPTIONS", &own, &token);
        let status = if role.is_empty() { 404 } else { 200 };
        assert_eq!((answer.status().as_u16(), allowed(&answer).as_str()), (status, item), "{role}");
        assert_eq!(header(&answer, "accept-patch").is_empty(), !item.contains("PATCH"), "{role}");
        // The listed methods are those that work.
        for method in ["POST", "PUT", "PATCH", "DELETE"] {
            let path = if method == "POST" { ITEMS } else { &own };
            let may = if method == "POST" { items } else { item }.contains(method);
            let path = format!("{path}?colour=red");
            let status = ask(&server, method, &path, &token).status().as_u16();
            assert_eq!(status != 401 && status != 403, may, "{role}: {method}: {status}");
        }
        for name in &COLLECTIONS[2..] {
            let own = format!("/collections/{name}/items");
            let first = format!("{own}/{}", super::first_id(&server, name));
            for path in [own, first] {
                let answer = ask(&server, "OPTIONS", &path, &token);
                assert_eq!((answer.status().as_u16(), allowed(&answer).as_str()), (200, read_only), "{path}");
            }
        }
    }
    assert_eq!(ask(&server, "OPTIONS", ITEMS, "clearline_wrong").status(), 401);
}

/// `/conf/features/endpoints`, and missing resources, which offer no methods that would fail.
#[test]
fn options_of_what_is_not_there_offer_no_writing() {
    let (server, _) = with_one();
    let manager = token(&server, "manager");
    let missing = [
        format!("{ITEMS}/{}", id(99)),
        format!("{ITEMS}/nothing"),
        "/collections/regions/items/nothing".to_owned(),
        "/collections/nothing".to_owned(),
        "/collections/nothing/items".to_owned(),
    ];
    for path in &missing {
        for token in ["", &manager] {
            let answer = ask(&server, "OPTIONS", path, token);
            assert_eq!(
                (answer.status().as_u16(), allowed(&answer).as_str()),
                (404, "GET, HEAD, OPTIONS"),
                "{path}"
            );
        }
    }
    // QGIS requests this id when its first page is empty, and applies the result to the whole layer.
    let probe = format!("{ITEMS}/unknown_id");
    assert_eq!(allowed(&ask(&server, "OPTIONS", &probe, &manager)), "GET, HEAD, PUT, PATCH, DELETE, OPTIONS");
    assert_eq!(allowed(&ask(&server, "OPTIONS", &probe, "")), "GET, HEAD, OPTIONS");
    // In an empty collection there is no existing id to request.
    let empty = Server::start();
    let manager = token(&empty, "manager");
    let answer = ask(&empty, "OPTIONS", &format!("{ITEMS}/anything"), &manager);
    assert_eq!((answer.status().as_u16(), allowed(&answer).contains("PUT")), (200, true));
    let answer = ask(&empty, "OPTIONS", &format!("{ITEMS}/anything"), "");
    assert_eq!((answer.status().as_u16(), allowed(&answer).as_str()), (200, "GET, HEAD, OPTIONS"));
}

/// RFC 9110: each 405 lists the methods that this caller may use.
#[test]
fn a_method_that_is_not_there_is_told_which_are() {
    let (server, own) = with_one();
    let manager = token(&server, "manager");
    for (method, path, token, allow) in [
        ("DELETE", "/collections/regions", "", "GET, HEAD, OPTIONS"),
        ("POST", "/collections/regions/items", &manager, "GET, HEAD, OPTIONS"),
        ("POST", "/collections/places/items", &manager, "GET, HEAD, OPTIONS"),
        ("POST", "/collections/reported_figures/items", &manager, "GET, HEAD, OPTIONS"),
        ("PUT", "/collections/regions/items/AZ-LAC", &manager, "GET, HEAD, OPTIONS"),
        ("PUT", ITEMS, "", "GET, HEAD, OPTIONS"),
        ("PUT", ITEMS, &manager, "GET, HEAD, POST, OPTIONS"),
        ("POST", &own, &manager, "GET, HEAD, PUT, PATCH, DELETE, OPTIONS"),
        ("GET", "/uploads", &manager, "POST, OPTIONS"),
        ("GET", "/uploads", "", "OPTIONS"),
        ("DELETE", "/tokens", &manager, "OPTIONS"),
        ("PATCH", "/summary/area", "", "POST, OPTIONS"),
    ] {
        let answer = ask(&server, method, path, token);
        assert_eq!((answer.status().as_u16(), allowed(&answer).as_str()), (405, allow), "{method} {path}");
        assert_eq!(header(&answer, "content-type"), "application/problem+json", "{method} {path}");
    }
}

/// `/conf/create-replace-delete/create`
#[test]
fn a_feature_is_created_with_and_without_an_id() {
    let server = Server::start();
    let named = feature(7, KALBAJAR.0, KALBAJAR.1);
    for (n, body) in [nameless(LACHIN), named.clone()].iter().enumerate() {
        let created = send(&server, "POST", ITEMS, &[GEOJSON], body);
        assert_eq!(created.status(), 201);
        let location = header(&created, "location");
        let got = server.json(&location);
        assert_eq!(got["id"], location.rsplit('/').next().unwrap());
        assert_eq!(got["geometry"], body["geometry"]);
        for (name, value) in body["properties"].as_object().unwrap() {
            assert_eq!(&got["properties"][name], value, "{name}");
        }
        assert_eq!(server.json(&format!("{ITEMS}?resultType=hits"))["numberMatched"], n + 1);
    }
    assert_eq!(server.json(&format!("{ITEMS}/{}", id(7)))["geometry"], named["geometry"]);
}

/// `/conf/create-replace-delete/create-content-type`, `replace-content-type`,
/// `/conf/update/update-content-type`: a body of another type is refused. The newest draft also wants 400 if
/// no type is sent; `OWSLib` sends none, so such a body is read as GeoJSON, as the manual promises.
#[test]
fn a_body_of_another_type_is_refused() {
    let (server, own) = with_one();
    let before = server.json(&own);
    let patch = json!({"properties": {"note": "x"}});
    let writes =
        [("POST", ITEMS, nameless(KALBAJAR)), ("PUT", &own, nameless(KALBAJAR)), ("PATCH", &own, patch)];
    for (method, path, body) in &writes {
        let (status, problem) = read(send(&server, method, path, &[("content-type", "text/html")], body));
        assert!(status == 415 && problem["detail"].is_string(), "{method}: {status} {problem}");
    }
    assert_eq!(server.json(&own), before);
    assert_eq!(server.json(&format!("{ITEMS}?resultType=hits"))["numberMatched"], 1);
    let (method, path, body) = &writes[0];
    assert_eq!(send(&server, method, path, &[], body).status(), 201);
}

/// `/conf/create-replace-delete/replace`, `replace-rid`, `/conf/features/geojson`
#[test]
fn a_feature_is_replaced_and_keeps_its_id() {
    let (server, own) = with_one();
    let address = format!("{own}?reason=measured%20again");
    let mut body = nameless(KALBAJAR);
    body["properties"]["quantity"] = json!(3);
    let replaced = send(&server, "PUT", &address, &[GEOJSON], &body);
    assert_eq!(replaced.status(), 200);
    let got = server.json(&own);
    assert_eq!((&got["geometry"], &got["properties"]["quantity"]), (&body["geometry"], &json!(3)));
    assert_eq!(got["id"], id(1));
    // Another id is refused, and nothing changes.
    let other = feature(2, LACHIN.0, LACHIN.1);
    assert_eq!(send(&server, "PUT", &address, &[GEOJSON], &other).status(), 422);
    assert_eq!(server.json(&own), got);
    assert_eq!(server.get(&format!("{ITEMS}/{}", id(2))).status(), 404);
}

/// `/conf/create-replace-delete/replace-exceptions`: PUT creates nothing, with `If-Match` or without.
#[test]
fn what_is_not_there_is_not_replaced() {
    let (server, _) = with_one();
    for (n, about) in [(8, vec![GEOJSON]), (9, vec![GEOJSON, ("if-match", "\"xyz\"")])] {
        let own = format!("{ITEMS}/{}", id(n));
        let body = nameless(KALBAJAR);
        assert_eq!(send(&server, "PUT", &own, &about, &body).status(), 404);
        assert_eq!(server.get(&own).status(), 404);
    }
    let described = server.json("/collections/detections");
    assert_ne!(described["supportsNonAutogeneratedResourceIds"], true);
}

/// `/conf/create-replace-delete/delete`
#[test]
fn a_feature_is_deleted() {
    let (server, own) = with_one();
    let manager = token(&server, "manager");
    assert_eq!(ask(&server, "DELETE", &format!("{own}?reason=twice"), &manager).status(), 204);
    assert_eq!(server.get(&own).status(), 404);
}

/// `/conf/update/update`, `update-rid`, `/conf/features/json-merge-patch`
#[test]
fn a_feature_is_patched_and_the_rest_stays() {
    let (server, own) = with_one();
    let before = server.json(&own);
    let patch = json!({
        "geometry": {"type": "Point", "coordinates": [KALBAJAR.0, KALBAJAR.1]},
        "properties": {"quantity": 4, "note": "beside the road", "model": null, "reason": "measured again"},
    });
    assert_eq!(send(&server, "PATCH", &own, &[PATCH], &patch).status(), 200);
    let after = server.json(&own);
    assert_eq!(after["geometry"], patch["geometry"]);
    let changed = ["quantity", "note", "model", "region", "revision", "updated_at"];
    assert_eq!(after["properties"]["quantity"], 4);
    assert_eq!(after["properties"]["note"], "beside the road");
    assert_eq!(after["properties"]["model"], Value::Null);
    for (name, value) in before["properties"].as_object().unwrap() {
        assert!(changed.contains(&name.as_str()) || &after["properties"][name] == value, "{name}");
    }
    let other = json!({"id": id(2), "properties": {"note": "x", "reason": "x"}});
    let status = send(&server, "PATCH", &own, &[PATCH], &other).status();
    assert!(status.is_client_error(), "{status}");
    assert_eq!(server.json(&own), after);
}

/// `/conf/features/crs`: `Content-Crs` names the system of a body's coordinates.
#[test]
fn coordinates_are_read_in_the_system_that_is_declared() {
    let server = Server::start();
    let plain = send(&server, "POST", ITEMS, &[GEOJSON], &nameless(LACHIN));
    let turned = nameless((LACHIN.1, LACHIN.0));
    let other = send(&server, "POST", ITEMS, &[GEOJSON, ("content-crs", WGS84)], &turned);
    let unknown = "http://www.opengis.net/def/crs/EPSG/0/2154";
    let refused = send(&server, "POST", ITEMS, &[GEOJSON, ("content-crs", unknown)], &nameless(LACHIN));
    assert_eq!((plain.status(), other.status()), (201.try_into().unwrap(), 201.try_into().unwrap()));
    assert!(refused.status().is_client_error(), "{}", refused.status());
    for crs in [WGS84, "http://www.opengis.net/def/crs/OGC/1.3/CRS84"] {
        let [one, two] = [&plain, &other].map(|answer| {
            let location = header(answer, "location");
            server.json(&format!("{location}?crs={crs}"))["geometry"].clone()
        });
        assert_eq!(one, two, "{crs}");
    }
}

/// `/conf/optimistic-locking-etags/get-etag`, `replace`, `update`, `delete`
#[test]
fn a_write_with_a_tag_that_is_not_current_is_refused() {
    let (server, own) = with_one();
    server.post_json("/uploads", &collection(&[feature(2, LACHIN.0, LACHIN.1)]));
    let manager = token(&server, "manager");
    let tag = || header(&server.get(&own), "etag");
    assert!(tag().starts_with('"'));
    let address = format!("{own}?reason=test");
    let mut body = feature(1, LACHIN.0, LACHIN.1);
    for (method, type_) in [("PUT", GEOJSON), ("PATCH", PATCH)] {
        let mut next = |quantity: u32| {
            body["properties"]["quantity"] = json!(quantity);
            if method == "PUT" { body.clone() } else { json!({"properties": {"quantity": quantity + 100}}) }
        };
        let (before, old) = (server.json(&own), tag());
        let stale = send(&server, method, &address, &[type_, ("if-match", "\"0\"")], &next(2));
        assert_eq!(stale.status(), 412, "{method}");
        assert_eq!(server.json(&own), before, "{method}");
        let current = send(&server, method, &address, &[type_, ("if-match", &old)], &next(3));
        assert_eq!(current.status(), 200, "{method}");
        assert!(header(&current, "etag").starts_with('"'), "{method}");
        assert_ne!(header(&current, "etag"), old, "{method}");
        assert_eq!(header(&current, "etag"), tag(), "{method}");
        assert_eq!(send(&server, method, &address, &[type_], &next(4)).status(), 200, "{method}");
    }
    let delete = |path: &str, tag: Option<&str>| {
        let request = Request::builder().method("DELETE").uri(server.url(path));
        let request = request.header("authorization", format!("Bearer {manager}"));
        let request = if let Some(tag) = tag { request.header("if-match", tag) } else { request };
        server.public().run(request.body(()).unwrap()).unwrap().status().as_u16()
    };
    assert_eq!(delete(&address, Some("\"0\"")), 412);
    assert_eq!(server.get(&own).status(), 200);
    assert_eq!(delete(&address, Some(&tag())), 204);
    assert_eq!(server.get(&own).status(), 404);
    assert_eq!(delete(&format!("{ITEMS}/{}?reason=test", id(2)), None), 204);
}
