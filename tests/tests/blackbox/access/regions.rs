//! Who may write where, and to whose records.

use serde_json::{Value, json};

use super::world::{ITEMS, World, token};
use crate::program::*;

#[test]
fn whoever_writes_writes_in_its_regions() {
    let world = World::new();
    for role in ["field", "manager", "admin"] {
        let is_everywhere = role == "admin";
        // Create records, one by one and as rows of an upload.
        let beyond = feature(world.new_id(), KALBAJAR.0, KALBAJAR.1);
        let (status, told) = world.told(role, "POST", ITEMS, &beyond);
        // A field team's finds must not be lost.
        let wanted = match role {
            "field" => 202,
            "manager" => 403,
            _ => 201,
        };
        assert_eq!(status, wanted, "{role}: {told}");
        let rows = [
            feature(world.new_id(), LACHIN.0, LACHIN.1),
            feature(world.new_id(), KALBAJAR.0, KALBAJAR.1),
            feature(world.new_id(), 44.0, 41.5),
        ];
        let (_, report) = world.told(role, "POST", "/uploads", &collection(&rows));
        // Writes that a field team may not make are quarantined, because its finds must not be lost.
        let (held, refused) = match role {
            "field" => (2, 0),
            "manager" => (0, 2),
            _ => (0, 0),
        };
        assert_eq!(
            (&report["held"], &report["refused"]),
            (&json!(held), &json!(refused)),
            "{role}: {report}"
        );
        if !is_everywhere {
            assert_eq!(report["problems"][0]["row"], 2, "{report}");
        }
        let (status, _) = world.told(role, "POST", "/uploads?atomic=true", &collection(&rows[1..]));
        assert_eq!(status, if is_everywhere { 200 } else { 422 }, "{role}: all or nothing");
        // Records elsewhere cannot be edited, decided on, deleted, or moved there or here.
        let there = world.record("admin", KALBAJAR);
        let note = json!({"properties": {"note": "a note"}});
        let path = format!("{ITEMS}/{there}");
        let wanted = |good: u16| if is_everywhere { good } else { 403 };
        assert_eq!(world.told(role, "PATCH", &path, &note).0, wanted(200), "{role} edits elsewhere");
        let here = json!({"geometry": {"type": "Point", "coordinates": [LACHIN.0, LACHIN.1]},
            "properties": {"reason": "moved"}});
        assert_eq!(world.told(role, "PATCH", &path, &here).0, wanted(200), "{role} moves here");
        let own = world.record(role, LACHIN);
        let away = json!({"geometry": {"type": "Point", "coordinates": [KALBAJAR.0, KALBAJAR.1]},
            "properties": {"reason": "moved"}});
        let (status, _) = world.told(role, "PATCH", &format!("{ITEMS}/{own}"), &away);
        assert_eq!(status, wanted(200), "{role} moves away");
        if role != "field" {
            let there = world.record("admin", KALBAJAR);
            let (_, told) = world.decide(role, &there, "rejected");
            assert_eq!(told["decided"], u64::from(is_everywhere), "{role}: {told}");
            let path = format!("{ITEMS}/{there}");
            let status = world.send(role, "DELETE", &path, "").status();
            assert_eq!(status, wanted(204), "{role} deletes elsewhere");
        }
    }
}

#[test]
fn a_field_team_corrects_its_own_records_until_they_are_approved() {
    let world = World::new();
    let own = world.record("field", LACHIN);
    assert_eq!(world.state(&own), "submitted");
    let patch = |role: &str, id: &str, quantity: u32| {
        world.told(role, "PATCH", &format!("{ITEMS}/{id}"), &json!({"properties": {"quantity": quantity}})).0
    };
    assert_eq!(patch("field", &own, 2), 200, "what waits is corrected without a reason");
    // Another team of the same region, and the same team with another token.
    let other = token(&world.server, "field", "another team", &["--region", "AZ-LAC"]);
    let again = token(&world.server, "field", "field", &["--region", "AZ-LAC"]);
    let quantity = |token: &str, quantity: u32| {
        let request = world.agent.patch(world.server.url(&format!("{ITEMS}/{own}")));
        let request = request.header("authorization", format!("Bearer {token}"));
        let body = json!({"properties": {"quantity": quantity}}).to_string();
        request.header("content-type", "application/merge-patch+json").send(body).unwrap().status().as_u16()
    };
    assert_eq!((quantity(&other, 3), quantity(&again, 3)), (403, 200));
    assert_eq!(world.decide("manager", &own, "has_issues").0, 200);
    assert_eq!(
        (world.state(&own), patch("field", &own, 4), world.state(&own)),
        (json!("has_issues"), 200, json!("submitted"))
    );
    assert_eq!(world.decide("manager", &own, "approved").0, 200);
    assert_eq!(patch("field", &own, 5), 403, "what is approved is a manager's");
    assert_eq!(patch("manager", &own, 5), 422, "and is corrected for a reason");
    // Repeating an upload changes nothing, whatever its sender may change.
    let (_, item) = world.told("field", "GET", &format!("{ITEMS}/{own}"), &Value::Null);
    let (status, report) = world.told("field", "POST", "/uploads", &collection(&[item]));
    assert_eq!((status, &report["unchanged"]), (200, &json!(1)), "{report}");
    let (_, history) = world.told("viewer", "GET", &format!("{ITEMS}/{own}/history"), &Value::Null);
    let story: Vec<_> =
        history["revisions"].as_array().unwrap().iter().map(|r| (&r["by"], &r["reason"])).collect();
    assert_eq!(story[2], (&json!("manager"), &json!("looked at")), "{story:?}");
}

#[test]
fn a_team_of_an_operator_records_for_it() {
    let world = World::new();
    let team = token(&world.server, "field", "team 7", &["--region", "AZ-LAC", "--operator", "ANAMA"]);
    let post = |operator: Option<&str>| {
        let mut body = feature(world.new_id(), LACHIN.0, LACHIN.1);
        if let Some(operator) = operator {
            body["properties"]["operator"] = json!(operator);
        }
        let request =
            world.agent.post(world.server.url(ITEMS)).header("authorization", format!("Bearer {team}"));
        read(request.send(body.to_string()).unwrap())
    };
    let (status, told) = post(None);
    assert_eq!((status, &told["properties"]["operator"]), (201, &json!("ANAMA")));
    assert_eq!(post(Some("ANAMA")).0, 201);
    let (status, told) = post(Some("HALO"));
    assert_eq!((status, &told["problems"][0]["code"]), (202, &json!("operator")), "{told}");
}
