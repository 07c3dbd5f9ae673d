//! Filters select the same accidents everywhere, and exactly those that a plain loop selects.

use rand::{Rng, SeedableRng};
use rand_chacha::ChaCha8Rng;
use serde_json::Value;

use super::{ITEMS, made_up, upload};
use crate::program::Server;

/// Returns whether a filter selects an accident with these properties.
type Test = Box<dyn Fn(&Value) -> bool>;

fn encoded(text: &str) -> String {
    text.bytes().fold(String::new(), |text, byte| text + &format!("%{byte:02X}"))
}

#[test]
fn a_filter_means_the_same_in_items_summary_and_export() {
    let server = Server::start();
    let rng = &mut ChaCha8Rng::seed_from_u64(7);
    let accidents: Vec<Value> = (1..=200).map(|n| made_up(rng, n)).collect();
    upload(&server, &accidents);
    let all = server.json(&format!("{ITEMS}?limit=1000"));
    let all = all["features"].as_array().unwrap();
    let text = |p: &Value, name: &str| p[name].as_str().unwrap_or("").to_owned();
    for round in 0..60 {
        let (from, n) = (rng.random_range(1..28), rng.random_range(0..3));
        let class = ["mine", "cluster", "uxo_axo", "other"][rng.random_range(0..4)];
        let (query, test): (String, Test) = match round % 10 {
            0 => (format!("class={class}"), Box::new(move |p| p["class"] == class)),
            1 => (
                format!("class={class},mine"),
                Box::new(move |p| p["class"] == class || p["class"] == "mine"),
            ),
            2 => (
                format!("filter={}", encoded(&format!("killed > {n}"))),
                Box::new(move |p| p["killed"].as_u64().is_some_and(|k| k > n)),
            ),
            3 => (
                format!("datetime=2022-01-{from:02}/.."),
                Box::new(move |p| text(p, "occurred_on") >= format!("2022-01-{from:02}")),
            ),
            4 => (
                "region=AZ-KAL,AZ-LAC".to_owned(),
                Box::new(|p| p["region"] == "AZ-KAL" || p["region"] == "AZ-LAC"),
            ),
            5 => ("operator=HALO".to_owned(), Box::new(|p| p["operator"] == "HALO")),
            6 => (format!("filter={}", encoded("model IS NULL")), Box::new(|p| p["model"].is_null())),
            7 => (
                format!("filter={}", encoded(&format!("device = 'uxo' OR NOT (injured < {n})"))),
                Box::new(move |p| p["device"] == "uxo" || p["injured"].as_u64().is_some_and(|i| i >= n)),
            ),
            8 => (format!("killed={n}"), Box::new(move |p| p["killed"] == n)),
            _ => (
                format!(
                    "filter={}",
                    encoded("occurred_on < DATE('2022-06-01') AND CASEI(model) LIKE 'pmn%'")
                ),
                Box::new(move |p| {
                    text(p, "occurred_on").as_str() < "2022-06-01" && text(p, "model").starts_with("PMN")
                }),
            ),
        };
        let expected: Vec<&Value> =
            all.iter().filter(|feature| test(&feature["properties"])).map(|feature| &feature["id"]).collect();
        let page = server.json(&format!("{ITEMS}?limit=1000&{query}"));
        let found: Vec<&Value> =
            page["features"].as_array().unwrap().iter().map(|feature| &feature["id"]).collect();
        assert_eq!(found, expected, "{query}");
        assert_eq!(page["numberMatched"], expected.len(), "{query}");
        let total = &server.json(&format!("/summary/accidents?by=month&{query}"))["total"];
        assert_eq!(total["accidents"], expected.len(), "{query}");
        let export: Value = server.json(&format!("/export/accidents?f=geojson&{query}"));
        assert_eq!(export["features"].as_array().unwrap().len(), expected.len(), "{query}");
    }
}

#[test]
fn pages_follow_each_other_and_unknown_parameters_are_told() {
    let server = Server::start();
    let rng = &mut ChaCha8Rng::seed_from_u64(8);
    upload(&server, &(1..=25).map(|n| made_up(rng, n)).collect::<Vec<_>>());
    let (mut seen, mut next) = (Vec::new(), Some(format!("{}{ITEMS}?limit=10", server.base)));
    while let Some(url) = next {
        let page = server.json(url.strip_prefix(&server.base).unwrap());
        seen.extend(page["features"].as_array().unwrap().iter().map(|feature| feature["id"].clone()));
        next = page["links"]
            .as_array()
            .unwrap()
            .iter()
            .find(|link| link["rel"] == "next")
            .map(|link| link["href"].as_str().unwrap().to_owned());
    }
    assert_eq!(seen.len(), 25);
    seen.sort_by_key(Value::to_string);
    seen.dedup();
    assert_eq!(seen.len(), 25);
    for wrong in ["kind=ap_mine", "status=detected", "filter=victims%20%3D%201", "filter=time%3D1", "class="]
    {
        assert_eq!(server.get(&format!("{ITEMS}?{wrong}")).status(), 400, "{wrong}");
    }
}
