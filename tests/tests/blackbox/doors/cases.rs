//! Files that people really send, after public reports about similar programs, and their outcomes. The files
//! are beside this one.

use serde_json::{Value, json};

use crate::program::{Server, read};

/// An upload: the file, and the request's parameters.
struct Sent {
    file: &'static str,
    kind: &'static str,
    query: &'static [(&'static str, &'static str)],
}

const GEOJSON: &str = "application/geo+json";
const CSV: &str = "text/csv";
const GPX: &str = "application/gpx+xml";
const KMZ: &str = "application/vnd.google-earth.kmz";

fn sent(file: &'static str, kind: &'static str, query: &'static [(&'static str, &'static str)]) -> Sent {
    Sent { file, kind, query }
}

fn bytes(file: &str) -> Vec<u8> {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/blackbox/doors/cases");
    std::fs::read(format!("{folder}/{file}")).unwrap()
}

/// Uploads it to a server; returns the status and the report.
fn upload(server: &Server, sent: &Sent) -> (u16, Value) {
    let mut request = server.agent().post(server.url("/uploads")).header("content-type", sent.kind);
    for (name, value) in sent.query {
        request = request.query(name, value);
    }
    read(request.send(bytes(sent.file).as_slice()).unwrap())
}

fn records(server: &Server) -> Vec<Value> {
    server.json("/collections/detections/items?limit=1000")["features"].as_array().unwrap().clone()
}

/// Uploads it to a new server: this many records must be created, and no row refused.
fn created(sent: &Sent, n: usize) -> Vec<Value> {
    let server = Server::start();
    let (status, report) = upload(&server, sent);
    let told = format!("{} {:?}: {report}", sent.file, sent.query);
    assert_eq!((status, &report["created"], &report["refused"]), (200, &json!(n), &json!(0)), "{told}");
    records(&server)
}

fn lies_at(record: &Value, [lon, lat]: [f64; 2]) {
    let at = |nth: usize| record["geometry"]["coordinates"][nth].as_f64().unwrap();
    assert!((at(0) - lon).abs() < 1e-6 && (at(1) - lat).abs() < 1e-6, "{record}");
}

#[test]
fn geojson_is_longitude_latitude_whatever_the_request_calls_the_system() {
    for sent in [
        sent("g27-crs-in-request.geojson", GEOJSON, &[]),
        sent("g27-crs-in-request.geojson", GEOJSON, &[("crs", "EPSG:4326")]),
        sent("g27-crs-in-request.geojson", GEOJSON, &[("crs", "urn:ogc:def:crs:EPSG::4326")]),
        sent("g02-crs-4326-urn.geojson", GEOJSON, &[]),
        sent("g02-crs-4326-urn.geojson", GEOJSON, &[("crs", "EPSG:4326")]),
        sent("g06-crs-28408.geojson", GEOJSON, &[]),
        sent("g06-crs-28408.geojson", GEOJSON, &[("crs", "EPSG:28408")]),
    ] {
        lies_at(&created(&sent, 1)[0], [46.0412, 40.1063]);
    }
}

