//! GDAL opens Clearline's stores and responses.

use std::{path::Path, process::Command};

use serde_json::Value;

use crate::program::{Server, collection, feature, id, read};

fn run(program: &str, arguments: &[&str]) -> String {
    run_with("", program, arguments)
}

/// Runs a program with the server's token in every request.
fn run_as(server: &Server, program: &str, arguments: &[&str]) -> String {
    run_with(&format!("Authorization: Bearer {}", server.token()), program, arguments)
}

fn run_with(headers: &str, program: &str, arguments: &[&str]) -> String {
    let output = Command::new(program)
        .args(arguments)
        .env("GDAL_HTTP_HEADERS", headers)
        .output()
        .unwrap_or_else(|e| panic!("{program}: {e}; make test installs it"));
    let text =
        format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    assert!(output.status.success(), "{program} {arguments:?}: {text}");
    text
}

fn line<'a>(text: &'a str, start: &str) -> &'a str {
    text.lines()
        .find_map(|l| l.trim().strip_prefix(start))
        .unwrap_or_else(|| panic!("no {start:?} in {text}"))
        .trim()
}

fn text(path: &Path) -> &str {
    path.to_str().unwrap()
}

#[test]
fn ogrinfo_opens_the_store_while_the_server_runs() {
    let server = Server::with_demonstration();
    let records = server.json("/summary?by=status")["total"]["records"].as_u64().unwrap();
    let info = run("ogrinfo", &["-ro", "-so", text(&server.store), "detections"]);
    assert_eq!(line(&info, "Geometry:"), "Point");
    assert_eq!(line(&info, "Feature Count:"), records.to_string());
    assert!(info.contains("ID[\"EPSG\",4326]"), "{info}");
    // Extent: (west, south) - (east, north)
    let numbers: Vec<f64> = line(&info, "Extent:")
        .split(|c: char| !(c.is_ascii_digit() || c == '.' || c == '-'))
        .filter_map(|n| n.parse().ok())
        .collect();
    assert!(numbers[0] > 45.4 && numbers[1] > 38.7 && numbers[2] < 48.0 && numbers[3] < 40.8, "{numbers:?}");
    let layers = run("ogrinfo", &["-ro", text(&server.store)]);
    for layer in ["detections", "accidents", "regions", "places", "change_log", "reported_figures"] {
        assert!(layers.contains(layer), "{layer} is missing in {layers}");
    }
    let log = run("ogrinfo", &["-ro", "-so", text(&server.store), "change_log"]);
    assert_eq!(line(&log, "Feature Count:"), records.to_string());
    let regions = run("ogrinfo", &["-ro", "-so", text(&server.store), "regions"]);
    let expected = server.json("/collections/regions/items?limit=1")["numberMatched"].to_string();
    assert_eq!(line(&regions, "Feature Count:"), expected);
}

#[test]
fn ogr2ogr_turns_the_items_into_a_shapefile() {
    let server = Server::with_demonstration();
    let folder = tempfile::tempdir().unwrap();
    let (items, shapes) = (folder.path().join("items.geojson"), folder.path().join("items.shp"));
    let page = server.json("/collections/detections/items?limit=10000");
    std::fs::write(&items, page.to_string()).unwrap();
    run("ogr2ogr", &[text(&shapes), text(&items)]);
    let info = run("ogrinfo", &["-ro", "-so", text(&shapes), "items"]);
    assert_eq!(line(&info, "Feature Count:"), page["numberMatched"].to_string());
    // The address itself is also a data source.
    let fetched = folder.path().join("fetched.shp");
    run_as(&server, "ogr2ogr", &[text(&fetched), &server.url("/collections/detections/items?limit=10000")]);
    let info = run("ogrinfo", &["-ro", "-so", text(&fetched), "fetched"]);
    assert_eq!(line(&info, "Feature Count:"), page["numberMatched"].to_string());
}

#[test]
fn the_mvt_driver_opens_a_tile() {
    let server = Server::with_demonstration();
    let folder = tempfile::tempdir().unwrap();
    for (collection, layer) in [("detections", "cells"), ("regions", "regions"), ("places", "places")] {
        let tile = folder.path().join(format!("{collection}.mvt"));
        std::fs::write(&tile, server.bytes(&format!("/tiles/{collection}/7/80/48.mvt"))).unwrap();
        let info = run("ogrinfo", &["-ro", "-so", &format!("MVT:{}", text(&tile)), layer]);
        assert_ne!(line(&info, "Feature Count:"), "0");
    }
}

#[test]
fn tilejson_holds_what_its_standard_wants() {
    let server = Server::with_demonstration();
    for collection in ["detections", "accidents", "regions", "places"] {
        let document: Value = server.json(&format!("/tiles/{collection}.json"));
        assert_eq!(document["tilejson"], "3.0.0");
        let bounds: Vec<f64> =
            document["bounds"].as_array().unwrap().iter().map(|n| n.as_f64().unwrap()).collect();
        assert!(bounds.len() == 4 && bounds[0] <= bounds[2] && bounds[1] <= bounds[3]);
        for layer in document["vector_layers"].as_array().unwrap() {
            assert!(layer["id"].is_string() && layer["fields"].is_object(), "{layer}");
        }
        let template = document["tiles"][0].as_str().unwrap();
        let address = template.replace("{z}", "7").replace("{x}", "80").replace("{y}", "48");
        assert_eq!(read(server.agent().get(&address).call().unwrap()).0, 200, "{address}");
    }
}

