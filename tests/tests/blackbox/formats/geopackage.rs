//! GeoPackage.

use super::{Fixture, id, is_same, read_by_gdal, run, text};
use crate::program::clearline;

#[test]
fn what_is_exported_and_imported_again_changes_nothing() {
    let fixture = Fixture::new();
    fixture.import_changes_nothing(&fixture.export("out.gpkg"));
}

#[test]
fn gdal_reads_every_record_as_it_is() {
    let fixture = Fixture::new();
    let records = fixture.records();
    let out = fixture.export("out.gpkg");
    let info = run("ogrinfo", &["-ro", "-so", text(&out), "detections"]);
    assert!(!info.contains("Warning"), "{info}");
    for line in [
        &format!("Feature Count: {}", fixture.n),
        "Geometry: Point",
        "detected_on: Date",
        "updated_at: DateTime",
        "quantity: Integer",
        "depth_cm: Real",
        "ID[\"EPSG\",4326]",
    ] {
        assert!(info.contains(line), "{line} is missing in {info}");
    }
    let seen = read_by_gdal(&out, &fixture.path("seen.ndjson"));
    assert_eq!(seen.len(), fixture.n);
    for feature in seen {
        let record = &records[id(&feature)];
        assert_eq!(feature["geometry"], record["geometry"]);
        for field in ["kind", "model", "quantity", "depth_cm", "disposal", "accuracy_m", "note"] {
            let (found, kept) = (&feature["properties"][field], &record["properties"][field]);
            assert!(is_same(found, kept), "{field}: {found} {kept}");
        }
        for field in ["detected_on", "neutralised_on"] {
            let day = feature["properties"][field].as_str().map(|day| day.replace('/', "-"));
            assert_eq!(day.as_deref(), record["properties"][field].as_str(), "{field}");
        }
    }
}

#[test]
fn files_that_gdal_makes_are_imported_with_none_lost() {
    let fixture = Fixture::new();
    let (records, out) = (fixture.records(), fixture.export("out.gpkg"));
    let made = fixture.path("made.gpkg");
    run("ogr2ogr", &[text(&made), text(&out)]);
    assert_eq!(fixture.imported(&made, &[]), records);
    fixture.import_changes_nothing(&made);
    // From GeoJSON, GDAL converts lists and objects to text; known fields are unaffected.
    let from_geojson = fixture.path("from.gpkg");
    run("ogr2ogr", &[text(&from_geojson), text(&fixture.export("out.geojson"))]);
    let seen = fixture.imported(&from_geojson, &[]);
    assert_eq!(seen.len(), records.len());
    for (id, record) in &records {
        assert_eq!(seen[id]["geometry"], record["geometry"]);
        for field in ["kind", "model", "detected_on", "note", "location_as_given"] {
            assert_eq!(seen[id]["properties"][field], record["properties"][field], "{field}");
        }
    }
}

#[test]
fn files_in_another_reference_system_come_back_to_their_places() {
    let fixture = Fixture::new();
    let out = fixture.export("out.gpkg");
    for system in ["EPSG:28408", "EPSG:32638", "EPSG:3857"] {
        let made = fixture.path(&format!("{}.gpkg", &system[5..]));
        run("ogr2ogr", &["-t_srs", system, text(&made), text(&out)]);
        fixture.lies_where_it_was(&made);
    }
}

#[test]
fn a_store_is_not_a_file_of_records() {
    let fixture = Fixture::new();
    let other = fixture.path("other.gpkg");
    let refused = clearline(&["import", text(&fixture.path("store.gpkg")), "--store", text(&other)]);
    assert!(!refused.status.success());
    let told = String::from_utf8(refused.stderr).unwrap();
    assert!(told.contains("is a view") && told.contains("clearline export"), "{told}");
}
