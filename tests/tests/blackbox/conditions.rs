//! Conditional requests (RFC 9110, 13), for every method that supports them.

use std::{
    io::{Read, Write},
    net::TcpStream,
    time::Duration,
};

use serde_json::{Value, json};

use crate::{
    people::Person,
    program::{LACHIN, Server, feature, id},
};

const ITEMS: &str = "/collections/detections/items";
const PATCH: (&str, &str) = ("content-type", "application/merge-patch+json");
const GEOJSON: (&str, &str) = ("content-type", "application/geo+json");

fn with_one(server: &Server) -> (Person<'_>, String) {
    let manager = Person::new(server, "manager", "Leyla", None, &[]);
    assert_eq!(manager.send("POST", ITEMS, &feature(1, LACHIN.0, LACHIN.1)).0, 201);
    (manager, format!("{ITEMS}/{}", id(1)))
}

fn changed(quantity: u64) -> Value {
    let mut record = feature(1, LACHIN.0, LACHIN.1);
    record["properties"]["quantity"] = json!(quantity);
    record
}

/// Returns a write of a record by each method, with a matching tag.
fn writes(quantity: u64) -> [(&'static str, (&'static str, &'static str), String); 3] {
    [
        ("PUT", GEOJSON, changed(quantity).to_string()),
        ("PATCH", PATCH, json!({"properties": {"quantity": quantity + 1}}).to_string()),
        ("DELETE", GEOJSON, String::new()),
    ]
}

#[test]
fn a_weak_tag_never_matches_and_a_strong_one_does_in_any_coding_and_place_of_a_list() {
    let server = Server::start();
    let (manager, item) = with_one(&server);
    let tag = || server.header(&item, "etag").trim_matches('"').to_owned();
    for (method, kind, body) in writes(2) {
        let path = format!("{item}?reason=test");
        let tell = |condition: &str| manager.ask(method, &path, &[kind, ("if-match", condition)], &body).0;
        for wrong in [format!("W/\"{}\"", tag()), "\"0\"".to_owned(), format!("\"{}-s\"", tag())] {
            assert_eq!(tell(&wrong), 412, "{method} {wrong}");
        }
        let before = server.json(&item);
        let right = format!("\"0\", \"{}-gzip\"", tag());
        let done = if method == "DELETE" { 204 } else { 200 };
        assert_eq!(before["properties"]["revision"].as_u64(), Some(server.revision()), "nothing was written");
        assert_eq!(tell(&right), done, "{method}");
    }
    // A POST of an existing record is another write that evaluates the condition.
    assert_eq!(manager.send("POST", ITEMS, &feature(1, LACHIN.0, LACHIN.1)).0, 201);
    let post = |condition: (&str, &str), quantity| {
        manager
            .ask(
                "POST",
                &format!("{ITEMS}?reason=test"),
                &[GEOJSON, condition],
                &changed(quantity).to_string(),
            )
            .0
    };
    let (weak, strong) = (format!("W/\"{}\"", tag()), format!("\"{}\"", tag()));
    assert_eq!(post(("if-match", &weak), 5), 412);
    assert_eq!(post(("if-match", &strong), 5), 200);
}

#[test]
fn if_none_match_any_makes_a_record_only_where_none_is() {
    let server = Server::start();
    let (manager, item) = with_one(&server);
    let new: (&str, &str) = ("if-none-match", "*");
    for (method, kind, body) in writes(2) {
        assert_eq!(
            manager.ask(method, &format!("{item}?reason=test"), &[kind, new], &body).0,
            412,
            "{method}"
        );
    }
    assert_eq!(manager.ask("POST", ITEMS, &[GEOJSON, new], &changed(2).to_string()).0, 412);
    assert_eq!(server.json(&item)["properties"]["quantity"], 1);

    let other = format!("{ITEMS}/{}", id(2));
    let put = |quantity: u64, conditions: &[(&str, &str)]| {
        let mut record = changed(quantity);
        record["id"] = json!(id(2));
        manager.ask(
            "PUT",
            &format!("{other}?reason=test"),
            &[&[GEOJSON], conditions].concat(),
            &record.to_string(),
        )
    };
    assert_eq!(put(2, &[]).0, 404, "PUT alone makes nothing");
    assert_eq!(put(2, &[("if-match", "*")]).0, 404);
    let (status, told) = put(2, &[new]);
    assert_eq!((status, &told["id"]), (201, &json!(id(2))), "{told}");
    assert_eq!((put(2, &[new]).0, put(3, &[new]).0), (412, 412));
    assert_eq!(server.json(&other)["properties"]["quantity"], 2);
    // A deleted record no longer exists and can be created again, also with its old content.
    assert_eq!(manager.ask("DELETE", &format!("{other}?reason=test"), &[], "").0, 204);
    assert_eq!(put(2, &[new]).0, 201);
    let third = |quantity: u64| {
        let mut record = changed(quantity);
        record["id"] = json!(id(3));
        manager.ask("POST", ITEMS, &[GEOJSON, new], &record.to_string()).0
    };
    assert_eq!([third(1), third(1)], [201, 412]);
    // A team may create records where it may write, and nowhere else.
    let team = Person::new(&server, "field", "Team 7", None, &["AZ-KAL"]);
    let path = format!("{ITEMS}/{}", id(4));
    let mut record = changed(1);
    record["id"] = json!(id(4));
    assert_eq!(team.ask("PUT", &path, &[GEOJSON, new], &record.to_string()).0, 403);
    assert_eq!(manager.ask("PUT", &format!("{ITEMS}/none"), &[GEOJSON, new], &record.to_string()).0, 404);
}

#[test]
fn a_read_is_answered_by_its_conditions() {
    let server = Server::start();
    let (manager, item) = with_one(&server);
    for path in [item.as_str(), "/collections/detections/items?limit=1", "/summary", "/collections"] {
        let tag = server.header(path, "etag");
        let status = |name: &str, value: &str| manager.ask("GET", path, &[(name, value)], "").0;
        let weak = format!("W/{tag}");
        if path == "/collections" && tag.is_empty() {
            continue;
        }
        assert_eq!((status("if-none-match", &weak), status("if-none-match", "*")), (304, 304), "{path}");
        assert_eq!(status("if-none-match", "\"x\""), 200, "{path}");
        assert_eq!((status("if-match", &tag), status("if-match", "*")), (200, 200), "{path}");
        assert_eq!((status("if-match", &weak), status("if-match", "\"x\"")), (412, 412), "{path}");
    }
}

/// Sends a request line by line; returns the status.
fn say(server: &Server, lines: &[&str]) -> u16 {
    let mut stream = TcpStream::connect(server.base.split_once("://").unwrap().1).unwrap();
    stream.set_read_timeout(Some(Duration::from_secs(20))).unwrap();
    stream.write_all(format!("{}\r\nConnection: close\r\n\r\n", lines.join("\r\n")).as_bytes()).unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    answer.split(' ').nth(1).unwrap().parse().unwrap()
}

#[test]
fn a_request_names_its_host_once() {
    let server = Server::start();
    for target in ["/healthz", "http://mines.example/healthz", "/nothing"] {
        let line = format!("GET {target} HTTP/1.1");
        assert_eq!(say(&server, &[&line]), 400, "{target}");
        assert_eq!(say(&server, &[&line, "Host: a", "Host: a"]), 400, "{target}");
        assert_eq!(say(&server, &[&line, "Host: a", "Host: b"]), 400, "{target}");
        assert_ne!(say(&server, &[&line, "Host: a"]), 400, "{target}");
    }
    assert_eq!(say(&server, &["GET /healthz HTTP/1.0"]), 200);
    assert_eq!(say(&server, &["GET /healthz HTTP/1.0", "Host: a", "Host: a"]), 400);
}
