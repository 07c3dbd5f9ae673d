//! Regression tests for writes.

use serde_json::{Value, json};
use ureq::{Body, http::Response};

use crate::program::{KALBAJAR, LACHIN, Server, collection, feature, id, read};

const ITEMS: &str = "/collections/detections/items";

fn bearer(server: &Server) -> String {
    format!("Bearer {}", server.token())
}

fn put(server: &Server, path: &str, encoding: &str, body: &[u8]) -> Response<Body> {
    let request = server.agent().put(server.url(path)).header("authorization", bearer(server));
    let request = request.header("content-type", "application/geo+json");
    let request = if encoding.is_empty() { request } else { request.header("content-encoding", encoding) };
    request.send(body).unwrap()
}

#[test]
fn a_wish_that_a_method_does_not_know_is_refused_and_changes_nothing() {
    let server = Server::start();
    server.post_json(ITEMS, &feature(1, LACHIN.0, LACHIN.1));
    let item = format!("{ITEMS}/{}", id(1));
    let before = server.json(&item);
    let deleted = server.agent().delete(server.url(&format!("{item}?dry_run=true")));
    assert_eq!(deleted.header("authorization", bearer(&server)).call().unwrap().status(), 400);
    let body = feature(1, KALBAJAR.0, KALBAJAR.1).to_string();
    assert_eq!(put(&server, &format!("{item}?dry_run=true"), "", body.as_bytes()).status(), 400);
    // A patch that leaves the position alone accepts no reference system.
    let patch = server.agent().patch(server.url(&format!("{item}?crs=EPSG:3857")));
    let patch =
        patch.header("authorization", bearer(&server)).send(r#"{"properties":{"note":"only"}}"#).unwrap();
    assert_eq!(patch.status(), 400);
    assert_eq!(server.json(&item), before);
}

#[test]
fn a_patch_with_a_member_twice_is_refused() {
    let server = Server::start();
    server.post_json(ITEMS, &feature(1, LACHIN.0, LACHIN.1));
    let url = server.url(&format!("{ITEMS}/{}", id(1)));
    let send = |body: &str, content_type: &str| {
        let request = server.agent().patch(&url).header("authorization", bearer(&server));
        read(request.header("content-type", content_type).send(body).unwrap())
    };
    let (status, problem) = send(r#"{"properties":{"note":"a","note":"b"}}"#, "application/merge-patch+json");
    assert!(status == 400 && problem["detail"].as_str().unwrap().contains("twice"), "{problem}");
    assert_eq!(send(r#"{"properties":{"note":"a"}}"#, "text/plain").0, 415);
    assert_eq!(send(r#"{"properties":{"note":"a"}}"#, "application/merge-patch+json").0, 200);
}

#[test]
fn a_packed_body_is_unpacked_by_every_method() {
    let server = Server::start();
    server.post_json(ITEMS, &feature(1, LACHIN.0, LACHIN.1));
    let item = format!("{ITEMS}/{}", id(1));
    let packed = zstd::encode_all(feature(1, KALBAJAR.0, KALBAJAR.1).to_string().as_bytes(), 3).unwrap();
    assert_eq!(put(&server, &format!("{item}?reason=moved"), "zstd", &packed).status(), 200);
    assert_eq!(server.json(&item)["properties"]["region"], "AZ-KAL");
    assert_eq!(put(&server, &item, "snappy", &packed).status(), 415);
    let square = r#"{"type":"Polygon","coordinates":[[[46,40],[47,40],[47,41],[46,41],[46,40]]]}"#;
    let packed = zstd::encode_all(square.as_bytes(), 3).unwrap();
    let area = server.agent().post(server.url("/summary/area")).header("content-encoding", "zstd");
    assert_eq!(read(area.send(&packed).unwrap()).1["total"]["records"], 1);
}

#[test]
fn a_dry_run_says_what_the_store_would_do() {
    let server = Server::start();
    let mut twice = feature(1, LACHIN.0, LACHIN.1);
    twice["properties"]["model"] = json!("OZM-72");
    let body = collection(&[feature(1, LACHIN.0, LACHIN.1), twice]);
    let counts = |report: &Value| ["created", "updated", "unchanged", "refused"].map(|n| report[n].as_u64());
    let (_, tried) = server.post_json("/uploads?dry_run=true", &body);
    assert_eq!(server.json("/summary")["total"]["records"], 0);
    let (_, done) = server.post_json("/uploads", &body);
    assert_eq!(counts(&tried), counts(&done));
    assert_eq!(counts(&done), [Some(1), Some(0), Some(0), Some(1)]);
    // Even with `update`, the server cannot know which of two rows with one id is right.
    let (_, report) = server.post_json("/uploads?update=true", &body);
    assert_eq!((&report["refused"], &report["problems"][0]["row"]), (&json!(1), &json!(2)), "{report}");
}

#[test]
fn the_reply_to_a_write_shows_that_write_among_others() {
    let server = Server::start();
    std::thread::scope(|scope| {
        for client in 0..3_u32 {
            let server = &server;
            scope.spawn(move || {
                for n in 1..=40 {
                    let mut mine = feature(1, LACHIN.0, LACHIN.1);
                    mine["properties"]["quantity"] = json!(client * 1_000 + n);
                    let url = server.url(&format!("{ITEMS}?update=true&reason=counted"));
                    let request = server.agent().post(url).header("authorization", bearer(server));
                    let response = request.send(mine.to_string()).unwrap();
                    let revision = response.headers()["clearline-revision"].to_str().unwrap().to_owned();
                    let (_, told) = read(response);
                    assert_eq!(told["properties"]["quantity"], client * 1_000 + n);
                    assert_eq!(told["properties"]["revision"].to_string(), revision);
                }
            });
        }
    });
}

#[test]
fn strangers_with_unfinished_polygons_do_not_hold_up_a_team() {
    use std::{io::Write, net::TcpStream, time::Instant};
    let server = Server::start();
    let address = server.base.trim_start_matches("http://").to_owned();
    let open: Vec<TcpStream> = (0..70)
        .map(|_| {
            let mut stream = TcpStream::connect(&address).unwrap();
            stream
                .write_all(b"POST /summary/area HTTP/1.1\r\nHost: a\r\nContent-Length: 4194304\r\n\r\n{")
                .unwrap();
            stream
        })
        .collect();
    let started = Instant::now();
    assert_eq!(server.post_json(ITEMS, &feature(1, LACHIN.0, LACHIN.1)).0, 201);
    // Each would delay it for 30 seconds.
    assert!(started.elapsed().as_secs() < 15, "{:?}", started.elapsed());
    drop(open);
}

#[test]
fn an_operator_with_a_comma_can_be_asked_for() {
    let server = Server::start();
    let mut theirs = feature(1, LACHIN.0, LACHIN.1);
    theirs["properties"]["operator"] = json!("Smith, Jones & Co");
    server.post_json("/uploads", &collection(&[theirs, feature(2, LACHIN.0, LACHIN.1)]));
    let summary = server.json("/summary?by=operator&operator=Smith%5C%2C%20Jones%20%26%20Co");
    assert_eq!(summary["total"]["records"], 1, "{summary}");
}

#[test]
fn a_record_far_away_is_inside_the_bounds_that_maps_are_told() {
    let server = Server::start();
    server.post_json(ITEMS, &feature(1, 10.0, 10.0));
    let bounds = server.json("/tiles/detections.json")["bounds"].clone();
    let bounds: Vec<f64> = bounds.as_array().unwrap().iter().map(|n| n.as_f64().unwrap()).collect();
    assert!(bounds[0] <= 10.0 && bounds[1] <= 10.0 && bounds[2] > 50.0, "{bounds:?}");
}

#[test]
fn a_mirror_that_is_ahead_of_the_log_is_told_so() {
    let server = Server::start();
    for since in ["99999999", "18446744073709551615"] {
        let (status, problem) = read(server.get(&format!("/changes?since={since}")));
        assert_eq!(status, 400, "{problem}");
    }
    assert_eq!(server.header("/changes?since=0", "clearline-revision"), "0");
}

#[test]
fn an_editing_client_learns_what_is_allowed() {
    let server = Server::start();
    for (path, method) in [(ITEMS.to_owned(), "POST"), (format!("{ITEMS}/{}", id(1)), "PATCH")] {
        let response = server.agent().options(server.url(&path)).call().unwrap();
        assert_eq!(response.status(), 200);
        let allow = response.headers()["allow"].to_str().unwrap();
        assert!(allow.contains(method), "{path}: {allow}");
    }
    let regions = server.agent().options(server.url("/collections/regions/items")).call().unwrap();
    let allow = regions.headers()["allow"].to_str().unwrap();
    assert!(allow.contains("GET") && !allow.contains("POST"), "nobody writes regions: {allow}");
}

#[test]
fn json_that_is_called_xml_is_read_where_only_json_makes_sense() {
    // OWSLib sends everything as text/xml by default.
    let server = Server::start();
    let send = |method: &str, path: &str, kind: &str, body: &str| {
        let request = ureq::http::Request::builder().method(method).uri(server.url(path));
        let request = request.header("authorization", bearer(&server)).header("content-type", kind);
        read(server.agent().run(request.body(body.to_owned()).unwrap()).unwrap()).0
    };
    let one = feature(1, LACHIN.0, LACHIN.1).to_string();
    let item = format!("{ITEMS}/{}", id(1));
    assert_eq!(send("POST", ITEMS, "text/xml", &one), 201);
    assert_eq!(send("PUT", &item, "application/xml; charset=utf-8", &one), 200);
    assert_eq!(send("PATCH", &item, "text/xml", r#"{"properties":{"note":"seen"}}"#), 200);
    for (method, path) in [("POST", ITEMS), ("PUT", &item), ("PATCH", &item)] {
        assert_eq!(send(method, path, "text/xml", "<wfs:Insert/>"), 415, "{method}");
        assert_eq!(send(method, path, "text/plain", &one), 415, "{method}");
    }
    assert_eq!(send("POST", "/uploads", "text/xml", &one), 415, "a file may be XML");
}

#[test]
fn a_derived_value_that_contradicts_is_reported_at_every_door() {
    let server = Server::start();
    let token = |role: &str| {
        let store = server.store.to_str().unwrap();
        let made = crate::program::clearline(&[
            "token", "create", "--role", role, "--name", role, "--region", "AZ-LAC", "--store", store,
        ]);
        String::from_utf8(made.stdout).unwrap().trim().to_owned()
    };
    let (team, manager) = (token("field"), token("manager"));
    let send = |token: &str, method: &str, path: &str, body: &Value| {
        let request = ureq::http::Request::builder().method(method).uri(server.url(path));
        let request = request.header("authorization", format!("Bearer {token}"));
        read(server.agent().run(request.body(body.to_string()).unwrap()).unwrap())
    };
    let stating = |n: u64, properties: &Value| {
        let mut stating = feature(n, LACHIN.0, LACHIN.1);
        for (name, value) in properties.as_object().unwrap() {
            stating["properties"][name] = value.clone();
        }
        stating
    };
    let fields = |told: &Value| {
        let notices = told["notices"].as_array().cloned().unwrap_or_default();
        notices.iter().map(|notice| notice["field"].as_str().unwrap().to_owned()).collect::<Vec<_>>()
    };
    let approved = json!({"review": "approved", "region": "AZ-KAL"});
    let (status, told) = send(&team, "POST", ITEMS, &stating(1, &approved));
    assert_eq!((status, fields(&told)), (201, vec!["region".to_owned(), "review".to_owned()]), "{told}");
    assert_eq!(told["properties"]["review"], "submitted");
    let (status, told) = send(&team, "POST", "/uploads", &collection(&[stating(2, &approved)]));
    assert_eq!((status, fields(&told)), (200, vec!["region".to_owned(), "review".to_owned()]), "{told}");

    // A record that was read can be sent back, also to another place.
    let item = format!("{ITEMS}/{}", id(1));
    let mut own = send(&team, "GET", &item, &Value::Null).1;
    own["properties"]["quantity"] = json!(2);
    let (status, told) = send(&team, "PUT", &item, &own);
    assert_eq!((status, fields(&told)), (200, Vec::<String>::new()), "{told}");
    own["properties"]["review"] = json!("approved");
    own["properties"]["quantity"] = json!(3);
    let (status, told) = send(&team, "PUT", &item, &own);
    // The record has changed since it was read.
    let stale = ["review", "revision", "updated_at"].map(str::to_owned).to_vec();
    assert_eq!((status, fields(&told)), (200, stale), "{told}");

    // A patch is applied fully or not at all.
    let patch = |token: &str, path: &str, properties: Value| {
        send(token, "PATCH", path, &json!({"properties": properties}))
    };
    let (status, told) = patch(&team, &item, json!({"review": "approved", "note": "x"}));
    assert_eq!((status, &told["errors"][0]["field"]), (422, &json!("review")), "{told}");
    assert_eq!(patch(&manager, &item, json!({"region": "AZ-KAL"})).0, 422);
    assert_eq!(server.json(&item)["properties"]["note"], Value::Null);

    // A manager decides.
    let (status, told) = patch(&manager, &item, json!({"review": "approved"}));
    assert_eq!((status, &told["properties"]["review"]), (200, &json!("approved")), "{told}");
    assert_eq!(patch(&manager, &item, json!({"review": "rejected"})).0, 422, "which needs a reason");
    assert_eq!(server.json(&item)["properties"]["review"], "approved");
    let both =
        json!({"review": "has_issues", "note": "the place is doubtful", "reason": "looked at the photo"});
    let (status, told) = patch(&manager, &item, both);
    assert_eq!((status, &told["properties"]["review"]), (200, &json!("has_issues")), "{told}");
    assert_eq!(told["properties"]["note"], "the place is doubtful");
    let mut whole = feature(1, LACHIN.0, LACHIN.1);
    whole["properties"]["review"] = json!("approved");
    let (status, told) = send(&manager, "PUT", &item, &whole);
    assert_eq!((status, &told["properties"]["review"]), (200, &json!("approved")), "{told}");
    let history = server.json(&format!("{item}/history"));
    assert_eq!(history["revisions"][0]["by"], "manager");
}
