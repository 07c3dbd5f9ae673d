//! A full disk: nothing is acknowledged that is not stored, the server reports the problem, and everything
//! recovers automatically once there is room.

use std::{
    collections::BTreeMap,
    fs,
    io::Write,
    path::{Path, PathBuf},
    process::Command,
    sync::{
        Mutex,
        atomic::{AtomicUsize, Ordering},
    },
    thread,
    time::Duration,
};

use serde_json::json;
use sha2::{Digest, Sha256};

use crate::{
    photos::photo,
    program::{LACHIN, Server, clearline, feature, id, read},
};

const CLIENTS: u64 = 6;
/// The number of records of each client, each with a photo.
const RECORDS: u64 = 25;
/// The size of the disk in bytes.
const SIZE: u64 = 64 << 20;
/// The initial free space: enough for the log and some photos, not for all.
const ROOM: u64 = 5 << 20;

/// A small disk: a file system in memory. Mounting it requires root or sudo.
pub struct Disk(PathBuf);

fn as_root(program: &str, arguments: &[&str]) -> bool {
    let succeeds = |program: &str, arguments: &[&str]| {
        Command::new(program).args(arguments).output().is_ok_and(|output| output.status.success())
    };
    succeeds(program, arguments) || succeeds("sudo", &[&["-n", program], arguments].concat())
}

impl Disk {
    pub fn new(at: &Path) -> Self {
        fs::create_dir(at).unwrap();
        let options = format!("size={SIZE},mode=777,uid={}", fs_owner(at));
        let mounted = as_root("mount", &["-t", "tmpfs", "-o", &options, "tmpfs", at.to_str().unwrap()]);
        assert!(mounted, "a file system in memory cannot be mounted: run the tests as root, or allow sudo");
        Self(at.to_owned())
    }

    fn store(&self) -> PathBuf {
        self.0.join("store.gpkg")
    }

    fn server(&self) -> Server {
        Server::open(&self.store(), &[])
    }

    fn ballast(&self) -> PathBuf {
        self.0.join("ballast")
    }

    /// Fills the disk completely; returns the size of the filler.
    pub fn fill_up(&self) -> u64 {
        let mut ballast = fs::OpenOptions::new().create(true).append(true).open(self.ballast()).unwrap();
        let is_full = (0..SIZE >> 11).any(|_| ballast.write_all(&[b'.'; 1 << 12]).is_err());
        assert!(is_full, "{} is a disk of its own", self.0.display());
        ballast.metadata().unwrap().len()
    }

    /// Fills the disk except for this much room.
    pub fn fill_but(&self, room: u64) {
        let length = self.fill_up();
        fs::OpenOptions::new().write(true).open(self.ballast()).unwrap().set_len(length - room).unwrap();
    }

    pub fn make_room(&self) {
        fs::remove_file(self.ballast()).unwrap();
    }
}

impl Drop for Disk {
    fn drop(&mut self) {
        as_root("umount", &["-l", self.0.to_str().unwrap()]);
    }
}

fn fs_owner(at: &Path) -> u32 {
    std::os::unix::fs::MetadataExt::uid(&fs::metadata(at).unwrap())
}

/// Returns the photo of a record: some 90 kB, unique to it.
fn photo_of(n: u64) -> Vec<u8> {
    let mut bytes = photo();
    bytes.extend(std::iter::repeat_with(|| Sha256::digest(n.to_le_bytes())).take(2_800).flatten());
    bytes
}

fn hash_of(n: u64) -> String {
    format!("{:x}", Sha256::digest(photo_of(n)))
}

/// Sends the photo of a record and then the record; returns how far it got, and the server's last response.
fn send(server: &Server, n: u64) -> (u8, u16, String) {
    let (photo, hash) = (photo_of(n), hash_of(n));
    let part = |offset: usize| {
        let request = server.agent().patch(server.url(&format!("/photos/{hash}")));
        let request = request.header("upload-offset", offset.to_string());
        let request = request.header("upload-length", photo.len().to_string());
        request.header("content-type", "image/png").send(&photo[offset..]).unwrap()
    };
    let mut answer = part(0);
    if answer.status() == 409 {
        // The server has a part of it: continue at its offset.
        answer = part(answer.headers()["upload-offset"].to_str().unwrap().parse().unwrap());
    }
    let (status, told) = read(answer);
    if status != 201 {
        return (0, status, told.to_string());
    }
    let mut record = feature(n, LACHIN.0, LACHIN.1);
    record["properties"]["photos"] = json!([hash]);
    let request = server.agent().post(server.url("/uploads")).header("idempotency-key", format!("key-{n}"));
    let request = request.header("content-type", "application/geo+json");
    let (status, told) = read(request.send(record.to_string()).unwrap());
    (1 + u8::from(status == 200), status, told.to_string())
}

