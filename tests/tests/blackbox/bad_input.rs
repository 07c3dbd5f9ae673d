//! Malformed, invalid and hostile input: each gets a 4xx with row, field and reason, quickly and in bounded
//! memory, and the valid rows of the same upload are accepted.

use std::time::{Duration, Instant};

use serde_json::{Value, json};

use crate::program::{Server, collection, feature, id, read};

const GOOD: u64 = 900;

/// Builds a collection of one invalid feature, passed as text, between two valid ones.
fn among_good_ones(bad: &str) -> Vec<u8> {
    let good = |n| feature(n, 46.3, 39.7).to_string();
    format!(r#"{{"type":"FeatureCollection","features":[{},{bad},{}]}}"#, good(GOOD), good(GOOD + 1))
        .into_bytes()
}

fn with_geometry(geometry: &str) -> String {
    format!(
        r#"{{"type":"Feature","id":"{}","geometry":{geometry},"properties":{{"kind":"ap_mine","detected_on":"2023-03-14"}}}}"#,
        id(1)
    )
}

fn with_properties(properties: &str) -> String {
    format!(
        r#"{{"type":"Feature","id":"{}","geometry":{{"type":"Point","coordinates":[46.3,39.7]}},"properties":{properties}}}"#,
        id(1)
    )
}

fn point(coordinates: &str) -> String {
    with_geometry(&format!(r#"{{"type":"Point","coordinates":{coordinates}}}"#))
}

#[test]
#[expect(clippy::too_many_lines, reason = "one table of what can be wrong with a row")]
fn a_row_that_cannot_stand_is_named_and_the_others_are_kept() {
    let tomorrow_but_one = "2999-01-01";
    let table: Vec<(&str, String, &str, &str)> = vec![
        ("latitude 91", point("[46.0, 91.0]"), "location", "latitude 91 is outside -90..90"),
        ("longitude 500", point("[500, 40]"), "location", "longitude 500 is outside -180..180"),
        ("1e999", point("[1e999, 40]"), "location", ""),
        ("NaN", point("[NaN, 40]"), "location", ""),
        ("empty point", point("[]"), "location", ""),
        ("one number", point("[46.0]"), "location", ""),
        ("text as coordinates", point(r#"["46", "40"]"#), "location", ""),
        ("null geometry", with_geometry("null"), "location", "is missing"),
        ("empty geometry", with_geometry("{}"), "location", ""),
        (
            "a polygon",
            with_geometry(r#"{"type":"Polygon","coordinates":[[[46,40],[47,40],[47,41],[46,40]]]}"#),
            "location",
            "Polygon",
        ),
        (
            "a date in the future",
            with_properties(&format!(r#"{{"kind":"ap_mine","detected_on":"{tomorrow_but_one}"}}"#)),
            "detected_on",
            "future",
        ),
        (
            "not a date",
            with_properties(r#"{"kind":"ap_mine","detected_on":"soon"}"#),
            "detected_on",
            "YYYY-MM-DD",
        ),
        (
            "neutralised before detected",
            with_properties(r#"{"kind":"ap_mine","detected_on":"2023-03-14","neutralised_on":"2023-03-13"}"#),
            "neutralised_on",
            "before",
        ),
        (
            "an unknown kind",
            with_properties(r#"{"kind":"apm?","detected_on":"2023-03-14"}"#),
            "kind",
            "not one of",
        ),
        ("no kind", with_properties(r#"{"detected_on":"2023-03-14"}"#), "kind", "missing"),
        (
            "quantity 0",
            with_properties(r#"{"kind":"ap_mine","detected_on":"2023-03-14","quantity":0}"#),
            "quantity",
            "outside",
        ),
        (
            "quantity -1",
            with_properties(r#"{"kind":"ap_mine","detected_on":"2023-03-14","quantity":-1}"#),
            "quantity",
            "",
        ),
        (
            "quantity 1.5",
            with_properties(r#"{"kind":"ap_mine","detected_on":"2023-03-14","quantity":1.5}"#),
            "quantity",
            "",
        ),
        (
            "a duplicate key",
            with_properties(r#"{"kind":"ap_mine","kind":"uxo","detected_on":"2023-03-14"}"#),
            "",
            "twice",
        ),
        (
            "not a UUID",
            with_properties(r#"{"kind":"ap_mine","detected_on":"2023-03-14"}"#).replace(&id(1), "17"),
            "id",
            "UUID",
        ),
        (
            "nested 10,000 deep",
            with_properties(&format!(
                r#"{{"kind":"ap_mine","detected_on":"2023-03-14","deep":{}{}}}"#,
                "[".repeat(10_000),
                "]".repeat(10_000)
            )),
            "",
            "",
        ),
        ("a number as feature", "7".to_owned(), "", ""),
        (
            "16 KB of unknown properties",
            with_properties(&format!(
                r#"{{"kind":"ap_mine","detected_on":"2023-03-14","blob":"{}"}}"#,
                "x".repeat(17_000)
            )),
            "extra",
            "16384",
        ),
    ];
    let server = Server::start();
    for (what, bad, field, reason) in table {
        let body = among_good_ones(&bad);
        let (status, problem) =
            server.post("/collections/detections/items?atomic=true", "application/geo+json", &body);
        assert_eq!(status, 422, "{what}: {problem}");
        let row = &problem["errors"][0];
        assert_eq!(row["row"], 2, "{what}: {problem}");
        if !field.is_empty() {
            assert_eq!(row["field"], field, "{what}: {problem}");
        }
        assert!(row["reason"].as_str().unwrap().contains(reason), "{what}: {problem}");
        assert_eq!(
            server.json("/summary?by=status")["total"]["records"],
            0,
            "{what}: none is kept with atomic"
        );
    }
    let (status, report) = server.post(
        "/collections/detections/items",
        "application/geo+json",
        &among_good_ones(&point("[46.0, 91.0]")),
    );
    assert_eq!((status, &report["created"], &report["refused"]), (200, &json!(2), &json!(1)), "{report}");
    // An upload with only an invalid row is a 422.
    let (status, problem) = server.post("/uploads", "application/geo+json", point("[46.0, 91.0]").as_bytes());
    assert_eq!((status, &problem["errors"][0]["field"]), (422, &json!("location")), "{problem}");
}

#[test]
fn an_id_used_twice_in_one_body_stands_once() {
    let server = Server::start();
    let body = collection(&[feature(1, 46.3, 39.7), feature(1, 46.4, 39.7), feature(1, 46.3, 39.7)]);
    let (status, report) = server.post_json("/uploads", &body);
    assert_eq!(
        (status, &report["created"], &report["unchanged"], &report["refused"]),
        (200, &json!(1), &json!(1), &json!(1)),
        "{report}"
    );
    assert_eq!((&report["problems"][0]["row"], &report["problems"][0]["field"]), (&json!(2), &json!("id")));
}

#[test]
fn a_document_that_cannot_be_read_is_refused_as_a_whole() {
    let server = Server::start();
    let whole = collection(&[feature(1, 46.3, 39.7), feature(2, 46.3, 39.7)]).to_string().into_bytes();
    let mut invalid_utf8 = whole.clone();
    let at = whole.windows(5).position(|w| w == b"PMN-2").unwrap();
    invalid_utf8[at] = 0xff;
    let table: Vec<(&str, Vec<u8>)> = vec![
        ("empty body", Vec::new()),
        ("not JSON", b"hello".to_vec()),
        ("truncated", whole[..whole.len() - 40].to_vec()),
        ("truncated before the end", whole[..whole.len() - 1].to_vec()),
        ("text after the end", [whole.as_slice(), b"x"].concat()),
        ("another document", br#"{"type":"Topology"}"#.to_vec()),
        ("an array", b"[1,2]".to_vec()),
        ("nested arrays", "[".repeat(100_000).into_bytes()),
        ("invalid UTF-8", invalid_utf8),
    ];
    for (what, body) in table {
        let (status, problem) = server.post("/uploads", "application/geo+json", &body);
        assert!((400..500).contains(&status), "{what}: {status} {problem}");
        assert!(problem["type"].as_str().unwrap().starts_with("urn:clearline:problem:"), "{what}: {problem}");
        assert!(!problem["errors"][0]["reason"].as_str().unwrap().is_empty(), "{what}: {problem}");
    }
    assert!(
        server.json("/summary?by=status")["total"]["records"].as_u64().unwrap() <= 2,
        "nothing but whole rows"
    );
}

#[test]
fn addresses_and_parameters_out_of_range_are_named() {
    let server = Server::start();
    for (path, word) in [
        ("/tiles/detections/23/0/0.mvt", "23"),
        ("/tiles/detections/3/8/0.mvt", "column 8"),
        ("/tiles/detections/3/0/8.mvt", "row 8"),
        ("/tiles/detections/-1/0/0.mvt", "-1"),
        ("/tiles/detections/999/0/0.mvt", "999"),
        ("/tiles/detections/9/99999999999/0.mvt", "99999999999"),
        ("/tiles/detections/9/1/1.mvt?colour=red", "colour"),
        ("/collections/detections/items?colour=red", "colour"),
        ("/collections/detections/items?limit=0", "limit"),
        ("/collections/detections/items?bbox=1,2,3", "bbox"),
        ("/collections/detections/items?bbox=NaN,2,3,4", "bbox"),
        ("/collections/detections/items?datetime=yesterday", "datetime"),
        ("/collections/detections/items?status=", "status"),
        ("/collections/detections/items?kind=ap_mine,", "kind"),
        ("/collections/detections/items?region=", "region"),
        ("/collections/detections/items?limit=1&limit=2", "limit"),
        ("/summary?by=colour", "by"),
        ("/summary?f=xml", "f"),
        ("/changes?since=-1", "since"),
    ] {
        let (status, problem) = read(server.get(path));
        assert_eq!(status, 400, "{path}: {problem}");
        assert!(problem["detail"].as_str().unwrap().contains(word), "{path}: {problem}");
        assert_eq!(problem["status"], 400);
    }
    for path in [
        "/nothing",
        "/collections/nothing/items",
        "/collections/detections/items/17",
        "/tiles/nothing/1/0/0.mvt",
        "/summary/regions/AZ-XYZ",
    ] {
        let (status, problem) = read(server.get(path));
        assert_eq!((status, &problem["status"]), (404, &json!(404)), "{path}: {problem}");
    }
    let (status, _) = read(server.agent().delete(server.url("/summary")).call().unwrap());
    assert_eq!(status, 405);
    // A path that is not text is an ordinary bad request.
    for path in ["/collections/%ff/items", "/summary/regions/%ff", "/tiles/detections/7/80/%ff.mvt"] {
        let (status, problem) = read(server.get(path));
        assert_eq!((status, &problem["status"]), (400, &json!(400)), "{path}: {problem}");
    }
}

#[test]
fn an_area_must_be_a_polygon() {
    let server = Server::start();
    let post = |body: &str| read(server.agent().post(server.url("/summary/area")).send(body).unwrap());
    for bad in [
        "",
        "null",
        "[]",
        r#"{"type":"Point","coordinates":[46,40]}"#,
        r#"{"type":"Polygon","coordinates":[]}"#,
        r#"{"type":"Polygon","coordinates":[[[46,40],[47,40],[46,40]]]}"#,
        r#"{"type":"Polygon","coordinates":[[[46,40],[47,40],[47,41],[46,41]]]}"#,
        r#"{"type":"Polygon","coordinates":[[[46,40],[47,400],[47,41],[46,40]]]}"#,
    ] {
        let (status, problem) = post(bad);
        assert!((400..500).contains(&status), "{bad}: {problem}");
    }
    let (status, summary) =
        post(r#"{"type":"Polygon","coordinates":[[[46,40],[47,40],[47,41],[46,41],[46,40]]]}"#);
    assert_eq!(status, 200, "{summary}");
    assert!((summary["area_m2"].as_f64().unwrap() / 9.4e9 - 1.0).abs() < 0.01, "{summary}");
}

fn peak_memory_kib(pid: u32) -> u64 {
    let status = std::fs::read_to_string(format!("/proc/{pid}/status")).unwrap();
    let line = status.lines().find(|l| l.starts_with("VmHWM")).unwrap();
    line.split_whitespace().nth(1).unwrap().parse().unwrap()
}

#[test]
fn huge_bodies_and_bombs_are_refused_quickly_and_in_bounded_memory() {
    let server = Server::start();
    server.json("/summary?by=status");
    let before = peak_memory_kib(server.pid());
    let started = Instant::now();

    let huge = vec![b' '; 200 << 20];
    let (status, problem) = server.post("/uploads", "application/geo+json", &huge);
    assert_eq!(status, 413, "{problem}");
    drop(huge);

    // A gigabyte of spaces, compressed to about a megabyte.
    let mut packed = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    for _ in 0..1024 {
        std::io::Write::write_all(&mut packed, &vec![b' '; 1 << 20]).unwrap();
    }
    let bomb = packed.finish().unwrap();
    let request = server
        .agent()
        .post(server.url("/uploads"))
        .header("authorization", format!("Bearer {}", server.token()));
    let (status, problem): (u16, Value) = read(
        request
            .header("content-type", "application/geo+json")
            .header("content-encoding", "gzip")
            .send(&bomb)
            .unwrap(),
    );
    assert_eq!(status, 413, "{problem}");

    // One endless string.
    let (status, problem) = server.post(
        "/uploads",
        "application/geo+json",
        format!(r#"{{"type":"FeatureCollection","features":[{{"x":"{}"#, "y".repeat(30 << 20)).as_bytes(),
    );
    assert!((400..500).contains(&status), "{problem}");

    assert!(started.elapsed() < Duration::from_secs(30), "{:?}", started.elapsed());
    let grown = peak_memory_kib(server.pid()).saturating_sub(before);
    assert!(grown < 400 << 10, "grew by {grown} KiB");
    assert_eq!(server.get("/healthz").status(), 200);
}
