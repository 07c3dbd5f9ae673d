//! A revoked token is invalid immediately, also for a request whose body is still arriving, and for an open
//! stream.

use std::{
    io::{BufRead, BufReader, Read, Write},
    net::TcpStream,
    time::{Duration, Instant},
};

use serde_json::{Value, json};

use crate::{
    people::{Person, sqlite},
    photos::photo,
    program::{LACHIN, Server, clearline, collection, feature, id},
};

/// How long a stream may continue after another program has revoked its token.
const SOON: Duration = Duration::from_millis(600);

fn connect(server: &Server) -> TcpStream {
    let stream = TcpStream::connect(server.base.split_once("://").unwrap().1).unwrap();
    stream.set_read_timeout(Some(Duration::from_secs(20))).unwrap();
    stream
}

fn revoke(server: &Server, admin: &Person<'_>, token: &str) {
    let request = server.agent().delete(server.url(&format!("/tokens/{token}")));
    let answer = request.header("authorization", format!("Bearer {}", admin.token)).call().unwrap();
    assert_eq!(answer.status(), 204);
}

/// A request whose head the server has admitted and whose body it awaits.
struct Begun {
    stream: TcpStream,
    body: Vec<u8>,
}

impl Begun {
    fn new(who: &Person<'_>, method: &str, path: &str, headers: &[(&str, &str)], body: Vec<u8>) -> Self {
        let mut stream = connect(who.server);
        let named: String =
            headers.iter().map(|(name, value)| [name, ": ", value, "\r\n"].concat()).collect();
        let head = format!(
            "{method} {path} HTTP/1.1\r\nHost: localhost\r\nExpect: 100-continue\r\nAuthorization: Bearer {}\r\n\
             Content-Length: {}\r\n{named}",
            who.token,
            body.len()
        );
        stream.write_all(format!("{head}Connection: close\r\n\r\n").as_bytes()).unwrap();
        let mut told = [0; 25];
        stream.read_exact(&mut told).unwrap();
        assert_eq!(&told, b"HTTP/1.1 100 Continue\r\n\r\n", "{method} {path}");
        Self { stream, body }
    }

    /// Sends the body; returns the status and text of the response.
    fn end(mut self) -> (u16, String) {
        self.stream.write_all(&self.body).unwrap();
        let mut answer = String::new();
        self.stream.read_to_string(&mut answer).unwrap();
        (answer.split(' ').nth(1).unwrap().parse().unwrap(), answer)
    }
}

/// A request that writes: method, path, headers and body.
type Door<'a> = (&'a str, &'a str, &'a [(&'a str, &'a str)], Vec<u8>);

/// Returns everything that a write could change.
fn all_of(server: &Server) -> String {
    let photos = server.store.with_file_name("store.gpkg-photos");
    let n_files = std::fs::read_dir(photos).map_or(0, |files| files.flatten().count());
    let sql = "SELECT (SELECT count(*) FROM change_log), (SELECT count(*) FROM clearline_inbox),
         (SELECT count(*) FROM clearline_held WHERE decided_at IS NOT NULL), (SELECT count(*) FROM uploads),
         (SELECT count(*) FROM clearline_inbox WHERE settled_at IS NOT NULL), (SELECT count(*) FROM tokens)";
    format!("{} {n_files}", sqlite(server, sql))
}