/// Sends everything not yet acknowledged, from several clients at once; returns how often that failed.
fn send_all(server: &Server, acknowledged: &Mutex<BTreeMap<u64, u8>>) -> usize {
    let failures = AtomicUsize::new(0);
    thread::scope(|scope| {
        for client in 0..CLIENTS {
            let failures = &failures;
            scope.spawn(move || {
                for n in (0..RECORDS).map(|n| client * RECORDS + n) {
                    if acknowledged.lock().unwrap().get(&n) == Some(&2) {
                        continue;
                    }
                    let (came, status, told) = send(server, n);
                    if came < 2 {
                        // A temporary failure that states the outcome: 202 when it is kept and waits.
                        assert!(
                            [202, 503].contains(&status)
                                && (told.contains("kept") || told.contains("stored")),
                            "{n}: {status} {told}"
                        );
                        failures.fetch_add(1, Ordering::Relaxed);
                    }
                    let mut acknowledged = acknowledged.lock().unwrap();
                    let before = acknowledged.entry(n).or_default();
                    *before = came.max(*before);
                }
            });
        }
    });
    failures.into_inner()
}

/// Checks that everything acknowledged exists.
fn assert_there(server: &Server, acknowledged: &BTreeMap<u64, u8>) {
    for (n, came) in acknowledged {
        if *came >= 1 {
            let hash = hash_of(*n);
            let kept = format!("{}-photos/{}/{hash}", server.store.display(), &hash[..2]);
            assert_eq!(fs::read(&kept).unwrap(), photo_of(*n), "{n}");
            assert_eq!(server.get(&format!("/photos/{hash}")).status(), 200, "{n}");
        }
        if *came == 2 {
            let record = server.json(&format!("/collections/detections/items/{}", id(*n)));
            assert_eq!(record["properties"]["photos"], json!([hash_of(*n)]));
        }
    }
}

#[test]
fn a_full_disk_takes_nothing_that_was_acknowledged_and_heals() {
    let folder = tempfile::tempdir().unwrap();
    let disk = Disk::new(&folder.path().join("disk"));
    let mut server = disk.server();
    assert_eq!(server.get("/readyz").status(), 200);
    let acknowledged = Mutex::new(BTreeMap::new());
    assert_eq!(send(&server, 10_000).0, 2);
    disk.fill_but(ROOM);
    let failures = send_all(&server, &acknowledged);
    assert!(failures > 20, "the disk is full: {failures}");
    let (status, told) = read(server.public().get(server.url("/readyz")).call().unwrap());
    assert!(status == 503 && told["status"].as_str().unwrap().contains("nothing can be written"), "{told}");
    // Readers are served, and find exactly what was acknowledged.
    assert_there(&server, &acknowledged.lock().unwrap());
    let n_records = |server: &Server| server.json("/summary")["total"]["records"].as_u64().unwrap();
    let n_whole = |all: &BTreeMap<u64, u8>| all.values().filter(|came| **came == 2).count() as u64;
    assert_eq!(n_records(&server), 1 + n_whole(&acknowledged.lock().unwrap()));

    disk.make_room();
    let is_ready = || server.get("/readyz").status() == 200;
    assert!((0..100).any(|_| is_ready() || {
        thread::sleep(Duration::from_millis(100));
        false
    }));
    assert_eq!(send_all(&server, &acknowledged), 0);
    let all = acknowledged.into_inner().unwrap();
    assert_eq!(n_whole(&all), CLIENTS * RECORDS);
    for restarted in [false, true] {
        if restarted {
            server.kill();
            server = disk.server();
        }
        assert_there(&server, &all);
        assert_eq!(n_records(&server), 1 + CLIENTS * RECORDS, "each once");
    }
}

