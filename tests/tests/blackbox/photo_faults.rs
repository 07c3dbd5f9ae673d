//! Photos during disk errors or power cuts: nothing is acknowledged that is not stored, and damage is never
//! blamed on the sender.

use std::{
    fs::{self, OpenOptions},
    io::Write,
    path::{Path, PathBuf},
    process::Command,
    thread,
    time::Duration,
};

use sha2::{Digest, Sha256};
use ureq::http::Response;

use crate::{
    photos::photo,
    program::{Server, read},
};

/// A photo in three parts, and its location on disk.
struct Sent {
    bytes: Vec<u8>,
    hash: String,
    folder: PathBuf,
}

impl Sent {
    fn new(store: &Path) -> Self {
        let mut bytes = photo();
        bytes.resize(3_000, b'x');
        let hash = format!("{:x}", Sha256::digest(&bytes));
        let folder = PathBuf::from(format!("{}-photos/{}", store.display(), &hash[..2]));
        Self { bytes, hash, folder }
    }

    fn file(&self, ending: &str) -> PathBuf {
        self.folder.join(format!("{}{ending}", self.hash))
    }

    fn head(&self, server: &Server) -> (u16, Option<usize>) {
        let answer = server.agent().head(server.url(&format!("/photos/{}", self.hash))).call().unwrap();
        (answer.status().as_u16(), offset(&answer))
    }

    /// Sends at most a thousand bytes from an offset.
    fn part(&self, server: &Server, from: usize) -> Response<ureq::Body> {
        let request = server.agent().patch(server.url(&format!("/photos/{}", self.hash)));
        let request = request.header("upload-offset", from.to_string());
        let request = request.header("upload-length", self.bytes.len().to_string());
        let to = self.bytes.len().min(from + 1_000);
        request.header("content-type", "image/png").send(&self.bytes[from..to]).unwrap()
    }

    /// Sends the missing bytes, as described in docs/uploading.md, in at most `most` requests; returns
    /// whether the server reports having all of it, and how often a request failed.
    fn send_all(&self, server: &Server, most: usize) -> (bool, usize) {
        let mut n_failed = 0;
        for _ in 0..most {
            let from = match self.head(server) {
                (200, _) => return (true, n_failed),
                (204, from) => from.unwrap(),
                (404, _) => 0,
                (503, _) => {
                    n_failed += 1;
                    continue;
                }
                other => panic!("{other:?}"),
            };
            let (status, told) = read(self.part(server, from));
            assert!([201, 204, 409, 503].contains(&status), "{status} {told}");
            n_failed += usize::from(status == 503);
            if status == 201 {
                return (true, n_failed);
            }
        }
        (false, n_failed)
    }

    fn assert_whole(&self, server: &Server) {
        assert_eq!(self.head(server), (200, Some(self.bytes.len())));
        assert!(fs::read(self.file("")).unwrap() == self.bytes, "what was acknowledged is there");
        assert_eq!(server.get(&format!("/photos/{}", self.hash)).status(), 200);
    }
}

fn offset(answer: &Response<ureq::Body>) -> Option<usize> {
    answer.headers().get("upload-offset").map(|value| value.to_str().unwrap().parse().unwrap())
}

#[test]
fn a_photo_goes_on_from_what_was_acknowledged_whatever_a_power_cut_left_behind_it() {
    let folder = tempfile::tempdir().unwrap();
    let store = folder.path().join("store.gpkg");
    let sent = Sent::new(&store);
    let mut server = Server::open(&store, &[]);
    // Nothing of this photo was acknowledged.
    fs::create_dir_all(&sent.folder).unwrap();
    fs::write(sent.file(".part"), [0; 8_192]).unwrap();
    assert_eq!(sent.head(&server).0, 404);
    for from in [0, 1_000] {
        assert_eq!(sent.part(&server, from).status(), 204);
        server.kill();
        // The file has its new size, but not the bytes.
        for ending in [".part", ".acknowledged"] {
            let mut file = OpenOptions::new().append(true).open(sent.file(ending)).unwrap();
            file.write_all(&[0; 8_192]).unwrap();
        }
        server.restart();
        assert_eq!(sent.head(&server), (204, Some(from + 1_000)));
        let answer = sent.part(&server, 2_500);
        assert_eq!((answer.status().as_u16(), offset(&answer)), (409, Some(from + 1_000)));
    }
    assert_eq!(sent.part(&server, 2_000).status(), 201);
    sent.assert_whole(&server);
}

