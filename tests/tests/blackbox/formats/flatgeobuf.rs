//! `FlatGeobuf`.

use super::{Fixture, id, is_same, read_by_gdal, run, text};

#[test]
fn what_is_exported_and_imported_again_changes_nothing() {
    let fixture = Fixture::new();
    fixture.import_changes_nothing(&fixture.export("out.fgb"));
}

#[test]
fn gdal_reads_every_record_as_it_is() {
    let fixture = Fixture::new();
    let records = fixture.records();
    let out = fixture.export("out.fgb");
    let info = run("ogrinfo", &["-ro", "-so", text(&out), "detections"]);
    assert!(info.contains(&format!("Feature Count: {}", fixture.n)), "{info}");
    assert!(info.contains("ID[\"EPSG\",4326]"), "{info}");
    let seen = read_by_gdal(&out, &fixture.path("seen.ndjson"));
    assert_eq!(seen.len(), fixture.n);
    for feature in seen {
        let record = &records[id(&feature)];
        assert_eq!(feature["geometry"], record["geometry"]);
        for field in ["kind", "model", "quantity", "depth_cm", "disposal", "accuracy_m", "note"] {
            let (found, kept) = (&feature["properties"][field], &record["properties"][field]);
            assert!(is_same(found, kept), "{field}: {found} {kept}");
        }
        // The format has instants, but no days.
        for field in ["detected_on", "neutralised_on"] {
            let day = |value: &serde_json::Value| value.as_str().map(|day| day[..10].replace('/', "-"));
            assert_eq!(day(&feature["properties"][field]), day(&record["properties"][field]), "{field}");
        }
    }
}

#[test]
fn files_that_gdal_makes_are_imported_with_none_lost() {
    let fixture = Fixture::new();
    let (records, out) = (fixture.records(), fixture.export("out.gpkg"));
    for (name, arguments) in [("indexed.fgb", &[][..]), ("plain.fgb", &["-lco", "SPATIAL_INDEX=NO"])] {
        let made = fixture.path(name);
        run("ogr2ogr", &[arguments, &[text(&made), text(&out)]].concat());
        assert_eq!(fixture.imported(&made, &[]), records, "{name}");
        fixture.import_changes_nothing(&made);
    }
}

#[test]
fn files_in_another_reference_system_come_back_to_their_places() {
    let fixture = Fixture::new();
    let out = fixture.export("out.fgb");
    for system in ["EPSG:28408", "EPSG:32638", "EPSG:3857"] {
        let made = fixture.path(&format!("{}.fgb", &system[5..]));
        run("ogr2ogr", &["-t_srs", system, text(&made), text(&out)]);
        fixture.lies_where_it_was(&made);
    }
}
