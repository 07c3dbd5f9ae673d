//! Forms with more than one find at the phone's place: several finds, places away from it, and files that are
//! not photos.

use serde_json::{Value, json};

use crate::{
    openrosa::{FIRST, Phone, detection, element, hash_of, neutralisation, record},
    photos::photo,
    program::{LACHIN, Server, id},
};

#[test]
fn films_sound_and_the_log_of_a_form_are_kept_and_hold_nothing_up() {
    let server = Server::start();
    let phone = Phone::new(&server, "field", "Team 7");
    let xml = detection(FIRST, LACHIN, "ap_mine").replace("<note/>", "<note/><film>clip.mp4</film>");
    let files: [(&str, &[u8]); 3] =
        [("audit.csv", b"event,node"), ("clip.mp4", b"film"), ("say.m4a", b"la la")];
    for _ in 0..2 {
        let (status, told) = phone.post(&xml, &files, true);
        assert_eq!(status, 201, "{told}");
        assert!(
            told.contains("Received; kept for 90 days, and not shown: audit.csv, clip.mp4, say.m4a"),
            "{told}"
        );
    }
    assert_eq!(record(&server, FIRST)["film"], "clip.mp4");
    assert_eq!(server.json("/refused")["uploads"], json!([]));
}

#[test]
fn a_repeat_of_finds_is_a_record_each_and_stays_so_when_it_comes_again() {
    let server = Server::start();
    let phone = Phone::new(&server, "field", "Team 7");
    let form = |instance: &str, earlier: &str, finds: &str| {
        format!(
            "<data id=\"finds\" version=\"1\"><location>39.7011 46.296 1203.5 4.2</location>\
             <detected_on>2023-03-14</detected_on>{finds}\
             <meta><instanceID>uuid:{instance}</instanceID>{earlier}</meta></data>"
        )
    };
    let find = |kind: &str, photo: &str| format!("<found><kind>{kind}</kind><photo>{photo}</photo></found>");
    let finds = [find("ap_mine", "a.jpg"), find("uxo", "b.jpg"), find("spoon", "")].concat();
    let (one, mut two) = (photo(), photo());
    two.extend(b"another");
    let xml = form(FIRST, "", &finds);
    let (status, told) = phone.post(&xml, &[("a.jpg", &one)], false);
    assert!(
        status == 202 && told.contains("kind spoon"),
        "two remain, and the third is reported: {status} {told}"
    );
    assert_eq!(phone.post(&xml, &[("b.jpg", &two)], true).0, 202);
    // The ids of the others derive from the first: uuid3(first, "2").
    let second = "3454dd62-403a-31b9-a498-221352e1bcf4";
    assert_eq!(record(&server, FIRST)["photos"], json!([hash_of(&one)]));
    assert_eq!(record(&server, second)["photos"], json!([hash_of(&two)]));
    assert_eq!(record(&server, second)["kind"], "uxo");
    let (_, upload) = told.split_once("(upload ").unwrap();
    let report = server.json(&format!("/uploads/{}", upload.split_once(')').unwrap().0));
    assert_eq!((&report["rows"], &report["created"], &report["refused"]), (&json!(3), &json!(2), &json!(1)));
    assert_eq!(report["problems"][0]["row"], 3);
    let before = server.revision();
    assert_eq!(phone.post(&xml, &[("a.jpg", &one)], false).0, 202);
    assert_eq!(server.revision(), before, "sent again");
    assert_eq!(server.json("/refused")["uploads"].as_array().unwrap().len(), 2, "a post each");

    // A correction changes each record, and replaces a refused one.
    let deprecated = |id: &str| format!("<deprecatedID>uuid:{id}</deprecatedID>");
    let mended = [find("ap_mine", "a.jpg"), find("ied", "b.jpg"), find("fuze", "")].concat();
    assert_eq!(phone.send(&form(&id(2), &deprecated(FIRST), &mended)).0, 201);
    assert_eq!(
        (&record(&server, second)["kind"], &record(&server, FIRST)["kind"]),
        (&json!("ied"), &json!("ap_mine"))
    );
    assert_eq!(record(&server, second)["photos"], json!([hash_of(&two)]));
    assert_eq!(record(&server, "7b64a373-7cae-3179-92b4-c06b8b0b394b")["kind"], "fuze");
    assert_eq!(server.json("/refused")["uploads"], json!([]));
    // A record missing from a correction remains until a manager removes it.
    let fewer = [find("ap_mine", "a.jpg"), find("uxo", "b.jpg")].concat();
    let (status, told) = phone.send(&form(&id(3), &deprecated(&id(2)), &fewer));
    assert!(status == 202 && told.contains("missing from the correction"), "{status} {told}");
    assert_eq!(
        (&record(&server, second)["kind"], &record(&server, "7b64a373-7cae-3179-92b4-c06b8b0b394b")["kind"]),
        (&json!("uxo"), &json!("fuze"))
    );
}

