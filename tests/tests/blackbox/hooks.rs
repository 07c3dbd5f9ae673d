//! Submissions forwarded by `KoBoToolbox` and ODK Central, in their formats.

use serde_json::{Value, json};

use crate::program::{KALBAJAR, LACHIN, Server, clearline, id, read};

/// Creates a team's token for Lachin.
fn token(server: &Server, name: &str) -> String {
    let store = server.store.to_str().unwrap();
    let made = clearline(&[
        "token", "create", "--role", "field", "--name", name, "--region", "AZ-LAC", "--store", store,
    ]);
    String::from_utf8(made.stdout).unwrap().trim().to_owned()
}

/// Builds what the REST service of `KoBoToolbox` sends for a detection.
fn kobo(n: u64, (lon, lat): (f64, f64), kind: &str) -> Value {
    json!({
        "_id": n, "formhub/uuid": "f3b1", "__version__": "vA1", "meta/instanceID": format!("uuid:{}", id(n)), "_uuid": id(n),
        "_xform_id_string": "aBcDeF", "location": format!("{lat} {lon} 1203.5 4.2"), "kind": kind, "model": "PMN-2",
        "quantity": "2", "detected_on": "2023-03-14", "team": "Team 7", "photo": "a.jpg",
        "_attachments": [{"download_url": "https://kc.example.org/a.jpg", "filename": "t/attachments/a.jpg", "mimetype": "image/jpeg"}],
        "_geolocation": [lat, lon], "_submission_time": "2023-03-14T10:00:00", "_tags": [], "_notes": [],
        "_validation_status": {}, "_submitted_by": null, "_status": "submitted_via_web",
    })
}

/// Builds the same as XML, as a phone sends it to ODK Central.
fn xml(n: u64, (lon, lat): (f64, f64), kind: &str) -> String {
    format!(
        "<?xml version='1.0' ?><data id=\"clearline_detection\" version=\"1\"><location>{lat} {lon} 1203.5 4.2</location>\
         <kind>{kind}</kind><model>PMN-2</model><quantity>2</quantity><detected_on>2023-03-14</detected_on>\
         <team>Team 7</team><meta><instanceID>uuid:{}</instanceID></meta></data>",
        id(n)
    )
}

fn event(kind: &str, data: &Value) -> String {
    json!({"type": kind, "id": "uuid:3c142a0d-37b9-4d37-baf0-e58876428181", "data": data}).to_string()
}

/// Posts with these headers.
fn post(server: &Server, path: &str, headers: &[(&str, &str)], body: &str) -> (u16, Value) {
    let mut request = server.public().post(server.url(path));
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    read(request.send(body).unwrap())
}

fn record(server: &Server, n: u64) -> Value {
    server.json(&format!("/collections/detections/items/{}", id(n)))["properties"].clone()
}

#[test]
fn what_kobotoolbox_sends_on_arrives_once_whoever_sends_it_too() {
    let server = Server::start();
    let token = token(&server, "Team 7");
    let bearer = format!("Bearer {token}");
    let send = |body: &Value| {
        let headers = [("authorization", bearer.as_str()), ("content-type", "application/json")];
        post(&server, "/hooks/kobo", &headers, &body.to_string())
    };
    let sent = kobo(1, LACHIN, "ap_mine");
    assert_eq!(send(&sent), (201, json!({"status": "received"})));
    let made = record(&server, 1);
    assert_eq!(
        (&made["kind"], &made["quantity"], &made["accuracy_m"]),
        (&json!("ap_mine"), &json!(2), &json!(4.2))
    );
    assert_eq!((&made["review"], &made["fix"]), (&json!("submitted"), &json!("gnss")));
    assert_eq!(made["photos_elsewhere"], "a.jpg", "{made}");
    // Repeated, with members that KoBoToolbox has added since.
    let mut tagged = sent.clone();
    tagged["_tags"] = json!(["seen"]);
    let before = server.revision();
    assert_eq!((send(&sent).0, send(&tagged).0), (201, 201));
    assert_eq!(server.revision(), before);
    // Another person's find under the same id needs a manager.
    let (status, told) = send(&kobo(1, LACHIN, "uxo"));
    assert!(status == 202 && told["detail"].as_str().unwrap().contains("upload"), "{status} {told}");
    assert_eq!(send(&kobo(2, KALBAJAR, "uxo")).0, 202, "outside its regions");
    assert_eq!(send(&kobo(3, LACHIN, "spoon")).0, 202, "kept, although it cannot stand");
    let held = server.json("/held")["records"].clone();
    let why: Vec<_> = held.as_array().unwrap().iter().map(|held| held["why"].clone()).collect();
    assert_eq!(why, [json!("conflict"), json!("outside")]);

    // Corrected in KoBoToolbox.
    let mut corrected = kobo(5, LACHIN, "axo");
    corrected["meta/deprecatedID"] = json!(format!("uuid:{}", id(1)));
    assert_eq!(send(&corrected).0, 201);
    let made = record(&server, 1);
    assert_eq!((&made["kind"], &made["photos_elsewhere"]), (&json!("axo"), &json!("a.jpg")));

    // The XML of the same service, with basic authentication.
    let basic = format!(
        "Basic {}",
        base64::Engine::encode(&base64::prelude::BASE64_STANDARD, format!("kobo:{token}"))
    );
    let headers = [("authorization", basic.as_str()), ("content-type", "application/xml")];
    assert_eq!(post(&server, "/hooks/kobo", &headers, &xml(4, LACHIN, "axo")).0, 201);
    assert_eq!(record(&server, 4)["kind"], "axo");
    for bad in ["", "[]", "{}", "<data/>", "no", "{\"_uuid\":\"x\"}"] {
        assert_eq!(post(&server, "/hooks/kobo", &headers, bad).0, 400, "{bad}");
    }
}

