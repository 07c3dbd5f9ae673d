//! Uploads are stored before they are read, judged once, and quarantined where their sender may not write.

use serde_json::{Value, json};

use crate::program::{KALBAJAR, LACHIN, Server, clearline, collection, feature, id, neutralised, read};

/// A sender with a token.
struct Sender<'a> {
    server: &'a Server,
    token: String,
}

impl<'a> Sender<'a> {
    fn new(server: &'a Server, role: &str, name: &str, region: &str) -> Self {
        let store = server.store.to_str().unwrap();
        let arguments =
            ["token", "create", "--role", role, "--name", name, "--region", region, "--store", store];
        let made = clearline(&arguments);
        assert!(made.status.success(), "{}", String::from_utf8_lossy(&made.stderr));
        Self { server, token: String::from_utf8(made.stdout).unwrap().trim().to_owned() }
    }

    fn send(&self, method: &str, path: &str, key: Option<&str>, body: &Value) -> (u16, Value) {
        let mut request = ureq::http::Request::builder()
            .method(method)
            .uri(self.server.url(path))
            .header("authorization", format!("Bearer {}", self.token));
        if let Some(key) = key {
            request = request.header("idempotency-key", key);
        }
        let body = if body.is_null() { String::new() } else { body.to_string() };
        read(self.server.agent().run(request.body(body).unwrap()).unwrap())
    }

    fn upload(&self, key: Option<&str>, features: &[Value]) -> (u16, Value) {
        self.send("POST", "/uploads?update=true", key, &collection(features))
    }

    fn get(&self, path: &str) -> Value {
        let (status, body) = self.send("GET", path, None, &Value::Null);
        assert_eq!(status, 200, "{path}: {body}");
        body
    }
}

fn with(mut feature: Value, properties: &Value) -> Value {
    for (name, value) in properties.as_object().unwrap() {
        feature["properties"][name] = value.clone();
    }
    feature
}

#[test]
fn the_same_key_is_the_same_upload_and_has_the_answer_that_it_had() {
    let server = Server::start();
    let team = Sender::new(&server, "field", "Team 7", "AZ-LAC");
    // Without ids, two uploads of these rows would create two records each.
    let mut nameless = feature(1, LACHIN.0, LACHIN.1);
    nameless.as_object_mut().unwrap().remove("id");
    let first = team.upload(Some("\"day 1\""), std::slice::from_ref(&nameless));
    assert_eq!((first.0, &first.1["created"]), (200, &json!(1)), "{}", first.1);
    let again = team.upload(Some("day 1"), std::slice::from_ref(&nameless));
    assert_eq!(again, first);
    assert_eq!(server.revision(), 1);
    let (status, told) = team.upload(Some("day 1"), &[feature(2, LACHIN.0, LACHIN.1)]);
    assert_eq!((status, &told["type"]), (422, &json!("urn:clearline:problem:idempotency-key")));
    // A key belongs to one entry point: others have their own responses.
    let (status, told) = team.send("POST", "/collections/detections/items", Some("day 1"), &nameless);
    assert_eq!((status, &told["type"]), (201, &json!("Feature")), "{told}");
    let single = team.send("POST", "/uploads", Some("single"), &feature(9, LACHIN.0, LACHIN.1));
    assert_eq!((single.0, &single.1["created"]), (200, &json!(1)), "{}", single.1);
    let item =
        team.send("POST", "/collections/detections/items", Some("single"), &feature(9, LACHIN.0, LACHIN.1));
    assert_eq!((item.0, &item.1["id"]), (200, &json!(id(9))), "{}", item.1);
    assert_eq!(team.send("POST", "/uploads", Some("single"), &feature(9, LACHIN.0, LACHIN.1)), single);
    let revision = server.revision();
    // Other senders have separate keys, and refusals are remembered too.
    let other = Sender::new(&server, "field", "Team 8", "AZ-LAC");
    let wrong = with(feature(3, LACHIN.0, LACHIN.1), &json!({"kind": "spoon"}));
    let refused = other.upload(Some("day 1"), std::slice::from_ref(&wrong));
    assert_eq!((refused.0, &refused.1["errors"][0]["field"]), (422, &json!("kind")), "{}", refused.1);
    assert_eq!(other.upload(Some("day 1"), &[wrong]), refused);
    let garbage = |key: &str| other.send("POST", "/uploads", Some(key), &json!("no features"));
    let unreadable = garbage("day 2");
    assert_eq!(unreadable.0, 400, "{}", unreadable.1);
    assert_eq!(garbage("day 2"), unreadable);
    assert_eq!(server.revision(), revision);
}

