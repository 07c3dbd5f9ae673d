//! `events=FROM/TO`: what was found and what was neutralised in a period, the same everywhere.

use serde_json::{Value, json};

use crate::program::{LACHIN, Server, collection, feature, read};

/// Starts a server with one item of each history: what happened to it, and when.
fn server() -> Server {
    let server = Server::start();
    let (lon, lat) = LACHIN;
    let record = |n: u64, found: &str, neutralised: Option<&str>, quantity: u32| {
        let mut feature = feature(n, lon + f64::from(n as u32) * 1e-4, lat);
        let properties = &mut feature["properties"];
        properties["detected_on"] = json!(found);
        properties["quantity"] = json!(quantity);
        if let Some(on) = neutralised {
            properties["status"] = json!("neutralised");
            properties["neutralised_on"] = json!(on);
            properties["disposal"] = json!("destroyed_in_situ");
        }
        feature
    };
    let features = [
        record(1, "2023-08-03", Some("2023-08-20"), 2), // Found and neutralised in August.
        record(2, "2023-07-30", Some("2023-08-01"), 3), // Neutralised in August.
        record(3, "2023-08-31", Some("2023-09-05"), 5), // Found in August.
        record(4, "2023-08-15", None, 7),               // Found in August, still there.
        record(5, "2023-07-01", Some("2023-09-30"), 11), // Neither.
    ];
    let (status, report) = server.post_json("/uploads", &collection(&features));
    assert_eq!((status, &report["created"]), (200, &json!(5)), "{report}");
    server
}

fn events(found: [u64; 2], neutralised: [u64; 2]) -> Value {
    let counts = |[records, quantity]: [u64; 2]| json!({"records": records, "quantity": quantity});
    json!({"found": counts(found), "neutralised": counts(neutralised)})
}

#[test]
fn a_period_counts_what_happened_in_it_at_every_door() {
    let server = server();
    let august = events([3, 14], [2, 5]);
    let query = "events=2023-08-01/2023-08-31";
    let summary = server.json(&format!("/summary?by=region&{query}"));
    assert_eq!(summary["total"], august, "{summary}");
    assert_eq!(summary["events"], json!({"from": "2023-08-01", "to": "2023-08-31"}));
    assert_eq!(summary["rows"][0]["found"], august["found"], "{summary}");
    let regions = server.json(&format!("/summary/regions?{query}"));
    assert_eq!(regions["total"], august, "{regions}");
    let lachin =
        regions["regions"].as_array().unwrap().iter().find(|region| region["id"] == "AZ-LAC").unwrap();
    assert_eq!(lachin["events"], august);
    assert!(lachin.get("recorded").is_none() && lachin.get("share").is_none(), "two counts, and no share");
    let region = server.json(&format!("/summary/regions/AZ-LAC?{query}"));
    assert_eq!(region["region"]["events"], august);
    // Months are clipped to the period: no July or September.
    let month = |row: &Value| row["month"].as_str().unwrap().to_owned();
    let months: Vec<_> = region["months"].as_array().unwrap().iter().map(month).collect();
    assert_eq!(months, ["2023-08"]);
    assert_eq!(region["months"][0]["neutralised"], august["neutralised"]);
    assert_eq!(region["kinds"][0]["found"], august["found"]);
    let world =
        json!({"type": "Polygon", "coordinates": [[[44, 38], [51, 38], [51, 42], [44, 42], [44, 38]]]});
    let (status, area) = server.post_json(&format!("/summary/area?{query}"), &world);
    assert_eq!((status, &area["total"]), (200, &august), "{area}");
}

#[test]
fn events_count_by_days_too_with_open_ends_and_beside_other_filters() {
    let server = server();
    for (query, expected) in [
        ("events=2023-08-01", events([0, 0], [1, 3])),
        ("events=2023-08-31/2023-09-05", events([1, 5], [1, 5])),
        ("events=2023-09-01/..", events([0, 0], [2, 16])),
        ("events=../2023-07-31", events([2, 14], [0, 0])),
        ("events=2023-08-01/2023-08-31&status=detected", events([1, 7], [0, 0])),
        ("events=2023-08-01/2023-08-31&as_of=2023-08-10", events([1, 2], [1, 3])),
        ("events=2023-08-01/2023-08-31&datetime=2023-09-05", events([1, 5], [0, 0])),
        ("events=2023-08-01/2023-08-31&region=AZ-KAL", events([0, 0], [0, 0])),
    ] {
        assert_eq!(server.json(&format!("/summary?by=kind&{query}"))["total"], expected, "{query}");
        assert_eq!(server.json(&format!("/summary/regions?{query}"))["total"], expected, "{query}");
    }
}

#[test]
fn the_month_of_an_event_is_its_own_and_csv_names_both_counts() {
    let server = server();
    let months = server.json("/summary?by=month&events=2023-08-01/2023-09-30");
    let rows = json!([
        {"month": "2023-08", "found": {"records": 3, "quantity": 14}, "neutralised": {"records": 2, "quantity": 5}},
        {"month": "2023-09", "found": {"records": 0, "quantity": 0}, "neutralised": {"records": 2, "quantity": 16}},
    ]);
    assert_eq!(months["rows"], rows);
    let csv = server.bytes("/summary?by=month&events=2023-08-01/2023-09-30&f=csv");
    assert_eq!(
        String::from_utf8(csv).unwrap(),
        "month,found_records,found_quantity,neutralised_records,neutralised_quantity\r\n2023-08,3,14,2,5\r\n\
         2023-09,0,0,2,16\r\n"
    );
}

#[test]
fn datetime_keeps_its_meaning() {
    let server = server();
    let regions = server.json("/summary/regions?datetime=2023-08-01/2023-08-31");
    let total = json!({
        "records": 4, "quantity": 17, "detected": {"records": 1, "quantity": 7},
        "neutralised": {"records": 3, "quantity": 10},
    });
    assert_eq!(regions["total"], total);
}

#[test]
fn what_events_cannot_say_is_refused_by_name() {
    let server = server();
    for (query, told) in [
        ("/summary?events=August", "parameter events=\"August\""),
        ("/summary?events=2023-08-31/2023-08-01", "after its end"),
        (
            "/summary?by=status&events=2023-08-01/2023-08-31",
            "parameter by=\"status\": cannot be combined with events",
        ),
        ("/collections/detections/items?events=2023-08-01", "events"),
        ("/tiles/detections/0/0/0.mvt?events=2023-08-01", "events"),
    ] {
        let (status, problem) = read(server.get(query));
        assert_eq!(status, 400, "{query}: {problem}");
        assert!(problem["detail"].as_str().unwrap().contains(told), "{query}: {problem}");
    }
}