#[test]
fn a_record_that_was_chosen_from_a_list_is_neutralised_as_long_as_it_waits() {
    let server = Server::start();
    let bearer = format!("Bearer {}", token(&server, "Team 7"));
    let send =
        |body: &Value| post(&server, "/hooks/kobo", &[("authorization", &bearer)], &body.to_string()).0;
    assert_eq!(send(&kobo(1, LACHIN, "ap_mine")), 201);
    let burned = |n: u64, disposal: &str| {
        json!({"_uuid": id(n), "meta/instanceID": format!("uuid:{}", id(n)), "detection": id(1),
               "neutralised_on": "2023-03-15", "disposal": disposal, "note": "seen"})
    };
    assert_eq!(send(&burned(10, "burned")), 201);
    let done = record(&server, 1);
    assert_eq!((&done["status"], &done["disposal"]), (&json!("neutralised"), &json!("burned")));
    assert_eq!(send(&burned(10, "burned")), 201, "again");
    assert_eq!(send(&burned(11, "removed")), 202, "somebody was first");
    assert_eq!(record(&server, 1), done);
    assert_eq!(server.json("/held")["records"][0]["why"], "conflict");
}

#[test]
fn what_central_sends_on_arrives_and_its_other_events_do_nothing() {
    let server = Server::start();
    let token = token(&server, "Team 7");
    let key = [("x-api-key", token.as_str()), ("content-type", "application/json")];
    let created = event("submission.create", &json!({"xml": xml(1, LACHIN, "ied")}));
    assert_eq!(post(&server, "/hooks/central", &key, &created).0, 201);
    assert_eq!(post(&server, "/hooks/central", &key, &created).0, 201);
    assert_eq!((record(&server, 1)["kind"].clone(), server.revision()), (json!("ied"), 1));
    for other in [
        event("submission.update", &json!({"reviewState": "hasIssues"})),
        event("entity.update.version", &json!({"status": "neutralised"})),
        event("something.new", &json!({})),
        event("something.new", &json!({"xml": xml(7, LACHIN, "uxo")})),
    ] {
        assert_eq!(post(&server, "/hooks/central", &key, &other).0, 200, "{other}");
    }
    for bad in [
        event("submission.create", &json!({})),
        event("submission.create", &json!({"xml": "<data/>"})),
        "7".into(),
    ] {
        assert_eq!(post(&server, "/hooks/central", &key, &bad).0, 400, "{bad}");
    }
    assert_eq!(server.revision(), 1);
    // The key is accepted nowhere else.
    assert_eq!(post(&server, "/uploads", &key, "{}").0, 401);
    for headers in [&[][..], &[("x-api-key", "none")], &[("authorization", "Bearer none")]] {
        assert_eq!(post(&server, "/hooks/central", headers, &created).0, 401, "{headers:?}");
    }
}

#[test]
fn who_tries_tokens_is_stopped() {
    let folder = tempfile::tempdir().unwrap();
    let config = folder.path().join("clearline.toml");
    let limits = "[limits]\npublic_a_second = 1\npublic_at_once = 3\ntrusted_proxies = [\"127.0.0.1\"]\n";
    std::fs::write(&config, limits).unwrap();
    let server = Server::open(&folder.path().join("store.gpkg"), &["--config", config.to_str().unwrap()]);
    let tried: Vec<u16> = (0..8)
        .map(|n| {
            let bearer = format!("Bearer clearline_{n:064}");
            let headers = [("authorization", bearer.as_str()), ("x-forwarded-for", "203.0.113.7")];
            post(&server, "/uploads", &headers, "{}").0
        })
        .collect();
    assert!(tried[..3].iter().all(|status| *status == 401) && tried[3..].contains(&429), "{tried:?}");
}

#[test]
fn who_comes_too_often_is_asked_to_come_again() {
    let folder = tempfile::tempdir().unwrap();
    let config = folder.path().join("clearline.toml");
    std::fs::write(
        &config,
        "[limits]\ntoken_a_second = 1\ntoken_at_once = 1\ntrusted_proxies = [\"127.0.0.1\"]\n",
    )
    .unwrap();
    let server = Server::open(&folder.path().join("store.gpkg"), &["--config", config.to_str().unwrap()]);
    let token = token(&server, "Team 7");
    let headers = [("x-api-key", token.as_str()), ("x-forwarded-for", "203.0.113.7")];
    let answers: Vec<(u16, Value)> = (1..=5)
        .map(|n| post(&server, "/hooks/kobo", &headers, &kobo(n, LACHIN, "uxo").to_string()))
        .collect();
    assert!(
        answers.iter().any(|(status, _)| *status == 503),
        "KoBoToolbox never tries again after 429: {answers:?}"
    );
    assert!(answers.iter().all(|(status, _)| [201, 503].contains(status)), "{answers:?}");
}