#[test]
fn a_manager_gets_what_came_byte_by_byte_and_a_team_only_its_own_report() {
    let server = Server::start();
    let team = Sender::new(&server, "field", "Team 7", "AZ-LAC");
    let (_, report) = team.upload(None, &[feature(1, LACHIN.0, LACHIN.1)]);
    let path = format!("/uploads/{}", report["upload"].as_str().unwrap());
    assert_eq!(team.get(&path), report);
    assert_eq!(server.json(&format!("{path}/received")), collection(&[feature(1, LACHIN.0, LACHIN.1)]));
    let other = Sender::new(&server, "field", "Team 8", "AZ-LAC");
    assert_eq!(other.send("GET", &path, None, &Value::Null).0, 404);
    assert_eq!(team.send("GET", &format!("{path}/received"), None, &Value::Null).0, 403);
}

#[test]
fn what_a_team_may_not_place_waits_for_a_manager_and_blocks_nothing() {
    let server = Server::start();
    let manager = Sender::new(&server, "manager", "Leyla", "AZ-LAC");
    let far = Sender::new(&server, "manager", "Far", "AZ-KAL");
    let team = Sender::new(&server, "field", "Team 7", "AZ-LAC");
    let theirs = feature(1, LACHIN.0, LACHIN.1);
    assert_eq!(manager.upload(None, std::slice::from_ref(&theirs)).0, 200);
    let done = with(neutralised(1, LACHIN.0, LACHIN.1), &json!({"base_revision": 1, "reason": "blown up"}));
    let beyond = feature(3, KALBAJAR.0, KALBAJAR.1);
    let (status, report) = team.upload(None, &[done.clone(), feature(2, LACHIN.0, LACHIN.1), beyond.clone()]);
    assert_eq!((status, &report["created"], &report["held"]), (200, &json!(1), &json!(2)), "{report}");
    // Repeating it changes nothing.
    assert_eq!(team.upload(None, &[done, beyond]).1["held"], 2);

    let queue = manager.get("/held");
    assert_eq!(queue["records"].as_array().unwrap().len(), 1, "{queue}");
    let waits = &queue["records"][0];
    assert_eq!(
        (&waits["why"], &waits["by"], &waits["reason"]),
        (&json!("approved"), &json!("Team 7"), &json!("blown up"))
    );
    assert_eq!(waits["changed"], json!(["status", "neutralised_on", "disposal"]));
    assert_eq!(waits["current"]["properties"]["status"], "detected");
    let decide = |who: &Sender<'_>, number: &Value, body: &Value| {
        who.send("POST", &format!("/held/{number}"), None, body)
    };
    let revision = &waits["current"]["properties"]["revision"];
    let unseen = json!({"decision": "accepted", "revision": revision});
    let (status, told) = decide(&manager, &waits["number"], &unseen);
    assert_eq!((status, &told["type"]), (409, &json!("urn:clearline:problem:unconfirmed")), "{told}");
    let accept = json!({"decision": "accepted", "revision": revision, "confirms": ["replaces_approved"]});
    assert_eq!(decide(&far, &waits["number"], &accept).0, 403);
    let stale = json!({"decision": "accepted", "revision": 7, "confirms": ["replaces_approved"]});
    let (status, told) = decide(&manager, &waits["number"], &stale);
    assert_eq!((status, &told["errors"][0]["code"]), (409, &json!("conflict")), "{told}");
    assert_eq!(decide(&manager, &waits["number"], &accept).0, 200);
    assert_eq!(decide(&manager, &waits["number"], &accept).0, 409, "decided once");
    let record = manager.get(&format!("/collections/detections/items/{}", id(1)));
    assert_eq!(record["properties"]["status"], "neutralised");
    let history = manager.get(&format!("/collections/detections/items/{}/history", id(1)));
    assert_eq!(history["revisions"][0]["reason"], "sent by Team 7: blown up");
    assert_eq!(history["revisions"][0]["by"], "Leyla");

    let waits = &far.get("/held")["records"][0];
    assert_eq!((&waits["why"], &waits["current"]), (&json!("outside"), &Value::Null));
    let dismiss = json!({"decision": "dismissed", "reason": "known under another number"});
    assert_eq!(decide(&far, &waits["number"], &dismiss).0, 200);
    assert_eq!(server.json("/held")["waiting"]["held"], 0);
    let (status, _) =
        manager.send("GET", &format!("/collections/detections/items/{}", id(3)), None, &Value::Null);
    assert_eq!(status, 404);
}