#[test]
fn a_body_that_comes_to_its_end_after_its_token_was_revoked_writes_nothing_at_any_door() {
    let server = Server::start();
    let admin = Person::new(&server, "admin", "Root", None, &[]);
    let team = Person::new(&server, "field", "Team 7", None, &["AZ-LAC"]);
    // Something to review, something in the quarantine, and a refused upload.
    assert_eq!(team.upload(&[feature(1, LACHIN.0, LACHIN.1)]).1["created"], 1);
    assert_eq!(team.upload(&[feature(2, 46.3183, 40.0581)]).1["held"], 1);
    let form = json!({"meta/instanceID": format!("uuid:{}", id(3)), "location": "none", "kind": "spoon"});
    assert_eq!(team.send("POST", "/hooks/kobo", &form).0, 202);
    let held = format!("/held/{}", server.json("/held")["records"][0]["number"]);
    let refused = format!("/refused/{}", server.json("/refused")["uploads"][0]["upload"].as_str().unwrap());
    let item = format!("/collections/detections/items/{}", id(1));

    let picture = photo();
    let hash = {
        use sha2::{Digest, Sha256};
        format!("{:x}", Sha256::digest(&picture))
    };
    let length = picture.len().to_string();
    let xml = format!(
        "<data id=\"clearline_detection\" version=\"1\"><location>{} {} 0 4</location><kind>uxo</kind>\
         <detected_on>2023-03-14</detected_on><meta><instanceID>uuid:{}</instanceID></meta></data>",
        LACHIN.1,
        LACHIN.0,
        id(7)
    );
    let multipart = [
        b"--b42\r\nContent-Disposition: form-data; name=\"xml_submission_file\"; filename=\"a.xml\"\r\n\r\n"
            .as_slice(),
        xml.as_bytes(),
        b"\r\n--b42\r\nContent-Disposition: form-data; name=\"a.png\"; filename=\"a.png\"\r\n\r\n",
        &picture,
        b"\r\n--b42--\r\n",
    ]
    .concat();
    let changed = json!({"type": "Feature", "geometry": {"type": "Point", "coordinates": [LACHIN.0, LACHIN.1]},
        "properties": {"kind": "uxo", "detected_on": "2023-03-14", "quantity": 4}});
    let central = json!({"type": "submission.create", "id": format!("uuid:{}", id(8)), "data": {"xml": xml.replace(&id(7), &id(8))}});
    let kobo = json!({"meta/instanceID": format!("uuid:{}", id(9)), "location": "39.7011 46.2960 0 4", "kind": "uxo", "detected_on": "2023-03-14"});
    let decision = json!({"decision": "approved", "records": [{"id": id(1), "revision": 1}]});
    let json_of = |value: &Value| value.to_string().into_bytes();
    let none: &[(&str, &str)] = &[];
    let key: &[(&str, &str)] = &[("Idempotency-Key", "again")];
    let of_photo: &[(&str, &str)] = &[("Upload-Offset", "0"), ("Upload-Length", &length)];
    let geojson: &[(&str, &str)] = &[("Content-Type", "application/geo+json")];
    let patch: &[(&str, &str)] = &[("Content-Type", "application/merge-patch+json")];
    let of_forms: &[(&str, &str)] = &[("Content-Type", "multipart/form-data; boundary=b42")];
    let items = "/collections/detections/items";
    let corrected = format!("{item}?reason=measured");
    let doors: Vec<Door<'_>> = vec![
        ("POST", "/uploads", none, json_of(&collection(&[feature(4, LACHIN.0, LACHIN.1)]))),
        ("POST", "/uploads?dry_run=true", none, json_of(&collection(&[feature(4, LACHIN.0, LACHIN.1)]))),
        ("POST", "/uploads?atomic=true", key, json_of(&collection(&[feature(4, LACHIN.0, LACHIN.1)]))),
        ("POST", items, geojson, json_of(&feature(5, LACHIN.0, LACHIN.1))),
        ("POST", items, key, json_of(&feature(5, LACHIN.0, LACHIN.1))),
        ("POST", items, geojson, json_of(&collection(&[feature(6, LACHIN.0, LACHIN.1)]))),
        ("POST", "/review", none, json_of(&decision)),
        ("PUT", &corrected, geojson, json_of(&changed)),
        ("PATCH", &corrected, patch, json_of(&json!({"properties": {"quantity": 5}}))),
        ("POST", "/hooks/central", none, json_of(&central)),
        ("POST", "/hooks/kobo", none, json_of(&kobo)),
        ("PATCH", "/photos/{hash}", of_photo, picture.clone()),
        ("POST", "/openrosa/{token}/submission", of_forms, multipart),
        ("POST", &held, none, json_of(&json!({"decision": "accepted"}))),
        ("POST", &refused, none, json_of(&json!({"reason": "entered by hand"}))),
        ("POST", "/tokens", none, json_of(&json!({"name": "another", "role": "viewer"}))),
    ];
    for (n, (method, path, headers, body)) in doors.iter().enumerate() {
        let name = format!("Leaver {n}");
        let leaver = Person::new(&server, "admin", &name, None, &[]);
        let before = all_of(&server);
        let path = path.replace("{token}", &leaver.token).replace("{hash}", &hash);
        let begun = Begun::new(&leaver, method, &path, headers, body.clone());
        revoke(&server, &admin, &leaver.id);
        let (status, told) = begun.end();
        assert_eq!(status, 401, "{method} {path}: {told}");
        std::thread::sleep(Duration::from_millis(50));
        assert_eq!(all_of(&server), before, "{method} {path}");
    }
    // The same requests with a valid token succeed, so each of them does write.
    let stayer = Person::new(&server, "admin", "Stayer", None, &[]);
    for (method, path, headers, body) in &doors {
        let before = all_of(&server);
        let path = path.replace("{token}", &stayer.token).replace("{hash}", &hash);
        let (status, told) = Begun::new(&stayer, method, &path, headers, body.clone()).end();
        assert!((200..300).contains(&status), "{method} {path}: {told}");
        assert_eq!(all_of(&server) != before, !path.contains("dry_run"), "{method} {path}");
    }
}

