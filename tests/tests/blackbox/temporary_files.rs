//! No room for temporary files, or no file handles left: a valid file is never called invalid, kept uploads
//! are judged later, and the server reports the cause.

use std::{
    collections::BTreeSet,
    fs,
    io::Write,
    path::{Path, PathBuf},
    process::Command,
    thread,
    time::Duration,
};

use serde_json::Value;
use tempfile::TempDir;
use ureq::http::Response;
use zip::{ZipWriter, write::SimpleFileOptions};

use crate::{
    disk_full::Disk,
    program::{Server, clearline, read},
};

/// The number of records in each file.
const RECORDS: u64 = 40;

/// Returns files that are unpacked to a temporary file before they are read, each with its own records.
fn files() -> Vec<(&'static str, Vec<u8>)> {
    let folder = tempfile::tempdir().unwrap();
    let file = |name: &str| folder.path().join(name);
    let text = |path: &Path| path.to_str().unwrap().to_owned();
    let make = |format: &str, seed: &str| {
        let made = file(&format!("made.{format}"));
        let records = RECORDS.to_string();
        let output = clearline(&["demo", "--records", &records, "--seed", seed, "-o", &text(&made)]);
        assert!(output.status.success(), "{output:?}");
        fs::read(made).unwrap()
    };
    let mut kmz = ZipWriter::new(std::io::Cursor::new(Vec::new()));
    kmz.start_file("doc.kml", SimpleFileOptions::default()).unwrap();
    kmz.write_all(&make("kml", "3")).unwrap();
    let kmz = kmz.finish().unwrap().into_inner();
    vec![("xlsx", make("xlsx", "1")), ("gpkg", make("gpkg", "2")), ("kmz", kmz)]
}

fn upload(server: &Server, format: &str, key: &str, bytes: &[u8]) -> Response<ureq::Body> {
    let request = server.agent().post(server.url(&format!("/uploads?format={format}")));
    request
        .header("idempotency-key", key)
        .header("content-type", "application/octet-stream")
        .send(bytes)
        .unwrap()
}

