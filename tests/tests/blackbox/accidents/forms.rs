//! Accidents from the forms of phones, and from servers that forward them.

use serde_json::{Value, json};

use super::{ITEMS, content};
use crate::{
    openrosa::{FIRST, Phone, element},
    photos::photo,
    program::{KALBAJAR, LACHIN, Server, id, read},
};

const THREE: &str = "<victims><outcome>killed</outcome><sex>male</sex><age_group>adult</age_group></victims>\
                     <victims><outcome>injured</outcome></victims><victims><outcome>injured</outcome></victims>";

/// Builds the answers of the form, as Collect sends them.
fn form(id: &str, (lon, lat): (f64, f64), more: &str, meta: &str) -> String {
    format!(
        "<data id=\"clearline_accident\" version=\"1\"><collection>accidents</collection><fix>gnss</fix>\
         <location>{lat} {lon} 1203.5 4.2</location><class>mine</class><occurred_on>2023-03-14</occurred_on>\
         <time>14:30:00.000+04:00</time><device>ap_mine</device><team>Team 7</team>{more}\
         <meta><instanceID>uuid:{id}</instanceID>{meta}</meta></data>"
    )
}

fn accident(server: &Server, id: &str) -> Value {
    server.json(&format!("{ITEMS}/{id}"))["properties"].clone()
}

/// Returns the id of the upload that a message names.
fn upload_in(told: &str) -> &str {
    told.split_once("(upload ").unwrap().1.split_once(')').unwrap().0
}

#[test]
fn a_phone_fetches_the_form_and_its_submission_is_an_accident_once() {
    let server = Server::start();
    let phone = Phone::new(&server, "field", "Team 7");
    let list = phone.get("/formList");
    let xml = phone.get(element(&list, "clearline_accident", "downloadUrl"));
    assert!(xml.contains("id=\"clearline_accident\" version=\"1\"") && xml.contains("jr:template"));
    let sent = form(FIRST, LACHIN, THREE, "");
    assert_eq!(phone.send(&sent).0, 201);
    let before = server.revision();
    assert_eq!((phone.send(&sent).0, phone.send(&format!("{sent}\n")).0), (201, 201));
    assert_eq!(server.revision(), before, "sent again");
    let made = accident(&server, FIRST);
    assert_eq!(
        content(&server.json(&format!("{ITEMS}/{FIRST}")))["properties"],
        json!({
            "class": "mine", "occurred_on": "2023-03-14", "time": "14:30", "device": "ap_mine", "team": "Team 7",
            "killed": 1, "injured": 2, "accuracy_m": 4.2, "fix": "gnss",
            "victims": [{"outcome": "killed", "sex": "male", "age_group": "adult"}, {"outcome": "injured"}, {"outcome": "injured"}],
        })
    );
    assert_eq!((&made["review"], &made["region"]), (&json!("submitted"), &json!("AZ-LAC")));
    assert_eq!(server.get(&format!("/collections/detections/items/{FIRST}")).status(), 404);
    let counted = form(&id(2), LACHIN, "<killed>0</killed><injured>3</injured>", "");
    assert_eq!(phone.send(&counted).0, 201);
    assert_eq!(accident(&server, &id(2))["injured"], 3);
}

#[test]
fn what_may_not_stand_waits_for_a_manager_and_a_name_is_stored_nowhere() {
    let server = Server::start();
    let phone = Phone::new(&server, "field", "Team 7");
    let (status, told) = phone.send(&form(&id(1), KALBAJAR, THREE, ""));
    assert_eq!(status, 202, "outside its regions: {told}");
    let held = server.json("/held?collection=accidents")["records"].clone();
    assert_eq!((&held[0]["why"], held.as_array().unwrap().len()), (&json!("outside"), 1));
    let invalid = form(&id(2), LACHIN, "<set_off>magic</set_off>", "");
    let (status, told) = phone.send(&invalid);
    assert!(status == 202 && told.contains("set_off magic"), "{told}");
    let received = format!("/uploads/{}/received", upload_in(&told));
    assert_eq!(server.bytes(&received), invalid.as_bytes(), "a manager may look at it");
    let named = "<victims><outcome>killed</outcome><name>Anna Person</name></victims>";
    let (status, told) = phone.send(&form(&id(3), LACHIN, named, ""));
    assert!(status == 202 && told.contains("never stores") && !told.contains("Anna"), "{told}");
    let upload = upload_in(&told);
    assert_eq!(server.get(&format!("/uploads/{upload}/received")).status(), 404);
    let problem = server.json(&format!("/uploads/{upload}"))["problems"][0].clone();
    assert_eq!((&problem["field"], &problem["code"]), (&json!("victims[1].name"), &json!("personal")));
    for n in 2..4 {
        assert_eq!(server.get(&format!("{ITEMS}/{}", id(n))).status(), 404);
    }
    assert_eq!(phone.send(&form(&id(2), LACHIN, "", "")).0, 201, "mended");
}

