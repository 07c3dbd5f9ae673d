//! A server starts from where it ended, however it ended, and reports a damaged store.

use std::{
    fs,
    os::unix::fs::FileExt,
    path::{Path, PathBuf},
    process::Command,
    time::{Duration, Instant},
};

use serde_json::{Value, json};

use crate::program::{KALBAJAR, LACHIN, Server, clearline, collection, feature, id, neutralised, read};

/// How long an event that must happen may take; reached only on failure.
const PATIENCE: Duration = Duration::from_mins(1);

fn saved(store: &Path) -> PathBuf {
    format!("{}-atlas", store.display()).into()
}

/// Returns everything by which a reader could distinguish two atlases.
fn answers(server: &Server) -> Vec<Vec<u8>> {
    let paths = [
        "/summary?by=region,status,kind,month,operator",
        "/summary/regions",
        "/summary/regions/AZ-LAC",
        "/summary/regions/AZ-KAL",
        "/collections/detections/items?limit=10000",
        "/collections/detections/items?limit=500&offset=0&status=neutralised",
        "/tiles/detections/0/0/0",
        "/tiles/detections/7/80/48",
        "/tiles/detections/9/321/193",
        "/tiles/detections/9/321/194",
        "/tiles/detections/12/2575/1549",
        "/tiles/detections/14/10298/6198",
        "/tiles/regions/7/80/48",
    ];
    let mut all: Vec<Vec<u8>> = paths.map(|path| get(server, path)).into();
    for n in 1..8 {
        all.push(get(server, &format!("/collections/detections/items/{}", id(n))));
        all.push(get(server, &format!("/collections/detections/items/{}/history", id(n))));
    }
    all
}

/// Returns status and body, with this server's address removed from links.
fn get(server: &Server, path: &str) -> Vec<u8> {
    let mut response = server.get(path);
    let status = response.status().as_u16();
    let body = response.body_mut().with_config().limit(256 << 20).read_to_vec().unwrap();
    let text = String::from_utf8_lossy(&body).replace(&server.base, "");
    [format!("{path} {status} ").into_bytes(), text.into_bytes()].concat()
}

fn assert_same(left: &[Vec<u8>], right: &[Vec<u8>]) {
    for (left, right) in left.iter().zip(right) {
        let shown = |bytes: &[u8]| String::from_utf8_lossy(&bytes[..bytes.len().min(200)]).into_owned();
        assert!(left == right, "{} is not {}", shown(left), shown(right));
    }
}

/// Creates, updates and deletes some records around those of the demonstration.
fn work(server: &Server, first: u64) {
    let features: Vec<Value> = (first..first + 4).map(|n| feature(n, LACHIN.0, LACHIN.1)).collect();
    let (status, told) = server.post_json("/collections/detections/items", &collection(&features));
    assert_eq!(status, 200, "{told}");
    let authorised = format!("Bearer {}", server.token());
    let url = |n: u64| server.url(&format!("/collections/detections/items/{}", id(n)));
    let put = server
        .agent()
        .put(format!("{}?reason=moved", url(first)))
        .header("authorization", &authorised)
        .header("if-match", "*");
    let put = put.header("content-type", "application/geo+json");
    let (status, told) = read(put.send(neutralised(first, KALBAJAR.0, KALBAJAR.1).to_string()).unwrap());
    assert_eq!(status, 200, "{told}");
    let gone =
        server.agent().delete(url(first + 1)).header("authorization", &authorised).header("if-match", "*");
    assert!(gone.call().unwrap().status().is_success());
}

#[test]
fn a_start_from_the_saved_atlas_answers_as_one_from_the_store_does() {
    let folder = tempfile::tempdir().unwrap();
    let store = folder.path().join("store.gpkg");
    let mut server = Server::open(&store, &["--demo"]);
    work(&server, 1);
    let before = answers(&server);
    assert!(server.stop().success());
    assert!(saved(&store).exists(), "a clean stop leaves the atlas beside the store");

    let mut server = Server::open(&store, &[]);
    assert_same(&answers(&server), &before);
    // Killed after further commits, which are only in the log.
    work(&server, 5);
    let before = answers(&server);
    let kept = fs::read(saved(&store)).unwrap();
    server.kill();
    let mut server = Server::open(&store, &[]);
    assert_same(&answers(&server), &before);
    server.kill();
    assert!(fs::read(saved(&store)).unwrap() == kept, "the file was good all the time");

    fs::remove_file(saved(&store)).unwrap();
    let mut server = Server::open(&store, &[]);
    assert_same(&answers(&server), &before);
    assert!(server.stop().success());

    // Changes to the file by another program are noticed.
    let mut damaged = fs::read(saved(&store)).unwrap();
    let middle = damaged.len() / 2;
    damaged[middle] ^= 0x20;
    fs::write(saved(&store), damaged).unwrap();
    let mut server = Server::open(&store, &[]);
    assert_same(&answers(&server), &before);
    assert!(server.stop().success());
}

