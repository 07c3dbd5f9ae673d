//! The base map that an operator configures: its tiles, who may keep them, and what a broken file does.

use std::{fs, path::Path};

use serde_json::{Value, json};
use tempfile::TempDir;

use crate::program::*;

/// Writes an archive of vector tiles: the map of the demonstration.
fn archive(folder: &Path) -> String {
    let demonstration = Server::with_demonstration();
    let path = folder.join("map.pmtiles");
    fs::write(&path, demonstration.bytes("/export/detections?f=pmtiles")).unwrap();
    path.to_str().unwrap().to_owned()
}

fn serve(folder: &TempDir, arguments: &[&str]) -> Server {
    Server::open(&folder.path().join("store.gpkg"), arguments)
}

/// The path of the tile 0/0/0 of an archive, from the document's template.
fn path_of(server: &Server, template: &Value, tile: &str) -> String {
    let template = template.as_str().unwrap().strip_prefix(&server.base).unwrap();
    template.replace("{z}/{x}/{y}", tile)
}

#[test]
fn without_a_base_map_the_page_learns_that_there_is_none() {
    let server = Server::start();
    assert_eq!(server.json("/basemap.json"), json!({"kind": "none", "terrain": null}));
    assert_eq!(server.get("/basemap/basemap-0/0/0/0.mvt").status(), 404);
    let policy = server.header("/field", "content-security-policy");
    assert!(!policy.contains("connect-src"), "{policy}");
    let mut page = server.public().get(server.url("/")).header("accept", "text/html").call().unwrap();
    assert!(!page.body_mut().read_to_string().unwrap().contains("clearline-basemap"));
}

#[test]
fn an_archive_is_served_tile_by_tile_and_any_cache_may_keep_it() {
    let folder = tempfile::tempdir().unwrap();
    let path = archive(folder.path());
    let server = serve(&folder, &["--basemap", &path]);
    let document = server.json("/basemap.json");
    assert_eq!(document["kind"], "protomaps");
    let mut page = server.public().get(server.url("/")).header("accept", "text/html").call().unwrap();
    assert!(
        page.body_mut()
            .read_to_string()
            .unwrap()
            .contains(r#"<meta name="clearline-basemap" content="/basemap.json" />"#)
    );
    assert_eq!((&document["minzoom"], &document["maxzoom"]), (&json!(0), &json!(14)));
    assert_eq!(document["bounds"].as_array().unwrap().len(), 4);
    assert!(!document["attribution"].as_str().unwrap().is_empty());
    let tile = path_of(&server, &document["tiles"], "0/0/0");
    let bytes = server.bytes(&tile);
    let read = mvt_reader::Reader::new(bytes).unwrap();
    assert!(read.get_layer_names().unwrap().iter().any(|name| name == "regions"));
    assert_eq!(server.header(&tile, "content-type"), "application/vnd.mapbox-vector-tile");
    let answer = server.public().get(server.url(&tile)).call().unwrap();
    assert_eq!(answer.headers()["cache-control"], "public, max-age=31536000, immutable");
    // A tile that the archive lacks is empty; one that cannot exist is an error, as is another version of the file.
    assert!(server.bytes(&path_of(&server, &document["tiles"], "9/0/0")).is_empty());
    assert_eq!(server.get(&path_of(&server, &document["tiles"], "1/2/0")).status(), 400);
    let other = tile.replace("/basemap/basemap-", "/basemap/basemap-0");
    assert_eq!(server.get(&other).status(), 404);
    assert_eq!(server.get(&tile.replace("/basemap-", "/terrain-")).status(), 404);
}

#[test]
fn a_file_that_is_cut_off_while_it_is_served_is_our_failure_and_ends_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let path = archive(folder.path());
    let server = serve(&folder, &["--basemap", &path]);
    let template = server.json("/basemap.json")["tiles"].clone();
    fs::OpenOptions::new().write(true).open(&path).unwrap().set_len(200).unwrap();
    assert_eq!(server.get(&path_of(&server, &template, "7/80/48")).status(), 503);
    assert_eq!(server.json("/basemap.json")["kind"], "protomaps");
    assert_eq!(server.get("/healthz").status(), 200);
}

#[test]
fn what_cannot_be_a_base_map_keeps_the_server_from_starting() {
    let folder = tempfile::tempdir().unwrap();
    let store = folder.path().join("store.gpkg");
    let text = folder.path().join("text.pmtiles");
    fs::write(&text, "no archive").unwrap();
    let vector = archive(folder.path());
    for (flags, told) in [
        (["--basemap", text.to_str().unwrap()], "text.pmtiles"),
        (["--basemap", "/nowhere/map.pmtiles"], "/nowhere/map.pmtiles"),
        (["--basemap", "http://tiles.example.org/style.json"], "https://"),
        (["--terrain", &vector], "terrain"),
    ] {
        let refused = refused(&[&["serve", "--store", store.to_str().unwrap()][..], &flags].concat());
        let said = String::from_utf8_lossy(&refused.stderr);
        assert!(!refused.status.success() && said.contains(told), "{flags:?}: {said}");
    }
    assert!(!store.exists());
}

#[test]
fn the_page_may_load_a_base_map_from_the_configured_host_and_no_other() {
    let folder = tempfile::tempdir().unwrap();
    let server = serve(&folder, &["--basemap", "https://tiles.example.org/style.json?key=a"]);
    let document = server.json("/basemap.json");
    assert_eq!(document["url"], "https://tiles.example.org/style.json?key=a");
    let policy = server.header("/field", "content-security-policy");
    for part in [
        "connect-src 'self' https://tiles.example.org;",
        "img-src 'self' data: blob: https://tiles.example.org;",
        "default-src 'self';",
    ] {
        assert!(policy.contains(part), "{policy}");
    }
    assert!(!policy.contains("script-src"), "{policy}");
}

#[test]
fn the_configuration_names_a_base_map_beside_it_and_a_flag_replaces_it() {
    let folder = tempfile::tempdir().unwrap();
    archive(folder.path());
    let config = folder.path().join("clearline.toml");
    fs::write(&config, "[basemap]\nsource = \"map.pmtiles\"\n").unwrap();
    let config = config.to_str().unwrap();
    let server = serve(&folder, &["--config", config]);
    assert_eq!(server.json("/basemap.json")["kind"], "protomaps");
    drop(server);
    let server = serve(&folder, &["--config", config, "--basemap", "https://a.example/{z}/{x}/{y}.png"]);
    assert_eq!(server.json("/basemap.json")["kind"], "raster");
}
