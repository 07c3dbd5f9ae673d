//! Workbooks.

use super::{Fixture, id, read_by_gdal, run, text};

#[test]
fn what_is_exported_and_imported_again_changes_nothing() {
    let fixture = Fixture::new();
    fixture.import_changes_nothing(&fixture.export("out.xlsx"));
}

#[test]
fn gdal_reads_every_record_with_days_as_days_and_numbers_as_numbers() {
    let fixture = Fixture::new();
    let records = fixture.records();
    let seen = read_by_gdal(&fixture.export("out.xlsx"), &fixture.path("seen.ndjson"));
    assert_eq!(seen.len(), fixture.n);
    for row in seen {
        let (cells, record) = (&row["properties"], &records[id(&row)]);
        let place = record["geometry"]["coordinates"].as_array().unwrap();
        assert_eq!([&cells["longitude"], &cells["latitude"]], [&place[0], &place[1]]);
        assert_eq!(cells["quantity"], record["properties"]["quantity"]);
        for field in ["kind", "model", "note", "operator", "disposal", "detected_on", "neutralised_on"] {
            let is_day = field.ends_with("_on");
            let seen = cells[field]
                .as_str()
                .map(|cell| if is_day { cell.replace('/', "-") } else { cell.to_owned() });
            assert_eq!(seen.as_deref(), record["properties"][field].as_str(), "{field}");
        }
    }
}

#[test]
fn a_workbook_that_gdal_makes_is_imported_with_none_lost() {
    let fixture = Fixture::new();
    let (csv, made) = (fixture.export("out.csv"), fixture.path("gdal.xlsx"));
    run("ogr2ogr", &["-f", "XLSX", "-oo", "AUTODETECT_TYPE=YES", text(&made), text(&csv)]);
    let (seen, records) = (fixture.imported(&made, &[]), fixture.records());
    assert_eq!(seen.len(), records.len());
    for (id, record) in &records {
        let found = &seen[id];
        assert_eq!(found["geometry"], record["geometry"]);
        for field in ["kind", "quantity", "detected_on", "neutralised_on", "disposal", "operator", "depth_cm"]
        {
            assert_eq!(found["properties"][field], record["properties"][field], "{field}");
        }
    }
}
