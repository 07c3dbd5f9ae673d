//! The baseline for a cached response: an axum handler that returns, with the same headers, bytes fetched
//! once from another server.
//!
//! `plain LISTEN ORIGIN PATH...` fetches each path from ORIGIN (`127.0.0.1:8080`) in each content coding and
//! serves it at `/CODING/NUMBER`, counting paths from 0. `scripts/bench` runs it.
#![allow(clippy::unwrap_used)]

use std::{
    io::{Read as _, Write as _},
    net::TcpStream,
};

use axum::{
    Router,
    http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
    routing::get,
    serve::ListenerExt as _,
};
use bytes::Bytes;
use tokio::net::TcpListener;

const CODINGS: [&str; 4] = ["identity", "gzip", "br", "zstd"];

#[tokio::main]
async fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [listen, origin, paths @ ..] = &arguments[..] else { panic!("plain LISTEN ORIGIN PATH...") };
    let mut router = Router::new();
    for (number, path) in paths.iter().enumerate() {
        for coding in CODINGS {
            let (headers, body) = fetch(origin, path, coding);
            let handler = move |request: HeaderMap| async move { answer(&request, headers, body) };
            router = router.route(&format!("/{coding}/{number}"), get(handler));
        }
    }
    let listener = TcpListener::bind(listen).await.unwrap().tap_io(|io| drop(io.set_nodelay(true)));
    println!("ready");
    axum::serve(listener, router).await.unwrap();
}

/// Returns 304 when the caller has the content, otherwise the body.
fn answer(request: &HeaderMap, headers: HeaderMap, body: Bytes) -> Response {
    if request.get(header::IF_NONE_MATCH) == headers.get(header::ETAG) {
        return (StatusCode::NOT_MODIFIED, headers).into_response();
    }
    (headers, body).into_response()
}

/// Fetches a response from `origin`, without the headers that axum adds itself.
fn fetch(origin: &str, path: &str, coding: &str) -> (HeaderMap, Bytes) {
    let mut stream = TcpStream::connect(origin).unwrap();
    let request = format!(
        "GET {path} HTTP/1.1\r\nhost: {origin}\r\naccept-encoding: {coding}\r\nconnection: close\r\n\r\n"
    );
    stream.write_all(request.as_bytes()).unwrap();
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer).unwrap();
    let end = answer.windows(4).position(|four| four == b"\r\n\r\n").unwrap();
    let head = std::str::from_utf8(&answer[..end]).unwrap();
    assert!(head.starts_with("HTTP/1.1 200"), "{path}: {head}");
    let headers = head.lines().skip(1).filter_map(|line| {
        let (name, value) = line.split_once(": ").unwrap();
        let name: HeaderName = name.parse().unwrap();
        let own = matches!(name.as_str(), "date" | "content-length" | "connection");
        (!own).then(|| (name, HeaderValue::from_str(value).unwrap()))
    });
    (headers.collect(), answer.split_off(end + 4).into())
}
