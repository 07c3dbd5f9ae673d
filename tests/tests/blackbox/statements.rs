//! Statements of a request or a file mean the same through every entry point: reference systems, dates,
//! mappings, mistakes.

use std::path::Path;

use serde_json::{Value, json};

use crate::program::{LACHIN, Server, clearline, collection, feature, id};

const ITEMS: &str = "/collections/detections/items";

fn place(server: &Server, n: u64) -> Value {
    server.json(&format!("{ITEMS}/{}", id(n)))["geometry"]["coordinates"].clone()
}

fn import(store: &Path, file: &Path, arguments: &[&str]) -> (bool, String) {
    let fixed = ["import", file.to_str().unwrap(), "--store", store.to_str().unwrap()];
    let output = clearline(&[&fixed, arguments].concat());
    let told = [output.stdout, output.stderr].concat();
    (output.status.success(), String::from_utf8(told).unwrap())
}

#[test]
fn a_system_in_the_request_does_not_exchange_the_axes_of_geojson() {
    let server = Server::start();
    let systems = [
        "EPSG:4326",
        "http://www.opengis.net/def/crs/EPSG/0/4326",
        "urn:ogc:def:crs:EPSG::4326",
        "OGC:CRS84",
    ];
    for (n, system) in (1..).zip(systems) {
        let mut body = collection(&[feature(n, LACHIN.0, LACHIN.1)]);
        if n % 2 == 0 {
            body["crs"] = json!({"type": "name", "properties": {"name": "urn:ogc:def:crs:EPSG::4326"}});
        }
        for path in ["/uploads", ITEMS] {
            let (status, report) = server.post_json(&format!("{path}?crs={system}"), &body);
            assert_eq!((status, &report["refused"]), (200, &json!(0)), "{path} {system}: {report}");
        }
        assert_eq!(place(&server, n), json!([LACHIN.0, LACHIN.1]), "{system}");
    }
    let folder = tempfile::tempdir().unwrap();
    let (store, file) = (folder.path().join("s.gpkg"), folder.path().join("in.geojson"));
    std::fs::write(&file, collection(&[feature(1, LACHIN.0, LACHIN.1)]).to_string()).unwrap();
    assert!(import(&store, &file, &[]).0);
    let (stands, told) = import(&store, &file, &["--crs", "EPSG:4326"]);
    assert!(stands && told.contains("1 unchanged"), "{told}");
}

#[test]
fn exchanged_axes_are_kept_and_noticed() {
    let server = Server::start();
    let body =
        collection(&[feature(1, LACHIN.1, LACHIN.0), feature(2, LACHIN.0, LACHIN.1), feature(3, 10.0, 10.0)]);
    for path in ["/uploads", ITEMS] {
        let (status, report) = server.post_json(path, &body);
        assert_eq!((status, &report["refused"]), (200, &json!(0)), "{report}");
        let notices = report["notices"].as_array().unwrap();
        assert_eq!(notices.len(), 1, "{report}");
        let notice = &notices[0];
        assert_eq!(
            (&notice["row"], &notice["id"], &notice["field"], &notice["code"]),
            (&json!(1), &json!(id(1)), &json!("location"), &json!("axes_swapped"))
        );
        assert!(notice["message"].as_str().unwrap().contains("AZ-LAC"), "{notice}");
    }
    assert_eq!(place(&server, 1), json!([LACHIN.1, LACHIN.0]), "it is kept as it came");
    let (_, report) = server.post_json("/uploads", &collection(&[feature(2, LACHIN.0, LACHIN.1)]));
    assert!(report.get("notices").is_none(), "{report}");
}