/// Sends everything that needs a temporary file while none can be created.
fn assert_ours(server: &Server, files: &[(&'static str, Vec<u8>)], hidden: &str) {
    let without_path = |told: &Value| assert!(!told.to_string().contains(hidden), "{told}");
    for (format, bytes) in files {
        for _ in 0..2 {
            let answer = upload(server, format, format, bytes);
            let again = answer.headers().contains_key("retry-after");
            let (status, told) = read(answer);
            assert_eq!(
                (status, &told["type"]),
                (202, &"urn:clearline:problem:waiting".into()),
                "{format}: {told}"
            );
            assert!(again, "{format}");
            without_path(&told);
        }
        let tried = server.agent().post(server.url(&format!("/uploads?dry_run=true&format={format}")));
        let answer = tried.header("content-type", "application/octet-stream").send(&bytes[..]).unwrap();
        assert!(answer.headers().contains_key("retry-after"), "{format}");
        let (status, told) = read(answer);
        assert_eq!(status, 503, "{format}: {told}");
        without_path(&told);
    }
    let (status, told) = read(server.get("/readyz"));
    assert!(status == 503 && told["status"].as_str().unwrap().contains("temporary files"), "{told}");
    for format in ["xlsx", "gpkg", "pmtiles", "parquet", "csv"] {
        let answer = server.get(&format!("/export/detections?f={format}"));
        let again = answer.headers().contains_key("retry-after");
        let (status, told) = read(answer);
        if status == 503 {
            assert!(again && !["parquet", "csv"].contains(&format), "{format}");
            without_path(&told);
        } else {
            assert!(status == 200 && ["parquet", "csv"].contains(&format), "{format}: {status} {told}");
        }
    }
}

/// Sends the same once there is room again: kept uploads are judged, once.
fn assert_judged(server: &Server, files: &[(&'static str, Vec<u8>)]) {
    assert!((0..100).any(|_| {
        thread::sleep(Duration::from_millis(50));
        server.get("/readyz").status() == 200
    }));
    for (format, bytes) in files {
        let (status, told) = read(upload(server, format, format, bytes));
        assert_eq!((status, &told["created"]), (200, &RECORDS.into()), "{format}: {told}");
    }
    for format in ["xlsx", "gpkg", "pmtiles"] {
        assert_eq!(server.get(&format!("/export/detections?f={format}")).status(), 200, "{format}");
    }
    assert_eq!(server.json("/summary")["total"]["records"], RECORDS * files.len() as u64);
}

/// Starts a server with this folder for temporary files; returns the path of its log.
fn server(folder: &TempDir, temporary: &Path) -> (Server, PathBuf) {
    let log = folder.path().join("log");
    let variable = format!("TMPDIR={}", temporary.display());
    let script = "exec \"$@\" 2> \"$0\"";
    let wrapper = ["env", &variable, "sh", "-c", script, log.to_str().unwrap()];
    (Server::under(&wrapper, &folder.path().join("store.gpkg")), log)
}

#[test]
fn a_good_file_is_kept_and_judged_later_when_there_is_no_room_for_temporary_files() {
    let folder = tempfile::tempdir().unwrap();
    let at = folder.path().join("temporary");
    let disk = Disk::new(&at);
    let files = files();
    let (mut server, log) = server(&folder, &at);
    disk.fill_up();
    assert_ours(&server, &files, at.to_str().unwrap());
    disk.make_room();
    assert_judged(&server, &files);
    assert!(server.stop().success());
    let told = fs::read_to_string(log).unwrap();
    assert!(!told.contains("panicked"), "{told}");
}

/// An export that needs slightly more room than available.
#[test]
fn an_export_for_which_the_room_ends_in_the_middle_is_no_cut_file() {
    let folder = tempfile::tempdir().unwrap();
    let at = folder.path().join("temporary");
    let disk = Disk::new(&at);
    let demonstration = folder.path().join("demonstration.csv");
    let made = clearline(&["demo", "--records", "60000", "-o", demonstration.to_str().unwrap()]);
    assert!(made.status.success());
    let store = folder.path().join("store.gpkg");
    let import = ["import", demonstration.to_str().unwrap(), "--store", store.to_str().unwrap()];
    assert!(clearline(&import).status.success());
    let (mut server, log) = server(&folder, &at);
    disk.fill_but(2 << 20);
    for format in ["xlsx", "gpkg"] {
        let (status, told) = read(server.get(&format!("/export/detections?f={format}")));
        assert_eq!(status, 503, "{format}: {told}");
    }
    disk.make_room();
    for format in ["xlsx", "gpkg"] {
        assert!(server.bytes(&format!("/export/detections?f={format}")).len() > 2 << 20, "{format}");
    }
    assert!(server.stop().success());
    assert!(!fs::read_to_string(log).unwrap().contains("panicked"));
}

#[test]
fn a_good_file_is_kept_and_judged_later_when_no_more_files_can_be_opened() {
    let folder = tempfile::tempdir().unwrap();
    let files = files();
    let (mut server, log) = server(&folder, Path::new("/tmp"));
    // The connection that all further requests use.
    assert_eq!(read(server.get("/readyz")).0, 200);
    let open: BTreeSet<u32> = fs::read_dir(format!("/proc/{}/fd", server.pid()))
        .unwrap()
        .map(|entry| entry.unwrap().file_name().to_str().unwrap().parse().unwrap())
        .collect();
    let free = (0..4_096).find(|number| !open.contains(number)).unwrap();
    let limit = |n: u32| {
        let limit = format!("--nofile={n}:");
        let done =
            Command::new("prlimit").args(["--pid", &server.pid().to_string(), &limit]).status().unwrap();
        assert!(done.success());
    };
    limit(free);
    assert_ours(&server, &files, "/tmp");
    limit(4_096);
    assert_judged(&server, &files);
    assert!(server.stop().success());
    let told = fs::read_to_string(log).unwrap();
    assert!(!told.contains("panicked"), "{told}");
}
