//! Formats in and out, with GDAL on the other side.

mod flatgeobuf;
mod geopackage;
mod markup;
mod shapefile;
mod text;
mod xlsx;

use std::{
    collections::BTreeMap,
    path::{Path, PathBuf},
    process::Command,
};

use serde_json::{Value, json};
use tempfile::TempDir;

use crate::program::clearline;

/// A store of records that exercise every format.
pub struct Fixture {
    folder: TempDir,
    /// The number of records.
    pub n: usize,
}

impl Fixture {
    /// Creates a store with the demonstration's first records, and some with every field.
    pub fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let demo = folder.path().join("demo.geojson");
        succeed(&["demo", "--seed", "5", "-o", demo.to_str().unwrap()]);
        let made: Value = serde_json::from_slice(&std::fs::read(&demo).unwrap()).unwrap();
        let mut features: Vec<Value> = made["features"].as_array().unwrap()[..200].to_vec();
        features.extend(full_records());
        let n = features.len();
        let collection = json!({"type": "FeatureCollection", "features": features});
        std::fs::write(&demo, collection.to_string()).unwrap();
        let fixture = Self { folder, n };
        let told = succeed(&["import", text(&demo), "--store", text(&fixture.path("store.gpkg"))]);
        assert!(told.contains(&format!("{n} created")), "{told}");
        fixture
    }

    /// Returns a path in the fixture's folder.
    pub fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// Exports the store's records to a file; the extension determines the format.
    pub fn export(&self, name: &str) -> PathBuf {
        let file = self.path(name);
        succeed(&["export", "detections", "--store", text(&self.path("store.gpkg")), "-o", text(&file)]);
        file
    }

    /// Imports a file into the store and checks that every record is unchanged.
    pub fn import_changes_nothing(&self, file: &Path) {
        let told = succeed(&["import", text(file), "--store", text(&self.path("store.gpkg"))]);
        let n = self.n;
        let expected = format!("{n} rows: 0 created, 0 updated, {n} unchanged, 0 refused");
        assert!(told.contains(&expected), "{told}");
    }

    /// Imports a file into a new store without refusals; returns the records by id, without the store's
    /// metadata. `arguments` are added to the import.
    pub fn imported(&self, file: &Path, arguments: &[&str]) -> BTreeMap<String, Value> {
        let store = self.path(&format!("{}.store.gpkg", file.file_name().unwrap().to_str().unwrap()));
        let told = succeed(&[&["import", text(file), "--store", text(&store)], arguments].concat());
        assert!(told.contains(" 0 refused"), "{told}");
        records(&store, &self.path("imported.ndjson"))
    }

    /// Imports a file in another reference system and checks that every record has the same content, except
    /// the coordinates as given, and has moved by at most one unit of the last digit.
    pub fn lies_where_it_was(&self, file: &Path) {
        let (seen, records) = (self.imported(file, &[]), self.records());
        assert_eq!(seen.len(), records.len(), "{}", file.display());
        for (id, record) in &records {
            let at = |record: &Value, nth: usize| record["geometry"]["coordinates"][nth].as_f64().unwrap();
            for nth in 0..2 {
                let off = (at(&seen[id], nth) - at(record, nth)).abs();
                assert!(off < 1.5e-7, "{} {id}: {off}", file.display());
            }
            for field in ["kind", "quantity", "detected_on", "neutralised_on", "note"] {
                assert_eq!(seen[id]["properties"][field], record["properties"][field], "{field}");
            }
        }
    }

    /// Returns the records by id, without the store's metadata.
    pub fn records(&self) -> BTreeMap<String, Value> {
        records(&self.path("store.gpkg"), &self.path("records.ndjson"))
    }
}

fn records(store: &Path, file: &Path) -> BTreeMap<String, Value> {
    succeed(&["export", "detections", "--store", text(store), "-o", text(file)]);
    let lines = std::fs::read_to_string(file).unwrap();
    let records = lines.lines().map(|line| {
        let mut record: Value = serde_json::from_str(line).unwrap();
        for derived in ["revision", "updated_at"] {
            record["properties"].as_object_mut().unwrap().remove(derived);
        }
        (record["id"].as_str().unwrap().to_owned(), record)
    });
    records.collect()
}

/// Returns records that use every field, with text that has special meaning in some format.
fn full_records() -> Vec<Value> {
    let notes = [
        "=HYPERLINK(\"http://example.org\")",
        "two lines\nand a \"quote\", a comma; a tab\tand <b>&amp;</b> ]]>",
        "Kəlbəcər, Şuşa 💥 Ağdam",
        "'tis an apostrophe",
        "-12.5",
        "007",
    ];
    let records = notes.iter().enumerate().map(|(nth, note)| {
        json!({
            "type": "Feature",
            "id": format!("018f3c1e-7a44-7cc1-9d5e-2f0a4b1c9{nth:03}"),
            "geometry": {"type": "Point", "coordinates": [46.041_234_5 + nth as f64 / 1000.0, 40.106_323_1]},
            "properties": {
                "kind": "ap_mine", "model": note, "made_in_year": 2021, "quantity": 3, "depth_cm": 12.5,
                "detected_on": "2023-03-14", "status": "neutralised", "neutralised_on": "2023-03-15",
                "disposal": "destroyed_in_situ", "operator": "demonstration", "team": "7",
                "hazard_area": "HA-12", "source_reliability": "direct", "information_reliability": "probable", "accuracy_m": 2.25, "fix": "gnss",
                "location_as_given": {"coordinates": "4435012.4 8531207.1", "crs": "EPSG:28408"},
                "note": note, "photos": ["a.jpg", "b;c.jpg"],
                "weather": "cold", "count of goats": 12, "flag": true, "list": [1, "x", null],
            },
        })
    });
    records.collect()
}

/// Runs the program, which must succeed; returns its output.
pub fn succeed(arguments: &[&str]) -> String {
    let output = clearline(arguments);
    assert!(output.status.success(), "{arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}

/// Runs another program, which must succeed; returns its output.
pub fn run(program: &str, arguments: &[&str]) -> String {
    let output = Command::new(program).args(arguments).output();
    let output = output.unwrap_or_else(|e| panic!("{program}: {e}; make test installs it"));
    let told =
        format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    assert!(output.status.success(), "{program} {arguments:?}: {told}");
    told
}

/// Reads a file with GDAL; returns its features as GeoJSON lines, with places to 1e-7 degree.
pub fn read_by_gdal(file: &Path, lines: &Path) -> Vec<Value> {
    let _ = std::fs::remove_file(lines);
    run(
        "ogr2ogr",
        &["-f", "GeoJSONSeq", "-lco", "COORDINATE_PRECISION=7", "-lco", "RS=NO", text(lines), text(file)],
    );
    let written = std::fs::read_to_string(lines).unwrap();
    written.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

/// Returns whether two values are equal, however numbers are written.
pub fn is_same(a: &Value, b: &Value) -> bool {
    a == b || (a.is_number() && a.as_f64() == b.as_f64())
}

/// Returns the id of a feature read by GDAL: its own, or the property.
pub fn id(feature: &Value) -> &str {
    feature["id"].as_str().or_else(|| feature["properties"]["id"].as_str()).unwrap()
}

/// Returns a path as text.
pub fn text(path: &Path) -> &str {
    path.to_str().unwrap()
}
