//! KML, KMZ and GPX.

use std::fs::File;

use super::{Fixture, id, read_by_gdal, run, text};

#[test]
fn what_is_exported_and_imported_again_changes_nothing() {
    let fixture = Fixture::new();
    for name in ["out.kml", "out.gpx"] {
        fixture.import_changes_nothing(&fixture.export(name));
    }
}

#[test]
fn gdal_reads_every_record_where_it_is() {
    let fixture = Fixture::new();
    let records = fixture.records();
    for (name, prefix) in [("out.kml", ""), ("out.gpx", "ogr_")] {
        let seen = read_by_gdal(&fixture.export(name), &fixture.path("seen.ndjson"));
        assert_eq!(seen.len(), fixture.n, "{name}");
        for feature in seen {
            let cell = |field: &str| &feature["properties"][format!("{prefix}{field}")];
            let record = &records[cell("id").as_str().unwrap_or_else(|| id(&feature))];
            assert_eq!(feature["geometry"]["coordinates"][0], record["geometry"]["coordinates"][0], "{name}");
            assert_eq!(feature["geometry"]["coordinates"][1], record["geometry"]["coordinates"][1], "{name}");
            for field in ["kind", "model", "operator", "disposal", "quantity", "note"] {
                // GDAL treats a field called `model` as a three-dimensional model.
                let name_of = if (name, field) == ("out.kml", "model") { "device_model" } else { field };
                let (seen, own) = (cell(name_of), &record["properties"][field]);
                // GDAL drops line breaks in GPX, and writes no numbers there.
                let plain = own.as_str().map_or_else(|| own.to_string(), |text| text.replace('\n', ""));
                let same = seen == own || (name == "out.gpx" && seen.as_str() == Some(&plain));
                assert!(same, "{name}: {field}: {seen} instead of {own}");
            }
        }
    }
}

#[test]
fn files_that_gdal_makes_are_imported_with_none_lost() {
    let fixture = Fixture::new();
    let out = fixture.export("out.gpkg");
    for (name, arguments) in [
        ("gdal.kml", &["-f", "KML"][..]),
        // It treats a field of this name as a three-dimensional model by default.
        ("libkml.kml", &["-f", "LIBKML", "--config", "LIBKML_MODEL_FIELD", "none"]),
        ("libkml.kmz", &["-f", "LIBKML", "--config", "LIBKML_MODEL_FIELD", "none"]),
        ("gdal.gpx", &["-f", "GPX", "-dsco", "GPX_USE_EXTENSIONS=YES", "-nlt", "POINT"]),
    ] {
        let made = fixture.path(name);
        run("ogr2ogr", &[arguments, &[text(&made), text(&out)]].concat());
        let (seen, records) = (fixture.imported(&made, &[]), fixture.records());
        assert_eq!(seen.len(), records.len(), "{name}");
        for (id, record) in &records {
            let found = seen.get(id).unwrap_or_else(|| panic!("{name}: {id} is missing"));
            for axis in 0..2 {
                let at = |of: &serde_json::Value| of["geometry"]["coordinates"][axis].as_f64().unwrap();
                assert!((at(found) - at(record)).abs() < 2e-7, "{name}");
            }
            for field in ["kind", "quantity", "detected_on", "neutralised_on", "disposal", "operator", "note"]
            {
                assert_eq!(found["properties"][field], record["properties"][field], "{name}: {field}");
            }
        }
    }
}

#[test]
fn an_archive_of_much_nothing_is_refused() {
    let fixture = Fixture::new();
    let (kml, kmz) = (fixture.path("doc.kml"), fixture.path("bomb.kmz"));
    let mut blanks = File::create(&kml).unwrap();
    std::io::copy(&mut std::io::Read::take(std::io::repeat(b' '), 20 << 20), &mut blanks).unwrap();
    let made = "import sys, zipfile; zipfile.ZipFile(sys.argv[2], 'w', 8).write(sys.argv[1], 'doc.kml')";
    run("python3", &["-c", made, text(&kml), text(&kmz)]);
    let output =
        crate::program::clearline(&["import", text(&kmz), "--store", text(&fixture.path("new.gpkg"))]);
    let told = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(!output.status.success() && told.contains("row 1 takes more than 1048576 bytes"), "{told}");
}
