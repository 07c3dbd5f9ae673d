//! What is created and refused before a store is opened: a mistake in a path or a setting is reported, and
//! creates nothing.

use std::{
    fs,
    path::Path,
    process::{Command, Output},
};

use crate::program::{LACHIN, Server, binary, clearline, collection, feature, read, refused};

fn text(path: &Path) -> &str {
    path.to_str().unwrap()
}

fn told(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

fn names(folder: &Path) -> Vec<String> {
    fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect()
}

#[test]
fn a_store_in_a_folder_that_is_not_there_is_refused_by_every_command_and_nothing_is_made() {
    let folder = tempfile::tempdir().unwrap();
    let csv = folder.path().join("found.csv");
    fs::write(&csv, "lon,lat,kind,detected_on\n46.3,39.7,uxo,2023-03-14\n").unwrap();
    let store = folder.path().join("vra/clearline.gpkg");
    let commands: [&[&str]; 7] = [
        &["serve", "--listen", "127.0.0.1:0"],
        &["import", text(&csv)],
        &["import", text(&csv), "--dry-run"],
        &["export", "detections"],
        &["check"],
        &["token", "list"],
        &["token", "create", "--role", "viewer", "--name", "reader"],
    ];
    for command in commands {
        let output = refused(&[command, &["--store", text(&store)]].concat());
        assert!(!output.status.success() && output.stdout.is_empty(), "{command:?}");
        assert!(told(&output).contains("vra"), "{command:?}: {}", told(&output));
        assert_eq!(names(folder.path()), ["found.csv"], "{command:?}");
    }
}

#[test]
fn only_serve_and_import_make_a_store_and_both_say_so() {
    let folder = tempfile::tempdir().unwrap();
    let file = |name: &str| folder.path().join(name);
    let commands: [&[&str]; 4] = [
        &["export", "detections"],
        &["check"],
        &["token", "list"],
        &["token", "create", "--role", "viewer", "--name", "reader"],
    ];
    for command in commands {
        let output = clearline(&[command, &["--store", text(&file("none.gpkg"))]].concat());
        assert!(!output.status.success() && told(&output).contains("none.gpkg"), "{command:?}");
        assert_eq!(names(folder.path()), Vec::<String>::new(), "{command:?}");
    }
    let csv = file("found.csv");
    fs::write(&csv, "lon,lat,kind,detected_on\n46.3,39.7,uxo,2023-03-14\n").unwrap();
    let import = || clearline(&["import", text(&csv), "--store", text(&file("imported.gpkg"))]);
    assert!(told(&import()).contains("Created a new store"));
    assert!(!told(&import()).contains("Created a new store"), "it is there now");

    let log = file("said");
    let served = file("served.gpkg");
    for is_new in [true, false] {
        let script = "exec \"$@\" > \"$0\"";
        let mut server = Command::new("sh")
            .args(["-c", script, text(&log)])
            .arg(binary())
            .args(["serve", "--listen", "127.0.0.1:0", "--store", text(&served)])
            .spawn()
            .unwrap();
        let said = (0..600)
            .find_map(|_| {
                std::thread::sleep(std::time::Duration::from_millis(50));
                let said = fs::read_to_string(&log).unwrap_or_default();
                (said.contains("listening") && (!is_new || said.contains("administrator"))).then_some(said)
            })
            .expect("the server says where it listens");
        assert_eq!(said.contains("Created a new store"), is_new, "{said}");
        assert!(Command::new("kill").arg(server.id().to_string()).status().unwrap().success());
        assert!(server.wait().unwrap().success());
    }
}

#[test]
fn a_setting_of_the_log_that_means_nothing_is_refused() {
    for (setting, is_good) in
        [("foo", false), ("server", false), ("info,foo", false), ("warn,server=debug", true), ("", true)]
    {
        let output = Command::new(binary())
            .args(["check", "--store", "/nowhere/at/all.gpkg"])
            .env("CLEARLINE_LOG", setting)
            .output()
            .unwrap();
        assert_eq!(!told(&output).contains("CLEARLINE_LOG"), is_good, "{setting:?}: {}", told(&output));
        assert!(
            is_good || told(&output).contains("debug"),
            "it says which levels there are: {}",
            told(&output)
        );
    }
}

#[test]
fn a_server_listens_on_a_name_of_this_machine_and_says_what_else_it_takes() {
    let folder = tempfile::tempdir().unwrap();
    let server = Server::listening("localhost:0", &folder.path().join("store.gpkg"), &[]);
    assert_eq!(server.get("/readyz").status(), 200);
    for bad in ["8302", "localhost", ":8302"] {
        let output =
            clearline(&["serve", "--listen", bad, "--store", text(&folder.path().join("other.gpkg"))]);
        assert!(told(&output).contains("such as 127.0.0.1:8080"), "{bad}: {}", told(&output));
    }
    assert!(!folder.path().join("other.gpkg").exists());
}

#[test]
fn a_store_that_was_closed_in_order_is_exported_and_checked_from_where_nothing_can_be_written() {
    let folder = tempfile::tempdir().unwrap();
    let stores = folder.path().join("stores");
    fs::create_dir(&stores).unwrap();
    let mut server = Server::open(&stores.join("store.gpkg"), &[]);
    assert_eq!(server.post_json("/uploads", &collection(&[feature(1, LACHIN.0, LACHIN.1)])).0, 200);
    let read_only = |arguments: &[&str]| {
        let script = "mount --bind \"$0\" \"$0\" && mount -o remount,bind,ro \"$0\" && exec \"$@\"";
        let mut command = Command::new("timeout");
        command
            .args(["30", "unshare", "-rm", "sh", "-c", script, text(&stores)])
            .arg(binary())
            .args(arguments);
        command.args(["--store", text(&stores.join("store.gpkg"))]).output().unwrap()
    };
    let export = || read_only(&["export", "detections", "--format", "geojsonl"]);
    assert!(server.stop().success());
    let output = export();
    assert!(output.status.success(), "{}", told(&output));
    assert_eq!(String::from_utf8_lossy(&output.stdout).lines().count(), 1);
    assert!(read_only(&["check"]).status.success());
    assert!(read_only(&["token", "list"]).status.success());
    let output = read_only(&["serve", "--listen", "127.0.0.1:0"]);
    assert!(!output.status.success() && told(&output).contains("Read-only"), "{}", told(&output));

    // A log that was not folded in is read with its index, and without one nothing is silently omitted.
    server.restart();
    assert_eq!(server.post_json("/uploads", &collection(&[feature(2, LACHIN.0, LACHIN.1)])).0, 200);
    server.kill();
    let output = export();
    assert!(output.status.success(), "{}", told(&output));
    assert_eq!(String::from_utf8_lossy(&output.stdout).lines().count(), 2);
    fs::remove_file(stores.join("store.gpkg-shm")).unwrap();
    let output = export();
    assert!(!output.status.success() && told(&output).contains("not closed cleanly"), "{}", told(&output));
    server.restart();
    assert_eq!(read(server.get("/summary")).1["total"]["records"], 2);
}