#[test]
fn a_store_starts_on_a_full_disk_however_it_was_closed_and_is_read_there() {
    let folder = tempfile::tempdir().unwrap();
    let disk = Disk::new(&folder.path().join("disk"));
    let mut server = disk.server();
    assert_eq!(
        server
            .post_json(
                "/uploads",
                &json!({"type": "FeatureCollection", "features": [feature(1, LACHIN.0, LACHIN.1)]})
            )
            .0,
        200
    );
    for closes in [true, true, false, true] {
        if closes {
            assert!(server.stop().success());
        } else {
            server.kill();
        }
        disk.fill_up();
        server.restart_as_it_is();
        assert_eq!(server.json("/summary")["total"]["records"], 1, "readers are served");
        assert_eq!(String::from_utf8(server.bytes("/export/detections?f=csv")).unwrap().lines().count(), 2);
    }
    let (status, told) = read(server.get("/readyz"));
    assert!(status == 503 && told["status"].as_str().unwrap().contains("nothing can be written"), "{told}");
    disk.make_room();
    assert_eq!(server.get("/readyz").status(), 200);
    assert_eq!(send(&server, 2).0, 2);
}

#[test]
fn a_store_of_an_earlier_version_stays_as_it_is_where_there_is_no_room_to_update_it() {
    let folder = tempfile::tempdir().unwrap();
    let disk = Disk::new(&folder.path().join("disk"));
    let old = Path::new(env!("CARGO_MANIFEST_DIR")).join("../crates/store/tests/fixtures/version-8.gpkg");
    fs::copy(&old, disk.store()).unwrap();
    let file = folder.path().join("none.geojson");
    fs::write(&file, r#"{"type": "FeatureCollection", "features": []}"#).unwrap();
    let import = || {
        let (store, file) = (disk.store(), file.to_str().unwrap());
        clearline(&["import", "--store", store.to_str().unwrap(), file])
    };
    let copy = disk.0.join("store.gpkg-before-11");
    let mut n_told = 0;
    // From no room at all to enough.
    for room in (0_u64..).map(|n| n << 14) {
        disk.fill_but(room);
        let told = import();
        disk.make_room();
        let words = String::from_utf8_lossy(&told.stderr).into_owned();
        n_told += u64::from(words.contains("not enough room to upgrade it"));
        let is_as_it_was = fs::read(disk.store()).unwrap() == fs::read(&old).unwrap();
        assert_eq!(is_as_it_was, !copy.exists(), "{room}: {words}");
        assert!(!disk.0.join("store.gpkg-before-11.part").exists(), "{room}: {words}");
        if !is_as_it_was {
            break;
        }
        assert!(!told.status.success(), "{room}: {words}");
    }
    assert!(n_told > 3, "{n_told}");
    assert_eq!(copy.metadata().unwrap().len(), old.metadata().unwrap().len());
}

#[test]
fn a_disk_that_is_full_in_the_middle_of_a_commit_is_told_as_one() {
    let folder = tempfile::tempdir().unwrap();
    let disk = Disk::new(&folder.path().join("disk"));
    let log = folder.path().join("log");
    let file = fs::File::create(&log).unwrap();
    let server = Server::logging(&disk.store(), &[], "info", file.into());
    disk.fill_but(ROOM);
    // Small when sent, so that it is kept; too large for the commit's memory, and for the disk.
    let note = "x".repeat(1_000);
    let many = (0..20_000).map(|n| {
        let mut feature = feature(n, LACHIN.0, LACHIN.1);
        feature["properties"]["note"] = json!(format!("{n}{note}"));
        feature
    });
    let body = json!({"type": "FeatureCollection", "features": many.collect::<Vec<_>>()}).to_string();
    let packed = zstd::encode_all(body.as_bytes(), 3).unwrap();
    let request = server.agent().post(server.url("/uploads")).header("content-encoding", "zstd");
    let (status, told) =
        read(request.header("content-type", "application/geo+json").send(&packed[..]).unwrap());
    assert_eq!((status, &told["type"]), (202, &json!("urn:clearline:problem:waiting")), "{told}");
    let logged = fs::read_to_string(&log).unwrap();
    assert!(logged.contains("the disk of the store is full"), "{logged}");
    assert!(!logged.contains("savepoint"), "{logged}");
    // It waits, and is judged once there is room; a repeated request triggers that.
    disk.make_room();
    let upload = told["detail"]
        .as_str()
        .unwrap()
        .split_once("/uploads/")
        .unwrap()
        .1
        .split_once(' ')
        .unwrap()
        .0
        .to_owned();
    assert_eq!(server.get(&format!("/uploads/{upload}")).status(), 202);
}