/// Opens a stream; returns it with the caller whose token it uses.
fn listening(server: &Server) -> (BufReader<TcpStream>, Person<'_>) {
    let listener = Person::new(server, "viewer", "Listener", None, &[]);
    let mut stream = connect(server);
    let head = format!(
        "GET /events HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer {}\r\n\r\n",
        listener.token
    );
    stream.write_all(head.as_bytes()).unwrap();
    let mut lines = BufReader::new(stream);
    let mut line = String::new();
    while !line.starts_with(": connected") {
        line.clear();
        assert!(lines.read_line(&mut line).unwrap() > 0, "the stream ended");
    }
    (lines, listener)
}

/// Returns whether a stream sent an event before it ended.
fn heard(mut lines: BufReader<TcpStream>) -> bool {
    let (mut line, mut heard) = (String::new(), false);
    loop {
        line.clear();
        if lines.read_line(&mut line).unwrap() == 0 || line == "0\r\n" {
            return heard;
        }
        heard |= line.starts_with("data: ");
    }
}

#[test]
fn a_stream_tells_nothing_more_once_its_token_is_revoked() {
    let server = Server::start();
    let admin = Person::new(&server, "admin", "Root", None, &[]);
    for n in 0..10 {
        let (lines, listener) = listening(&server);
        revoke(&server, &admin, &listener.id);
        let revoked = Instant::now();
        server.post_json("/uploads", &collection(&[feature(n, LACHIN.0, LACHIN.1)]));
        assert!(!heard(lines), "an event came after the token was revoked");
        assert!(revoked.elapsed() < SOON, "{:?}", revoked.elapsed());
    }
}

#[test]
fn a_stream_ends_soon_after_another_program_has_revoked_its_token() {
    let server = Server::start();
    for _ in 0..3 {
        let (lines, listener) = listening(&server);
        let done = clearline(&["token", "revoke", &listener.id, "--store", server.store.to_str().unwrap()]);
        assert!(done.status.success());
        let revoked = Instant::now();
        assert!(!heard(lines));
        assert!(revoked.elapsed() < SOON, "{:?}", revoked.elapsed());
    }
}
