//! GeoJSON and CSV.

use super::{Fixture, id, read_by_gdal, run, text};

#[test]
fn what_is_exported_and_imported_again_changes_nothing() {
    let fixture = Fixture::new();
    for name in ["out.geojson", "out.geojsons", "out.ndjson", "out.csv"] {
        fixture.import_changes_nothing(&fixture.export(name));
    }
}

#[test]
fn gdal_reads_every_record_where_it_is() {
    let fixture = Fixture::new();
    let records = fixture.records();
    for name in ["out.geojson", "out.geojsons", "out.ndjson"] {
        let seen = read_by_gdal(&fixture.export(name), &fixture.path("seen.ndjson"));
        assert_eq!(seen.len(), fixture.n, "{name}");
        for feature in seen {
            let record = &records[id(&feature)];
            assert_eq!(feature["geometry"], record["geometry"], "{name}");
            for field in ["kind", "model", "quantity", "detected_on", "neutralised_on", "note"] {
                assert_eq!(feature["properties"][field], record["properties"][field], "{name}: {field}");
            }
        }
    }
}

#[test]
fn geojson_and_csv_that_gdal_makes_are_imported_with_none_lost() {
    let fixture = Fixture::new();
    let out = fixture.export("out.geojson");
    for (name, arguments) in [
        ("gdal.geojson", &["-f", "GeoJSON"][..]),
        ("gdal.geojsons", &["-f", "GeoJSONSeq", "-lco", "RS=YES"]),
        ("gdal.ndjson", &["-f", "GeoJSONSeq", "-lco", "RS=NO"]),
        ("gdal.csv", &["-f", "CSV", "-lco", "GEOMETRY=AS_XY"]),
    ] {
        let made = fixture.path(name);
        run(
            "ogr2ogr",
            &[arguments, &["-lco", "COORDINATE_PRECISION=7"], &[text(&made), text(&out)]].concat(),
        );
        let (seen, records) = (fixture.imported(&made, &[]), fixture.records());
        assert_eq!(seen.len(), records.len(), "{name}");
        for (id, record) in &records {
            let found = seen.get(id).unwrap_or_else(|| panic!("{name}: {id} is missing"));
            assert_eq!(found["geometry"], record["geometry"], "{name}");
            for field in ["kind", "quantity", "detected_on", "neutralised_on", "disposal", "operator", "note"]
            {
                assert_eq!(found["properties"][field], record["properties"][field], "{name}: {field}");
            }
        }
    }
}
