//! One file with two names is one store: a writer that uses the second name is refused.

use std::{fs, path::Path, process::Command};

use crate::program::{LACHIN, Server, clearline, collection, feature, refused};

fn text(path: &Path) -> &str {
    path.to_str().unwrap()
}

/// Runs every command with a name other than the store's own; returns the messages.
fn refusals(link: &Path, csv: &Path) -> Vec<String> {
    let commands: [&[&str]; 6] = [
        &["serve", "--listen", "127.0.0.1:0"],
        &["import", text(csv)],
        &["export", "detections"],
        &["check"],
        &["token", "create", "--role", "viewer", "--name", "reader"],
        &["token", "list"],
    ];
    let told = commands.map(|command| {
        let output = refused(&[command, &["--store", text(link)]].concat());
        assert!(!output.status.success() && output.stdout.is_empty(), "{command:?}");
        String::from_utf8_lossy(&output.stderr).into_owned()
    });
    told.into()
}

#[test]
fn a_store_is_refused_by_a_second_name_while_a_server_uses_it_and_after_one_was_killed() {
    let folder = tempfile::tempdir().unwrap();
    let (store, link) = (folder.path().join("a.gpkg"), folder.path().join("b.gpkg"));
    let csv = folder.path().join("found.csv");
    fs::write(&csv, "lon,lat,kind,detected_on\n46.3,39.7,uxo,2023-03-14\n").unwrap();
    let mut server = Server::open(&store, &[]);
    assert_eq!(server.post_json("/uploads", &collection(&[feature(1, LACHIN.0, LACHIN.1)])).0, 200);
    fs::hard_link(&store, &link).unwrap();
    for (nth, told) in refusals(&link, &csv).iter().enumerate() {
        let reason = if nth < 2 { "is in use by another server or import" } else { "names (hard links)" };
        assert!(told.contains("b.gpkg") && told.contains(reason), "{told}");
    }
    assert_eq!(server.post_json("/uploads", &collection(&[feature(2, LACHIN.0, LACHIN.1)])).0, 200);
    // The log with acknowledged writes is beside the first name.
    server.kill();
    for told in refusals(&link, &csv) {
        assert!(told.contains("b.gpkg is one of 2 names (hard links)"), "{told}");
    }
    server.restart();
    assert_eq!(server.json("/summary")["total"]["records"], 2);
    assert!(server.stop().success());
    let check = clearline(&["check", "--store", text(&store)]);
    assert!(String::from_utf8_lossy(&check.stdout).contains("2 records"), "{check:?}");
    fs::remove_file(&store).unwrap();
    assert!(clearline(&["check", "--store", text(&link)]).status.success(), "it has one name again");
}

#[test]
fn a_file_that_is_mounted_elsewhere_is_in_use_there_too() {
    let folder = tempfile::tempdir().unwrap();
    let (store, other) = (folder.path().join("a.gpkg"), folder.path().join("b.gpkg"));
    let mut server = Server::open(&store, &[]);
    fs::write(&other, "").unwrap();
    let told_there = || {
        let script = "mount --bind \"$0\" \"$1\" && shift && exec \"$@\"";
        let mut command = Command::new("timeout");
        command.args(["30", "unshare", "-rm", "sh", "-c", script, text(&store), text(&other)]);
        command.arg(crate::program::binary());
        command.args(["serve", "--listen", "127.0.0.1:0", "--store", text(&other)]);
        let output = command.output().unwrap();
        assert!(!output.status.success());
        String::from_utf8(output.stderr).unwrap()
    };
    let told = told_there();
    assert!(told.contains("is in use by another server"), "{told}");
    // Acknowledged writes are in the log beside the first name.
    server.kill();
    let told = told_there();
    assert!(told.contains("b.gpkg is mounted without its folder"), "{told}");
}
