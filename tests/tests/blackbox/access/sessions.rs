//! Expired tokens, sessions, and what the policy shows the public.

use std::{
    io::{BufRead, BufReader},
    time::Duration,
};

use serde_json::{Value, json};
use ureq::http::Request;

use super::world::{ITEMS, World};
use crate::program::*;

#[test]
fn a_revoked_token_is_good_for_nothing_at_once() {
    let world = World::new();
    let (_, list) = world.told("admin", "GET", "/tokens", &Value::Null);
    let viewer = list["tokens"].as_array().unwrap().iter().find(|token| token["role"] == "viewer").unwrap();
    let session = sign_in(&world, world.token("viewer"));
    let stream = |header: (&str, &str)| {
        let request = world.agent.get(world.server.url("/events")).header(header.0, header.1);
        let lines = BufReader::new(request.call().unwrap().into_body().into_reader()).lines();
        lines.map_while(Result::ok).filter(|line| line.starts_with("data")).count()
    };
    let bearer = format!("Bearer {}", world.token("viewer"));
    std::thread::scope(|scope| {
        let streams = [("authorization", &bearer), ("cookie", &session)]
            .map(|(name, value)| scope.spawn(move || stream((name, value))));
        std::thread::sleep(Duration::from_millis(500));
        let revoked =
            world.send("admin", "DELETE", &format!("/tokens/{}", viewer["id"].as_str().unwrap()), "");
        assert_eq!(revoked.status(), 204);
        assert_eq!(world.send("viewer", "GET", "/summary", "").status(), 401);
        // An ended session gets the public's view.
        let answer = world.agent.get(world.server.url("/me")).header("cookie", &session).call().unwrap();
        assert_eq!(read(answer).1["role"], "public");
        // Both streams end, so reading them to the end terminates.
        for stream in streams {
            assert_eq!(stream.join().unwrap(), 0);
        }
    });
}

/// Signs in and returns the session cookie.
fn sign_in(world: &World, token: &str) -> String {
    let request = world.agent.post(world.server.url("/session")).header("sec-fetch-site", "same-origin");
    let answer = request.send(json!({"token": token}).to_string()).unwrap();
    assert_eq!(answer.status(), 204);
    let cookie = answer.headers()["set-cookie"].to_str().unwrap();
    for attribute in ["HttpOnly", "SameSite=Lax", "Path=/"] {
        assert!(cookie.contains(attribute), "{cookie}");
    }
    cookie.split(';').next().unwrap().to_owned()
}

#[test]
fn whoever_signed_in_is_who_he_is_on_the_page_and_nowhere_else() {
    let world = World::new();
    let cookie = sign_in(&world, world.token("manager"));
    let ask = |method: &str, path: &str, headers: &[(&str, &str)], body: &str| {
        let mut request =
            Request::builder().method(method).uri(world.server.url(path)).header("cookie", &cookie);
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        read(world.agent.run(request.body(body.to_owned()).unwrap()).unwrap())
    };
    let (_, me) = ask("GET", "/me", &[], "");
    assert_eq!(
        (&me["name"], &me["role"], &me["regions"]),
        (&json!("manager"), &json!("manager"), &json!(["AZ-LAC"]))
    );
    let body = feature(world.new_id(), LACHIN.0, LACHIN.1).to_string();
    let page = ("sec-fetch-site", "same-origin");
    for (headers, wanted) in [
        (vec![], 403),
        (vec![("sec-fetch-site", "cross-site")], 403),
        (vec![("origin", "https://evil.example")], 403),
        (vec![page], 201),
    ] {
        assert_eq!(ask("POST", ITEMS, &headers, &body).0, wanted, "{headers:?}");
    }
    // A page of another site cannot sign anyone in.
    let request = world.agent.post(world.server.url("/session")).header("sec-fetch-site", "cross-site");
    assert_eq!(request.send(json!({"token": world.token("admin")}).to_string()).unwrap().status(), 403);
    assert_eq!(ask("DELETE", "/session", &[page], "").0, 204);
    assert_eq!(ask("GET", "/me", &[], "").1["role"], "public");
}

#[test]
fn the_policy_says_what_the_public_sees() {
    let folder = tempfile::tempdir().unwrap();
    for (sees, status, n_detected) in [("exact", 200, 1), ("cells", 200, 0), ("nothing", 401, 0)] {
        let server = Server::open(&folder.path().join("store.gpkg"), &["--public", sees]);
        server.post_json("/uploads", &collection(&[feature(1, LACHIN.0, LACHIN.1)]));
        let ask = |path: &str| read(server.public().get(server.url(path)).call().unwrap());
        let (told, page) = ask("/collections/detections/items?status=detected");
        assert_eq!(told, status, "{sees}: {page}");
        assert_eq!(page["features"].as_array().map_or(0, Vec::len), n_detected, "{sees}");
        for path in
            ["/summary", "/tiles/detections/0/0/0.mvt", "/export/detections", "/collections", "/search?q=a"]
        {
            assert_eq!(ask(path).0, status, "{sees} {path}");
        }
        assert_eq!(ask("/me").1["public"]["sees"], sees);
        if sees == "exact" {
            let shown = &page["features"][0]["properties"];
            assert!(
                shown["detected_on"].is_string() && shown["revision"].is_null() && shown["review"].is_null()
            );
        }
    }
}
