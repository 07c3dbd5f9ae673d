//! Slow and greedy clients: while they hold resources, everyone else is served, and no cleanup is needed
//! afterwards.

use std::{
    fmt::Write as _,
    io::{ErrorKind, Read, Write},
    net::TcpStream,
    path::Path,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    thread::{self, JoinHandle},
    time::{Duration, Instant},
};

use serde_json::json;

use crate::program::{KALBAJAR, Server, clearline, feature, read};

/// How long a request may take while others misbehave.
const BOUND: Duration = Duration::from_secs(10);

/// The longest duration of a slow transfer here.
const LONGEST: Duration = Duration::from_mins(1);

/// Connections whose peer never finishes sending, but sends a little every half second.
struct Slow {
    streams: Vec<TcpStream>,
    stop: Arc<AtomicBool>,
    dripping: Option<JoinHandle<()>>,
}

impl Slow {
    fn begin(server: &Server, n: usize, head: &str, drip: &'static [u8]) -> Self {
        let streams: Vec<_> = (0..n).map(|_| send(server, head.as_bytes())).collect();
        let stop = Arc::new(AtomicBool::new(false));
        let mut ends: Vec<_> = streams.iter().map(|stream| stream.try_clone().unwrap()).collect();
        let stopped = Arc::clone(&stop);
        let dripping = thread::spawn(move || {
            let began = Instant::now();
            while !stopped.load(Ordering::Relaxed) && began.elapsed() < LONGEST {
                ends.retain_mut(|stream| stream.write_all(drip).is_ok());
                thread::sleep(Duration::from_millis(500));
            }
        });
        thread::sleep(Duration::from_millis(300));
        Self { streams, stop, dripping: Some(dripping) }
    }
}

impl Drop for Slow {
    fn drop(&mut self) {
        self.stop.store(true, Ordering::Relaxed);
        let _ = self.dripping.take().map(JoinHandle::join);
    }
}

/// Opens a connection and sends `bytes`.
fn send(server: &Server, bytes: &[u8]) -> TcpStream {
    let address = server.base.strip_prefix("http://").unwrap();
    let mut stream = TcpStream::connect(address).unwrap();
    stream.set_read_timeout(Some(LONGEST)).unwrap();
    stream.write_all(bytes).unwrap();
    stream
}

/// Returns what the server sends until it closes the connection, or `patience` ends.
fn heard(stream: &mut TcpStream, patience: Duration) -> Option<String> {
    stream.set_read_timeout(Some(patience)).unwrap();
    let mut bytes = Vec::new();
    if let Err(error) = stream.read_to_end(&mut bytes)
        && matches!(error.kind(), ErrorKind::WouldBlock | ErrorKind::TimedOut)
    {
        return None;
    }
    Some(String::from_utf8_lossy(&bytes).into_owned())
}

fn head(path: &str, token: Option<&str>, length: Option<usize>, content_type: &str) -> String {
    let token = token.map(|token| format!("Authorization: Bearer {token}\r\n")).unwrap_or_default();
    let length = length.map_or("Transfer-Encoding: chunked".to_owned(), |n| format!("Content-Length: {n}"));
    format!("POST {path} HTTP/1.1\r\nHost: a\r\n{token}{length}\r\nContent-Type: {content_type}\r\n\r\n")
}

fn field_token(server: &Server) -> String {
    let made = clearline(&[
        "token",
        "create",
        "--role",
        "field",
        "--name",
        "Team 7",
        "--operator",
        "ANAMA",
        "--region",
        "AZ-KAL",
        "--store",
        server.store.to_str().unwrap(),
    ]);
    assert!(made.status.success(), "{}", String::from_utf8_lossy(&made.stderr));
    String::from_utf8(made.stdout).unwrap().trim().to_owned()
}

/// Repeats a request until it is served: a client that gets a temporary failure tries again.
fn in_time(what: &str, mut ask: impl FnMut() -> u16) {
    let began = Instant::now();
    loop {
        let status = ask();
        assert!(began.elapsed() < BOUND, "{what}: {status} after {:?}", began.elapsed());
        if (200..300).contains(&status) {
            return;
        }
        assert_eq!(status, 503, "{what}");
        thread::sleep(Duration::from_millis(500));
    }
}

/// Checks that every kind of client is served, whatever others do.
fn everybody_is_served(server: &Server, field: &str, n: u64) {
    let (lon, lat) = KALBAJAR;
    let record = |n| feature(n, lon, lat).to_string();
    let bearer = format!("Bearer {field}");
    in_time("a manager's record", || {
        server.post_json("/collections/detections/items", &feature(n, lon, lat)).0
    });
    in_time("a team's upload", || {
        let ask = server.public().post(server.url("/uploads")).header("authorization", &bearer);
        ask.header("content-type", "application/geo+json").send(record(n + 1)).unwrap().status().as_u16()
    });
    in_time("a sign-in", || {
        let ask = server.public().post(server.url("/session")).header("content-type", "application/json");
        ask.send(json!({"token": server.token()}).to_string()).unwrap().status().as_u16()
    });
    in_time("a tile", || status_of_public(server, "/tiles/detections/9/321/193.mvt"));
    in_time("an export", || status_of_public(server, "/export/detections?f=csv"));
    in_time("an area", || {
        let area = json!({"type": "Polygon",
            "coordinates": [[[46, 40], [46.1, 40], [46.1, 40.1], [46, 40]]]});
        let ask = server.public().post(server.url("/summary/area"));
        ask.header("content-type", "application/geo+json").send(area.to_string()).unwrap().status().as_u16()
    });
    in_time("readiness", || status_of_public(server, "/readyz"));
}