#[test]
fn the_order_of_dates_is_stated_or_there_is_no_doubt() {
    let server = Server::start();
    let (lon, lat) = LACHIN;
    let table =
        |day: &str| format!("id,longitude,latitude,kind,detected_on\n{},{lon},{lat},uxo,{day}\n", id(1));
    let post = |query: &str, day: &str| {
        server.post(&format!("/uploads?dry_run=true{query}"), "text/csv", table(day).as_bytes())
    };
    let (status, refused) = post("", "03/04/2023");
    let reason = refused["errors"][0]["reason"].as_str().unwrap();
    assert!(status == 422 && reason.contains("dates=dmy, dates=mdy or dates=ymd"), "{refused}");
    for (query, day) in [
        ("", "14.03.2023"),
        ("&dates=dmy", "14/03/2023"),
        ("&dates=mdy", "3/14/2023 8:00:00 PM"),
        ("&dates=ymd", "23-03-14"),
    ] {
        let (status, report) = post(query, day);
        assert_eq!((status, &report["created"]), (200, &json!(1)), "{query} {day}: {report}");
    }
    assert_eq!(post("&dates=mdy", "14.03.2023").0, 422);
    assert_eq!(post("&dates=american", "14.03.2023").0, 400);
    let body = feature(1, lon, lat);
    let mut dotted = body.clone();
    dotted["properties"]["detected_on"] = json!("3/14/2023");
    let (status, made) = server.post_json(&format!("{ITEMS}?dates=mdy"), &dotted);
    assert_eq!((status, &made["properties"]["detected_on"]), (201, &json!("2023-03-14")), "{made}");

    let folder = tempfile::tempdir().unwrap();
    let (store, file) = (folder.path().join("s.gpkg"), folder.path().join("in.csv"));
    std::fs::write(&file, table("03/04/2023")).unwrap();
    assert!(!import(&store, &file, &[]).0);
    assert!(import(&store, &file, &["--dates", "mdy"]).0);
    std::fs::write(&file, table("2023-03-04")).unwrap();
    let (_, told) = import(&store, &file, &[]);
    assert!(told.contains("1 unchanged"), "{told}");
}

#[test]
fn a_table_for_excel_begins_with_a_mark_and_holds_no_formula() {
    let server = Server::start();
    let mut found = feature(1, LACHIN.0, LACHIN.1);
    let notes = ["=1+1", "+1", "-1", "@x", "\tx", "Kəlbəcər;=cmd|' /C calc'!A0"];
    let features: Vec<Value> = (1..)
        .zip(notes)
        .map(|(n, note)| {
            found["id"] = json!(id(n));
            found["properties"]["team"] = json!(note);
            found.clone()
        })
        .collect();
    assert_eq!(server.post_json("/uploads", &collection(&features)).0, 200);
    let plain = server.bytes("/export/detections?f=csv");
    let marked = server.bytes("/export/detections?f=csv&bom=true");
    assert_eq!(marked, [b"\xef\xbb\xbf", &*plain].concat());
    let text = String::from_utf8(plain).unwrap();
    for cell in text.split([',', ';', '\t', '\n', '\r']) {
        let cell = cell.trim_matches('"');
        assert!(cell.parse::<f64>().is_ok() || !cell.starts_with(['=', '+', '-', '@']), "{cell:?} in {text}");
    }
    let (status, report) = server.post("/uploads", "text/csv", &marked);
    assert_eq!((status, &report["unchanged"]), (200, &json!(notes.len())), "{report}");
    assert_eq!(server.get("/export/detections?f=geojson&bom=true").status(), 400);
    let folder = tempfile::tempdir().unwrap();
    let (store, file) = (folder.path().join("s.gpkg"), folder.path().join("in.csv"));
    std::fs::write(&file, &marked).unwrap();
    assert!(import(&store, &file, &[]).0);
    let out =
        clearline(&["export", "detections", "--store", store.to_str().unwrap(), "--format", "csv", "--bom"]);
    assert!(out.stdout.starts_with(b"\xef\xbb\xbf"));
}

#[test]
fn what_programs_send_as_ids_names_and_accuracies_is_understood() {
    let server = Server::start();
    let mut numbered = feature(1, LACHIN.0, LACHIN.1);
    numbered["id"] = json!(1);
    numbered["properties"]["OBJECTID"] = json!(1);
    let (status, report) = server.post_json("/uploads", &collection(&[numbered.clone()]));
    assert_eq!((status, &report["created"]), (200, &json!(1)), "{report}");
    numbered["properties"]["id"] = json!(7);
    let (status, refused) = server.post_json("/uploads", &collection(&[numbered.clone()]));
    assert!(status == 422 && refused.to_string().contains("is not a UUID"), "{refused}");
    let (status, report) = server.post_json("/uploads?columns={%22id%22:%22-%22}", &collection(&[numbered]));
    assert_eq!((status, &report["created"]), (200, &json!(1)), "{report}");

    let mut twins = feature(2, LACHIN.0, LACHIN.1);
    twins["properties"]["Kind"] = json!("uxo");
    twins["properties"]["zone"] = json!("a");
    let (status, refused) = server.post_json(ITEMS, &twins);
    assert!(status == 422 && refused.to_string().contains("Kind"), "{refused}");

    let mut unknown = feature(3, LACHIN.0, LACHIN.1);
    unknown["id"] = json!(format!("uuid:{}", id(3)));
    unknown["properties"]["accuracy_m"] = json!(0);
    assert_eq!(server.post_json(ITEMS, &unknown).0, 201);
    assert!(server.json(&format!("{ITEMS}/{}", id(3)))["properties"].get("accuracy_m").is_none());
}
