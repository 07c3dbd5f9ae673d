//! Nothing is acknowledged before it is on disk: strace reports what the program wrote, what it synced, and
//! what it sent, in order.

use std::{
    collections::{BTreeSet, HashMap},
    path::Path,
    time::{Duration, Instant},
};

use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use ureq::http::Request;

use crate::{
    photos::photo,
    program::{LACHIN, Server, collection, feature, id, neutralised},
};

/// The system calls that change files and folders, sync them, and communicate with clients.
const CALLS: &str = "trace=openat,creat,mkdir,mkdirat,rename,renameat,renameat2,unlink,unlinkat,write,writev,pwrite64,\
                     pwritev,ftruncate,fallocate,fsync,fdatasync,read,recvfrom,sendto,sendmsg";

/// A system call, with the order in which it began and ended.
struct Call<'a> {
    name: &'a str,
    /// Its text in the trace: arguments with the paths of files, and the result.
    told: String,
    /// Lines of the trace.
    began: usize,
    ended: usize,
}

/// Returns the calls of a trace, in the order in which they ended. Calls of concurrent threads are split in
/// two lines.
fn calls(trace: &str) -> Vec<Call<'_>> {
    let mut open: HashMap<&str, (&str, String, usize)> = HashMap::new();
    let mut calls = Vec::new();
    for (at, line) in trace.lines().enumerate() {
        let Some((thread, told)) = line.split_once(' ') else { continue };
        let told = told.trim_start();
        if let Some((_, rest)) = told.strip_prefix("<... ").and_then(|rest| rest.split_once("resumed>")) {
            let (name, begin, began) = open.remove(thread).expect("a call begins before it goes on");
            calls.push(Call { name, told: begin + rest, began, ended: at });
        } else if let Some((name, _)) = told.split_once('(') {
            match told.split_once("<unfinished ...>") {
                Some((begin, _)) => drop(open.insert(thread, (name, begin.to_owned(), at))),
                None => calls.push(Call { name, told: told.to_owned(), began: at, ended: at }),
            }
        }
    }
    calls
}

impl Call<'_> {
    /// Returns whether it failed.
    fn failed(&self) -> bool {
        self.told.contains(" = -1 ")
    }

    /// Returns the path or address that it writes to, syncs or reads.
    fn target(&self) -> &str {
        let (_, rest) = self.told.split_once('<').unwrap_or_default();
        // The address of a connection has an arrow in it.
        let end = if rest.starts_with("TCP") { "]>" } else { ">" };
        rest.split_once(end).map_or("", |(target, _)| target)
    }

    /// Returns the texts among its arguments.
    fn texts(&self) -> Vec<&str> {
        self.told.split('"').skip(1).step_by(2).collect()
    }

    fn is_with_client(&self) -> bool {
        self.target().starts_with("TCP")
    }
}

fn folder_of(path: &str) -> String {
    Path::new(path).parent().unwrap().to_str().unwrap().to_owned()
}

/// Unsynced writes to the store's log and to photos, on which an acknowledgement depends.
struct Unconfirmed {
    store: String,
    /// When each was last changed.
    changed: HashMap<String, usize>,
    there: BTreeSet<String>,
}

impl Unconfirmed {
    fn matters(&self, path: &str) -> bool {
        let rest = path.strip_prefix(&self.store);
        rest.is_some_and(|rest| rest == "-wal" || rest.starts_with("-photos"))
    }

