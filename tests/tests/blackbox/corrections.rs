//! Refused uploads that their senders cannot correct, and submissions corrected on the phone.

use serde_json::{Value, json};

use crate::{
    openrosa::{FIRST, Phone, detection, hash_of, neutralisation, record},
    photos::photo,
    program::{LACHIN, Server, id, read},
};

/// The same form again, corrected on the phone.
fn corrected(n: u64, earlier: &str, kind: &str) -> String {
    let meta = format!("<orx:deprecatedID>uuid:{earlier}</orx:deprecatedID></orx:meta>");
    detection(&id(n), LACHIN, kind).replace("</orx:meta>", &meta)
}

#[test]
fn a_correction_changes_the_record_of_the_first_submission() {
    let server = Server::start();
    let phone = Phone::new(&server, "field", "Team 7");
    let picture = photo();
    assert_eq!(phone.post(&detection(FIRST, LACHIN, "uxo"), &[("a.jpg", &picture)], true).0, 201);
    assert_eq!(phone.send(&corrected(2, FIRST, "ied")).0, 201);
    let third = corrected(3, &id(2), "uxo");
    assert_eq!(phone.send(&third).0, 201, "a correction of a correction, back to what was said first");
    let made = record(&server, FIRST);
    assert_eq!((&made["kind"], &made["photos"]), (&json!("uxo"), &json!([hash_of(&picture)])));
    let before = server.revision();
    assert_eq!(phone.send(&third).0, 201, "sent again");
    assert_eq!(server.revision(), before);
    for n in [2, 3] {
        assert_eq!(server.get(&format!("/collections/detections/items/{}", id(n))).status(), 404);
    }
    // A photo of the record arrives later.
    let mut second = photo();
    second.extend(b"another");
    assert_eq!(phone.post(&third, &[("b.jpg", &second)], true).0, 201);
    assert_eq!(record(&server, FIRST)["photos"], json!([hash_of(&picture), hash_of(&second)]));
    // A correction replaces a refused submission.
    assert_eq!(phone.send(&detection(&id(20), LACHIN, "spoon")).0, 202);
    assert_eq!(phone.send(&corrected(21, &id(20), "uxo")).0, 201);
    assert_eq!(record(&server, &id(20))["kind"], "uxo");
}

#[test]
fn a_correction_that_cannot_be_applied_waits_for_a_manager() {
    let server = Server::start();
    let phone = Phone::new(&server, "field", "Team 7");
    let other = Phone::new(&server, "field", "Team 8");
    assert_eq!(phone.send(&corrected(2, FIRST, "ied")).0, 202, "before its original");
    assert_eq!(phone.send(&detection(FIRST, LACHIN, "uxo")).0, 201);
    assert_eq!(phone.send(&corrected(3, FIRST, "ap_mine")).0, 201);
    assert_eq!(phone.send(&corrected(4, FIRST, "at_mine")).0, 202, "corrected otherwise by now");
    assert_eq!(other.send(&corrected(5, FIRST, "ied")).0, 202, "another's");
    assert_eq!(record(&server, FIRST)["kind"], "ap_mine");
    let held = server.json("/held")["records"].clone();
    let why: Vec<_> = held.as_array().unwrap().iter().map(|held| held["why"].clone()).collect();
    assert_eq!(why, [json!("missing"), json!("conflict"), json!("foreign")]);
}

/// Returns the queue at `/refused`: the field and value of the first problem of each upload.
fn refused(server: &Server) -> Vec<(String, String)> {
    let told = server.json("/refused");
    let uploads = told["uploads"].as_array().unwrap();
    assert_eq!(told["waiting"]["refused"], uploads.len());
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    let first =
        |upload: &Value| (text(&upload["problems"][0]["field"]), text(&upload["problems"][0]["value"]));
    uploads.iter().map(first).collect()
}

#[test]
fn what_could_not_stand_waits_until_a_manager_says_what_was_done() {
    let server = Server::start();
    let phone = Phone::new(&server, "field", "Team 7");
    assert_eq!(refused(&server), []);
    let spoon = detection(FIRST, LACHIN, "spoon");
    assert_eq!(phone.post(&spoon, &[("notes.jpg", b"no photo")], true).0, 202);
    assert_eq!(phone.send(&neutralisation(9, &id(77), "baseVersion=\"1\"", "burned")).0, 202);
    let mine = [("photo".to_owned(), "notes.jpg".to_owned()), ("kind".to_owned(), "spoon".to_owned())];
    assert_eq!(refused(&server)[..2], mine);
    assert_eq!(server.json("/refused")["uploads"][0]["problems"][0]["code"], "photo");
    // For a file uploaded by a person, the response reports the problem at once.
    let (status, _) = server.post_json("/uploads", &json!({"type": "FeatureCollection", "features": [{}]}));
    assert_eq!((status, refused(&server).len()), (422, 3));

    let first = server.json("/refused?limit=1");
    let (form, next) = (&server.json("/refused")["uploads"][1], &first["next"]);
    assert_eq!(first["uploads"].as_array().unwrap().len(), 1);
    assert_eq!(server.json(&format!("/refused?limit=1&after={next}"))["uploads"][0], *form);
    assert_eq!((&form["by"], &form["door"]), (&json!("Team 7"), &json!("openrosa")));
    let upload = form["upload"].as_str().unwrap();
    assert_eq!(server.bytes(&format!("/uploads/{upload}/received")), spoon.as_bytes());

    let settle = |reason: &Value| server.post_json(&format!("/refused/{upload}"), &json!({"reason": reason}));
    for bad in [json!(" "), json!(7), json!("x".repeat(1_001))] {
        assert_eq!(settle(&bad).0, 400, "{bad}");
    }
    assert_eq!(settle(&json!("the team saw a spoon")).0, 200);
    assert_eq!(settle(&json!("once more")).0, 409);
    assert_eq!(server.post_json(&format!("/refused/{}", id(5)), &json!({"reason": "?"})).0, 404);
    assert_eq!(refused(&server).len(), 2);
    let told = read(
        phone
            .agent
            .get(server.url(&format!("/uploads/{upload}")))
            .header("authorization", phone.bearer())
            .call()
            .unwrap(),
    );
    assert_eq!(told.1["settled"]["reason"], "the team saw a spoon", "{told:?}");
}

#[test]
fn what_comes_again_as_it_should_be_needs_no_manager() {
    let server = Server::start();
    let phone = Phone::new(&server, "field", "Team 7");
    for n in [1, 2, 3] {
        assert_eq!(phone.send(&detection(&id(n), LACHIN, "spoon")).0, 202);
    }
    assert_eq!(
        phone.send(&detection(&id(1), LACHIN, "uxo")).0,
        201,
        "the same form, mended before it was sent"
    );
    assert_eq!(phone.send(&corrected(12, &id(2), "fork")).0, 202, "a correction that cannot stand either");
    assert_eq!(refused(&server).len(), 3);
    assert_eq!(phone.send(&corrected(13, &id(12), "uxo")).0, 201);
    assert_eq!(refused(&server), [("kind".to_owned(), "spoon".to_owned())]);
    assert_eq!(record(&server, &id(2))["kind"], "uxo");
    let other = Phone::new(&server, "field", "Team 8");
    assert_eq!(other.send(&corrected(14, &id(3), "uxo")).0, 202, "what another sent is not settled by it");
    assert_eq!(refused(&server).len(), 1);
}