#[test]
fn two_teams_deal_with_the_same_record_offline_and_the_later_one_is_seen() {
    let server = Server::start();
    let (first, second) = (
        Sender::new(&server, "field", "Team 7", "AZ-LAC"),
        Sender::new(&server, "field", "Team 8", "AZ-LAC"),
    );
    assert_eq!(first.upload(None, &[feature(1, LACHIN.0, LACHIN.1)]).0, 200);
    let done = |disposal: &str| {
        let properties = json!({"base_revision": 1, "disposal": disposal});
        with(neutralised(1, LACHIN.0, LACHIN.1), &properties)
    };
    // A colleague's record that is not yet approved is dealt with without a manager.
    let (_, report) = second.upload(None, &[done("burned")]);
    assert_eq!((&report["updated"], &report["held"]), (&json!(1), &json!(0)), "{report}");
    let (_, report) = first.upload(None, &[done("disarmed")]);
    assert_eq!((&report["updated"], &report["held"]), (&json!(0), &json!(1)), "{report}");
    // Its response was lost: it is sent again, and the record is unchanged.
    assert_eq!(second.upload(None, &[done("burned")]).1["unchanged"], 1);
    assert_eq!(server.json("/held")["records"][0]["why"], "conflict");
    // Correcting a colleague's record needs a manager.
    let moved = with(feature(1, LACHIN.0 + 0.001, LACHIN.1), &json!({"base_revision": 2}));
    assert_eq!(second.upload(None, &[moved]).1["held"], 1);
}

#[test]
fn what_was_kept_and_not_judged_is_judged_when_the_server_comes_back() {
    let mut server = Server::start();
    let store = server.store.clone();
    assert!(server.stop().success());
    let body = collection(&[feature(1, LACHIN.0, LACHIN.1), feature(2, KALBAJAR.0, KALBAJAR.1)]).to_string();
    let upload = "018f3c1e-7a44-7cc1-9000-0000000000aa";
    let hash = blake3::hash(body.as_bytes()).to_hex();
    let bytes: String = body.bytes().fold(String::new(), |text, byte| format!("{text}{byte:02x}"));
    let sql = format!(
        "INSERT INTO clearline_inbox (id, received_at, \"by\", sender, door, key, envelope, hash, bytes) VALUES ('{upload}',
         '2026-01-01T00:00:00.000Z', 'Team 7', '{{\"role\":\"field\",\"operator\":null,\"regions\":[\"AZ-LAC\"]}}', 'uploads', 'k',
         '{{\"query\":\"update=true\",\"content_type\":\"application/geo+json\",\"content_encoding\":null}}', x'{hash}', x'{bytes}')"
    );
    let done = std::process::Command::new("sqlite3").arg(&store).arg(sql).output().unwrap();
    assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));

    server.restart();
    let told = (0..200).find_map(|_| {
        let (status, told) = read(server.get(&format!("/uploads/{upload}")));
        if status == 200 {
            return Some(told);
        }
        assert_eq!((status, &told["state"]), (202, &json!("waiting")));
        std::thread::sleep(std::time::Duration::from_millis(50));
        None
    });
    let told = told.expect("it is judged soon after the start");
    // As the team that sent it: a record in its region, and one outside.
    assert_eq!((&told["created"], &told["held"]), (&json!(1), &json!(1)), "{told}");
    let record = server.json(&format!("/collections/detections/items/{}", id(1)));
    assert_eq!(record["properties"]["review"], "submitted");
}

