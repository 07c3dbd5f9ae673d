//! The host and scheme of a request.

use serde_json::json;

use super::asking::{TRUSTING, base_told, configured, say};
use crate::program::*;

#[test]
fn what_a_stranger_says_of_proxies_is_not_believed() {
    let (server, _folder) = configured("", &[]);
    for odd in [
        "X-Forwarded-Host: evil.example",
        "X-Forwarded-Proto: https",
        "X-Forwarded-Proto: javascript",
        "Forwarded: for=1.2.3.4;host=evil.example;proto=https",
        "Forwarded: \"",
        "X-Forwarded-Port: 1",
    ] {
        assert_eq!(base_told(&server, &["Host: mines.example", odd]), "http://mines.example", "{odd}");
    }
}

#[test]
fn a_trusted_proxy_says_by_which_address_it_was_asked() {
    let (server, _folder) = configured(TRUSTING, &[]);
    for (told, base) in [
        (&["X-Forwarded-Proto: https"][..], "https://inner:8080"),
        (&["X-Forwarded-Proto: HTTPS", "X-Forwarded-Host: Mines.Example:443"], "https://mines.example"),
        (&["X-Forwarded-Host: evil.example, mines.example"], "http://mines.example"),
        (&["Forwarded: proto=https;host=\"mines.example:8443\""], "https://mines.example:8443"),
        (
            &["Forwarded: host=evil.example;proto=http, for=192.0.2.1;host=mines.example;proto=https"],
            "https://mines.example",
        ),
        // A proxy that sets one kind of header need not know of the other.
        (&["X-Forwarded-Proto: https", "Forwarded: host=evil.example;proto=http"], "https://inner:8080"),
    ] {
        let headers = [&["Host: inner:8080"], told].concat();
        assert_eq!(base_told(&server, &headers), base, "{told:?}");
    }
    for odd in [
        "X-Forwarded-Host: evil.example/x",
        "X-Forwarded-Host: a@evil.example",
        "X-Forwarded-Proto: javascript",
        "Forwarded: host=\"evil example\"",
        "Forwarded: host=\"a",
    ] {
        let (status, head, body) = say(&server, &["GET /style.json HTTP/1.1", "Host: inner", odd]);
        assert_eq!(status, 400, "{odd}: {head}");
        assert!(body.contains(odd.split(':').next().unwrap()) && head.contains("no-store"), "{odd}: {body}");
    }
    // A cookie is restricted to TLS only if the browser used TLS.
    let body = json!({"token": server.token()}).to_string();
    let length = format!("Content-Length: {}\r\n\r\n{body}", body.len());
    let lines =
        ["POST /session HTTP/1.1", "Host: inner", "X-Forwarded-Proto: https", "Connection: close", &length];
    assert!(say(&server, &lines).1.contains("; secure"));
}

#[test]
fn the_host_of_the_target_comes_before_the_header() {
    let server = Server::start();
    let lines = ["GET http://target.example:8080/style.json HTTP/1.1", "Host: header.example"];
    let (status, _, body) = say(&server, &lines);
    assert_eq!(status, 200);
    assert!(body.contains("http://target.example:8080/tiles") && !body.contains("header.example"), "{body}");
}

#[test]
fn an_odd_host_never_reaches_a_link() {
    let (server, _folder) = configured("", &[]);
    let (public, _other) = configured("", &["--public-url", "https://mines.example.org"]);
    for odd in [
        "Host: evil.example/path",
        "Host: evil.example?x",
        "Host: a@evil.example",
        "Host: evil.example:x",
        "Host: evil.example:0",
        "Host: evil.example:99999",
        "Host: evil example",
        "Host: evil.example\"><script>",
        "Host: evil..example",
        "Host: [::1",
        "Host: [::1]evil",
        "Host: evil,example",
        "Host: ",
        "Host: a.example\r\nHost: b.example",
        "X-Nothing: here",
    ] {
        for server in [&server, &public] {
            let (status, head, body) = say(server, &["GET /style.json HTTP/1.1", odd]);
            assert_eq!(status, 400, "{odd}: {head}");
            assert!(!body.contains("/tiles/"), "{odd}: {body}");
        }
    }
    assert_eq!(say(&server, &["GET http://a@evil.example/style.json HTTP/1.1", "Host: a"]).0, 400);
    assert_eq!(say(&server, &["GET /healthz HTTP/1.0"]).0, 200, "HTTP/1.0 needs no host");
}

#[test]
fn a_configured_address_is_in_every_link_whatever_is_asked() {
    let (server, _folder) = configured(TRUSTING, &["--public-url", "https://Mines.example.org/clearline/"]);
    let base = "https://mines.example.org/clearline";
    for headers in [
        &["Host: evil.example"][..],
        &["Host: a", "X-Forwarded-Host: evil.example", "X-Forwarded-Proto: http"],
        &["Host: a", "Forwarded: host=evil.example;proto=http"],
    ] {
        assert_eq!(base_told(&server, headers), base, "{headers:?}");
    }
    let (lon, lat) = LACHIN;
    let made = server
        .agent()
        .post(server.url("/collections/detections/items"))
        .header("content-type", "application/geo+json")
        .send(feature(1, lon, lat).to_string())
        .unwrap();
    let location = format!("/clearline/collections/detections/items/{}", id(1));
    assert_eq!((made.status().as_u16(), made.headers()["location"].to_str().unwrap()), (201, &*location));
    let again = server.agent().post(server.url("/uploads")).header("content-type", "application/geo+json");
    let told = again.send(feature(2, lon, lat).to_string()).unwrap();
    assert!(told.headers()["content-location"].to_str().unwrap().starts_with("/clearline/uploads/"));
}

#[test]
fn a_public_url_that_is_none_keeps_the_server_from_starting() {
    let folder = tempfile::tempdir().unwrap();
    let store = folder.path().join("store.gpkg");
    for odd in
        ["mines.example.org", "ftp://mines.example.org", "https://a/?b", "https://u:p@a", "https://a b"]
    {
        let store = store.to_str().unwrap();
        let output = clearline(&["serve", "--listen", "127.0.0.1:0", "--store", store, "--public-url", odd]);
        let told = String::from_utf8_lossy(&output.stderr);
        assert!(!output.status.success() && told.contains("--public-url") && told.contains(odd), "{told}");
    }
    assert!(!store.exists());
}
