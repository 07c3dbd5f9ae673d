//! One filter in both languages, everywhere.

use serde_json::json;

use super::asking::{numbers, query, server};
use crate::program::{LACHIN, collection, feature, read};

#[test]
fn items_tiles_and_summaries_take_the_same_filter_in_both_languages() {
    let server = server();
    let table = [
        ("status='neutralised'", r#"{"op":"=","args":[{"property":"status"},"neutralised"]}"#, 10),
        ("team IS NOT NULL", r#"{"op":"not","args":[{"op":"isNull","args":[{"property":"team"}]}]}"#, 4),
        (
            "CASEI(team) LIKE casei('dƏSTƏ 1%')",
            r#"{"op":"like","args":[{"op":"casei","args":[{"property":"team"}]},{"op":"casei","args":["dƏSTƏ 1%"]}]}"#,
            2,
        ),
        (
            "status='detected' OR team LIKE '%5'",
            r#"{"op":"or","args":[{"op":"=","args":[{"property":"status"},"detected"]},{"op":"like","args":[{"property":"team"},"%5"]}]}"#,
            12,
        ),
        (
            "NOT team = 'Dəstə 0'",
            r#"{"op":"not","args":[{"op":"=","args":[{"property":"team"},"Dəstə 0"]}]}"#,
            3,
        ),
    ];
    for (text, json, expected) in table {
        let in_text = query(text, "");
        for query in
            [in_text.clone(), query(text, "&filter-lang=cql-text"), query(json, "&filter-lang=cql2-json")]
        {
            let items = server.json(&format!("/collections/detections/items?{query}"));
            assert_eq!(items["numberMatched"], expected, "{text}");
            assert_eq!(numbers(&items).len(), expected as usize);
            let summary = server.json(&format!("/summary?by=status&{query}"));
            assert_eq!(summary["total"]["records"], expected, "{text}");
            let regions = server.json(&format!("/summary/regions?{query}"));
            assert_eq!(regions["total"]["records"], expected, "{text}");
            let world = json!({"type": "Polygon", "coordinates": [[[40, 35], [50, 35], [50, 45], [40, 45], [40, 35]]]});
            let (status, area) = server.post_json(&format!("/summary/area?{query}"), &world);
            assert_eq!((status, &area["total"]["records"]), (200, &json!(expected)), "{text}");
        }
        // The cache distinguishes filters.
        let tile = |query: &str| server.bytes(&format!("/tiles/detections/5/20/12.mvt{query}"));
        assert_eq!(tile(&format!("?{in_text}")), tile(&format!("?{in_text}")), "{text}");
        assert_ne!(tile(&format!("?{in_text}")), tile(""), "{text}");
    }
}

#[test]
fn pages_of_a_filter_lead_on_to_the_last_record() {
    let server = server();
    let mut seen = Vec::new();
    let filter =
        query("S_INTERSECTS(geometry, POLYGON((40 35, 50 35, 50 45, 40 45, 40 35))) AND quantity < 9", "");
    let mut path = format!("/collections/detections/items?limit=7&{filter}");
    for _ in 0..3 {
        let page = server.json(&path);
        seen.extend(numbers(&page).into_iter().map(str::to_owned));
        let links = page["links"].as_array().unwrap();
        let Some(next) = links.iter().find(|link| link["rel"] == "next") else { break };
        let href = next["href"].as_str().unwrap();
        href[href.find("/collections").unwrap()..].clone_into(&mut path);
    }
    seen.sort();
    seen.dedup();
    assert_eq!(seen.len(), 20);
}

#[test]
fn a_filter_that_names_the_status_sees_the_discounted_too() {
    let server = server();
    let mut false_alarm = feature(70, LACHIN.0, LACHIN.1);
    false_alarm["properties"]["status"] = json!("discounted");
    server.post_json("/uploads", &collection(&[false_alarm]));
    let count = |filter: &str| {
        let items = server.json(&format!("/collections/detections/items?{}", query(filter, "")));
        items["numberMatched"].as_u64().unwrap()
    };
    assert_eq!(
        (count("quantity > 0"), count("status <> 'neutralised'"), count("status = 'discounted'")),
        (20, 11, 1)
    );
}

#[test]
fn what_cannot_be_asked_is_a_400_that_names_it_wherever_it_is_asked() {
    let server = server();
    let bad = query("colour = 'red'", "");
    for path in [
        "/collections/detections/items",
        "/tiles/detections/5/20/12.mvt",
        "/summary",
        "/summary/regions",
        "/events",
    ] {
        let (status, problem) = read(server.get(&format!("{path}?{bad}")));
        let detail = problem["detail"].as_str().unwrap();
        assert_eq!(status, 400, "{path}");
        assert!(detail.contains("unknown property \"colour\""), "{path}: {detail}");
    }
    let deep = query(&format!("{}true", "NOT ".repeat(4_000)), "");
    for (path, reason) in [
        (query("true", "&filter-lang=sql"), "filter-lang"),
        (query("true", "&filter-crs=EPSG:2154"), "filter-crs"),
        (query("true", "&filter=true"), "is sent twice"),
        (deep, "60 nested operations"),
    ] {
        let (status, problem) = read(server.get(&format!("/collections/detections/items?{path}")));
        assert_eq!(status, 400, "{reason}");
        assert!(problem["detail"].as_str().unwrap().contains(reason), "{problem}");
    }
    assert_eq!(server.get("/healthz").status(), 200);
}
