//! The state of a team's records by their ids, and withdrawing what waits for a manager.

use serde_json::{Value, json};

use crate::{
    people::Person,
    program::{LACHIN, Server, feature, id, neutralised},
};

const ITEMS: &str = "/collections/detections/items";

fn ask(who: &Person<'_>, numbers: &[u64]) -> Vec<Value> {
    let ids: Vec<String> = numbers.iter().map(|n| id(*n)).collect();
    let (status, told) = who.send("POST", "/me/records", &json!({"ids": ids}));
    assert_eq!(status, 200, "{told}");
    let records = told["records"].as_array().unwrap().clone();
    assert_eq!(records.iter().map(|record| record["id"].clone()).collect::<Vec<_>>(), ids);
    records
}

/// Returns one member of each record.
fn each(records: &[Value], member: &str) -> Vec<Value> {
    records.iter().map(|record| record[member].clone()).collect()
}

fn team(server: &Server) -> Person<'_> {
    Person::new(server, "field", "Team 7", Some("ANAMA"), &["AZ-LAC"])
}

#[test]
fn a_team_hears_how_each_record_stands_and_why() {
    let server = Server::start();
    let team = team(&server);
    let manager = Person::new(&server, "manager", "Leyla", None, &["AZ-LAC"]);
    let records = [1, 2, 3, 4, 5].map(|n| feature(n, LACHIN.0 + n as f64 / 100.0, LACHIN.1));
    assert_eq!(team.upload(&records).1["created"], 5);
    for (n, decision) in [(1, "approved"), (2, "has_issues"), (3, "rejected")] {
        let revision = &manager.json(&format!("{ITEMS}/{}", id(n)))["properties"]["revision"];
        let reason = format!("reason {n}");
        let body =
            json!({"decision": decision, "reason": reason, "records": [{"id": id(n), "revision": revision}]});
        assert_eq!(manager.send("POST", "/review", &body).0, 200);
    }
    let moved = json!({
        "geometry": {"type": "Point", "coordinates": [46.3, 39.72]},
        "properties": {"reason": "measured again"},
    });
    let headers = [("content-type", "application/merge-patch+json")];
    assert_eq!(manager.ask("PATCH", &format!("{ITEMS}/{}", id(4)), &headers, &moved.to_string()).0, 200);
    assert_eq!(manager.ask("DELETE", &format!("{ITEMS}/{}?reason=twice", id(5)), &[], "").0, 204);

    let told = ask(&team, &[5, 4, 3, 2, 1, 6]);
    let states = ["deleted", "submitted", "rejected", "has_issues", "approved", "unknown"];
    assert_eq!(each(&told, "state")[0], states[0]);
    assert_eq!(each(&told[2..], "state"), states[2..]);
    let reasons = ["twice", "measured again", "reason 3", "reason 2", "reason 1"];
    assert_eq!(each(&told[..5], "reason"), reasons);
    assert_eq!(told[1]["feature"]["geometry"], moved["geometry"]);
    assert_eq!(told[2]["feature"]["properties"]["review"], "rejected");
    for record in &told[..5] {
        assert!(record["revision"].as_u64() > Some(0) && record["updated_at"].is_string(), "{record}");
        assert_eq!(record["updated_by"], "Leyla");
    }
    assert_eq!(told[0].get("feature"), None);
    assert_eq!(told[5], json!({"id": id(6), "state": "unknown", "claims": []}));
}

#[test]
fn a_team_hears_what_became_of_what_it_claimed_and_no_other_team_does() {
    let server = Server::start();
    let manager = Person::new(&server, "manager", "Leyla", None, &["AZ-LAC"]);
    assert_eq!(manager.upload(&[1, 2, 3].map(|n| feature(n, LACHIN.0, LACHIN.1))).1["created"], 3);
    let team = team(&server);
    let (_, report) = team.upload(&[1, 2, 3].map(|n| neutralised(n, LACHIN.0, LACHIN.1)));
    assert_eq!(report["held"], 3, "{report}");
    let waiting = ask(&team, &[1, 2, 3]);
    assert_eq!(waiting[0]["claims"][0]["upload"], report["upload"]);
    assert_eq!(waiting[0]["claims"][0]["why"], "approved");
    for (number, decision) in [(1, "dismissed"), (2, "accepted")] {
        let claim = &waiting[number - 1]["claims"][0];
        assert_eq!(claim["decision"], "pending");
        assert_eq!(claim["feature"]["properties"]["status"], "neutralised");
        let body = json!({"decision": decision, "reason": "looked at", "confirms": ["replaces_approved"],
            "revision": waiting[number - 1]["revision"]});
        let (status, told) = manager.send("POST", &format!("/held/{}", claim["number"]), &body);
        assert_eq!(status, 200, "{told}");
    }
    let told = ask(&team, &[1, 2, 3]);
    let decisions: Vec<_> = told.iter().map(|record| record["claims"][0]["decision"].clone()).collect();
    assert_eq!(decisions, ["dismissed", "accepted", "pending"]);
    let stands: Vec<_> =
        told.iter().map(|record| record["feature"]["properties"]["status"].clone()).collect();
    assert_eq!(stands, ["detected", "neutralised", "detected"]);
    assert_eq!(told[0]["claims"][0]["reason"], "looked at");
    let other = Person::new(&server, "field", "Team 7", Some("MAG"), &["AZ-LAC"]);
    assert_eq!(each(&ask(&other, &[1, 2, 3]), "claims"), [json!([]), json!([]), json!([])]);
}

#[test]
fn a_team_withdraws_what_it_claimed_once_and_nothing_else() {
    let server = Server::start();
    let manager = Person::new(&server, "manager", "Leyla", None, &["AZ-LAC"]);
    assert_eq!(manager.upload(&[feature(1, LACHIN.0, LACHIN.1)]).1["created"], 1);
    let team = team(&server);
    assert_eq!(team.upload(&[neutralised(1, LACHIN.0, LACHIN.1)]).1["held"], 1);
    let number = ask(&team, &[1])[0]["claims"][0]["number"].clone();
    let path = format!("/me/claims/{number}");
    for other in [("field", "Team 8"), ("manager", "Nigar")] {
        let other = Person::new(&server, other.0, other.1, Some("ANAMA"), &["AZ-LAC"]);
        assert_eq!(other.ask("DELETE", &path, &[], "").0, 404);
    }
    assert_eq!(manager.json("/held")["records"].as_array().unwrap().len(), 1);
    assert_eq!(team.ask("DELETE", &path, &[], "").0, 204);
    assert_eq!(manager.json("/held")["records"], json!([]));
    let told = ask(&team, &[1]).remove(0);
    assert_eq!(told["claims"][0]["decision"], "withdrawn");
    assert_eq!(told["feature"]["properties"]["status"], "detected");
    let (status, again) = team.ask("DELETE", &path, &[], "");
    assert_eq!((status, &again["type"]), (409, &json!("urn:clearline:problem:decided")), "{again}");
}
