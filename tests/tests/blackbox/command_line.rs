//! The command: import, export, demonstration, tokens, and stores it must not touch.

use std::{path::Path, process::Output};

use serde_json::{Value, json};

use crate::program::{LACHIN, Server, clearline, collection, feature};

fn ok(output: Output) -> String {
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}

fn text(path: &Path) -> &str {
    path.to_str().unwrap()
}

#[test]
fn what_is_exported_and_imported_again_changes_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let file = |name: &str| folder.path().join(name);
    let (demo, store) = (file("demo.geojson"), file("store.gpkg"));
    ok(clearline(&["demo", "--seed", "5", "-o", text(&demo)]));
    let made: Value = serde_json::from_slice(&std::fs::read(&demo).unwrap()).unwrap();
    let n = made["features"].as_array().unwrap().len();

    let tried = ok(clearline(&["import", text(&demo), "--store", text(&store), "--dry-run"]));
    assert!(tried.contains(&format!("{n} rows: {n} created, 0 updated, 0 unchanged, 0 refused")), "{tried}");
    let imported = ok(clearline(&["import", text(&demo), "--store", text(&store)]));
    assert!(imported.contains(&format!("{n} created")), "{imported}");

    for name in ["out.geojson", "out.geojsonl", "out.csv"] {
        let format = name.split('.').next_back().unwrap();
        let out = file(name);
        ok(clearline(&[
            "export",
            "detections",
            "--format",
            format,
            "--store",
            text(&store),
            "-o",
            text(&out),
        ]));
        let again = ok(clearline(&["import", text(&out), "--store", text(&store)]));
        assert!(
            again.contains(&format!("{n} rows: 0 created, 0 updated, {n} unchanged, 0 refused")),
            "{name}: {again}"
        );
    }
}

#[test]
fn a_try_and_a_file_that_cannot_be_read_leave_no_store_behind() {
    let folder = tempfile::tempdir().unwrap();
    let (csv, packed) = (folder.path().join("found.csv"), folder.path().join("found.csv.gz"));
    std::fs::write(&csv, "lon,lat,kind,detected_on\n46.3,39.7,ap_mine,2023-03-14\n").unwrap();
    std::fs::write(&packed, b"\x1f\x8b\x08\x00\x00\x00\x00\x00").unwrap();
    let store = folder.path().join("store.gpkg");
    let tried = ok(clearline(&["import", text(&csv), "--store", text(&store), "--dry-run"]));
    assert!(tried.contains("1 rows: 1 created"), "{tried}");
    let missing = folder.path().join("nothing.csv");
    for (file, why) in [(&missing, "cannot read"), (&packed, "compressed files are not read")] {
        let output = clearline(&["import", text(&csv), text(file), "--store", text(&store)]);
        let told = String::from_utf8_lossy(&output.stderr).into_owned();
        assert!(!output.status.success() && told.contains(why), "{told}");
    }
    let left: Vec<_> = std::fs::read_dir(folder.path()).unwrap().map(|e| e.unwrap().file_name()).collect();
    assert_eq!(left.len(), 2, "{left:?}");
}

#[test]
fn a_token_needs_a_name_of_reasonable_length() {
    let folder = tempfile::tempdir().unwrap();
    let (csv, store) = (folder.path().join("found.csv"), folder.path().join("store.gpkg"));
    std::fs::write(&csv, "lon,lat,kind,detected_on\n46.3,39.7,ap_mine,2023-03-14\n").unwrap();
    ok(clearline(&["import", text(&csv), "--store", text(&store)]));
    let create = |name: &str| {
        clearline(&["token", "create", "--role", "viewer", "--name", name, "--store", text(&store)])
    };
    for name in ["", "  ", &"x".repeat(121), "a\nb"] {
        let output = create(name);
        assert!(!output.status.success() && output.stdout.is_empty(), "{name:?}");
    }
    ok(create(&"ə".repeat(120)));
}

