//! Positions in systems other than WGS84 longitude and latitude, and as text.

use exchange::{AxisOrder, Format, ReadOptions, Reference};

use crate::{check, read};

#[test]
fn pulkovo_eastings_and_northings_are_transformed_and_kept() {
    let crs = |order| ReadOptions {
        crs: Some(Reference::parse("EPSG:28408", order).unwrap()),
        ..ReadOptions::default()
    };
    let feature = |x: &str, y: &str| {
        format!(
            r#"{{"type":"Feature","geometry":{{"type":"Point","coordinates":[{x},{y}]}},"properties":{{}}}}"#
        )
    };
    let (east, north) = ("8612585.74", "4436903.40");
    let row = |a: &str, b: &str| format!("1 - 46.31830,40.05810({a} {b} EPSG:28408)\n");
    let body = feature(north, east);
    assert_eq!(read(Format::GeoJson, body.as_bytes(), &crs(AxisOrder::Defined)), row(north, east));
    let body = feature(east, north);
    assert_eq!(read(Format::GeoJson, body.as_bytes(), &crs(AxisOrder::EastNorth)), row(east, north));
    let table = format!("northing,easting\n{north},{east}\n");
    assert_eq!(
        read(Format::Csv, table.as_bytes(), &crs(AxisOrder::Defined)),
        row(east, north).replace("1 -", "2 -")
    );
    let swapped = read(Format::GeoJson, body.as_bytes(), &crs(AxisOrder::Defined));
    assert!(swapped.starts_with("1 - unreadable(8612585.74 4436903.40: "), "{swapped}");
}

#[test]
fn grid_references_and_degrees_with_letters_are_read() {
    check(
        Format::Csv,
        "mgrs,kind\n38T PK 12435 35038,uxo\n38T,uxo\n,uxo\n",
        &[
            "2 - 46.31829,40.05810(38T PK 12435 35038 MGRS) kind=\"uxo\"",
            "3 - unreadable(38T: \"T\" in \"38T\" can't be read) kind=\"uxo\"",
            "4 - nowhere kind=\"uxo\"",
        ],
    );
    check(
        Format::Csv,
        "position\n\"40°06'22.7\"\"N 46°02'28.3\"\"E\"\n40.1 46.2\n",
        &[
            "2 - 46.04119,40.10631(40°06'22.7\"N 46°02'28.3\"E WGS84)",
            "3 - unreadable(40.1 46.2: \"40.1 46.2\" does not state which number is the latitude: add N or S and E or W, as in 40.0581 N 46.3183 E)",
        ],
    );
}

#[test]
fn columns_of_degrees_and_minutes_need_no_letters() {
    let row = |line, written: &str| format!("{line} - 46.04119,40.10631({written} WGS84)");
    check(
        Format::Csv,
        "lat;lon\n40°06'22,7\";46°02'28,3\"\n40 06 22.7N;46 02 28.3E\n",
        &[&row(2, "40°06'22.7\" N 46°02'28.3\" E"), &row(3, "40 06 22.7N 46 02 28.3E")],
    );
}