/// Returns the rows of a layer that GDAL reads over OGC API Features, as CSV without a header.
fn oapif_rows(server: &Server, more: &[&str]) -> Vec<String> {
    let source = format!("OAPIF:{}", server.url(""));
    let mut arguments = vec!["-f", "CSV", "/vsistdout/", &source];
    arguments.extend(more);
    let text = run_as(server, "ogr2ogr", &arguments);
    text.lines().skip(1).map(str::to_owned).collect()
}

#[test]
fn the_features_driver_reads_every_record_once_while_others_come_in() {
    const RECORDS: u64 = 100_000;
    let server = Server::start();
    for from in (0..RECORDS).step_by(20_000) {
        let at = |n: u64| (45.5 + (n % 1_000) as f64 * 0.002, 39.0 + (n / 1_000) as f64 * 0.01);
        let features: Vec<_> = (from..from + 20_000).map(|n| feature(n, at(n).0, at(n).1)).collect();
        let (status, report) = server.post_json("/uploads", &collection(&features));
        assert_eq!((status, &report["created"]), (200, &20_000.into()));
    }
    let source = format!("OAPIF:{}", server.url(""));
    let info = run_as(&server, "ogrinfo", &["-ro", "-so", &source, "detections"]);
    assert_eq!(line(&info, "Feature Count:"), RECORDS.to_string());
    for field in ["kind: String", "quantity: Integer", "detected_on: Date", "updated_at: DateTime"] {
        assert!(info.contains(field), "{field} is missing in {info}");
    }
    let rows = std::thread::scope(|scope| {
        let reading = scope.spawn(|| oapif_rows(&server, &["detections", "-select", "id"]));
        let mut n = RECORDS;
        while !reading.is_finished() && n < RECORDS + 1_000 {
            let (status, _) = server.post_json("/uploads", &collection(&[feature(n, 46.0, 40.0)]));
            assert_eq!(status, 200);
            n += 1;
        }
        assert!(n > RECORDS, "nothing came in");
        reading.join().unwrap()
    });
    let ids: std::collections::BTreeSet<&str> = rows.iter().map(|row| row.trim_matches('"')).collect();
    assert_eq!(ids.len(), rows.len(), "a record came twice");
    for n in 0..RECORDS {
        assert!(ids.contains(id(n).as_str()), "record {n} did not come");
    }
    // A box is sent to the server, and pages are as large as it allows.
    let box_rows = oapif_rows(&server, &["detections", "-spat", "45.499", "38.999", "45.501", "39.001"]);
    assert_eq!(box_rows.len(), 1);
}

#[test]
fn the_features_driver_leaves_conditions_to_the_server() {
    let server = Server::with_demonstration();
    let source = format!("OAPIF:{}", server.url(""));
    let mines = "kind = 'ap_mine' AND status = 'neutralised'";
    let info = run("ogrinfo", &["-ro", "-so", "--debug", "on", "-where", mines, &source, "detections"]);
    assert!(info.contains("filter=") && info.contains("filter-lang=cql"), "not pushed down: {info}");
    let asked = server.json("/summary?by=status&kind=ap_mine&status=neutralised");
    assert_eq!(line(&info, "Feature Count:"), asked["total"]["records"].to_string());
}

#[test]
fn conditions_and_boxes_give_the_counts_of_the_server() {
    let server = Server::with_demonstration();
    let source = format!("OAPIF:{}", server.url(""));
    let lachin = ["46.2", "39.3", "46.8", "40"];
    for (condition, meant) in [
        ("detected_on >= '2023-01-31'", "filter=detected_on%20%3E=%20DATE('2023-01-31')"),
        ("detected_on <= '2023-01-31'", "filter=detected_on%20%3C=%20DATE('2023-01-31')"),
        (
            "detected_on > '2022-10-01' AND detected_on < '2023-01-31'",
            "filter=detected_on%20BETWEEN%20DATE('2022-10-02')%20AND%20DATE('2023-01-30')",
        ),
        (
            "kind = 'ap_mine' AND detected_on >= '2023-01-31'",
            "kind=ap_mine&filter=detected_on%20%3E=%20DATE('2023-01-31')",
        ),
        ("kind LIKE 'ap%'", "filter=kind%20LIKE%20'ap%25'"),
        ("kind ILIKE 'AP%'", "filter=CASEI(kind)%20LIKE%20CASEI('AP%25')"),
        ("kind IN ('ap_mine', 'uxo')", "kind=ap_mine,uxo"),
        ("quantity > 1", "filter=quantity%20%3E%201"),
        ("neutralised_on IS NULL", "filter=neutralised_on%20IS%20NULL"),
    ] {
        for (within, spat) in [("", vec![]), ("&bbox=46.2,39.3,46.8,40", lachin.to_vec())] {
            let mut arguments = vec!["-ro", "-so", "-oo", "PAGE_SIZE=10000", "-where", condition];
            arguments.extend(spat.first().map(|_| "-spat"));
            arguments.extend(spat);
            arguments.extend([source.as_str(), "detections"]);
            let info = run_as(&server, "ogrinfo", &arguments);
            let expected =
                server.json(&format!("/collections/detections/items?limit=1&{meant}{within}"))["numberMatched"]
                    .to_string();
            assert_eq!(line(&info, "Feature Count:"), expected, "{condition} {within}");
            assert_ne!(expected, "0", "{condition} {within}");
        }
    }
}