#[test]
fn the_same_seed_makes_the_same_demonstration_and_every_record_is_marked() {
    let folder = tempfile::tempdir().unwrap();
    let make = |name: &str, seed: &str| {
        let path = folder.path().join(name);
        ok(clearline(&["demo", "--records", "5000", "--seed", seed, "-o", text(&path)]));
        std::fs::read(path).unwrap()
    };
    let (a, b, c) = (make("a.geojson", "1"), make("b.geojson", "1"), make("c.geojson", "2"));
    assert!(a == b && a != c);
    let features: Value = serde_json::from_slice(&a).unwrap();
    let features = features["features"].as_array().unwrap();
    assert_eq!(features.len(), 5_000);
    assert!(features.iter().all(|f| f["properties"]["operator"] == "demonstration"));
}

#[test]
fn an_import_names_each_bad_row_and_keeps_the_good_ones() {
    let folder = tempfile::tempdir().unwrap();
    let (csv, store) = (folder.path().join("found.csv"), folder.path().join("store.gpkg"));
    std::fs::write(&csv, "lon,lat,kind,detected_on\n46.3,39.7,ap_mine,2023-03-14\n46.3,99,AT,2023-03-14\n46.3,39.7,??,2023-03-14\n").unwrap();
    let output = clearline(&["import", text(&csv), "--store", text(&store)]);
    assert!(!output.status.success(), "the exit code says that rows were refused");
    let (out, err) = (String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    assert!(out.contains("3 rows: 1 created, 0 updated, 0 unchanged, 2 refused"), "{out}");
    assert!(err.contains("row 3: location") && err.contains("row 4: kind"), "{err}");
}

#[test]
fn another_reference_system_is_read_with_its_own_axis_order() {
    let folder = tempfile::tempdir().unwrap();
    let (csv, store) = (folder.path().join("utm.csv"), folder.path().join("store.gpkg"));
    // Shusha in UTM 38N: 649,780 east, 4,402,490 north is near 46.749 E, 39.758 N.
    std::fs::write(&csv, "easting,northing,kind,detected_on\n649780,4402490,ap_mine,2023-03-14\n").unwrap();
    ok(clearline(&["import", text(&csv), "--store", text(&store), "--crs", "EPSG:32638"]));
    let out = ok(clearline(&["export", "detections", "--format", "geojsonl", "--store", text(&store)]));
    let feature: Value = serde_json::from_str(out.trim()).unwrap();
    let at = &feature["geometry"]["coordinates"];
    assert!(
        (at[0].as_f64().unwrap() - 46.749).abs() < 0.01 && (at[1].as_f64().unwrap() - 39.758).abs() < 0.01,
        "{feature}"
    );
}

fn serve_fails(store: &Path) -> String {
    let output = clearline(&["serve", "--listen", "127.0.0.1:0", "--store", text(store)]);
    assert!(!output.status.success());
    String::from_utf8_lossy(&output.stderr).into_owned()
}

#[test]
fn a_store_in_use_is_refused_and_tokens_can_be_made_beside_the_server() {
    let server = Server::start();
    let refusal = serve_fails(&server.store);
    assert!(refusal.contains("in use"), "{refusal}");
    // Server::start has made its token beside the running server: it works.
    assert_eq!(server.post_json("/uploads", &collection(&[feature(1, LACHIN.0, LACHIN.1)])).0, 200);
    let viewer = ok(clearline(&[
        "token",
        "create",
        "--role",
        "viewer",
        "--name",
        "reader",
        "--store",
        text(&server.store),
    ]));
    assert_eq!(viewer.lines().count(), 1, "the token alone: {viewer}");
    let request = server
        .agent()
        .post(server.url("/uploads"))
        .header("authorization", format!("Bearer {}", viewer.trim()));
    assert_eq!(request.send(feature(2, 46.3, 39.7).to_string()).unwrap().status(), 403);
    let kept = std::fs::read(&server.store).unwrap();
    let needle = viewer.trim().as_bytes();
    assert!(!kept.windows(needle.len()).any(|w| w == needle), "only the hash of a token is kept");
}

#[test]
fn a_file_that_is_damaged_foreign_or_newer_is_refused_and_left_as_it_is() {
    let folder = tempfile::tempdir().unwrap();
    let file = |name: &str| folder.path().join(name);
    let good = file("good.gpkg");
    let csv = file("one.csv");
    std::fs::write(&csv, "lon,lat,kind,detected_on\n46.3,39.7,ap_mine,2023-03-14\n").unwrap();
    ok(clearline(&["import", text(&csv), "--store", text(&good)]));
    let bytes = std::fs::read(&good).unwrap();

    let sqlite = |path: &Path, sql: &str| {
        let output = std::process::Command::new("sqlite3")
            .arg(path)
            .arg(sql)
            .output()
            .expect("sqlite3 is installed by make test");
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    };
    std::fs::write(file("text.gpkg"), "not a store").unwrap();
    std::fs::write(file("cut.gpkg"), &bytes[..bytes.len() / 2]).unwrap();
    sqlite(&file("foreign.gpkg"), "CREATE TABLE theirs (a); INSERT INTO theirs VALUES (1)");
    for name in ["text.gpkg", "cut.gpkg", "foreign.gpkg"] {
        let before = std::fs::read(file(name)).unwrap();
        let refusal = serve_fails(&file(name));
        assert!(refusal.contains(name), "the message names the file: {refusal}");
        assert_eq!(std::fs::read(file(name)).unwrap(), before, "{name} is untouched");
    }
}

#[test]
fn a_check_beside_a_running_server_prints_a_head_that_a_later_check_finds_again_unless_the_log_was_changed() {
    let mut server = Server::start();
    server.post_json("/uploads", &collection(&[feature(1, 46.3, 39.7), feature(2, 46.3, 39.7)]));
    let store = server.store.clone();
    let told = ok(clearline(&["check", "--store", text(&store)]));
    assert!(told.contains("whole: 2 changes in 1 revisions, 2 records"), "{told}");
    let head = told.lines().find_map(|line| line.strip_prefix("head: ")).unwrap();
    assert!(head.starts_with("1:"), "{told}");
    server.post_json("/uploads", &collection(&[feature(3, 46.3, 39.7)]));
    let check = || {
        let output = clearline(&["check", "--json", "--head", head, "--store", text(&store)]);
        (output.status.code(), serde_json::from_slice::<Value>(&output.stdout).unwrap())
    };
    let (code, told) = check();
    assert_eq!((code, &told["whole"], &told["n_changes"]), (Some(0), &json!(true), &json!(3)), "{told}");
    server.stop();
    assert_eq!(check(), (code, told));

    let changed = "UPDATE change_log SET model = 'PMN-3' WHERE fid = 3";
    let sqlite = std::process::Command::new("sqlite3").arg(&store).arg(changed).status();
    assert!(sqlite.expect("sqlite3 is installed by make test").success());
    let (code, told) = check();
    assert_eq!((code, &told["whole"], &told["head"]), (Some(1), &json!(false), &Value::Null), "{told}");
    assert_eq!(told["findings"][0]["revision"], 2, "{told}");
    let wrong = clearline(&["check", "--head", "1:ab", "--store", text(&store)]);
    assert!(String::from_utf8_lossy(&wrong.stderr).contains("REVISION:HASH"));
}

#[test]
fn help_speaks_of_every_command_and_flags_come_from_the_environment_too() {
    let help = ok(clearline(&["--help"]));
    for command in ["serve", "import", "export", "check", "token", "demo"] {
        assert!(help.contains(command), "{help}");
    }
    let serve = ok(clearline(&["serve", "--help"]));
    for name in ["CLEARLINE_STORE", "CLEARLINE_LISTEN", "CLEARLINE_DEMO"] {
        assert!(serve.contains(name), "{serve}");
    }
}

#[test]
fn dry_runs_and_reports_agree_with_what_happens() {
    let server = Server::start();
    let body = collection(&[feature(1, 46.3, 39.7), feature(2, 46.3, 39.7)]);
    server.post_json("/uploads", &body);
    let mut changed = feature(2, 46.31, 39.7);
    changed["properties"]["model"] = json!("OZM-72");
    let mixed = collection(&[feature(1, 46.3, 39.7), changed, feature(3, 46.3, 39.7)]);
    let counts =
        |report: &Value| ["created", "updated", "unchanged", "refused"].map(|n| report[n].as_u64().unwrap());
    let (_, tried) = server.post_json("/uploads?dry_run=true&update=true&reason=again", &mixed);
    let (_, done) = server.post_json("/uploads?update=true&reason=again", &mixed);
    assert_eq!(counts(&tried), counts(&done));
    assert_eq!(counts(&done), [1, 1, 1, 0]);
}