fn status_of_public(server: &Server, path: &str) -> u16 {
    read(server.public().get(server.url(path)).call().unwrap()).0
}

#[test]
fn a_size_that_is_announced_reserves_nothing() {
    let server = Server::start();
    let field = field_token(&server);
    let (geojson, json) = ("application/geo+json", "application/json");
    let forms = format!("/openrosa/{field}/submission");
    let attacks = [
        Slow::begin(&server, 6, &head("/uploads", Some(&field), Some(64 << 20), geojson), b" "),
        Slow::begin(&server, 6, &head("/uploads", Some(&field), None, geojson), b"1\r\n \r\n"),
        Slow::begin(
            &server,
            30,
            &head(&forms, None, Some(40 << 20), "multipart/form-data; boundary=x"),
            b"-",
        ),
        Slow::begin(&server, 12, &head("/summary/area", None, Some(4 << 20), geojson), b" "),
        Slow::begin(&server, 12, &head("/session", None, Some(16 << 10), json), b" "),
    ];
    everybody_is_served(&server, &field, 1);
    drop(attacks);
    everybody_is_served(&server, &field, 11);
}

#[test]
fn what_one_sender_holds_leaves_room_for_its_small_uploads_and_for_others() {
    let server = Server::start();
    let field = field_token(&server);
    let mut large = head("/uploads", Some(&field), Some(64 << 20), "application/geo+json").into_bytes();
    large.resize(large.len() + (50 << 20), b' ');
    let mut held: Vec<TcpStream> = Vec::new();
    for _ in 0..4 {
        let address = server.base.strip_prefix("http://").unwrap();
        let mut stream = TcpStream::connect(address).unwrap();
        stream.set_write_timeout(Some(Duration::from_secs(5))).unwrap();
        // The last of them are refused while they are sending.
        let _ = stream.write_all(&large);
        held.push(stream);
    }
    everybody_is_served(&server, &field, 1);
    let answers: Vec<_> = held.iter_mut().filter_map(|s| heard(s, Duration::from_secs(2))).collect();
    assert!(answers.iter().any(|a| a.starts_with("HTTP/1.1 503")), "{answers:?}");
    assert!(answers.iter().all(|a| a.is_empty() || a.to_lowercase().contains("retry-after")), "{answers:?}");
}

#[test]
fn a_body_that_stalls_is_given_up() {
    let server = Server::start();
    let head = head("/summary/area", None, Some(1 << 20), "application/geo+json");
    let slow = Slow::begin(&server, 1, &head, b" ");
    let answer = heard(&mut slow.streams[0].try_clone().unwrap(), Duration::from_secs(40));
    assert!(answer.as_deref().is_some_and(|a| a.starts_with("HTTP/1.1 408")), "{answer:?}");
}

#[test]
fn heads_that_never_end_are_cut_off_and_cost_little_memory() {
    let server = Server::start();
    let mut head = b"GET /healthz HTTP/1.1\r\nHost: a\r\nX: ".to_vec();
    head.resize(60 << 10, b'a');
    let before = resident_mib(&server);
    let began = Instant::now();
    let mut streams: Vec<_> = (0..400).map(|_| send(&server, &head)).collect();
    thread::sleep(Duration::from_secs(1));
    let grown = resident_mib(&server) - before;
    assert!(grown < 100, "400 unfinished heads take {grown} MiB");
    assert_eq!(status_of_public(&server, "/readyz"), 200);
    for stream in &mut streams {
        let left = Duration::from_secs(30).saturating_sub(began.elapsed()).max(Duration::from_millis(1));
        assert!(
            heard(stream, left).is_some(),
            "a head that began {:?} ago is still awaited",
            began.elapsed()
        );
    }
}

#[test]
fn one_address_has_so_many_connections_and_no_more() {
    let folder = tempfile::tempdir().unwrap();
    let config = folder.path().join("clearline.toml");
    std::fs::write(&config, "[limits]\nconnections_of_address = 20\n").unwrap();
    let store = folder.path().join("store.gpkg");
    let server = Server::open(&store, &["--config", config.to_str().unwrap()]);
    let mut streams: Vec<_> = (0..40).map(|_| send(&server, b"")).collect();
    let n_closed = streams.iter_mut().filter_map(|stream| heard(stream, Duration::from_millis(50))).count();
    assert_eq!(n_closed, 20);
    drop(streams);
    in_time("a new connection once the others are gone", || {
        let asked = ureq::get(server.url("/readyz")).config().http_status_as_error(false).build().call();
        asked.map_or(503, |answer| answer.status().as_u16())
    });
}