#[test]
fn what_was_imported_while_no_server_ran_is_there_after_the_next_start() {
    let folder = tempfile::tempdir().unwrap();
    let store = folder.path().join("store.gpkg");
    let mut server = Server::open(&store, &["--demo"]);
    assert!(server.stop().success());
    let file = folder.path().join("more.geojson");
    let features: Vec<Value> = (100..150).map(|n| feature(n, LACHIN.0, LACHIN.1)).collect();
    fs::write(&file, collection(&features).to_string()).unwrap();
    let told = clearline(&["import", "--store", store.to_str().unwrap(), file.to_str().unwrap()]);
    assert!(told.status.success(), "{}", String::from_utf8_lossy(&told.stderr));
    let server = Server::open(&store, &[]);
    assert_eq!(server.get(&format!("/collections/detections/items/{}", id(149))).status(), 200);
}

/// Overwrites a page of the store that a start from a saved atlas does not read.
fn damage(store: &Path) {
    let sql =
        "SELECT pageno FROM dbstat WHERE name = 'detections_content' AND pagetype = 'leaf' LIMIT 1 OFFSET 40";
    let page =
        Command::new("sqlite3").arg(store).arg(sql).output().expect("sqlite3 is installed by make test");
    let page: u64 = String::from_utf8_lossy(&page.stdout).trim().parse().unwrap();
    let file = fs::OpenOptions::new().read(true).write(true).open(store).unwrap();
    let mut head = [0; 18];
    file.read_exact_at(&mut head, 0).unwrap();
    let size = u64::from(u16::from_be_bytes([head[16], head[17]]));
    file.write_all_at(&vec![0xa5; size as usize], (page - 1) * size).unwrap();
}

#[test]
fn damage_that_is_found_while_the_server_runs_stops_writing_and_is_told() {
    let folder = tempfile::tempdir().unwrap();
    let store = folder.path().join("store.gpkg");
    let mut server = Server::open(&store, &["--demo"]);
    assert!(server.stop().success());
    damage(&store);

    let mut server = Server::open(&store, &[]);
    let began = Instant::now();
    while server.get("/readyz").status() == 200 {
        assert!(began.elapsed() < PATIENCE, "the damage is not found");
        std::thread::sleep(Duration::from_millis(20));
    }
    let (status, told) = read(server.get("/readyz"));
    assert_eq!(status, 503);
    assert!(told["status"].as_str().unwrap().contains("damaged"), "{told}");
    let one = collection(&[feature(1, LACHIN.0, LACHIN.1)]);
    let (status, told) = server.post_json("/collections/detections/items", &one);
    assert_eq!((status, &told["type"]), (503, &json!("urn:clearline:problem:unavailable")), "{told}");
    assert!(told["detail"].as_str().unwrap().contains("backup"), "{told}");
    assert!(server.json("/summary")["total"]["records"].as_u64().unwrap() > 1_000, "reading goes on");
    assert!(server.stop().success());

    // The next start checks first, and refuses.
    assert!(!saved(&store).exists());
    let told = clearline(&["serve", "--listen", "127.0.0.1:0", "--store", store.to_str().unwrap()]);
    assert!(!told.status.success());
    let said = String::from_utf8_lossy(&told.stderr);
    assert!(said.contains("the store is damaged"), "{said}");
}

#[test]
fn damage_is_found_before_the_start_when_no_atlas_is_saved() {
    let folder = tempfile::tempdir().unwrap();
    let store = folder.path().join("store.gpkg");
    let mut server = Server::open(&store, &["--demo"]);
    assert!(server.stop().success());
    damage(&store);
    fs::remove_file(saved(&store)).unwrap();
    let told = clearline(&["serve", "--listen", "127.0.0.1:0", "--store", store.to_str().unwrap()]);
    assert!(!told.status.success());
    assert!(String::from_utf8_lossy(&told.stderr).contains("the store is damaged"));
}
