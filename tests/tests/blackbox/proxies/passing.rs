//! Requests that bypass the cache.

use std::{
    fs,
    io::{BufRead, BufReader},
    process::Stdio,
    time::{Duration, Instant},
};

use serde_json::json;

use super::site::{FRONTS, Running, Site};
use crate::{program::*, tile_counts::address};

#[test]
fn who_shows_a_token_or_a_session_goes_past_the_cache_and_leaves_nothing_there() {
    for front in FRONTS {
        let site = Site::behind(front);
        site.upload([1]);
        // The public does not see this record.
        assert_eq!(
            site.server.post_json("/uploads", &collection(&[feature(50, KALBAJAR.0, KALBAJAR.1)])).0,
            200
        );
        let signing = json!({"token": site.server.token()}).to_string();
        let signed_in = site.ask("/session", &["--data", &signing, "-H", "Sec-Fetch-Site: same-origin"]);
        assert_eq!(signed_in.status, 204, "{}", signed_in.text());
        assert!(signed_in.header("set-cookie").contains("; secure"), "{}", signed_in.head);
        // The head is in lower case, but the secret must be sent exactly as received.
        let output = site.curl("/session").args(["--include", "--data", &signing]).output().unwrap();
        let head = String::from_utf8(output.stdout).unwrap();
        let cookie = head.lines().find_map(|line| line.split_once("clearline_session=")).unwrap().1;
        let cookie = format!("Cookie: _ga=1; clearline_session={}", cookie.split(';').next().unwrap());
        let bearer = format!("Authorization: Bearer {}", site.server.token());
        let (x, y) = address(KALBAJAR.0, KALBAJAR.1, 12);
        let tile = format!("/tiles/detections/12/{x}/{y}.mvt");
        for path in [&tile, "/summary", "/tiles/detections.json", "/collections/detections/items"] {
            let before = site.ask(path, &[]);
            for proof in [&bearer, &cookie] {
                let n_asked = site.asked(path).len();
                for n in 1..=2 {
                    let got = site.ask(path, &["-H", proof]);
                    assert_eq!(got.status, 200, "{front:?} {path}");
                    assert!(
                        got.header("cache-control").contains("private"),
                        "{front:?} {path}: {}",
                        got.head
                    );
                    assert!(got.header("x-cache") != "hit", "{front:?} {path}: {}", got.head);
                    // Counts and bounds are equal, because the public's counts include the cells.
                    let shows_records = path == tile || path.ends_with("/items");
                    assert!(!shows_records || got.body != before.body, "{front:?} {path}: sees more");
                    assert_eq!(site.asked(path).len(), n_asked + n, "{front:?} {path}: the server is asked");
                }
                let after = site.ask(path, &[]);
                assert!(
                    after.body == before.body && after.header("set-cookie").is_empty(),
                    "{front:?} {path}: {}",
                    after.text()
                );
            }
        }
    }
}

#[test]
fn events_pass_as_they_come() {
    for front in FRONTS {
        let site = Site::behind(front);
        let mut command = site.curl("/events");
        let mut child = Running(command.arg("--no-buffer").stdout(Stdio::piped()).spawn().unwrap());
        let mut lines = BufReader::new(child.0.stdout.take().unwrap()).lines().map_while(Result::ok);
        assert_eq!(lines.next().unwrap(), ": connected", "{front:?}");
        for n in 1..4 {
            let began = Instant::now();
            site.upload([n]);
            let event = lines.find(|line| line.starts_with("data:")).expect("an event");
            assert!(
                began.elapsed() < Duration::from_secs(5),
                "{front:?}: {event} after {:?}",
                began.elapsed()
            );
        }
    }
}

#[test]
fn an_upload_as_large_as_the_server_takes_passes() {
    for front in FRONTS {
        let site = Site::behind(front);
        let mut features = vec![feature(1, LACHIN.0, LACHIN.1)];
        features[0]["properties"]["note"] = json!("n".repeat(200));
        let body = format!("{}{}", collection(&features), " ".repeat(20 << 20));
        let file = site.folder.path().join("upload.geojson");
        fs::write(&file, body).unwrap();
        let data = format!("@{}", file.to_str().unwrap());
        let got = site.ask_as_manager(
            "/uploads",
            &["-H", "Content-Type: application/geo+json", "--data-binary", &data],
        );
        assert_eq!((got.status, got.json()["created"].as_u64()), (200, Some(1)), "{front:?}: {}", got.text());
    }
}
