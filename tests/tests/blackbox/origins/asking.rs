//! A server that trusts a proxy, and raw requests.

use std::{
    fs,
    io::{Read, Write},
    net::TcpStream,
    time::Duration,
};

use tempfile::TempDir;

use crate::program::*;

/// Starts a server with this configuration.
pub fn configured(toml: &str, arguments: &[&str]) -> (Server, TempDir) {
    let folder = tempfile::tempdir().unwrap();
    let config = folder.path().join("clearline.toml");
    fs::write(&config, toml).unwrap();
    let arguments = [&["--config", config.to_str().unwrap()], arguments].concat();
    (Server::open(&folder.path().join("store.gpkg"), &arguments), folder)
}

pub const TRUSTING: &str = "[limits]\ntrusted_proxies = [\"127.0.0.1\"]\n";

/// Sends these lines unchanged; returns the status, the head in lower case, and the body.
pub fn say(server: &Server, lines: &[&str]) -> (u16, String, String) {
    let address = server.base.split_once("://").unwrap().1.replace("[::]", "127.0.0.1");
    let mut stream = TcpStream::connect(address).unwrap();
    stream.set_read_timeout(Some(Duration::from_secs(20))).unwrap();
    let request = format!("{}\r\nConnection: close\r\n\r\n", lines.join("\r\n"));
    stream.write_all(request.as_bytes()).unwrap();
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer).unwrap();
    let answer = String::from_utf8_lossy(&answer).into_owned();
    let (head, body) = answer.split_once("\r\n\r\n").unwrap_or((&answer, ""));
    let status = head.split(' ').nth(1).and_then(|status| status.parse().ok()).unwrap_or(0);
    (status, head.to_lowercase(), body.to_owned())
}

/// Returns the server's address in the links of its landing page, for a client that sends these headers.
pub fn base_told(server: &Server, headers: &[&str]) -> String {
    let lines = [&["GET /style.json HTTP/1.1"], headers].concat();
    let (status, head, body) = say(server, &lines);
    assert_eq!(status, 200, "{headers:?}: {head}");
    let body = if head.contains("chunked") { body.split_once("\r\n").unwrap().1.to_owned() } else { body };
    let at = body.find("/tiles/detections").unwrap();
    let begins = body[..at].rfind('"').unwrap();
    body[begins + 1..at].to_owned()
}

/// Uploads some records, of which the public sees some.
pub fn with_records(server: &Server) {
    let (lon, lat) = LACHIN;
    let all = [neutralised(1, lon, lat), neutralised(2, lon + 0.01, lat), feature(3, lon, lat + 0.3)];
    assert_eq!(server.post_json("/uploads", &collection(&all)).0, 200);
}

/// A response: status, some headers, and the body.
#[derive(PartialEq, Debug)]
pub struct Shown {
    pub status: u16,
    pub kind: Option<String>,
    pub coding: Option<String>,
    pub origin: Option<String>,
    pub body: Vec<u8>,
}

pub fn ask(server: &Server, path: &str, headers: &[(&str, &str)]) -> (Shown, String, String) {
    let request = server.public().get(server.url(path)).config().accept("*/*").accept_encoding("").build();
    let request = headers.iter().fold(request, |request, (name, value)| request.header(*name, *value));
    let mut answer = request.call().unwrap();
    let text = |name: &str| {
        let lines = answer.headers().get_all(name).iter();
        let lines: Vec<_> = lines.map(|line| line.to_str().unwrap().to_owned()).collect();
        assert!(lines.len() < 2, "{path}: one line of {name}: {lines:?}");
        lines.into_iter().next()
    };
    let (kind, coding) = (text("content-type"), text("content-encoding"));
    let origin = text("access-control-allow-origin");
    let (control, vary) = (text("cache-control").unwrap_or_default(), text("vary").unwrap_or_default());
    let status = answer.status().as_u16();
    let body = answer.body_mut().read_to_vec().unwrap();
    (Shown { status, kind, coding, origin, body }, control, vary)
}