    fn note(&mut self, call: &Call<'_>) {
        if call.failed() {
            return;
        }
        match call.name {
            "write" | "writev" | "pwrite64" | "pwritev" | "ftruncate" | "fallocate" => {
                self.change(call.target(), call.ended);
            }
            // A new name is written to its folder.
            "openat" | "creat" | "mkdir" | "mkdirat" => {
                let path = call.texts()[0].to_owned();
                if (call.name != "openat" || call.told.contains("O_CREAT")) && self.there.insert(path.clone())
                {
                    self.change_name(&path, call.ended);
                }
            }
            "rename" | "renameat" | "renameat2" => {
                let [from, to] = call.texts()[..] else { panic!("{}", call.told) };
                let changed = self.changed.remove(from);
                self.changed.extend(changed.map(|at| (to.to_owned(), at)));
                self.there.insert(to.to_owned());
                self.change_name(to, call.ended);
            }
            // A sync covers only earlier changes.
            "fsync" | "fdatasync" if self.changed.get(call.target()).is_some_and(|at| *at < call.began) => {
                self.changed.remove(call.target());
            }
            _ => {}
        }
    }

    fn change(&mut self, path: &str, at: usize) {
        if self.matters(path) {
            self.changed.insert(path.to_owned(), at);
        }
    }

    fn change_name(&mut self, path: &str, at: usize) {
        if self.matters(path) {
            self.changed.insert(folder_of(path), at);
        }
    }
}

/// A response to a request, and how many syncs ended before it.
#[derive(Debug)]
#[allow(dead_code)] // Shown when something is wrong.
struct Answered {
    request: String,
    status: u16,
    syncs: usize,
    unconfirmed: Vec<String>,
}

/// Returns all requests and responses in order.
fn answered(trace: &str, store: &Path) -> Vec<Answered> {
    let store = store.to_str().unwrap().to_owned();
    let mut disk = Unconfirmed { store, changed: HashMap::new(), there: BTreeSet::new() };
    let mut all = Vec::new();
    let mut asked: Option<(String, usize)> = None;
    for call in calls(trace) {
        disk.note(&call);
        let begin = call.texts().first().copied().unwrap_or_default();
        // The saved atlas is also synced occasionally, but nothing depends on it.
        if matches!(call.name, "fsync" | "fdatasync") && !call.failed() && disk.matters(call.target()) {
            if let Some((_, syncs)) = &mut asked {
                *syncs += 1;
            }
        } else if call.is_with_client() && matches!(call.name, "read" | "recvfrom") {
            let method = begin.split(' ').next().unwrap_or_default();
            if ["POST", "PUT", "PATCH", "DELETE", "GET", "HEAD"].contains(&method) {
                asked = Some((begin.to_owned(), 0));
            }
        } else if call.is_with_client() && begin.starts_with("HTTP/1.1 ") {
            let (request, syncs) = asked.take().expect("an answer follows a request");
            let unconfirmed = disk.changed.keys().cloned().collect();
            all.push(Answered { request, status: begin[9..12].parse().unwrap(), syncs, unconfirmed });
        }
    }
    all
}

