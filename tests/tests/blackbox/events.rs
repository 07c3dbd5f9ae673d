//! The event stream: the notifications of open maps.

use std::{
    collections::BTreeSet,
    fs,
    io::{BufRead, BufReader, ErrorKind, Write},
    net::TcpStream,
    sync::atomic::{AtomicU64, Ordering},
    thread,
    time::{Duration, Instant},
};

use serde_json::Value;

use crate::{
    program::{KALBAJAR, LACHIN, Server, collection, feature, neutralised, read},
    tile_counts::address,
};

/// How long a stream may take to report the last revision; reached only on failure.
const PATIENCE: Duration = Duration::from_mins(2);

/// Returns the events of a stream, one after the other.
fn events(server: &Server, path: &str, last: Option<u64>) -> impl Iterator<Item = Value> {
    let request = server.agent().get(server.url(path));
    let request = match last {
        Some(last) => request.header("last-event-id", last.to_string()),
        None => request,
    };
    let response = request.call().unwrap();
    assert_eq!(response.status(), 200, "{path}");
    let lines = BufReader::new(response.into_body().into_reader()).lines().map_while(Result::ok);
    lines.filter_map(|line| Some(serde_json::from_str(line.strip_prefix("data: ")?).unwrap()))
}

/// Returns whether an event names a tile that contains this place.
fn names(event: &Value, (lon, lat): (f64, f64)) -> bool {
    event["tiles"].as_array().unwrap().iter().any(|tile| {
        let number = |name: &str| u32::try_from(tile[name].as_u64().unwrap()).unwrap();
        address(lon, lat, number("z")) == (number("x"), number("y"))
    })
}

#[test]
fn a_map_hears_only_of_what_it_shows() {
    let server = Server::start();
    let post =
        |record| server.post_json("/uploads?update=true", &collection(&[record])).1["revision"].clone();
    let mut all = events(&server, "/events", None);
    let mut done = events(&server, "/events?status=neutralised", None);
    let mut around = events(&server, "/events?bbox=46.25,40,46.4,40.1", None);
    let lachin = post(feature(1, LACHIN.0, LACHIN.1));
    assert_eq!(all.next().unwrap()["revision"], lachin);
    let kalbajar = post(neutralised(2, KALBAJAR.0, KALBAJAR.1));
    for stream in [&mut all as &mut dyn Iterator<Item = Value>, &mut done, &mut around] {
        let event = stream.next().unwrap();
        assert_eq!(event["revision"], kalbajar);
        assert!(names(&event, KALBAJAR) && !names(&event, LACHIN), "{event}");
    }
    // Both leaving a filter and entering it change what it shows.
    let mut detected = events(&server, "/events?status=detected", None);
    let moved = post(neutralised(1, LACHIN.0, LACHIN.1));
    for stream in [&mut detected as &mut dyn Iterator<Item = Value>, &mut done] {
        let event = stream.next().unwrap();
        assert_eq!(event["revision"], moved);
        assert!(names(&event, LACHIN), "{event}");
    }
}

#[test]
fn whoever_was_away_is_told_of_all_that_he_missed() {
    let server = Server::start();
    let post = |record| server.post_json("/uploads", &collection(&[record])).1["revision"].as_u64().unwrap();
    let first = post(feature(1, LACHIN.0, LACHIN.1));
    post(feature(2, LACHIN.0, LACHIN.1));
    let last = post(neutralised(3, KALBAJAR.0, KALBAJAR.1));
    let event = events(&server, "/events", Some(first)).next().unwrap();
    assert_eq!(event["revision"], last);
    assert!(names(&event, LACHIN) && names(&event, KALBAJAR), "{event}");
    let event = events(&server, "/events?status=neutralised", Some(first)).next().unwrap();
    assert!(names(&event, KALBAJAR) && !names(&event, LACHIN), "{event}");
    // Nothing that this stream shows has changed, so its first event is a future one.
    let mut quiet = events(&server, "/events?status=detected", Some(last - 1));
    let next = post(feature(4, LACHIN.0, LACHIN.1));
    assert_eq!(quiet.next().unwrap()["revision"], next);
    // A revision reported by another server, or one that this server no longer remembers.
    for lost in [last + 1_000, 0] {
        let event = events(&server, "/events", Some(lost)).next().unwrap();
        assert!(event["tiles"].is_null() == (lost > last), "{event}");
    }
}

#[test]
fn an_event_stream_takes_the_filters_and_nothing_else() {
    let server = Server::start();
    let (status, problem) = read(server.get("/events?colour=red"));
    assert_eq!(status, 400);
    assert!(problem["detail"].as_str().unwrap().contains("colour"), "{problem}");
    let headers = server.get("/events?kind=ap_mine").headers().clone();
    assert_eq!(headers["cache-control"], "no-store");
    assert_eq!(headers["x-accel-buffering"], "no");
}

/// The content of a stream until it reported the last revision.
struct Heard {
    ids: Vec<u64>,
    /// Tiles as zoom, column and row.
    tiles: BTreeSet<(u32, u32, u32)>,
    /// Whether the stream once requested a full reload.
    everything: bool,
}

