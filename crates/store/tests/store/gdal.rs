//! Tests with GDAL on a store that is open. They need `ogrinfo` (Debian: gdal-bin).

use std::{path::Path, process::Command};

use demining::{AccidentDetails, Details, Expect};
use geometry::LonLat;
use serde_json::Value;
use store::Store;

use crate::{reference::*, samples::*};

/// Returns the output of ogrinfo with these arguments.
fn ogrinfo(path: &Path, arguments: &[&str]) -> String {
    let told = Command::new("ogrinfo").args(["-ro"]).args(arguments).arg(path).output();
    let told = told.expect("ogrinfo is there (Debian: apt-get install gdal-bin)");
    let (out, err) = (String::from_utf8_lossy(&told.stdout), String::from_utf8_lossy(&told.stderr));
    assert!(told.status.success(), "{out}{err}");
    assert_eq!(err, "", "GDAL has nothing to complain of");
    out.into_owned()
}

/// Returns the summary of one layer, as a line of the relevant values.
fn summary(path: &Path, layer: &str) -> String {
    let told = Command::new("ogrinfo").args(["-ro", "-so"]).arg(path).arg(layer).output().unwrap();
    let told = String::from_utf8(told.stdout).unwrap();
    let keys = ["Geometry: ", "Feature Count: ", "Extent: ", "FID Column", "Geometry Column"];
    told.lines().filter(|line| keys.iter().any(|key| line.starts_with(key))).collect::<Vec<_>>().join("; ")
}

fn at_corner(n: u64, lon: f64, lat: f64) -> Details {
    Details { location: LonLat::new(lon, lat).unwrap(), ..plain(n) }
}

fn store_with_everything() -> (tempfile::TempDir, Store) {
    let (folder, mut store) = new_store();
    store.replace_reference(&[kalbajar(), country()], &[shusha()], &[figure()], at(0)).unwrap();
    commit(&mut store, 1, vec![put(at_corner(1, 46.25, 39.5)), put(at_corner(2, 47.5, 40.25)), put(full(3))]);
    let at_edge = AccidentDetails { location: LonLat::new(47.75, 39.25).unwrap(), ..accident(4) };
    commit(&mut store, 1, vec![put(at_edge), put(full_accident(5))]);
    (folder, store)
}

#[test]
fn gdal_finds_the_layers_and_tables_while_the_store_is_open() {
    let (_folder, store) = store_with_everything();
    let told = ogrinfo(store.path(), &[]);
    let layers: Vec<&str> = told
        .lines()
        .filter_map(|line| line.split_once(": ").filter(|(n, _)| n.parse::<u8>().is_ok()))
        .map(|l| l.1)
        .collect();
    assert_eq!(
        layers,
        [
            "detections (Point)",
            "regions (Multi Polygon)",
            "places (Point)",
            "change_log (Point)",
            "accidents (Point)",
            "reported_figures (None)",
            "uploads (None)",
            "revisions (None)"
        ]
    );
}

#[test]
fn gdal_counts_the_records_and_knows_their_extent_after_each_commit() {
    let (_folder, mut store) = store_with_everything();
    let check = |store: &Store, expected: &str| {
        let all = format!("Geometry: Point; {expected}; FID Column = fid; Geometry Column = geom");
        assert_eq!(summary(store.path(), "detections"), all);
    };
    check(&store, "Feature Count: 3; Extent: (46.041235, 39.500000) - (47.500000, 40.250000)");
    // One record at the edge moves, one is deleted, and the extent shrinks.
    commit(
        &mut store,
        2,
        vec![because(put_as(at_corner(2, 46.5, 40.0), Expect::Any), "measured again"), delete(3)],
    );
    check(&store, "Feature Count: 2; Extent: (46.250000, 39.500000) - (46.500000, 40.000000)");
    commit(&mut store, 3, vec![delete(1), delete(2)]);
    assert!(summary(store.path(), "detections").starts_with("Geometry: Point; Feature Count: 0; "));
    assert_eq!(
        summary(store.path(), "regions"),
        "Geometry: Multi Polygon; Feature Count: 2; Extent: (45.500000, 39.000000) - (47.000000, 40.500000); \
         FID Column = fid; Geometry Column NOT NULL = geom"
    );
    // The log still has the former places of records.
    assert_eq!(
        summary(store.path(), "change_log"),
        "Geometry: Point; Feature Count: 7; Extent: (46.041235, 39.500000) - (47.500000, 40.250000); \
         FID Column = fid; Geometry Column = geom"
    );
}

