//! A reader may close a command's output early: `clearline check | head -1`. No command fails because of it.

use std::{
    io,
    path::Path,
    process::{Command, Stdio},
};

use crate::program::{LACHIN, Server, binary, clearline, collection, feature};

/// Returns an output that accepts no bytes, because its reader is gone.
fn closed() -> Stdio {
    let (_, writer) = io::pipe().unwrap();
    writer.into()
}

fn text(path: &Path) -> &str {
    path.to_str().unwrap()
}

/// Creates a folder with a store of one record, and a file of records of which one is invalid.
fn folder() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    let csv = folder.path().join("found.csv");
    std::fs::write(&csv, "lon,lat,kind,detected_on\n46.3,39.7,uxo,2023-03-14\n46.3,99,uxo,2023-03-14\n")
        .unwrap();
    let store = folder.path().join("store.gpkg");
    clearline(&["import", text(&csv), "--store", text(&store)]);
    clearline(&["token", "create", "--role", "viewer", "--name", "reader", "--store", text(&store)]);
    folder
}

#[test]
fn no_command_panics_when_nobody_reads_what_it_says() {
    let folder = folder();
    let file = |name: &str| text(&folder.path().join(name)).to_owned();
    let (store, csv, made) = (file("store.gpkg"), file("found.csv"), file("made.geojson"));
    // The commands, with their exit codes although their output is lost.
    let commands: [(&[&str], Option<i32>); 10] = [
        (&["check", "--store", &store], Some(0)),
        (&["check", "--json", "--store", &store], Some(0)),
        (&["token", "list", "--store", &store], Some(0)),
        (&["import", &csv, "--store", &store], Some(1)),
        (&["import", &csv, "--dry-run", "--store", &store], Some(1)),
        (&["demo", "--records", "10", "-o", &made], Some(0)),
        (&["export", "detections", "--store", &store], Some(1)),
        (&["export", "detections", "-o", &made, "--store", &store], Some(0)),
        (&["token", "list", "--store", "nowhere.gpkg"], Some(1)),
        (&["--help"], Some(0)),
    ];
    for (arguments, code) in commands {
        for (out, err) in [(true, false), (false, true), (true, true)] {
            let mut command = Command::new(binary());
            command.args(arguments).stdout(Stdio::piped()).stderr(Stdio::piped());
            if out {
                command.stdout(closed());
            }
            if err {
                command.stderr(closed());
            }
            let ended = command.output().unwrap();
            let told = String::from_utf8_lossy(&ended.stderr);
            assert!(!told.contains("panicked"), "{arguments:?}: {told}");
            // An export whose output is lost is incomplete and fails; one to a file succeeds.
            let code = if !out && arguments[0] == "export" { Some(0) } else { code };
            assert_eq!(ended.status.code(), code, "{arguments:?} {out} {err}: {told}");
        }
    }
}

#[test]
fn a_token_that_nobody_saw_is_good_for_nothing() {
    let folder = folder();
    let store = folder.path().join("store.gpkg");
    let create = ["token", "create", "--role", "viewer", "--name", "unseen", "--store", text(&store)];
    let ended = Command::new(binary()).args(create).stdout(closed()).output().unwrap();
    let told = String::from_utf8_lossy(&ended.stderr);
    assert_eq!(ended.status.code(), Some(1), "{told}");
    assert!(told.contains("could not be shown") && told.contains("it was revoked"), "{told}");
    let list = String::from_utf8(clearline(&["token", "list", "--store", text(&store)]).stdout).unwrap();
    let line = list.lines().find(|line| line.contains("unseen")).unwrap();
    assert!(line.contains("revoked"), "{list}");
}

#[test]
fn a_server_whose_log_nobody_reads_goes_on_serving() {
    let folder = tempfile::tempdir().unwrap();
    let mut server = Server::logging(&folder.path().join("store.gpkg"), &[], "trace", closed());
    for n in 1..20 {
        let (status, told) = server.post_json("/uploads", &collection(&[feature(n, LACHIN.0, LACHIN.1)]));
        assert_eq!(status, 200, "{told}");
    }
    assert_eq!(server.get("/readyz").status(), 200);
    assert!(server.stop().success());
}
