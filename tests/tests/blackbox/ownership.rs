//! Two operators may each have a "Team 7": records, keys and reports belong to the operator and the name
//! together.

use serde_json::{Value, json};

use crate::{
    people::Person,
    program::{LACHIN, Server, clearline, collection, feature, id},
};

const ITEMS: &str = "/collections/detections/items";

fn team<'a>(server: &'a Server, operator: Option<&str>) -> Person<'a> {
    Person::new(server, "field", "Team 7", operator, &["AZ-LAC"])
}

/// Builds the record with a correction that only its own team may make.
fn corrected(n: u64, quantity: u64) -> Value {
    let mut record = feature(n, LACHIN.0, LACHIN.1);
    record["properties"]["quantity"] = json!(quantity);
    record
}

#[test]
fn two_operators_teams_of_one_name_have_records_of_their_own() {
    let server = Server::start();
    let (one, other) = (team(&server, Some("ANAMA")), team(&server, Some("HALO")));
    let none = team(&server, None);
    assert_eq!(one.send("POST", ITEMS, &corrected(1, 1)).0, 201);
    let item = format!("{ITEMS}/{}", id(1));
    for (stranger, n) in [(&other, 2), (&none, 3)] {
        let (status, told) = stranger.send("PUT", &item, &corrected(1, n));
        assert_eq!((status, &told["errors"][0]["code"]), (403, &json!("foreign")), "{told}");
        let patch = json!({"properties": {"quantity": n}});
        let headers = [("content-type", "application/merge-patch+json")];
        assert_eq!(stranger.ask("PATCH", &item, &headers, &patch.to_string()).0, 403);
        let (_, report) = stranger.upload(&[corrected(1, n)]);
        assert_eq!(
            (&report["held"], &report["problems"][0]["code"]),
            (&json!(1), &json!("foreign")),
            "{report}"
        );
    }
    assert_eq!(server.json(&item)["properties"]["quantity"], 1);
    // A manager sees which of the two sent it.
    let held = server.json("/held");
    let by: Vec<_> = held["records"].as_array().unwrap().iter().map(|r| r["by_operator"].clone()).collect();
    assert_eq!(by, [json!("HALO"), Value::Null]);
    assert_eq!(one.send("PUT", &item, &corrected(1, 5)).0, 200);
    let history = server.json(&format!("{item}/history"));
    let by =
        |n: usize| (history["revisions"][n]["by"].clone(), history["revisions"][n]["by_operator"].clone());
    assert_eq!([by(0), by(1)], [(json!("Team 7"), json!("ANAMA")), (json!("Team 7"), json!("ANAMA"))]);
}

#[test]
fn a_token_that_follows_a_lost_one_keeps_the_records_of_its_team() {
    let server = Server::start();
    let lost = team(&server, Some("ANAMA"));
    assert_eq!(lost.send("POST", ITEMS, &corrected(1, 1)).0, 201);
    let revoked = clearline(&["token", "revoke", &lost.id, "--store", server.store.to_str().unwrap()]);
    assert!(revoked.status.success());
    let item = format!("{ITEMS}/{}", id(1));
    assert_eq!(lost.send("PUT", &item, &corrected(1, 2)).0, 401);
    let next = team(&server, Some("ANAMA"));
    assert_ne!(next.id, lost.id);
    assert_eq!(next.send("PUT", &item, &corrected(1, 2)).0, 200);
    let checked = clearline(&["check", "--store", server.store.to_str().unwrap()]);
    assert!(checked.status.success(), "{}", String::from_utf8_lossy(&checked.stdout));
}

#[test]
fn keys_reports_and_forms_of_teams_of_one_name_are_apart() {
    let server = Server::start();
    let (one, other) = (team(&server, Some("ANAMA")), team(&server, Some("HALO")));
    let post = |who: &Person<'_>, n: u64| {
        let body = collection(&[feature(n, LACHIN.0, LACHIN.1)]).to_string();
        who.ask("POST", "/uploads", &[("idempotency-key", "monday")], &body)
    };
    let (status, report) = post(&one, 1);
    assert_eq!((status, &report["ids"]), (200, &json!([id(1)])));
    let (status, report_of_other) = post(&other, 2);
    assert_eq!((status, &report_of_other["ids"]), (200, &json!([id(2)])), "{report_of_other}");
    assert_eq!(post(&one, 1).1, report);
    let path = format!("/uploads/{}", report["upload"].as_str().unwrap());
    assert_eq!((one.get(&path).0, other.get(&path).0), (200, 404));
    // One cannot correct a form of the other.
    let form = |who: &Person<'_>, instance: u64, corrects: Option<u64>, quantity: u64| {
        let deprecated = corrects.map(|n| format!("<deprecatedID>uuid:{}</deprecatedID>", id(n)));
        let xml = format!(
            "<data id=\"clearline_detection\" version=\"1\"><location>{} {} 0 4</location><kind>uxo</kind>\
             <detected_on>2023-03-14</detected_on><quantity>{quantity}</quantity>\
             <meta><instanceID>uuid:{}</instanceID>{}</meta></data>",
            LACHIN.1,
            LACHIN.0,
            id(instance),
            deprecated.unwrap_or_default()
        );
        let body = json!({"type": "submission.create", "id": format!("uuid:{}", id(instance)), "data": {"xml": xml}});
        who.send("POST", "/hooks/central", &body).0
    };
    assert_eq!(form(&one, 11, None, 1), 201);
    assert_eq!(form(&other, 12, Some(11), 9), 202);
    let quantity = || server.json(&format!("{ITEMS}/{}", id(11)))["properties"]["quantity"].clone();
    assert_eq!(quantity(), 1);
    assert_eq!(form(&one, 13, Some(11), 3), 201);
    assert_eq!(quantity(), 3);
}