#[test]
fn damage_to_what_was_acknowledged_is_told_by_where_to_go_on() {
    for (at, sound) in [(5, 0), (1_005, 1_000)] {
        let folder = tempfile::tempdir().unwrap();
        let store = folder.path().join("store.gpkg");
        let sent = Sent::new(&store);
        let server = Server::open(&store, &[]);
        for from in [0, 1_000] {
            assert_eq!(sent.part(&server, from).status(), 204);
        }
        let mut kept = fs::read(sent.file(".part")).unwrap();
        kept[at] ^= 1;
        fs::write(sent.file(".part"), kept).unwrap();
        let answer = sent.part(&server, 2_000);
        assert_eq!((answer.status().as_u16(), offset(&answer)), (409, Some(sound)));
        assert_eq!(sent.send_all(&server, 6), (true, 0));
        sent.assert_whole(&server);
    }
}

/// Detaches the tracer from a process, which continues.
fn untrace(server: &Server) {
    let status = || fs::read_to_string(format!("/proc/{}/status", server.pid())).unwrap();
    let tracer =
        || status().lines().find_map(|line| line.strip_prefix("TracerPid:\t").map(str::to_owned)).unwrap();
    assert!(Command::new("kill").args(["-9", &tracer()]).status().unwrap().success());
    assert!((0..200).any(|_| {
        thread::sleep(Duration::from_millis(20));
        tracer() == "0"
    }));
}

/// Each part is written by a separate thread, and in each of them the same sync fails.
#[test]
fn whichever_sync_of_the_disk_fails_a_photo_is_acknowledged_only_when_it_is_there() {
    let mut n_failed = 0;
    for nth in 1..=9 {
        let folder = tempfile::tempdir().unwrap();
        let folder = folder.path().canonicalize().unwrap();
        let store = folder.join("store.gpkg");
        let sent = Sent::new(&store);
        let inject = format!("inject=fsync:error=EIO:when={nth}");
        let photos = PathBuf::from(format!("{}-photos", store.display()));
        let files =
            ["", ".part", ".acknowledged", ".jpg", ".small.jpg", ".json"].map(|ending| sent.file(ending));
        let mut strace = vec!["strace", "-D", "-f", "-o", "/dev/null", "-e", "trace=fsync", "-e", &inject];
        for path in [&photos, &sent.folder].into_iter().chain(&files) {
            strace.extend(["-P", path.to_str().unwrap()]);
        }
        let mut server = Server::under(&strace, &store);
        let (is_acknowledged, failed) = sent.send_all(&server, 6);
        n_failed += failed;
        if is_acknowledged {
            assert!(fs::read(sent.file("")).unwrap() == sent.bytes, "{nth}: what was acknowledged is there");
        }
        untrace(&server);
        assert_eq!(sent.send_all(&server, 6), (true, 0), "{nth}");
        sent.assert_whole(&server);
        server.kill_and_restart();
        sent.assert_whole(&server);
    }
    assert!(n_failed >= 8, "strace has to make syncs fail; it needs the right to trace: {n_failed}");
}

#[test]
fn a_photo_that_was_cut_after_it_was_whole_is_asked_for_again() {
    let folder = tempfile::tempdir().unwrap();
    let store = folder.path().join("store.gpkg");
    let sent = Sent::new(&store);
    let server = Server::open(&store, &[]);
    assert_eq!(sent.send_all(&server, 6), (true, 0));
    OpenOptions::new().write(true).open(sent.file("")).unwrap().set_len(2_000).unwrap();
    assert_eq!(sent.head(&server).0, 404);
    assert_eq!(sent.send_all(&server, 6), (true, 0));
    sent.assert_whole(&server);
}
