//! A server's log contains neither tokens nor places.

use std::{fs, path::Path};

use serde_json::json;

use crate::program::{LACHIN, Server, clearline, collection, feature, id};

#[test]
fn no_log_holds_a_token_or_a_place_however_much_is_asked_for() {
    let folder = tempfile::tempdir().unwrap();
    let log = folder.path().join("log");
    let mut server = Server::logging(
        &folder.path().join("store.gpkg"),
        &[],
        "trace",
        fs::File::create(&log).unwrap().into(),
    );
    let token = server.token().to_owned();
    let (lon, lat) = LACHIN;
    let place = format!("{lon:.4}");
    let cookie = server
        .public()
        .post(server.url("/session"))
        .header("content-type", "application/json")
        .send(json!({"token": token}).to_string())
        .unwrap();
    let cookie = cookie.headers()["set-cookie"].to_str().unwrap().to_owned();
    let session = cookie.split(['=', ';']).nth(1).unwrap().to_owned();
    assert!(session.len() > 20);

    assert_eq!(server.post_json("/uploads?reason=seen", &collection(&[feature(1, lon, lat)])).0, 200);
    let wrong = json!({"type": "Feature", "geometry": {"type": "Point", "coordinates": [lon, 99.0]}, "properties": {}});
    assert_eq!(server.post_json("/uploads", &collection(&[wrong])).0, 422);
    assert_eq!(server.post("/uploads", "application/geo+json", format!("[{lon},").as_bytes()).0, 400);
    for path in [
        format!("/collections/detections/items?bbox={lon},{lat},47,40"),
        format!("/collections/detections/items?bbox={lon},nonsense"),
        format!("/collections/detections/items/{}", id(1)),
        format!("/openrosa/{token}/formList"),
        "/collections/detections/items?filter=S_INTERSECTS(geometry,POINT(46.2960 39.7011))"
            .replace(' ', "%20"),
    ] {
        server.get(&path);
        server
            .agent()
            .get(server.url(&path))
            .header("authorization", format!("Basic {token}"))
            .call()
            .unwrap();
        server
            .public()
            .get(server.url(&path))
            .header("cookie", format!("clearline_session={session}"))
            .call()
            .unwrap();
    }
    let patch = json!({"geometry": {"type": "Point", "coordinates": [lon, 39.7012]}, "properties": {"reason": "moved"}});
    let request = server.agent().patch(server.url(&format!("/collections/detections/items/{}", id(1))));
    request.header("content-type", "application/merge-patch+json").send(patch.to_string()).unwrap();
    let made = clearline(&["check", "--store", server.store.to_str().unwrap()]);
    assert!(made.status.success());
    assert!(server.stop().success());

    let told = read(&log);
    assert!(told.contains("/collections/detections/items"), "requests are logged at this level");
    for secret in [token.as_str(), &session, &place, "39.7011", "39.7012"] {
        let line = told.lines().find(|line| line.contains(secret));
        assert_eq!(line, None, "{secret}");
    }
}

fn read(log: &Path) -> String {
    String::from_utf8_lossy(&fs::read(log).unwrap()).into_owned()
}

/// The log of the test above is not empty, or it could not contain a secret.
#[test]
fn the_first_administrators_token_is_shown_on_standard_output_only() {
    let folder = tempfile::tempdir().unwrap();
    let log = folder.path().join("log");
    let mut server = Server::logging(
        &folder.path().join("store.gpkg"),
        &[],
        "trace",
        fs::File::create(&log).unwrap().into(),
    );
    assert!(server.stop().success());
    assert!(!read(&log).contains("clearline_"), "{}", read(&log));
}