#[test]
fn gdal_counts_accidents_and_knows_their_extent_after_each_commit() {
    let (_folder, mut store) = store_with_everything();
    let check = |store: &Store, expected: &str| {
        let all = format!("Geometry: Point; {expected}; FID Column = fid; Geometry Column = geom");
        assert_eq!(summary(store.path(), "accidents"), all);
    };
    check(&store, "Feature Count: 2; Extent: (47.030123, 39.250000) - (47.750000, 39.720432)");
    // A commit of detections leaves it, and a deletion at the edge shrinks it.
    commit(&mut store, 2, vec![delete(1)]);
    check(&store, "Feature Count: 2; Extent: (47.030123, 39.250000) - (47.750000, 39.720432)");
    commit(&mut store, 3, vec![delete_accident(4)]);
    check(&store, "Feature Count: 1; Extent: (47.030123, 39.720432) - (47.030123, 39.720432)");
}

/// Returns the feature with this number, as GDAL reads it.
fn feature(folder: &Path, store: &Store, layer: &str, fid: u32) -> Value {
    let out = folder.join(format!("{layer}.geojson"));
    let told = Command::new("ogr2ogr")
        .args(["-f", "GeoJSON", "-lco", "RFC7946=YES"])
        .arg(&out)
        .arg(store.path())
        .args([layer, "-where", &format!("fid = {fid}")])
        .output()
        .expect("ogr2ogr is there (Debian: apt-get install gdal-bin)");
    assert!(told.status.success(), "{}", String::from_utf8_lossy(&told.stderr));
    let read: Value = serde_json::from_slice(&std::fs::read(&out).unwrap()).unwrap();
    read["features"][0].clone()
}

#[test]
fn gdal_reads_every_field_of_an_accident_as_it_was_written() {
    let (folder, store) = store_with_everything();
    let feature = feature(folder.path(), &store, "accidents", 5);
    assert_eq!(feature["geometry"]["coordinates"], serde_json::json!([47.030_123_4, 39.720_432_1]));
    let expected: [(&str, Value); 11] = [
        ("id", id(5).to_string().into()),
        ("class", "mine".into()),
        ("occurred_on", "2023-09-19".into()),
        ("time", "04:30".into()),
        ("device", "av_mine".into()),
        ("killed", 1.into()),
        ("certified_on", "2023-10-02".into()),
        ("accuracy_m", 25.5.into()),
        ("location_as_given_crs", "EPSG:28408".into()),
        ("note", "Two lines,\nand a tab\t; and 地雷.".into()),
        ("review", "approved".into()),
    ];
    for (name, value) in expected {
        assert_eq!(feature["properties"][name], value, "{name}");
    }
    let victims = &feature["properties"]["victims"];
    let victims = victims.as_str().map_or_else(|| victims.to_string(), str::to_owned);
    assert!(victims.contains("herding"), "{victims}");
}

#[test]
fn gdal_reads_every_field_as_it_was_written() {
    let (folder, store) = store_with_everything();
    let feature = feature(folder.path(), &store, "detections", 3);
    assert_eq!(feature["geometry"]["coordinates"], serde_json::json!([46.041_234_5, 40.106_312_3]));
    let expected: [(&str, Value); 18] = [
        ("id", id(3).to_string().into()),
        ("kind", "av_mine_improvised".into()),
        ("model", "TM-62M".into()),
        ("made_in_year", 2021.into()),
        ("quantity", 3.into()),
        ("depth_cm", 12.0.into()),
        ("detected_on", "2023-03-14".into()),
        ("status", "neutralised".into()),
        ("neutralised_on", "2023-03-15".into()),
        ("disposal", "moved_and_destroyed".into()),
        ("operator", "Ağdam 'ərazi' \"A\"".into()),
        ("accuracy_m", 5.1.into()),
        ("fix", "gnss_corrected".into()),
        ("note", "Two lines,\nand a tab\t; and 地雷.".into()),
        ("crs_as_given", "EPSG:28408".into()),
        ("review", "approved".into()),
        ("revision", 1.into()),
        ("updated_by", "team 7".into()),
    ];
    for (name, value) in expected {
        assert_eq!(feature["properties"][name], value, "{name}");
    }
}