/// Opens a stream and reads its first comment.
fn open(address: &str, path: &str) -> BufReader<TcpStream> {
    let mut stream = TcpStream::connect(address).unwrap();
    write!(stream, "GET {path} HTTP/1.1\r\nhost: {address}\r\n\r\n").unwrap();
    stream.set_read_timeout(Some(PATIENCE)).unwrap();
    let mut lines = BufReader::new(stream);
    let mut line = String::new();
    while !line.starts_with(": connected") {
        line.clear();
        assert!(lines.read_line(&mut line).unwrap() > 0, "the stream ended");
    }
    lines
}

fn listen(mut lines: BufReader<TcpStream>, last: &AtomicU64) -> Heard {
    lines.get_ref().set_read_timeout(Some(Duration::from_millis(500))).unwrap();
    let mut heard = Heard { ids: Vec::new(), tiles: BTreeSet::new(), everything: false };
    let (mut line, begun) = (String::new(), Instant::now());
    while heard.ids.last().is_none_or(|id| *id != last.load(Ordering::Relaxed)) {
        assert!(begun.elapsed() < PATIENCE, "told {:?} of {last:?}", heard.ids.last());
        match lines.read_line(&mut line) {
            Ok(0) => panic!("the stream ended"),
            Ok(_) => {}
            // A partial line remains in the buffer.
            Err(error) if matches!(error.kind(), ErrorKind::WouldBlock | ErrorKind::TimedOut) => continue,
            Err(error) => panic!("{error}"),
        }
        if let Some(data) = line.strip_prefix("data: ") {
            let event: Value = serde_json::from_str(data).unwrap();
            heard.ids.push(event["revision"].as_u64().unwrap());
            let number = |tile: &Value, name: &str| u32::try_from(tile[name].as_u64().unwrap()).unwrap();
            match event["tiles"].as_array() {
                Some(tiles) => {
                    heard
                        .tiles
                        .extend(tiles.iter().map(|t| (number(t, "z"), number(t, "x"), number(t, "y"))));
                }
                None => heard.everything = true,
            }
        }
        line.clear();
    }
    heard
}

#[test]
fn a_thousand_open_maps_hear_of_every_upload_in_order() {
    const STREAMS: usize = 1_000;
    const UPLOADS: u32 = 400;
    rlimit::increase_nofile_limit(u64::MAX).unwrap();
    let folder = tempfile::tempdir().unwrap();
    let config = folder.path().join("clearline.toml");
    // All streams come from this machine, which is a single address.
    fs::write(&config, "[limits]\nconnections_of_address = 1100\n").unwrap();
    let server = Server::open(&folder.path().join("store.gpkg"), &["--config", config.to_str().unwrap()]);
    let address_of_server = server.base.strip_prefix("http://").unwrap();
    let last = AtomicU64::new(u64::MAX);
    let places: Vec<(f64, f64)> =
        (0..UPLOADS).map(|n| (46.0 + f64::from(n % 40) * 0.013, 39.4 + f64::from(n / 40) * 0.037)).collect();
    let paths = ["/events", "/events?kind=ap_mine", "/events?status=detected&bbox=45,39,47,40"];
    let heard: Vec<Heard> = thread::scope(|scope| {
        let streams = (0..STREAMS).map(|nth| open(address_of_server, paths[nth % paths.len()]));
        let listeners: Vec<_> = streams
            .map(|stream| {
                let (listener, last) = (thread::Builder::new().stack_size(256 * 1024), &last);
                listener.spawn_scoped(scope, move || listen(stream, last)).unwrap()
            })
            .collect();
        let uploaders: Vec<_> = (0..4)
            .map(|nth| {
                let (server, places) = (&server, &places);
                scope.spawn(move || {
                    for n in (nth..places.len()).step_by(4) {
                        let record = feature(n as u64, places[n].0, places[n].1);
                        assert_eq!(server.post_json("/uploads", &collection(&[record])).0, 200);
                    }
                })
            })
            .collect();
        for uploader in uploaders {
            uploader.join().unwrap();
        }
        last.store(server.revision(), Ordering::Relaxed);
        listeners.into_iter().map(|listener| listener.join().unwrap()).collect()
    });
    for heard in &heard {
        assert!(heard.ids.is_sorted_by(|a, b| a < b), "{:?}", heard.ids);
        assert_eq!(heard.ids.last(), Some(&last.load(Ordering::Relaxed)));
        let zooms: BTreeSet<u32> = heard.tiles.iter().map(|(z, _, _)| *z).collect();
        let told = |(lon, lat): (f64, f64)| {
            zooms.iter().any(|z| {
                let (x, y) = address(lon, lat, *z);
                heard.tiles.contains(&(*z, x, y))
            })
        };
        assert!(heard.everything || places.iter().all(|place| told(*place)));
    }
    // Events are merged rather than sent one by one; a slow machine merges even more.
    assert!(heard.iter().all(|heard| heard.ids.len() < UPLOADS as usize));
}
