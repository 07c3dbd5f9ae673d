//! Single accidents are created, replaced, changed and deleted as detections are.

use serde_json::{Value, json};

use super::{ITEMS, accident, with};
use crate::program::{KALBAJAR, LACHIN, Server, id, read};

fn send(server: &Server, method: &str, path: &str, kind: &str, body: &Value) -> (u16, Value) {
    let (agent, url) = (server.agent(), server.url(path));
    let request = match method {
        "POST" => agent.post(url),
        "PUT" => agent.put(url),
        _ => agent.patch(url),
    };
    read(request.header("content-type", kind).send(body.to_string()).unwrap())
}

const GEOJSON: &str = "application/geo+json";
const PATCH: &str = "application/merge-patch+json";

#[test]
fn an_accident_is_edited_step_by_step() {
    let server = Server::start();
    let own = format!("{ITEMS}/{}", id(1));
    let allowed = server.agent().options(server.url(ITEMS)).call().unwrap();
    assert!(allowed.headers()["allow"].to_str().unwrap().contains("POST"));
    let (status, made) = send(&server, "POST", ITEMS, GEOJSON, &accident(1, LACHIN, "2023-03-14"));
    assert_eq!(status, 201, "{made}");
    assert_eq!(made["properties"]["injured"], 1);
    assert_eq!(made["properties"]["killed"], 0);
    let item = server.json(&own);
    assert_eq!(item["properties"]["region"], "AZ-LAC");
    assert_eq!(item["properties"]["victims"][0]["status"], "civilian");

    // The same again is unchanged; other content with the same id is a conflict.
    let (status, _) = send(&server, "POST", ITEMS, GEOJSON, &accident(1, LACHIN, "2023-03-14"));
    assert_eq!(status, 200);
    let (status, _) = send(&server, "POST", ITEMS, GEOJSON, &accident(1, LACHIN, "2023-03-15"));
    assert_eq!(status, 409);

    // A patch adds a victim by sending all of them.
    let two = json!({"properties": {"reason": "died in hospital", "victims": [
        {"outcome": "killed", "sex": "male", "age_group": "adult", "status": "civilian"},
        {"outcome": "injured", "age_group": "child"},
    ]}});
    let (status, told) = send(&server, "PATCH", &own, PATCH, &two);
    assert_eq!(status, 200, "{told}");
    let item = server.json(&own);
    assert_eq!(item["properties"]["killed"], 1);
    assert_eq!(item["properties"]["injured"], 1);
    assert_eq!(item["properties"]["class"], "mine", "the rest stays");

    // A precondition that no longer holds.
    let old =
        server.agent().put(server.url(&own)).header("if-match", "\"x\"").header("content-type", GEOJSON);
    assert_eq!(old.send(accident(1, KALBAJAR, "2023-03-14").to_string()).unwrap().status(), 412);
    let again = format!("{own}?reason=measured%20again");
    let (status, told) = send(&server, "PUT", &again, GEOJSON, &accident(1, KALBAJAR, "2023-03-14"));
    assert_eq!(status, 200, "{told}");
    assert_eq!(server.json(&own)["properties"]["region"], "AZ-KAL");

    let history = server.json(&format!("{own}/history"));
    assert_eq!(history["revisions"].as_array().unwrap().len(), 3);
    assert_eq!(history["revisions"][1]["reason"], "died in hospital");
    let changes = server.json("/changes?collection=accidents");
    assert_eq!(changes["changes"].as_array().unwrap().len(), 3);
    assert_eq!(server.json("/changes")["changes"].as_array().unwrap().len(), 0, "of detections");

    let delete = server.agent().delete(server.url(&own)).call().unwrap();
    assert_eq!(delete.status(), 204);
    assert_eq!(server.get(&own).status(), 404);
    assert_eq!(server.json(ITEMS)["numberMatched"], 0);
    assert_eq!(server.json(&format!("{own}/history"))["revisions"][0]["action"], "delete");
}

#[test]
fn an_id_belongs_to_one_collection() {
    let server = Server::start();
    let (status, _) =
        server.post_json("/collections/detections/items", &crate::program::feature(1, LACHIN.0, LACHIN.1));
    assert_eq!(status, 201);
    let (status, told) = send(&server, "POST", ITEMS, GEOJSON, &accident(1, LACHIN, "2023-03-14"));
    assert_eq!(status, 422, "{told}");
    assert_eq!(server.get(&format!("{ITEMS}/{}", id(1))).status(), 404);
    assert_eq!(
        server.json(&format!("/collections/detections/items/{}", id(1)))["properties"]["kind"],
        "ap_mine"
    );
}

#[test]
fn what_is_wrong_is_told_by_row_and_field_and_nothing_is_kept_of_a_name() {
    let server = Server::start();
    let accident = |n| accident(n, LACHIN, "2023-03-14");
    let rows = [
        (accident(1), None),
        (with(accident(2), "class", "dragon"), Some("class")),
        (with(accident(3), "occurred_on", "2123-01-01"), Some("occurred_on")),
        (with(accident(4), "killed", 7), Some("killed")),
        (with(accident(5), "victims", json!([{"outcome": "injured", "name": "Ali"}])), Some("victims")),
        (with(accident(6), "victim_name", "Ali"), Some("victim_name")),
        (with(accident(7), "time", "25:00"), Some("time")),
        (with(accident(8), "victims", "many"), Some("victims")),
    ];
    let features: Vec<&Value> = rows.iter().map(|(row, _)| row).collect();
    let body = json!({"type": "FeatureCollection", "features": features});
    let (status, told) = server.post_json("/uploads?collection=accidents", &body);
    assert_eq!((status, &told["created"], &told["refused"]), (200, &json!(1), &json!(7)), "{told}");
    for (row, (_, field)) in (1..).zip(&rows) {
        let problems = told["problems"].as_array().unwrap();
        let of_row: Vec<&Value> = problems.iter().filter(|problem| problem["row"] == row).collect();
        match field {
            None => assert!(of_row.is_empty(), "{of_row:?}"),
            Some(field) => assert!(
                of_row.iter().any(|problem| problem["field"].as_str().unwrap().starts_with(field)),
                "row {row}: {of_row:?}"
            ),
        }
    }
    // The name is in no answer and nowhere in the store.
    let upload = told["upload"].as_str().unwrap();
    assert!(!told.to_string().contains("Ali"), "{told}");
    assert!(!server.json(&format!("/uploads/{upload}")).to_string().contains("Ali"));
    assert_eq!(server.get(&format!("/uploads/{upload}/received")).status(), 404);
    let store = std::fs::read(&server.store).unwrap();
    assert!(!store.windows(5).any(|bytes| bytes == b"\"Ali\""));
}
