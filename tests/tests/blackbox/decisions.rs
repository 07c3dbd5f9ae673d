//! Managers' decisions: many at once, undone, and on approved records.

use serde_json::{Value, json};

use crate::{
    people::Person,
    program::{KALBAJAR, LACHIN, Server, feature, id},
};

const ITEMS: &str = "/collections/detections/items";

/// Creates a team with three waiting records in Lachin.
fn with_three(server: &Server) -> Person<'_> {
    let team = Person::new(server, "field", "Team 7", Some("ANAMA"), &["AZ-LAC", "AZ-KAL"]);
    let records = [1, 2, 3].map(|n| feature(n, LACHIN.0 + n as f64 / 100.0, LACHIN.1));
    assert_eq!(team.upload(&records).1["created"], 3);
    team
}

fn review(server: &Server, n: u64) -> Value {
    server.json(&format!("{ITEMS}/{}", id(n)))["properties"]["review"].clone()
}

fn decide(who: &Person<'_>, decision: &str, numbers: &[u64]) -> Value {
    let records: Vec<Value> = numbers
        .iter()
        .map(|n| {
            let item = who.json(&format!("{ITEMS}/{}", id(*n)));
            json!({"id": id(*n), "revision": item["properties"]["revision"]})
        })
        .collect();
    let body = json!({"decision": decision, "reason": "looked at", "records": records});
    let (status, told) = who.send("POST", "/review", &body);
    assert_eq!((status, &told["problems"]), (200, &json!([])), "{told}");
    told
}

#[test]
fn a_decision_is_taken_back_by_who_made_it_and_each_record_stands_as_before() {
    let server = Server::start();
    with_three(&server);
    let manager = Person::new(&server, "manager", "Leyla", None, &["AZ-LAC"]);
    decide(&manager, "has_issues", &[3]);
    let told = decide(&manager, "approved", &[1, 2, 3]);
    let undo = told["undo"]["href"].as_str().unwrap();
    assert_eq!(undo, format!("/review/{}/undo", told["revision"]));
    assert!(told["undo"]["until"].is_string());
    for (name, operator) in [("Leyla", Some("ANAMA")), ("Aysel", None)] {
        let other = Person::new(&server, "manager", name, operator, &["AZ-LAC"]);
        assert_eq!(other.send("POST", undo, &Value::Null).0, 403, "{name} {operator:?}");
    }
    // Records changed since the decision are left alone.
    let patch = json!({"properties": {"quantity": 4, "reason": "counted again"}}).to_string();
    let headers = [("content-type", "application/merge-patch+json")];
    assert_eq!(manager.ask("PATCH", &format!("{ITEMS}/{}", id(2)), &headers, &patch).0, 200);
    let (status, back) = manager.send("POST", undo, &Value::Null);
    assert_eq!((status, &back["undone"]), (200, &json!(2)), "{back}");
    assert_eq!(
        (&back["problems"][0]["id"], &back["problems"][0]["code"]),
        (&json!(id(2)), &json!("conflict"))
    );
    assert_eq!(
        [1, 2, 3].map(|n| review(&server, n)),
        ["submitted", "approved", "has_issues"].map(Value::from)
    );
    let history = server.json(&format!("{ITEMS}/{}/history", id(1)));
    let steps: Vec<_> = history["revisions"]
        .as_array()
        .unwrap()
        .iter()
        .map(|r| r["feature"]["properties"]["review"].clone())
        .collect();
    assert_eq!(steps, ["submitted", "approved", "submitted"]);
    // Undoing again changes nothing.
    let revision = server.revision();
    assert_eq!(manager.send("POST", undo, &Value::Null).0, 200);
    assert_eq!(server.revision(), revision);
    // A revision that is not a decision cannot be undone.
    for revision in ["0", "1", "4242"] {
        assert_eq!(
            manager.send("POST", &format!("/review/{revision}/undo"), &Value::Null).0,
            404,
            "{revision}"
        );
    }
    // A decision that changed nothing cannot be undone.
    assert_eq!(decide(&manager, "has_issues", &[3])["undo"], Value::Null);
}

#[test]
fn a_decision_of_more_than_a_minute_ago_stands() {
    let mut server = Server::start();
    with_three(&server);
    let (token, undo) = {
        let manager = Person::new(&server, "manager", "Leyla", None, &[]);
        let told = decide(&manager, "approved", &[1]);
        (manager.token, told["undo"]["href"].as_str().unwrap().to_owned())
    };
    assert!(server.stop().success());
    let at = "strftime('%Y-%m-%dT%H:%M:%fZ', 'now', '-80 seconds')";
    crate::people::sqlite(&server, &format!("UPDATE revisions SET \"at\" = {at}"));
    server.restart();
    let manager = Person { server: &server, token, id: String::new() };
    let (status, told) = manager.send("POST", &undo, &Value::Null);
    assert_eq!((status, &told["type"]), (409, &json!("urn:clearline:problem:too-late")), "{told}");
    assert_eq!(review(&server, 1), "approved");
}