#[test]
fn a_team_hears_what_a_manager_made_of_what_was_set_aside() {
    let server = Server::start();
    let manager = Sender::new(&server, "manager", "Leyla", "AZ-LAC");
    let far = Sender::new(&server, "manager", "Far", "AZ-KAL");
    let team = Sender::new(&server, "field", "Team 7", "AZ-LAC");
    assert_eq!(manager.upload(None, &[feature(1, LACHIN.0, LACHIN.1)]).0, 200);
    let done = neutralised(1, LACHIN.0, LACHIN.1);
    let beyond = feature(3, KALBAJAR.0, KALBAJAR.1);
    let deep = with(feature(4, LACHIN.0, LACHIN.1), &json!({"depth_cm": 20_000}));
    let (_, report) = team.upload(None, &[done, beyond.clone(), deep]);
    let codes: Vec<_> = report["problems"].as_array().unwrap().iter().map(|p| p["code"].clone()).collect();
    assert_eq!(codes, [json!("approved"), json!("outside"), json!("out_of_range")]);
    let path = format!("/uploads/{}", report["upload"].as_str().unwrap());
    assert_eq!(team.get(&path), report, "nothing is decided");

    let decide = |who: &Sender<'_>, body: Value| {
        let waits = who.get("/held")["records"][0].clone();
        let body = with(
            json!({"properties": body}),
            &json!({"revision": waits["current"]["properties"]["revision"]}),
        );
        let path = format!("/held/{}", waits["number"]);
        assert_eq!(who.send("POST", &path, None, &body["properties"]).0, 200);
    };
    decide(&far, json!({"decision": "dismissed", "reason": "known under another number"}));
    decide(&manager, json!({"decision": "accepted", "confirms": ["replaces_approved"]}));
    let told = |path: &str| {
        let decisions = team.get(path)["decisions"].clone();
        let of = |d: &Value| (d["row"].as_u64(), d["id"].clone(), d["decision"].clone(), d["reason"].clone());
        decisions.as_array().unwrap().iter().map(of).collect::<Vec<_>>()
    };
    let reason = json!("known under another number");
    assert_eq!(
        told(&path),
        [
            (Some(1), json!(id(1)), json!("accepted"), Value::Null),
            (Some(2), json!(id(3)), json!("dismissed"), reason.clone()),
        ]
    );
    // A repeated write is not quarantined again, and the decision remains.
    let (_, again) = team.upload(None, &[beyond]);
    let path = format!("/uploads/{}", again["upload"].as_str().unwrap());
    assert_eq!(told(&path), [(Some(1), json!(id(3)), json!("dismissed"), reason)]);
    let other = Sender::new(&server, "field", "Team 8", "AZ-LAC");
    assert_eq!(other.send("GET", &path, None, &Value::Null).0, 404);
}

#[test]
fn a_single_record_is_kept_with_its_report_and_has_the_answer_that_it_had() {
    const ITEMS: &str = "/collections/detections/items";
    let server = Server::start();
    let team = Sender::new(&server, "field", "Team 7", "AZ-LAC");
    let mut nameless = feature(1, LACHIN.0, LACHIN.1);
    nameless.as_object_mut().unwrap().remove("id");
    let first = team.send("POST", ITEMS, Some("one"), &nameless);
    assert_eq!(first.0, 201, "{}", first.1);
    assert_eq!(team.send("POST", ITEMS, Some("one"), &nameless), first);
    assert_eq!(server.revision(), 1);
    let (status, told) = team.send("POST", ITEMS, Some("one"), &feature(2, LACHIN.0, LACHIN.1));
    assert_eq!((status, &told["type"]), (422, &json!("urn:clearline:problem:idempotency-key")));

    // A write outside the team's rights waits, and is stored once.
    let beyond = feature(3, KALBAJAR.0, KALBAJAR.1);
    let (status, report) = team.send("POST", ITEMS, Some("two"), &beyond);
    assert_eq!(
        (status, &report["held"], &report["problems"][0]["code"]),
        (202, &json!(1), &json!("outside"))
    );
    assert_eq!(team.send("POST", ITEMS, Some("two"), &beyond), (202, report.clone()));
    let path = format!("/uploads/{}", report["upload"].as_str().unwrap());
    assert_eq!(team.get(&path), report);
    assert_eq!(server.json(&format!("{path}/received")), beyond);
    assert_eq!(server.json("/held")["waiting"]["held"], 1);

    // A refused write is neither stored nor quarantined, so the key is free.
    let wrong = with(feature(4, LACHIN.0, LACHIN.1), &json!({"kind": "spoon"}));
    assert_eq!(team.send("POST", ITEMS, Some("three"), &wrong).0, 422);
    assert_eq!(team.send("POST", ITEMS, Some("three"), &feature(4, LACHIN.0, LACHIN.1)).0, 201);
    let other = with(feature(4, LACHIN.0, LACHIN.1), &json!({"quantity": 7}));
    assert_eq!(team.send("POST", ITEMS, Some("four"), &other).0, 409);
    assert_eq!(server.json("/held")["waiting"]["held"], 1);
    let count = "SELECT count(*) FROM clearline_inbox";
    let kept = std::process::Command::new("sqlite3").arg(&server.store).arg(count).output().unwrap();
    assert_eq!(String::from_utf8_lossy(&kept.stdout).trim(), "3");
    // A collection is an upload, as at /uploads.
    let (status, report) =
        team.send("POST", ITEMS, Some("five"), &collection(&[wrong, feature(5, LACHIN.0, LACHIN.1)]));
    assert_eq!((status, &report["created"], &report["refused"]), (200, &json!(1), &json!(1)));
    assert_eq!(team.get(&format!("/uploads/{}", report["upload"].as_str().unwrap())), report);
}