#[test]
fn a_numeric_id_is_left_out_when_the_request_says_so() {
    let leaving = &[("columns", r#"{"id": "-"}"#)];
    created(&sent("g29-numeric-ids.geojson", GEOJSON, leaving), 2);
    let record = &created(&sent("g30-property-id-number.geojson", GEOJSON, leaving), 1)[0];
    assert_eq!(record["properties"]["id"], Value::Null, "{record}");
    // The number that GIS programs assign to a Feature counts its rows and is not an id; a property is one.
    created(&sent("g29-numeric-ids.geojson", GEOJSON, &[]), 2);
    let (status, told) = upload(&Server::start(), &sent("g30-property-id-number.geojson", GEOJSON, &[]));
    assert!(status == 422 && told.to_string().contains("columns"), "it says how: {told}");
}

#[test]
fn an_export_that_gdal_made_geojson_of_changes_nothing() {
    let server = Server::start();
    let record = |id: &str, [lon, lat]: [f64; 2], properties: Value| {
        let geometry = json!({"type": "Point", "coordinates": [lon, lat]});
        json!({"type": "Feature", "id": id, "geometry": geometry, "properties": properties})
    };
    let with_extra = record(
        "4f8ae9db-ee80-5ddc-8d21-6ac3fcb4d293",
        [46.0412, 40.1063],
        json!({
            "kind": "ap_mine", "detected_on": "2023-03-14",
            "big": 9_007_199_254_740_993_u64, "deep": {"a": [1, {"b": null}]}, "pi": 3.141_592_653_589_793,
        }),
    );
    let as_given = record(
        "8a324c06-9385-5837-854a-1da49b0f1897",
        [46.041_201_3, 40.106_304_1],
        json!({
            "kind": "ap_mine", "detected_on": "2023-03-14", "accuracy_m": 0.5,
            "location_as_given": {"coordinates": "38T NK 88739 40075", "crs": "MGRS"},
        }),
    );
    let made = json!({"type": "FeatureCollection", "features": [with_extra, as_given]});
    assert_eq!(server.post_json("/uploads", &made).1["created"], 2);
    for file in ["g31-extra-of-an-export.geojson", "g32-location-as-given-of-an-export.geojson"] {
        for query in [&[][..], &[("update", "true"), ("reason", "again")]] {
            let (status, report) = upload(&server, &Sent { file, kind: GEOJSON, query });
            assert_eq!((status, &report["unchanged"]), (200, &json!(1)), "{file}: {report}");
        }
    }
}

#[test]
fn a_waypoint_whose_type_is_no_kind_is_known_by_its_name() {
    for file in ["p01-osmand-undeclared.gpx", "p03-garmin.gpx"] {
        for query in [&[][..], &[("columns", r#"{"type": "-"}"#)]] {
            let record = &created(&Sent { file, kind: GPX, query }, 1)[0];
            let properties = &record["properties"];
            assert_eq!(
                (&properties["kind"], &properties["detected_on"]),
                (&json!("ap_mine"), &json!("2023-03-14"))
            );
            if file.starts_with("p03") {
                assert_eq!((&properties["ele"], &properties["sym"]), (&json!("812.4"), &json!("Flag, Blue")));
            }
        }
    }
}

#[test]
fn trailing_cells_that_excel_leaves_out_are_empty() {
    let records = created(&sent("c28-excel-short-rows.csv", CSV, &[]), 3);
    let depths: Vec<&Value> = records.iter().map(|record| &record["properties"]["depth_cm"]).collect();
    assert_eq!(depths, [&json!(12), &json!(10), &Value::Null]);
}

#[test]
fn leftovers_of_macos_in_a_kmz_are_passed_over() {
    lies_at(&created(&sent("k12-subfolder.kmz", KMZ, &[]), 1)[0], [46.0412, 40.1063]);
}

#[test]
fn an_export_of_odk_central_matches_the_records_that_came_by_phone() {
    let query = &[(
        "columns",
        r#"{"meta-instanceID": "id", "location-Latitude": "latitude", "location-Longitude": "longitude",
            "location-Accuracy": "accuracy_m", "KEY": "-", "SubmitterName": "team"}"#,
    )];
    let record = &created(&sent("c16-central-export.csv", CSV, query), 1)[0];
    assert_eq!(record["id"], "b8938864-a22d-5c20-9fcc-0faa966a5862");
    assert_eq!(record["properties"]["accuracy_m"], 4.6);
}

#[test]
fn a_line_that_names_the_separator_is_honoured() {
    let record = &created(&sent("c02-sep-line.csv", CSV, &[]), 1)[0];
    assert_eq!(record["id"], "f6cc69e0-4845-517f-8913-b2b8f3c490d9");
    lies_at(record, [46.0412, 40.1063]);
    let server = Server::start();
    let (status, told) = server.post(
        "/uploads",
        CSV,
        b"sep=$\nid$longitude$latitude$kind$detected_on\n$46.0412$40.1063$uxo$2023-03-14\n",
    );
    let told = told.to_string();
    assert!(
        status == 400 && told.contains("semicolon") && told.contains("tab"),
        "it says which are read: {told}"
    );
}

#[test]
fn a_day_is_read_in_the_order_that_the_request_states_and_never_guessed() {
    const DOTS: &str = "524031dd-8f22-592b-8c74-0f2383922fe5";
    const SLASHES: &str = "0311420d-fd78-50d2-9c9b-7f6aab29bb14";
    const AMERICAN: &str = "3/14/2023 8:00:00 PM";
    let days = |query: &'static [(&'static str, &'static str)]| {
        let server = Server::start();
        let (status, report) = upload(&server, &sent("c08-days-dmy.csv", CSV, query));
        assert_eq!(status, 200, "{report}");
        let day = |id: &str| {
            let (status, record) = read(server.get(&format!("/collections/detections/items/{id}")));
            (status == 200).then(|| record["properties"]["detected_on"].as_str().unwrap().to_owned())
        };
        (day(DOTS), day(SLASHES), report["problems"].clone())
    };
    let problem = |problems: &Value, value: &str| {
        let all = problems.as_array().unwrap();
        all.iter()
            .find(|p| p["value"] == value)
            .map_or(String::new(), |p| p["reason"].as_str().unwrap().to_owned())
    };
    let (dots, slashes, problems) = days(&[]);
    assert_eq!((dots.as_deref(), slashes), (Some("2023-03-14"), None));
    assert!(problem(&problems, "03/04/2023").contains("dates="), "it points at the parameter: {problems}");
    let (dots, slashes, problems) = days(&[("dates", "dmy")]);
    assert_eq!((dots.as_deref(), slashes.as_deref()), (Some("2023-03-14"), Some("2023-04-03")));
    assert!(!problem(&problems, AMERICAN).is_empty(), "there is no 14th month: {problems}");
    let (_, slashes, problems) = days(&[("dates", "mdy")]);
    assert_eq!(slashes.as_deref(), Some("2023-03-04"));
    assert!(problem(&problems, AMERICAN).is_empty(), "{problems}");
    // A number may be a day counted from 1900, from 1970 or something else.
    for query in [&[][..], &[("dates", "dmy")], &[("dates", "mdy")]] {
        let (_, _, problems) = days(query);
        assert!(!problem(&problems, "45000").is_empty() && !problem(&problems, "1678752000000").is_empty());
    }
}

#[test]
fn a_body_is_read_as_json_where_only_json_makes_sense() {
    let server = Server::start();
    let feature = crate::program::feature(1, 46.0412, 40.1063).to_string();
    // The type that OWSLib sends by default.
    let (status, told) = server.post("/collections/detections/items", "text/xml", feature.as_bytes());
    assert_eq!(status, 201, "{told}");
}

#[test]
fn a_manager_whose_position_may_be_swapped_is_told() {
    let server = Server::start();
    // Latitude, then longitude of a place in Kalbajar.
    let (status, report) = server
        .post_json("/uploads", &crate::program::collection(&[crate::program::feature(1, 40.1063, 46.0412)]));
    assert_eq!((status, &report["created"]), (200, &json!(1)), "{report}");
    assert_eq!(report["notices"][0]["field"], "location", "{report}");
}

#[test]
fn derived_values_in_a_patch_are_decisions_or_are_told() {
    let server = Server::start();
    let item = format!("/collections/detections/items/{}", crate::program::id(1));
    assert_eq!(server.post_json("/uploads", &crate::program::feature(1, 46.0412, 40.1063)).0, 200);
    let patch = |properties: Value| {
        let request =
            server.agent().patch(server.url(&item)).header("content-type", "application/merge-patch+json");
        read(request.send(json!({"properties": properties}).to_string()).unwrap())
    };
    let (status, told) = patch(json!({"review": "rejected", "reason": "seen twice"}));
    assert_eq!((status, &told["properties"]["review"]), (200, &json!("rejected")), "{told}");
    let (status, told) = patch(json!({"region": "AZ-LAC"}));
    assert!(status == 422 && told.to_string().contains("region"), "{status} {told}");
}
