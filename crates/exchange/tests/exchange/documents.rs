//! GeoJSON documents.

use exchange::{AxisOrder, Document, Format::GeoJson, ReadOptions, Reference, read_feature};

use crate::{check, read, rows};

const POINT: &str = r#"{"type":"Point","coordinates":[46.1,40.2]}"#;

fn feature(geometry: &str, properties: &str) -> String {
    format!(r#"{{"type":"Feature","id":"a","geometry":{geometry},"properties":{properties}}}"#)
}

fn collection(features: &[&str]) -> String {
    format!(r#"{{"type":"FeatureCollection","features":[{}]}}"#, features.join(","))
}

/// Checks one feature between two valid ones, which must be read in any case.
fn check_row(bad: &str, expected: &str) {
    let good = feature(POINT, "{}");
    check(GeoJson, collection(&[&good, bad, &good]), &["1 \"a\" 46.1,40.2", expected, "3 \"a\" 46.1,40.2"]);
}

#[test]
fn a_feature_is_a_document_with_one_row() {
    let body = feature(
        POINT,
        r#"{"kind":"ap_mine","quantity":1.50,"ok":true,"none":null,"tags":[1, {"a b": "c d"}]}"#,
    );
    check(
        GeoJson,
        &body,
        &[r#"1 "a" 46.1,40.2 kind="ap_mine" quantity=1.50 ok=true none=- tags=[1,{"a b":"c d"}]"#],
    );
    assert_eq!(rows(GeoJson, body.as_bytes()).1.document, Document::Feature);
}

#[test]
fn the_order_of_members_does_not_matter_and_unknown_ones_are_passed_over() {
    let f = r#"{"bbox":[1,2],"properties":{"kind":"uxo"},"geometry":{"coordinates":[46.1,40.2],"bbox":[],"type":"Point"},"title":{"x":[]},"type":"Feature"}"#;
    let row = "1 - 46.1,40.2 kind=\"uxo\"";
    check(GeoJson, f, &[row]);
    check(GeoJson, format!(r#"{{"features":[{f}],"name":"x]}}","type":"FeatureCollection"}}"#), &[row]);
    check(
        GeoJson,
        format!("\u{feff} \r\n{{\"type\":\"FeatureCollection\",\"x\":{{}},\"features\":[\n{f}\n]\t}}\n"),
        &[row],
    );
}

#[test]
fn an_empty_collection_has_no_rows() {
    check(GeoJson, collection(&[]), &[]);
}

#[test]
fn a_bad_feature_is_a_problem_of_its_row_only() {
    check_row(&feature(r#"{"type":"Point","coordinates":[500,91]}"#, "{}"), "2 \"a\" 500,91");
    check_row(
        &feature(r#"{"type":"Point","coordinates":[NaN,40]}"#, "{}"),
        r#"problem 2 of a: location "NaN,40]},\"properties" is not JSON: a value was expected at byte 70"#,
    );
    check_row(
        &feature(r#"{"type":"Point","coordinates":[1e999,40]}"#, "{}"),
        "problem 2 of a: location \"1e999\" is not a finite number",
    );
    check_row(
        &feature(POINT, r#"{"depth_cm":-1E+400}"#),
        "problem 2 of a: depth_cm \"-1E+400\" is not a finite number",
    );
    check_row(&feature(POINT, r#"{"kind":"a","k\u0069nd":"b"}"#), "problem 2 of a: kind \"\" occurs twice");
    check_row(&feature(POINT, r#"{"x":{"y":1,"y":1}}"#), "problem 2 of a: y \"\" occurs twice");
    check_row(&feature(POINT, "[1]"), "problem 2 of a: properties \"[1]\" is an array, not an object");
    check_row(r#"{"type":"feature"}"#, "problem 2: type \"feature\" is not Feature");
    check_row("{}", "problem 2: type \"\" is missing: each row must be a Feature");
    check_row("12", "problem 2:  \"12\" is a number, not a Feature");
    check_row("nil", "problem 2:  \"nil\" is not JSON: a value was expected at byte 1");
    let deep = format!("{}{}", "[".repeat(10_000), "]".repeat(10_000));
    check_row(
        &feature(POINT, &format!(r#"{{"x":{deep}}}"#)),
        "problem 2 of a: x \"\" is nested deeper than 32 levels",
    );
    check_row(&feature(&deep, "{}"), "problem 2 of a: location \"\" is nested deeper than 32 levels");
}

#[test]
fn a_geometry_that_is_no_point_says_what_it_is() {
    let check =
        |geometry, expected: &str| check_row(&feature(geometry, "{}"), &format!("2 \"a\" {expected}"));
    check("null", "nowhere");
    check(r#"{"type":"Point","coordinates":[]}"#, "nowhere");
    check(r#"{"type":"Point"}"#, "nowhere");
    check(r#"{"type":"Point","coordinates":[46.1,40.2,1200.5]}"#, "46.1,40.2");
    check(r#"{"type":"MultiPoint","coordinates":[[46.1,40.2]]}"#, "46.1,40.2");
    check(
        r#"{"type":"MultiPoint","coordinates":[[46.1,40.2],[1,2]]}"#,
        "unreadable([[46.1,40.2],[1,2]]: is a MultiPoint of 2; a record is a Point)",
    );
    check(r#"{"type":"Polygon","coordinates":[]}"#, "unreadable(Polygon: is a Polygon; a record is a Point)");
    check(r#"{"type":"Point","coordinates":[46.1]}"#, "unreadable([46.1]: has 1 coordinates, not 2 or 3)");
    check(
        r#"{"type":"Point","coordinates":[1,2,3,4]}"#,
        "unreadable([1,2,3,4]: has 4 coordinates, not 2 or 3)",
    );
    check(
        r#"{"type":"Point","coordinates":["46",40]}"#,
        "unreadable([\"46\",40]: coordinates are not all numbers)",
    );
    check(r#"{"type":"Point","coordinates":"x"}"#, "unreadable(x: is text, not coordinates)");
    check(r#"{"coordinates":[46,40]}"#, "unreadable(: the geometry has no type)");
    check("[46,40]", "unreadable([46,40]: is an array, not a geometry)");
}

#[test]
fn the_id_stands_on_the_feature_or_in_its_properties() {
    let f = |id: &str, inner: &str| {
        format!(r#"{{"type":"Feature",{id}"geometry":{POINT},"properties":{{"id":{inner}}}}}"#)
    };
    check(GeoJson, f("", "\"b\""), &["1 \"b\" 46.1,40.2"]);
    check(GeoJson, f("\"id\":7,", "null"), &["1 - 46.1,40.2"]);
    check(GeoJson, f("", "7"), &["1 7 46.1,40.2"]);
    check(GeoJson, f("\"id\":\"b\",", "\"b\""), &["1 \"b\" 46.1,40.2"]);
    check(
        GeoJson,
        f("\"id\":\"b\",", "\"c\""),
        &["problem 1 of b: id \"c\" is in the properties, but the Feature has b"],
    );
}

#[test]
fn what_breaks_the_document_is_an_error_that_names_the_place() {
    let good = feature(POINT, "{}");
    check(GeoJson, "", &["error: the body is empty"]);
    check(GeoJson, " \n", &["error: the body is empty"]);
    check(GeoJson, "NaN", &["error: row 0, byte 3: is not JSON: a value was expected at byte 1"]);
    let needed = "; expected a Feature or a FeatureCollection";
    check(GeoJson, "[1]", &[&format!("error: the document is an array{needed}")]);
    check(GeoJson, POINT, &[&format!("error: the document is a Point{needed}")]);
    check(GeoJson, "{}", &[&format!("error: the document has no type{needed}")]);
    check(
        GeoJson,
        r#"{"type":"FeatureCollection"}"#,
        &[&format!("error: the FeatureCollection has no features{needed}")],
    );
    let row = "1 \"a\" 46.1,40.2";
    let whole = collection(&[&good, &good]);
    check(GeoJson, &whole[..whole.len() - 12], &[row, "error: row 2, byte 225: the file is truncated"]);
    check(
        GeoJson,
        &whole[..whole.len() - 1],
        &[row, "2 \"a\" 46.1,40.2", "error: row 2, byte 236: the file is truncated"],
    );
    check(
        GeoJson,
        format!("{good}\n{good}"),
        &[
            "error: row 0, byte 98: text follows the end of the document; for a sequence of features use geojsonseq or ndjson",
        ],
    );
    let mut bytes = collection(&[&good, &good]).into_bytes();
    bytes[150] = 0xff;
    check(GeoJson, bytes, &[row, "error: row 2, byte 150: the text is not UTF-8"]);
    check(
        GeoJson,
        format!(r#"{{"type":"FeatureCollection","features":[{good} {good}]}}"#),
        &[row, "error: row 1, byte 138: a comma or ] was expected here"],
    );
    check(
        GeoJson,
        r#"{"type":"FeatureCollection","features":[],"features":[]}"#,
        &["error: row 0, byte 53: features occurs twice"],
    );
    check(
        GeoJson,
        r#"{"type":"FeatureCollection","features":[],"name":1,"name":2}"#,
        &["error: row 0, byte 60: name occurs twice"],
    );
}

#[test]
fn a_feature_or_a_file_beyond_the_limits_is_refused() {
    let options = ReadOptions { max_row_bytes: 200, max_rows: 2, ..ReadOptions::default() };
    let good = feature(POINT, "{}");
    let long = feature(POINT, &format!(r#"{{"note":"{}"}}"#, "x".repeat(200)));
    let seen = |body: String| read(GeoJson, body.as_bytes(), &options).lines().last().unwrap().to_owned();
    assert_eq!(seen(collection(&[&good, &long])), "error: row 2 takes more than 200 bytes");
    assert_eq!(seen(long), "error: row 1 takes more than 200 bytes");
    assert_eq!(seen(collection(&[&good, &good, &good])), "error: there are more than 2 rows");
    let beside = format!(r#"{{"type":"FeatureCollection","x":"{}","features":[]}}"#, "x".repeat(180));
    assert_eq!(seen(beside), "error: row 1 takes more than 200 bytes");
}

#[test]
fn reading_stops_when_the_caller_wants() {
    let good = feature(POINT, "{}");
    let body = collection(&[&good, &good]);
    let summary = exchange::read(GeoJson, body.as_bytes(), &ReadOptions::default(), |_| {
        std::ops::ControlFlow::Break(())
    });
    let summary = summary.unwrap();
    assert_eq!((summary.rows, summary.stopped), (1, true));
}

#[test]
fn one_feature_is_read_for_one_item() {
    let one = |body: &str| match read_feature(body.as_bytes(), &ReadOptions::default()) {
        Ok(row) => crate::shown(&row),
        Err(error) => error.to_string(),
    };
    let good = feature(POINT, "{}");
    assert_eq!(one(&good), "1 \"a\" 46.1,40.2");
    assert_eq!(one(&collection(&[&good])), "the body is a FeatureCollection; expected a single Feature");
    assert_eq!(one("{"), "row 0, byte 1: the file is truncated");
}

#[test]
fn an_old_style_reference_system_is_honoured_or_refused() {
    let crs = |name: &str| format!(r#""crs":{{"type":"name","properties":{{"name":"{name}"}}}}"#);
    let easting = feature(r#"{"type":"Point","coordinates":[5131828.5,4895048.4]}"#, "{}");
    let body = |before: &str, feature: &str, after: &str| {
        format!(r#"{{"type":"FeatureCollection",{before}"features":[{feature}]{after}}}"#)
    };
    let good = feature(POINT, "{}");
    for name in ["urn:ogc:def:crs:OGC:1.3:CRS84", "EPSG:4326", "urn:ogc:def:crs:EPSG::4326"] {
        check(GeoJson, body("", &good, &format!(",{}", crs(name))), &["1 \"a\" 46.1,40.2"]);
    }
    let mercator = crs("urn:ogc:def:crs:EPSG::3857");
    check(
        GeoJson,
        body(&format!("{mercator},"), &easting, ""),
        &["1 \"a\" 46.10000,40.20000(5131828.5 4895048.4 EPSG:3857)"],
    );
    check(
        GeoJson,
        body("", &easting, &format!(",{mercator}")),
        &[
            "1 \"a\" 5131828.5,4895048.4",
            "error: the member crs, EPSG:3857, comes after the features; put it before them, or specify it in the request",
        ],
    );
    let options = |name| ReadOptions {
        crs: Some(Reference::parse(name, AxisOrder::Defined).unwrap()),
        ..ReadOptions::default()
    };
    let asked = read(GeoJson, body("", &easting, &format!(",{mercator}")).as_bytes(), &options("EPSG:3857"));
    assert_eq!(asked, "1 \"a\" 46.10000,40.20000(5131828.5 4895048.4 EPSG:3857)\n");
    let asked = read(GeoJson, body(&format!("{mercator},"), &easting, "").as_bytes(), &options("OGC:CRS84"));
    assert_eq!(asked, "error: the file is in EPSG:3857, but the request specifies OGC:CRS84\n");
    let unknown = body(&format!("{},", crs("EPSG:1")), &easting, "");
    assert!(read(GeoJson, unknown.as_bytes(), &ReadOptions::default()).starts_with("error: "), "{unknown}");
}

#[test]
fn a_request_that_names_epsg_4326_gives_latitude_first() {
    let crs = Reference::parse("http://www.opengis.net/def/crs/EPSG/0/4326", AxisOrder::Defined).unwrap();
    let options = ReadOptions { crs: Some(crs), ..ReadOptions::default() };
    let body = feature(r#"{"type":"Point","coordinates":[40.2,46.1]}"#, "{}");
    assert_eq!(read(GeoJson, body.as_bytes(), &options), "1 \"a\" 46.1,40.2\n");
}