#[test]
fn an_upload_that_is_undone_has_its_report() {
    let server = Server::start();
    let team = Sender::new(&server, "field", "Team 7", "AZ-LAC");
    let rows =
        [feature(1, LACHIN.0, LACHIN.1), with(feature(2, LACHIN.0, LACHIN.1), &json!({"kind": "spoon"}))];
    let send = || team.send("POST", "/uploads?atomic=true", Some("all"), &collection(&rows));
    let told = send();
    assert_eq!((told.0, told.1["errors"].as_array().unwrap().len()), (422, 1));
    assert_eq!(send(), told);
    assert_eq!(server.revision(), 0);
    let sql = "SELECT count(*) FROM clearline_inbox WHERE NOT judged";
    let waiting = std::process::Command::new("sqlite3").arg(&server.store).arg(sql).output().unwrap();
    assert_eq!(String::from_utf8_lossy(&waiting.stdout).trim(), "0");
}

/// Reports stored before they had a version: the response itself.
#[test]
fn a_report_from_before_still_has_its_answer() {
    let mut server = Server::start();
    let token = Sender::new(&server, "field", "Team 7", "AZ-LAC").token;
    let rows = collection(&[feature(1, LACHIN.0, LACHIN.1), feature(2, KALBAJAR.0, KALBAJAR.1)]);
    let garbage = json!("no features");
    let (reported, refused) =
        ("018f3c1e-7a44-7cc1-9000-0000000000aa", "018f3c1e-7a44-7cc1-9000-0000000000ab");
    let report = json!({
        "upload": reported, "revision": 1, "rows": 2, "created": 1, "updated": 0, "unchanged": 0, "held": 1, "refused": 0,
        "ids": [id(1)], "problems": [{"row": 2, "id": id(2), "field": "id", "value": id(2),
        "reason": "waits for a manager: the place is outside the sender's regions", "code": "outside"}],
    });
    let reason = "a GeoJSON document is an object; no record of this upload was kept";
    let problem = json!({
        "type": "urn:clearline:problem:unreadable", "title": "Bad Request", "status": 400, "detail": reason,
        "errors": [{"row": 0, "field": "", "value": "", "reason": "a GeoJSON document is an object"}],
    });
    assert!(server.stop().success());
    for (upload, key, body, kept) in
        [(reported, "day 1", &rows, &report), (refused, "day 2", &garbage, &problem)]
    {
        let body = body.to_string();
        let hash = blake3::hash(body.as_bytes()).to_hex();
        let kept = kept.to_string().replace('\'', "''");
        let sql = format!(
            "INSERT INTO clearline_inbox (id, received_at, \"by\", sender, door, key, envelope, hash, judged, bytes) VALUES
             ('{upload}', '2026-01-01T00:00:00.000Z', 'Team 7', '{{\"role\":\"field\"}}', 'uploads', '{key}',
             '{{\"query\":\"\",\"content_type\":null,\"content_encoding\":null}}', x'{hash}', 1, '{body}');
             INSERT INTO uploads (id, received_at, \"by\", revision, report) VALUES
             ('{upload}', '2026-01-01T00:00:00.000Z', 'Team 7', 1, '{kept}')"
        );
        let done = std::process::Command::new("sqlite3").arg(&server.store).arg(sql).output().unwrap();
        assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
    }
    server.restart();
    let team = Sender { server: &server, token };
    assert_eq!(team.send("POST", "/uploads", Some("day 1"), &rows), (200, report.clone()));
    assert_eq!(team.send("POST", "/uploads", Some("day 2"), &garbage), (400, problem.clone()));
    assert_eq!(team.get(&format!("/uploads/{reported}")), report);
    assert_eq!(team.get(&format!("/uploads/{refused}")), problem);
}