#[test]
fn a_place_by_bearing_and_distance_is_computed_from_true_north() {
    let server = Server::start();
    let phone = Phone::new(&server, "field", "Team 7");
    let away = |n: u64, north: &str, day: &str| {
        format!(
            "<data id=\"clearline_detection\" version=\"3\"><fix>bearing_distance</fix>\
             <start_location>39.7011 46.296 1203.5 4.2</start_location><bearing_north>{north}</bearing_north>\
             <bearing>90</bearing><distance_m>200</distance_m><kind>uxo</kind><detected_on>{day}</detected_on>\
             <meta><instanceID>uuid:{}</instanceID></meta></data>",
            id(n)
        )
    };
    let place = |n: u64| {
        let found = server.json(&format!("/collections/detections/items/{}", id(n)));
        let axis = |axis: usize| found["geometry"]["coordinates"][axis].as_f64().unwrap();
        (axis(0), axis(1), found["properties"].clone())
    };
    assert_eq!(phone.send(&away(1, "true", "2019-03-14")).0, 201);
    assert_eq!(phone.send(&away(2, "magnetic", "2023-03-14")).0, 201);
    let ((_, true_lat, _), (_, lat, found)) = (place(1), place(2));
    // 6.4 degrees of 200 m.
    assert!(((true_lat - lat) * 111_000.0 - 22.3).abs() < 1.5, "{true_lat} {lat}");
    assert_eq!((&found["fix"], &found["accuracy_m"]), (&json!("bearing_distance"), &json!(9.1)));
    let given = &found["location_as_given"];
    assert_eq!(given["crs"], "bearing and distance");
    let text = given["coordinates"].as_str().unwrap();
    assert!(
        text.starts_with("90 degrees (magnetic, declination 6.")
            && text.ends_with("200 m from 46.296 39.7011"),
        "{text}"
    );
    let (status, told) = phone.send(&away(3, "magnetic", "2019-03-14"));
    assert!(status == 202 && told.contains("2020 to 2029 only"), "{status} {told}");
}

#[test]
fn what_is_discounted_leaves_the_list_and_phones_are_told() {
    let server = Server::start();
    let phone = Phone::new(&server, "field", "Team 7");
    assert_eq!(phone.send(&detection(FIRST, LACHIN, "ap_mine")).0, 201);
    let manifest = || phone.get("/forms/neutralisation/manifest");
    let before = manifest();
    assert!(phone.get("/entities/detections.csv").contains(FIRST));
    let base = record(&server, FIRST)["revision"].clone();
    let xml = neutralisation(9, FIRST, &format!("baseVersion=\"{base}\""), "");
    let xml = xml.replace("<neutralised_on>2023-03-15</neutralised_on>", "<status>discounted</status>");
    assert_eq!(phone.send(&xml), (201, phone.send(&xml).1));
    let done = record(&server, FIRST);
    assert_eq!(
        (&done["status"], &done["note"], &done["disposal"]),
        (&json!("discounted"), &json!("seen"), &Value::Null)
    );
    assert!(!phone.get("/entities/detections.csv").contains(FIRST));
    assert_ne!(element(&manifest(), "mediaFile", "hash"), element(&before, "mediaFile", "hash"));
}