#[test]
fn approved_records_are_listed_the_last_decision_first_page_by_page() {
    let server = Server::start();
    let team = with_three(&server);
    assert_eq!(team.upload(&[feature(4, KALBAJAR.0, KALBAJAR.1)]).1["created"], 1);
    let manager = Person::new(&server, "manager", "Leyla", None, &["AZ-LAC"]);
    let all = Person::new(&server, "manager", "All", None, &[]);
    for n in [2, 3, 1] {
        decide(&manager, "approved", &[n]);
    }
    decide(&all, "approved", &[4]);
    let listed = |who: &Person<'_>, query: &str| {
        let page = who.json(&format!("/review?state=approved{query}"));
        assert_eq!(page["state"], "approved");
        let ids = page["records"].as_array().unwrap().iter().map(|r| r["feature"]["id"].clone());
        (ids.collect::<Vec<_>>(), page["next"].clone())
    };
    let ids = |numbers: &[u64]| numbers.iter().map(|n| json!(id(*n))).collect::<Vec<_>>();
    assert_eq!(listed(&all, ""), (ids(&[4, 1, 3, 2]), Value::Null));
    assert_eq!(listed(&manager, ""), (ids(&[1, 3, 2]), Value::Null));
    assert_eq!(listed(&all, "&region=AZ-KAL").0, ids(&[4]));
    let (first, next) = listed(&all, "&limit=3");
    assert_eq!(first, ids(&[4, 1, 3]));
    let (rest, next) = listed(&all, &format!("&limit=3&after={next}"));
    assert_eq!((rest, next), (ids(&[2]), Value::Null));
    decide(&all, "rejected", &[1]);
    assert_eq!(listed(&all, "").0, ids(&[4, 3, 2]));
}

#[test]
fn what_is_set_aside_replaces_nothing_unless_its_risks_were_seen() {
    let server = Server::start();
    let team = with_three(&server);
    let manager = Person::new(&server, "manager", "Leyla", None, &[]);
    decide(&manager, "approved", &[1]);
    let mut emptier = feature(1, 0.0, 0.0);
    emptier["properties"].as_object_mut().unwrap().remove("model");
    // Outside its regions, and of an approved record.
    assert_eq!(team.upload(&[emptier]).1["held"], 1);
    let held = manager.json("/held")["records"][0].clone();
    let codes: Vec<_> = held["risks"].as_array().unwrap().iter().map(|risk| risk["code"].clone()).collect();
    assert_eq!(codes, ["replaces_approved", "empties", "far", "nowhere"]);
    assert_eq!(held["risks"][0]["fields"], json!(["location", "model"]));
    assert_eq!(held["risks"][1]["fields"], json!(["model"]));
    assert!(held["risks"][2]["distance_m"].as_f64().unwrap() > 1e6);
    let path = format!("/held/{}", held["number"]);
    let revision = &held["current"]["properties"]["revision"];
    let accept = |confirms: &[Value]| {
        let body = json!({"decision": "accepted", "revision": revision, "confirms": confirms});
        manager.send("POST", &path, &body)
    };
    for seen in 0..codes.len() {
        let (status, told) = accept(&codes[..seen]);
        assert_eq!((status, &told["type"]), (409, &json!("urn:clearline:problem:unconfirmed")), "{told}");
        let unseen: Vec<_> =
            told["errors"].as_array().unwrap().iter().map(|row| row["code"].clone()).collect();
        assert_eq!(unseen, codes[seen..]);
    }
    assert_eq!(server.json(&format!("{ITEMS}/{}", id(1)))["properties"]["model"], "PMN-2");
    assert_eq!(accept(&codes).0, 200);
    // Without risks, no confirmation is required.
    let beyond = Person::new(&server, "field", "Team 9", None, &["AZ-KAL"]);
    assert_eq!(beyond.upload(&[feature(9, LACHIN.0, LACHIN.1)]).1["held"], 1);
    let held = manager.json("/held")["records"][0].clone();
    assert_eq!(held["risks"], json!([]));
    let path = format!("/held/{}", held["number"]);
    assert_eq!(manager.send("POST", &path, &json!({"decision": "accepted"})).0, 200);
}
