//! People's actions are in the log: who, what and how much.

use std::fs;

use serde_json::json;

use crate::program::{LACHIN, Server, collection, feature, id};

#[test]
fn uploads_sign_ins_tokens_and_decisions_are_logged_with_who_what_and_how_much() {
    let folder = tempfile::tempdir().unwrap();
    let log = folder.path().join("log");
    let store = folder.path().join("store.gpkg");
    let mut server = Server::logging(&store, &[], "info", fs::File::create(&log).unwrap().into());
    let create =
        ["token", "create", "--role", "admin", "--name", "chief", "--store", store.to_str().unwrap()];
    let admin = String::from_utf8(crate::program::clearline(&create).stdout).unwrap().trim().to_owned();
    let as_admin = |method: &str, path: &str, body: String| {
        let request = ureq::http::Request::builder().method(method).uri(server.url(path));
        let request = request.header("authorization", format!("Bearer {admin}"));
        server.agent().run(request.header("content-type", "application/json").body(body).unwrap()).unwrap()
    };

    let (_, report) =
        server.post_json("/uploads", &collection(&[feature(1, LACHIN.0, LACHIN.1), feature(2, 46.3, 99.0)]));
    let upload = report["upload"].as_str().unwrap().to_owned();
    assert_eq!(server.post("/uploads", "application/geo+json", b"[").0, 400);
    assert_eq!(server.post_json("/collections/detections/items", &feature(3, LACHIN.0, LACHIN.1)).0, 201);
    let sent_back =
        json!({"decision": "has_issues", "reason": "which?", "records": [{"id": id(1), "revision": 1}]});
    assert_eq!(server.post("/review", "application/json", sent_back.to_string().as_bytes()).0, 200);

    let made = as_admin("POST", "/tokens", json!({"name": "guest", "role": "viewer"}).to_string());
    let (status, made) = crate::program::read(made);
    assert_eq!(status, 201, "{made}");
    let token = made["id"].as_str().unwrap();
    let sign_in = |token: &str| {
        let request = server.public().post(server.url("/session")).header("content-type", "application/json");
        request.send(json!({"token": token}).to_string()).unwrap().status().as_u16()
    };
    assert_eq!(sign_in(made["token"].as_str().unwrap()), 204);
    assert_eq!(as_admin("DELETE", &format!("/tokens/{token}"), String::new()).status(), 204);
    assert_eq!(sign_in(made["token"].as_str().unwrap()), 403);
    let refused =
        server.public().get(server.url("/summary")).header("authorization", "Bearer clearline_none");
    assert_eq!(refused.call().unwrap().status(), 401);
    let guest = made["token"].as_str().unwrap().to_owned();
    let token = token.to_owned();
    assert!(server.stop().success());

    let told = fs::read_to_string(&log).unwrap();
    let lines: [&[&str]; 9] = [
        &[
            "accepted an upload",
            "by=\"tester\"",
            &upload,
            "rows=2",
            "created=1",
            "refused=1",
            "door=\"uploads\"",
        ],
        &["an upload cannot be read", "by=\"tester\""],
        &["processed a record", "by=\"tester\"", &id(3), "Created"],
        &["decided on records", "by=\"tester\"", "has_issues", "n_decided=1"],
        &["created a token", "by=\"chief\"", &token, "bearer=\"guest\"", "role=\"viewer\""],
        &["signed in", "by=\"guest\""],
        &["revoked a token", "by=\"chief\"", &token],
        &["refused a sign-in"],
        &["refused a token"],
    ];
    for words in lines {
        let found = told.lines().any(|line| words.iter().all(|word| line.contains(word)));
        assert!(found, "{words:?} in {told}");
    }
    for secret in [guest.as_str(), &admin, "clearline_none", "which?", "39.7011"] {
        assert!(!told.contains(secret), "{secret}");
    }
}
