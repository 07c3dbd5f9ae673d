//! The command line: import, export, demonstration, tokens, and stores that it must not touch.

use std::{path::Path, process::Output};

use serde_json::{Value, json};

use crate::program::{LACHIN, Server, clearline, collection, feature, id};

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
    assert!(tried.contains("1 row: 1 created"), "{tried}");
    let missing = folder.path().join("nothing.csv");
    for (file, why) in [(&missing, "cannot read"), (&packed, "which import does not read")] {
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
fn the_accidents_of_the_demonstration_are_written_too_and_have_one_size() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("accidents.geojson");
    ok(clearline(&["demo", "--collection", "accidents", "-o", text(&path)]));
    let made: Value = serde_json::from_slice(&std::fs::read(&path).unwrap()).unwrap();
    let features = made["features"].as_array().unwrap();
    assert!(features.iter().all(|f| f["properties"]["operator"] == "demonstration"));
    let sum = |name: &str| features.iter().map(|f| f["properties"][name].as_u64().unwrap()).sum::<u64>();
    assert_eq!((sum("killed"), sum("injured")), (61, 253));

    let sized = clearline(&["demo", "--collection", "accidents", "--records", "9", "-o", text(&path)]);
    let told = String::from_utf8_lossy(&sized.stderr).into_owned();
    assert!(!sized.status.success() && told.contains("--records applies to detections"), "{told}");
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
    // Server::start created its token beside the running server, and the token works.
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
    assert!(told.contains("intact: 2 changes in 1 revision, 2 records"), "{told}");
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

    let changed = "UPDATE detections_content SET model = 'PMN-3' WHERE fid = 3";
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

#[test]
fn an_import_treats_rows_as_an_upload_does() {
    let folder = tempfile::tempdir().unwrap();
    let (file, store) = (folder.path().join("records.geojson"), folder.path().join("store.gpkg"));
    let import = |features: &[Value], arguments: &[&str]| {
        std::fs::write(&file, collection(features).to_string()).unwrap();
        clearline(&[&["import", text(&file), "--store", text(&store)], arguments].concat())
    };
    let with = |n: u64, properties: Value| {
        let mut feature = feature(n, LACHIN.0, LACHIN.1);
        for (name, value) in properties.as_object().unwrap() {
            feature["properties"][name] = value.clone();
        }
        feature
    };
    ok(import(&[feature(1, LACHIN.0, LACHIN.1), feature(2, LACHIN.0, LACHIN.1)], &[]));
    // Someone changed the first record after the phone read it at revision 1.
    ok(import(&[with(1, json!({"quantity": 2, "reason": "counted"}))], &["--update"]));

    // A phone's exported queue: each record with the revision that it is based on.
    let own = json!({"quantity": 5, "base_revision": 1, "reason": "counted again"});
    let exported = [with(1, own.clone()), with(2, own), with(3, json!({"note": "new"}))];
    for arguments in [&[][..], &["--update"]] {
        let output = import(&exported, arguments);
        let (out, err) = (String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
        assert!(!output.status.success(), "{out}");
        assert!(
            out.contains("1 refused") && err.contains("row 1: id") && err.contains("at revision 2"),
            "{out}{err}"
        );
    }
    let out = ok(clearline(&["export", "detections", "--format", "geojsonl", "--store", text(&store)]));
    let records: Vec<Value> = out.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let quantities: Vec<_> = records.iter().map(|r| r["properties"]["quantity"].as_u64().unwrap()).collect();
    assert_eq!(quantities, [2, 5, 1]);
    assert!(!out.contains("base_revision") && !out.contains("counted"), "they belong to no record: {out}");
    let server = Server::open(&store, &[]);
    let history = server.json(&format!("/collections/detections/items/{}/history", id(2)));
    assert_eq!(history["revisions"][0]["reason"], "counted again");

    // A correction without a reason, one with an invalid revision, and a duplicate record.
    drop(server);
    let output =
        import(&[with(2, json!({"quantity": 6})), with(3, json!({"base_revision": "x"}))], &["--update"]);
    let err = String::from_utf8_lossy(&output.stderr);
    assert!(err.contains("row 1: reason") && err.contains("row 2: base_revision"), "{err}");
    let twice = [with(2, json!({"quantity": 6})), with(2, json!({"quantity": 7}))];
    let output = import(&twice, &["--update", "--reason", "counted"]);
    let (out, err) = (String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    assert!(
        out.contains("1 updated") && out.contains("1 refused") && err.contains("row 2: id"),
        "{out}{err}"
    );
    assert!(!import(&twice, &["--update", "--reason", " "]).status.success());
}

#[test]
fn an_imported_file_is_in_the_inbox_by_name_size_and_hash() {
    let folder = tempfile::tempdir().unwrap();
    let (file, store) = (folder.path().join("records.geojson"), folder.path().join("store.gpkg"));
    let bytes = collection(&[feature(1, LACHIN.0, LACHIN.1), feature(2, 46.3, 99.0)]).to_string();
    std::fs::write(&file, &bytes).unwrap();
    assert!(!clearline(&["import", text(&file), "--store", text(&store)]).status.success());
    clearline(&["import", text(&file), "--store", text(&store), "--dry-run"]);
    let server = Server::open(&store, &[]);
    let sql =
        "SELECT id, door, envelope, lower(hex(hash)), coalesce(length(bytes), 'none') FROM clearline_inbox";
    let told = std::process::Command::new("sqlite3").arg("-json").arg(&store).arg(sql).output().unwrap();
    let kept: Value = serde_json::from_slice(&told.stdout).unwrap();
    assert_eq!(kept.as_array().unwrap().len(), 1, "{kept}");
    assert_eq!(
        (&kept[0]["door"], &kept[0]["coalesce(length(bytes), 'none')"]),
        (&"import".into(), &"none".into())
    );
    let envelope: Value = serde_json::from_str(kept[0]["envelope"].as_str().unwrap()).unwrap();
    assert_eq!((&envelope["name"], &envelope["bytes"]), (&"records.geojson".into(), &bytes.len().into()));
    assert_eq!(kept[0]["lower(hex(hash))"], blake3::hash(bytes.as_bytes()).to_hex().as_str());
    let report = server.json(&format!("/uploads/{}", kept[0]["id"].as_str().unwrap()));
    assert_eq!(
        (&report["created"], &report["refused"], &report["problems"][0]["row"]),
        (&1.into(), &1.into(), &2.into())
    );
}