#[test]
fn a_correction_of_a_correction_is_still_the_one_accident() {
    let server = Server::start();
    let phone = Phone::new(&server, "field", "Team 7");
    assert_eq!(phone.send(&form(FIRST, LACHIN, "<injured>1</injured>", "")).0, 201);
    let corrects = |earlier: &str| format!("<deprecatedID>uuid:{earlier}</deprecatedID>");
    assert_eq!(phone.send(&form(&id(2), LACHIN, "<injured>2</injured>", &corrects(FIRST))).0, 201);
    assert_eq!(phone.send(&form(&id(3), LACHIN, THREE, &corrects(&id(2)))).0, 201);
    let made = accident(&server, FIRST);
    assert_eq!((&made["killed"], &made["injured"]), (&json!(1), &json!(2)));
    assert_eq!(server.json(ITEMS)["numberMatched"], 1);
    // The accident has changed since: a manager decides.
    assert_eq!(phone.send(&form(&id(4), LACHIN, "<injured>9</injured>", &corrects(FIRST))).0, 202);
    assert_eq!(accident(&server, FIRST)["injured"], 2);
}

#[test]
fn no_file_that_comes_with_an_accident_is_kept() {
    let server = Server::start();
    let phone = Phone::new(&server, "field", "Team 7");
    let picture = photo();
    let sent = form(FIRST, LACHIN, "<photo>a.png</photo>", "");
    let (status, told) = phone.post(&sent, &[("a.png", &picture), ("audit.csv", b"event")], true);
    assert_eq!(status, 201);
    assert!(told.contains("not kept, because accidents have no files: a.png, audit.csv"), "{told}");
    let made = accident(&server, FIRST);
    assert!(made.get("photos").is_none() && made.get("photo").is_none(), "{made}");
    assert_eq!(server.get(&format!("/photos/{}", crate::openrosa::hash_of(&picture))).status(), 404);
}

#[test]
fn kobotoolbox_and_central_forward_accidents() {
    let server = Server::start();
    let token = Phone::new(&server, "field", "Team 7").bearer();
    let send = |hook: &str, body: &Value| {
        let request =
            server.public().post(server.url(&format!("/hooks/{hook}"))).header("authorization", &token);
        read(request.send(body.to_string()).unwrap()).0
    };
    // KoBoToolbox gives the form an id of its own.
    let kobo = json!({
        "_uuid": id(1), "meta/instanceID": format!("uuid:{}", id(1)), "_xform_id_string": "aBcDeF",
        "collection": "accidents", "location": format!("{} {} 1203.5 4.2", LACHIN.1, LACHIN.0), "class": "mine",
        "occurred_on": "2023-03-14", "time": "14:30:00.000+04:00", "victims_known": "yes",
        "victims": [{"victims/outcome": "killed", "victims/sex": "male"}, {"victims/outcome": "injured"}],
    });
    assert_eq!((send("kobo", &kobo), send("kobo", &kobo)), (201, 201));
    let made = accident(&server, &id(1));
    assert_eq!((&made["killed"], &made["injured"], &made["time"]), (&json!(1), &json!(1), &json!("14:30")));
    assert_eq!(made["victims"], json!([{"outcome": "killed", "sex": "male"}, {"outcome": "injured"}]));
    let event = json!({"type": "submission.create", "data": {"xml": form(&id(2), LACHIN, THREE, "")}});
    assert_eq!(send("central", &event), 201);
    assert_eq!(accident(&server, &id(2))["injured"], 2);
}
