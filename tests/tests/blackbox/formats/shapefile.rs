//! Zipped Shapefiles, an input format only.

use super::{Fixture, run, text};

/// Fields that the format preserves exactly.
const KEPT: [&str; 15] = [
    "kind",
    "model",
    "made_in_year",
    "quantity",
    "depth_cm",
    "detected_on",
    "neutralised_on",
    "disposal",
    "team",
    "source_reliability",
    "information_reliability",
    "accuracy_m",
    "location_as_given",
    "note",
    "photos",
];

#[test]
fn files_that_gdal_makes_are_imported_with_none_lost() {
    let fixture = Fixture::new();
    let (records, out) = (fixture.records(), fixture.export("out.gpkg"));
    let made = fixture.path("detections.shz");
    run("ogr2ogr", &["-f", "ESRI Shapefile", "-lco", "ENCODING=UTF-8", text(&made), text(&out)]);
    let seen = fixture.imported(&made, &[]);
    assert_eq!(seen.len(), records.len());
    for (id, record) in &records {
        let found = seen.get(id).unwrap_or_else(|| panic!("{id} is missing"));
        assert_eq!(found["geometry"], record["geometry"]);
        for field in KEPT {
            assert_eq!(found["properties"][field], record["properties"][field], "{field}");
        }
    }
    fixture.import_changes_nothing(&made);
}

#[test]
fn files_in_another_reference_system_come_back_to_their_places() {
    let fixture = Fixture::new();
    let out = fixture.export("out.gpkg");
    for system in ["EPSG:28408", "EPSG:32638", "EPSG:3857"] {
        let made = fixture.path(&format!("{}.shz", &system[5..]));
        let arguments = ["-f", "ESRI Shapefile", "-lco", "ENCODING=UTF-8", "-t_srs", system];
        run("ogr2ogr", &[&arguments[..], &[text(&made), text(&out)]].concat());
        fixture.lies_where_it_was(&made);
    }
}