/// Starts a server with so many records that their downloads and pages fill every buffer.
fn with_many_records(folder: &Path) -> Server {
    let store = folder.join("store.gpkg");
    let file = folder.join("many.csv");
    let mut csv = "longitude,latitude,kind,detected_on,note\n".to_owned();
    for n in 0..30_000 {
        let note = "cleared with the rest of the field ".repeat(8);
        let _ = writeln!(csv, "46.{:04},40.05,ap_mine,2023-03-14,{note}{n}", n % 9_000);
    }
    std::fs::write(&file, csv).unwrap();
    let import = clearline(&["import", file.to_str().unwrap(), "--store", store.to_str().unwrap()]);
    assert!(import.status.success(), "{}", String::from_utf8_lossy(&import.stderr));
    Server::open(&store, &[])
}

#[test]
fn answers_that_nobody_reads_take_little_memory() {
    let folder = tempfile::tempdir().unwrap();
    let server = with_many_records(folder.path());
    let field = field_token(&server);
    let before = resident_mib(&server);
    let _unread: Vec<_> = (0..100)
        .map(|n| {
            let page = format!("/collections/detections/items?limit=10000&filter=quantity%3C{}", n + 2);
            let head =
                format!("GET {page} HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer {}\r\n\r\n", server.token());
            send(&server, head.as_bytes())
        })
        .collect();
    everybody_is_served(&server, &field, 1);
    let grown = resident_mib(&server).saturating_sub(before);
    assert!(grown < 400, "100 pages of some 6 MB that nobody reads take {grown} MiB");
}

#[test]
fn downloads_that_nobody_reads_make_way() {
    let folder = tempfile::tempdir().unwrap();
    let server = with_many_records(folder.path());
    let field = field_token(&server);
    let ask = "GET /export/detections HTTP/1.1\r\nHost: a\r\n";
    let public: Vec<_> = (0..24).map(|_| send(&server, format!("{ask}\r\n").as_bytes())).collect();
    let with_token = format!("{ask}Authorization: Bearer {}\r\n\r\n", server.token());
    let own: Vec<_> = (0..12).map(|_| send(&server, with_token.as_bytes())).collect();
    thread::sleep(Duration::from_millis(500));
    everybody_is_served(&server, &field, 1);
    in_time("a download with a token", || read(server.get("/export/detections?f=csv")).0);
    drop((public, own));
}

/// The most memory that one address and one token may use together by the limits in docs/running.md, in MiB:
/// bodies 96 + 8 and 12 + 2, responses 64 and 32, heads of 512 connections 32, and some room for the
/// allocator.
const MOST_OF_ONE_MIB: u64 = 104 + 14 + 96 + 32 + 150;

#[test]
fn all_of_it_at_once_stays_below_the_documented_memory_and_heals_by_itself() {
    let folder = tempfile::tempdir().unwrap();
    let server = with_many_records(folder.path());
    let field = field_token(&server);
    everybody_is_served(&server, &field, 1);
    let before = resident_mib(&server);
    let bearer = format!("Authorization: Bearer {}\r\n", server.token());
    let ask = |path: &str, bearer: &str| format!("GET {path} HTTP/1.1\r\nHost: a\r\n{bearer}\r\n");
    let drips = [
        Slow::begin(
            &server,
            8,
            &head("/uploads", Some(&field), Some(64 << 20), "application/geo+json"),
            b"[1,2,3,4]",
        ),
        Slow::begin(&server, 9, &head("/summary/area", None, None, "application/geo+json"), b"4\r\n1234\r\n"),
    ];
    let pages = (0..60).map(|n| {
        let bearer = if n % 2 == 0 { &*bearer } else { "" };
        ask(&format!("/collections/detections/items?limit=10000&filter=quantity%3C{}", n + 2), bearer)
    });
    let exports = (0..24).map(|_| ask("/export/detections", ""));
    let unfinished = (0..150).map(|_| format!("GET / HTTP/1.1\r\nHost: a\r\nX: {}", "a".repeat(60 << 10)));
    let unread: Vec<_> =
        pages.chain(exports).chain(unfinished).map(|head| send(&server, head.as_bytes())).collect();
    everybody_is_served(&server, &field, 11);
    let grown = resident_mib(&server).saturating_sub(before);
    assert!(grown < MOST_OF_ONE_MIB, "they take {grown} MiB");
    drop((drips, unread));
    everybody_is_served(&server, &field, 21);
}

fn resident_mib(server: &Server) -> u64 {
    let status = std::fs::read_to_string(format!("/proc/{}/status", server.pid())).unwrap();
    let line = status.lines().find(|line| line.starts_with("VmRSS:")).unwrap();
    line.split_whitespace().nth(1).unwrap().parse::<u64>().unwrap() / 1024
}
