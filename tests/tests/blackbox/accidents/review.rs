//! A field team's accidents wait for a manager.

use serde_json::{Value, json};

use super::{ITEMS, accident, token, with};
use crate::program::{LACHIN, Server, id, read};

#[test]
fn an_accident_is_approved_and_the_decision_can_be_undone() {
    let server = Server::start();
    let team = token(&server, "field", "team 4");
    let as_team =
        |path: &str| server.public().post(server.url(path)).header("authorization", format!("Bearer {team}"));
    let sent = as_team(ITEMS).header("content-type", "application/geo+json");
    assert_eq!(sent.send(accident(1, LACHIN, "2023-03-14").to_string()).unwrap().status(), 201);
    let queue = server.json("/review?collection=accidents");
    assert_eq!(queue["records"].as_array().unwrap().len(), 1);
    assert_eq!(queue["records"][0]["feature"]["properties"]["class"], "mine");
    assert_eq!(server.json("/review")["records"], json!([]), "of detections");
    // The public counts only what is approved.
    let counted = || {
        let (_, told) = read(server.public().get(server.url("/summary/accidents")).call().unwrap());
        told["total"]["accidents"].clone()
    };
    assert_eq!(counted(), 0);
    let revision = queue["records"][0]["feature"]["properties"]["revision"].clone();
    let decision = json!({"collection": "accidents", "decision": "approved", "records": [{"id": id(1), "revision": revision}]});
    let (status, told) = server.post("/review", "application/json", decision.to_string().as_bytes());
    assert_eq!((status, &told["decided"]), (200, &json!(1)), "{told}");
    assert_eq!(counted(), Value::Null, "one accident is too few to be told");
    let (status, undone) = server.post(told["undo"]["href"].as_str().unwrap(), "application/json", b"");
    assert_eq!((status, &undone["undone"]), (200, &json!(1)), "{undone}");
    assert_eq!(counted(), 0);
    // The team learns of it as of its detections.
    let (status, own) = read(as_team("/me/records").send(json!({"ids": [id(1)]}).to_string()).unwrap());
    assert_eq!((status, &own["records"][0]["state"]), (200, &json!("submitted")), "{own}");
    assert_eq!(own["records"][0]["feature"]["properties"]["class"], "mine");
}

#[test]
fn what_a_team_may_not_change_waits_in_the_quarantine() {
    let server = Server::start();
    let team = token(&server, "field", "team 4");
    let (status, _) = server.post_json(ITEMS, &accident(1, LACHIN, "2023-03-14"));
    assert_eq!(status, 201);
    let other = with(accident(1, LACHIN, "2023-03-14"), "class", "cluster");
    let request = server.public().post(server.url("/uploads?collection=accidents&update=true"));
    let request = request
        .header("authorization", format!("Bearer {team}"))
        .header("content-type", "application/geo+json");
    let (status, told) = read(request.send(other.to_string()).unwrap());
    assert_eq!((status, &told["held"]), (200, &json!(1)), "{told}");
    let held = server.json("/held?collection=accidents");
    assert_eq!(held["records"].as_array().unwrap().len(), 1, "{held}");
    assert_eq!(held["records"][0]["changed"], json!(["class"]));
    assert_eq!(server.json("/held")["records"], json!([]));
    let (number, codes) = (&held["records"][0]["number"], &held["records"][0]["risks"]);
    let codes: Vec<&str> =
        codes.as_array().unwrap().iter().map(|risk| risk["code"].as_str().unwrap()).collect();
    let revision = &held["records"][0]["current"]["properties"]["revision"];
    let verdict = json!({"decision": "accepted", "revision": revision, "confirms": codes});
    let (status, told) =
        server.post(&format!("/held/{number}"), "application/json", verdict.to_string().as_bytes());
    assert_eq!(status, 200, "{told}");
    assert_eq!(server.json(&format!("{ITEMS}/{}", id(1)))["properties"]["class"], "cluster");
}

#[test]
fn listeners_hear_of_their_collection() {
    use std::io::{BufRead, BufReader};
    let server = Server::start();
    let hears = |path: &str| {
        let body = server.agent().get(server.url(path)).call().unwrap().into_body();
        let (lines, heard) = std::sync::mpsc::channel();
        std::thread::spawn(move || {
            for line in BufReader::new(body.into_reader()).lines().map_while(Result::ok) {
                let _ = lines.send(line);
            }
        });
        heard
    };
    let of_accidents = hears("/events?collection=accidents");
    let first = of_accidents.recv_timeout(std::time::Duration::from_secs(20)).unwrap();
    assert!(first.starts_with(':'), "{first}");
    let (status, _) = server.post_json(ITEMS, &accident(1, LACHIN, "2023-03-14"));
    assert_eq!(status, 201);
    let told = std::iter::from_fn(|| of_accidents.recv_timeout(std::time::Duration::from_secs(20)).ok())
        .find(|line| line.starts_with("data:"));
    assert!(told.is_some_and(|line| line.contains("\"revision\":1")));
    assert_eq!(server.get("/events?collection=mines").status(), 400);
}
