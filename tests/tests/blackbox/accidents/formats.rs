//! Every format out, through GDAL, and in again.

use std::process::Command;

use rand::SeedableRng;
use rand_chacha::ChaCha8Rng;
use serde_json::json;

use super::{contents, made_up, upload};
use crate::program::{Server, clearline};

const N: u64 = 60;

fn filled() -> Server {
    let server = Server::start();
    let rng = &mut ChaCha8Rng::seed_from_u64(19);
    upload(&server, &(1..=N).map(|n| made_up(rng, n)).collect::<Vec<_>>());
    server
}

/// The formats that are read as well, with their file extensions.
const FORMATS: [(&str, &str); 9] = [
    ("geojson", "geojson"),
    ("geojsonseq", "geojsons"),
    ("csv", "csv"),
    ("xlsx", "xlsx"),
    ("gpkg", "gpkg"),
    ("fgb", "fgb"),
    ("kml", "kml"),
    ("gpx", "gpx"),
    ("shp", "zip"),
];

#[test]
fn every_format_comes_back_as_it_went_out() {
    let (server, folder) = (filled(), tempfile::tempdir().unwrap());
    let before = contents(&server);
    assert_eq!(before.len() as u64, N);
    let is_read =
        |format: &str| matches!(server.get(&format!("/export/accidents?f={format}")).status().as_u16(), 200);
    let mut n_tried = 0;
    for (format, extension) in FORMATS.into_iter().filter(|(format, _)| is_read(format)) {
        let file = folder.path().join(format!("accidents.{extension}"));
        std::fs::write(&file, server.bytes(&format!("/export/accidents?f={format}"))).unwrap();
        if format == "gpx" {
            continue; // Holds too few fields to come back whole.
        }
        let store = folder.path().join(format!("{format}.gpkg"));
        let arguments = [
            "import",
            "--collection",
            "accidents",
            "--store",
            store.to_str().unwrap(),
            file.to_str().unwrap(),
        ];
        let told = clearline(&arguments);
        let said =
            format!("{}{}", String::from_utf8_lossy(&told.stdout), String::from_utf8_lossy(&told.stderr));
        assert!(said.contains(&format!("{N} created")) && said.contains(" 0 refused"), "{format}: {said}");
        let other = Server::open(&store, &[]);
        let after = contents(&other);
        for (id, feature) in &before {
            assert_eq!(after.get(id), Some(feature), "{format}");
        }
        n_tried += 1;
    }
    assert!(n_tried >= 6, "only {n_tried} formats are exported and read");
}

fn ogrinfo(arguments: &[&str], headers: &str) -> String {
    let output = Command::new("ogrinfo").args(arguments).env("GDAL_HTTP_HEADERS", headers).output();
    let output = output.expect("make test installs ogrinfo");
    let text =
        format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    assert!(output.status.success(), "{arguments:?}: {text}");
    text
}

#[test]
fn gdal_reads_the_layer_the_exports_and_the_store() {
    let (server, folder) = (filled(), tempfile::tempdir().unwrap());
    let headers = format!("Authorization: Bearer {}", server.token());
    let count = format!("Feature Count: {N}");
    let layer = ogrinfo(&["-ro", "-so", &format!("OAPIF:{}", server.base), "accidents"], &headers);
    assert!(layer.contains(&count) && layer.contains("occurred_on"), "{layer}");
    let killed = server.json("/collections/accidents/items?filter=killed%20%3E%200&limit=1")["numberMatched"]
        .to_string();
    let filtered = ogrinfo(
        &["-ro", "-so", "-where", "killed > 0", &format!("OAPIF:{}", server.base), "accidents"],
        &headers,
    );
    assert!(filtered.contains(&format!("Feature Count: {killed}")), "{filtered}");
    assert_ne!(killed, "0");
    for (format, extension) in [("gpkg", "gpkg"), ("fgb", "fgb"), ("kml", "kml"), ("geojson", "geojson")] {
        let file = folder.path().join(format!("out.{extension}"));
        std::fs::write(&file, server.bytes(&format!("/export/accidents?f={format}"))).unwrap();
        let info = ogrinfo(&["-ro", "-so", "-al", file.to_str().unwrap()], "");
        assert!(info.contains(&count), "{format}: {info}");
    }
    let store = ogrinfo(&["-ro", "-so", server.store.to_str().unwrap(), "accidents"], "");
    assert!(store.contains(&count), "{store}");
}

#[test]
fn tiles_hold_every_accident_once_at_each_zoom() {
    let server = filled();
    let document = server.json("/tiles/accidents.json");
    assert_eq!(document["vector_layers"][0]["id"], "accidents");
    assert_eq!(document["vector_layers"][0]["fields"]["killed"], json!("Number: Killed"));
    let whole = server.bytes("/tiles/accidents/0/0/0.mvt");
    assert!(!whole.is_empty());
    assert!(server.bytes("/tiles/accidents/0/0/0.mvt?class=ied").is_empty(), "a tile without accidents");
    let ogc = server.bytes("/collections/accidents/tiles/WebMercatorQuad/0/0/0");
    assert_eq!(ogc, whole);
}
