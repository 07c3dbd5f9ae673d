//! GeoPackages from other programs.

use exchange::{AxisOrder, Format::GeoPackage, ReadOptions, Reference};
use rusqlite::Connection;

use crate::{binary::written, read};

/// Returns the result of reading our own file of one record, after some SQL.
fn after(sql: &str, options: &ReadOptions) -> String {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a?b%20#.gpkg");
    std::fs::write(&path, written(GeoPackage, 1)).unwrap();
    let conn = Connection::open(&path).unwrap();
    conn.execute_batch("PRAGMA foreign_keys = OFF; PRAGMA legacy_alter_table = ON").unwrap();
    conn.execute_batch(sql).unwrap();
    conn.close().unwrap();
    read(GeoPackage, &std::fs::read(&path).unwrap(), options)
}

fn check(sql: &str, expected: &str) {
    let seen = after(sql, &ReadOptions::default());
    assert!(seen.contains(expected), "{sql}: {seen}");
}

#[test]
fn geometries_that_are_no_point_are_problems_of_their_row() {
    check("UPDATE detections SET geom = x''", "is not a valid geometry");
    check("UPDATE detections SET geom = 'x'", "is not a geometry");
    check("UPDATE detections SET geom = x'4750000100000000' || x'0102000000'", "is not a geometry");
    check("UPDATE detections SET geom = x'47500001000000000102000000'", "is a LineString, not a Point");
    check(
        "UPDATE detections SET geom = x'47500011000000000101000000000000000000f87f000000000000f87f'",
        "nowhere",
    );
}

#[test]
fn types_are_kept_and_bytes_are_told() {
    check(
        "ALTER TABLE detections ADD COLUMN flag BOOLEAN; ALTER TABLE detections ADD COLUMN n; UPDATE detections SET flag = 1, n = 2.5",
        " flag=true n=2.5",
    );
    check("UPDATE detections SET note = x'00'", "note \"1 bytes\" is binary data, not text");
    check("UPDATE detections SET note = CAST(x'ff' AS TEXT)", "is not UTF-8");
    check("UPDATE detections SET depth_cm = 9e999", "depth_cm \"inf\" is not a finite number");
}

#[test]
fn the_reference_system_is_that_of_the_layer() {
    let to_mercator = "INSERT INTO gpkg_spatial_ref_sys VALUES ('m', 7, 'epsg', 3857, 'x', '');
        UPDATE gpkg_geometry_columns SET srs_id = 7;
        UPDATE detections SET geom = x'47500001000000000101000000' || x'0000000000000000'";
    // Text is not a blob: only the system matters here.
    check(to_mercator, "is not a geometry");
    let asked = |name: &str| {
        let crs = Some(Reference::parse(name, AxisOrder::Defined).unwrap());
        ReadOptions { crs, ..ReadOptions::default() }
    };
    let refused = after(to_mercator, &asked("EPSG:32638"));
    assert_eq!(refused, "error: the file is in EPSG:3857, but the request specifies EPSG:32638\n");
    let unknown = "INSERT INTO gpkg_spatial_ref_sys VALUES ('m', 7, 'other', 1, 'LOCAL_CS[\"mine\"]', '');
        UPDATE gpkg_geometry_columns SET srs_id = 7";
    check(
        unknown,
        "error: the reference system of the file is unknown: \"mine\"; specify it in the request\n",
    );
    assert!(after(unknown, &asked("OGC:CRS84")).contains(" 46.1,40.2 "));
}

#[test]
fn of_several_layers_the_one_that_is_meant_is_read_or_none() {
    let add = |name: &str, kind: &str| {
        format!(
            "CREATE TABLE {name} (fid INTEGER PRIMARY KEY, g, kind TEXT);
             INSERT INTO {name} (kind) VALUES ('from {name}');
             INSERT INTO gpkg_contents (table_name, data_type) VALUES ('{name}', 'features');
             INSERT INTO gpkg_geometry_columns VALUES ('{name}', 'g', '{kind}', 4326, 0, 0);"
        )
    };
    let away = "DELETE FROM gpkg_contents WHERE table_name = 'detections';";
    check(&add("other", "POINT"), "46.1,40.2");
    let (points, lines) = (add("other", "POINT"), add("roads", "LINESTRING"));
    check(&[away, &points, &lines].concat(), "1 - nowhere kind=\"from other\"");
    check(
        &[away, &points, &lines, &add("third", "POINT")].concat(),
        "the file has several layers, other, roads, third: send a file with one of them, or rename it to detections",
    );
    check(away, "the file has no layer of features");
}

#[test]
fn nothing_that_a_file_says_is_run() {
    check(
        "ALTER TABLE detections RENAME TO d; CREATE VIEW detections AS SELECT * FROM d;
         UPDATE gpkg_contents SET table_name = 'detections';
         UPDATE gpkg_geometry_columns SET table_name = 'detections'",
        "the layer \"detections\" is a view, which is not supported",
    );
    check(
        "ALTER TABLE gpkg_contents RENAME TO c; CREATE VIEW gpkg_contents AS SELECT * FROM c",
        "the file is not a GeoPackage: it has no table gpkg_contents",
    );
    check(
        "DROP TABLE detections; CREATE VIRTUAL TABLE detections USING rtree(id, a, b);
         INSERT OR IGNORE INTO gpkg_contents (table_name, data_type) VALUES ('detections', 'features')",
        "is a view, which is not supported",
    );
    // Generated columns are skipped.
    let seen = after(
        "ALTER TABLE detections ADD COLUMN g TEXT GENERATED ALWAYS AS (hex(zeroblob(9)))",
        &ReadOptions::default(),
    );
    assert!(seen.contains("46.1,40.2") && !seen.contains(" g="), "{seen}");
}

#[test]
fn a_long_value_or_a_long_definition_is_refused() {
    check("UPDATE detections SET note = hex(zeroblob(600000))", "error: row 1 takes more than 1048576 bytes");
    let comment = "x".repeat(40_000);
    check(
        &format!("CREATE TABLE t (a /* {comment} */)"),
        "error: row 0: the file is not a valid SQLite file",
    );
    let many = (0..20_000).map(|nth| format!("CREATE TABLE t{nth} (a);")).collect::<Vec<_>>().concat();
    check(&format!("BEGIN; {many} COMMIT"), "error: row 0: the file takes too much work to read");
}