/// Sends everything that a server can acknowledge, each once; returns the number of requests.
fn send_everything(server: &Server) -> usize {
    let mut n = 0;
    let mut send = |method: &str, path: &str, headers: &[(&str, &str)], body: &[u8], expected: u16| {
        let mut request = Request::builder().method(method).uri(server.url(path));
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let mut answer = server.agent().run(request.body(body).unwrap()).unwrap();
        let told = answer.body_mut().read_to_string().unwrap();
        assert_eq!(answer.status(), expected, "{method} {path}: {told}");
        n += 1;
    };
    let geojson = [("content-type", "application/geo+json")];
    let at = |n: u64| feature(n, LACHIN.0, LACHIN.1);
    let bytes = |value: &Value| value.to_string().into_bytes();
    send("POST", "/collections/detections/items", &geojson, &bytes(&at(2)), 201);
    send("POST", "/uploads", &geojson, &bytes(&collection(&[at(3), at(4)])), 200);
    let put = format!("/collections/detections/items/{}?reason=checked", id(2));
    send("PUT", &put, &geojson, &bytes(&neutralised(2, LACHIN.0, LACHIN.1)), 200);
    let keyed = [geojson[0], ("idempotency-key", "one")];
    send("POST", "/uploads?update=true", &keyed, &bytes(&neutralised(3, LACHIN.0, LACHIN.1)), 200);
    let merge = [("content-type", "application/merge-patch+json")];
    let note = json!({"properties": {"note": "seen", "reason": "looked again"}});
    send("PATCH", &format!("/collections/detections/items/{}", id(2)), &merge, &bytes(&note), 200);
    send("DELETE", &format!("/collections/detections/items/{}?reason=twice", id(4)), &[], b"", 204);

    // A single record with its bytes and its report, with and without a key.
    send("POST", "/collections/detections/items", &geojson, &bytes(&at(6)), 201);
    send(
        "POST",
        "/collections/detections/items",
        &[geojson[0], ("idempotency-key", "two")],
        &bytes(&at(7)),
        201,
    );

    let whole = photo();
    let path = format!("/photos/{:x}", Sha256::digest(&whole));
    let (total, half) = (whole.len().to_string(), whole.len() / 2);
    let mut part = |offset: usize, content: &[u8], expected: u16| {
        let offset = offset.to_string();
        let headers = [
            ("upload-offset", offset.as_str()),
            ("upload-length", total.as_str()),
            ("content-type", "image/png"),
        ];
        send("PATCH", &path, &headers, content, expected);
    };
    part(0, &whole[..half], 204);
    part(half, &whole[half..], 201);

    let mut other = photo();
    other.extend(b"after its end a PNG may hold anything");
    let xml = format!(
        "<data id=\"clearline_detection\" version=\"1\"><location>39.7 46.29 0 4</location><kind>uxo</kind>\
         <detected_on>2023-03-14</detected_on><photo>a.png</photo><meta><instanceID>uuid:{}</instanceID></meta></data>",
        id(5)
    );
    let part = |name: &str| {
        format!("--b\r\nContent-Disposition: form-data; name=\"{name}\"; filename=\"{name}\"\r\n\r\n")
            .into_bytes()
    };
    let body = [
        part("xml_submission_file"),
        xml.into_bytes(),
        b"\r\n".to_vec(),
        part("a.png"),
        other,
        b"\r\n--b--\r\n".to_vec(),
    ];
    let multipart = [("content-type", "multipart/form-data; boundary=b")];
    let path = format!("/openrosa/{}/submission", server.token());
    send("POST", &path, &multipart, &body.concat(), 201);
    n
}

#[test]
fn what_is_acknowledged_is_on_the_disk_before() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path().canonicalize().unwrap();
    let (store, trace) = (folder.join("store.gpkg"), folder.join("trace"));
    // Without -D the program would be a child of strace, and continue when that ends.
    let strace = ["strace", "-D", "-f", "-yy", "-s", "64", "-e", CALLS, "-o", trace.to_str().unwrap()];
    let mut server = Server::under(&strace, &store);
    let sent = send_everything(&server);
    assert!(server.stop().success());
    let (patience, pid) = (Instant::now(), format!("{} ", server.pid()));
    let ended = |line: &str| line.starts_with(&pid) && line.ends_with("+++ exited with 0 +++");
    let trace = loop {
        // strace writes the last lines after the program has ended.
        let told = std::fs::read_to_string(&trace).unwrap();
        if told.lines().any(ended) || patience.elapsed() > Duration::from_secs(20) {
            break told;
        }
        std::thread::sleep(Duration::from_millis(20));
    };
    let all = answered(&trace, &store);
    assert_eq!(all.len(), sent, "strace has to see every request; it needs the right to trace: {all:#?}");
    for answer in &all {
        assert_eq!(answer.unconfirmed, Vec::<String>::new(), "{answer:?}");
        assert!((200..300).contains(&answer.status) && answer.syncs > 0, "{answer:?}");
    }
    // The first one also creates the log of SQLite.
    let singles = all.iter().filter(|answer| answer.request.starts_with("POST /collections/detect"));
    let syncs: Vec<usize> = singles.skip(1).map(|answer| answer.syncs).collect();
    assert_eq!(syncs, [1, 1], "a record, its bytes and its report share one sync: {all:#?}");
}
