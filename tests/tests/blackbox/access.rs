//! Roles, regions and sessions, cell by cell of the table in the manual.

use std::{
    io::{BufRead, BufReader},
    sync::atomic::{AtomicU64, Ordering},
    time::Duration,
};

use serde_json::{Value, json};
use ureq::{
    Agent, Body,
    http::{Request, Response},
};

use crate::program::*;

const ROLES: [&str; 5] = ["public", "viewer", "field", "manager", "admin"];
const ITEMS: &str = "/collections/detections/items";

/// A server, and a token of each role; those of `field` and `manager` are for Lachin.
struct World {
    server: Server,
    agent: Agent,
    tokens: [String; 5],
    next: AtomicU64,
}

impl World {
    fn new() -> Self {
        let server = Server::start();
        let tokens = ROLES.map(|role| match role {
            "public" => String::new(),
            "field" | "manager" => token(&server, role, role, &["--region", "AZ-LAC"]),
            _ => token(&server, role, role, &[]),
        });
        let config = Agent::config_builder().http_status_as_error(false);
        let agent = config.timeout_global(Some(Duration::from_secs(20))).build().new_agent();
        Self { server, agent, tokens, next: AtomicU64::new(1) }
    }

    fn token(&self, role: &str) -> &str {
        &self.tokens[ROLES.iter().position(|known| *known == role).unwrap()]
    }

    /// A token for an address; the public has none that is good.
    fn path_token(&self, role: &str) -> &str {
        Some(self.token(role)).filter(|token| !token.is_empty()).unwrap_or("none")
    }

    fn send(&self, role: &str, method: &str, path: &str, body: &str) -> Response<Body> {
        let kind = match method {
            "PATCH" => "application/merge-patch+json",
            _ => "application/geo+json",
        };
        let request =
            Request::builder().method(method).uri(self.server.url(path)).header("content-type", kind);
        let request = match self.token(role) {
            "" => request,
            token => request.header("authorization", format!("Bearer {token}")),
        };
        self.agent.run(request.body(body.to_owned()).unwrap()).unwrap()
    }

    fn told(&self, role: &str, method: &str, path: &str, body: &Value) -> (u16, Value) {
        read(self.send(role, method, path, &body.to_string()))
    }

    fn new_id(&self) -> u64 {
        self.next.fetch_add(1, Ordering::Relaxed)
    }

    /// A new record, made by somebody of a role at a place, and its id.
    fn record(&self, role: &str, (lon, lat): (f64, f64)) -> String {
        let n = self.new_id();
        let (status, told) = self.told(role, "POST", ITEMS, &feature(n, lon, lat));
        assert_eq!(status, 201, "{told}");
        id(n)
    }

    fn state(&self, id: &str) -> Value {
        self.told("viewer", "GET", &format!("{ITEMS}/{id}"), &Value::Null).1["properties"]["review"].clone()
    }

    /// A manager's decision on a record as it stands.
    fn decide(&self, role: &str, id: &str, decision: &str) -> (u16, Value) {
        let (_, item) = self.told("viewer", "GET", &format!("{ITEMS}/{id}"), &Value::Null);
        let revision = &item["properties"]["revision"];
        let body = json!({"decision": decision, "reason": "looked at", "records": [{"id": id, "revision": revision}]});
        self.told(role, "POST", "/review", &body)
    }
}

fn token(server: &Server, role: &str, name: &str, more: &[&str]) -> String {
    let store = server.store.to_str().unwrap();
    let mut arguments = vec!["token", "create", "--role", role, "--name", name, "--store", store];
    arguments.extend(more);
    let made = clearline(&arguments);
    assert!(made.status.success(), "{}", String::from_utf8_lossy(&made.stderr));
    String::from_utf8(made.stdout).unwrap().trim().to_owned()
}

/// The rows of the table in the manual: method, path, and what each role is granted.
fn table() -> Vec<(String, String, Vec<String>)> {
    let manual = include_str!("../../../docs/access.md");
    let rows = manual.lines().filter(|line| line.contains("| `/"));
    rows.map(|line| {
        let cells: Vec<&str> = line.trim_matches('|').split('|').map(str::trim).collect();
        let grants = cells[2..].iter().map(|&cell| cell.to_owned()).collect();
        (cells[0].to_owned(), cells[1].trim_matches('`').to_owned(), grants)
    })
    .collect()
}

/// A request that a route takes, on records in Lachin that whoever asks made itself, if it may.
fn request(world: &World, method: &str, path: &str, role: &str) -> (String, String) {
    let own = || {
        if method == "GET" {
            // What is dealt with, which everybody sees.
            let n = world.new_id();
            assert_eq!(world.told("admin", "POST", ITEMS, &neutralised(n, LACHIN.0, LACHIN.1)).0, 201);
            return id(n);
        }
        let maker = if ["field", "manager", "admin"].contains(&role) { role } else { "admin" };
        world.record(maker, LACHIN)
    };
    let path = path
        .replace("/detections/items/{id}", &format!("/detections/items/{}", own()))
        .replace("/tokens/{id}", &format!("/tokens/{}", id(0)))
        .replace("{hash}", &"0".repeat(64))
        .replace("/openrosa/{token}", &format!("/openrosa/{}", world.path_token(role)))
        .replace("{name}/", "neutralisation/")
        .replace("{name}", "detection.xml")
        .replace("{number}", "1")
        .replace("{revision}", "999999")
        .replace("{upload}", &id(0))
        .replace("/uploads/{id}", &format!("/uploads/{}", id(0)))
        .replace("/summary/regions/{id}", "/summary/regions/AZ-LAC")
        .replace("{collection}/items/{id}", "regions/items/AZ-LAC")
        .replace("{collection}", "detections")
        .replace("{set}", "WebMercatorQuad")
        .replace("{z}/{row}/{column}", "0/0/0")
        .replace("{*address}", "detections/0/0/0.mvt")
        .replace("{*path}", "none.js");
    let point = feature(world.new_id(), LACHIN.0, LACHIN.1);
    let square =
        json!({"type": "Polygon", "coordinates": [[[46, 39], [47, 39], [47, 40], [46, 40], [46, 39]]]});
    let body = match (method, path.as_str()) {
        ("POST", "/session") => json!({"token": world.token("viewer")}),
        ("POST", ITEMS) => point,
        ("POST", "/uploads") => collection(&[point]),
        ("POST", "/summary/area") => square,
        ("POST", "/me/records") => json!({"ids": [id(1)]}),
        ("POST", "/review") => {
            let id = own();
            json!({"decision": "rejected", "reason": "a test", "records": [{"id": id, "revision": 1}]})
        }
        ("POST", "/held/1") => json!({"decision": "dismissed", "reason": "a test"}),
        ("POST", path) if path.starts_with("/refused/") => json!({"reason": "a test"}),
        ("POST", "/tokens") => json!({"name": "another", "role": "viewer"}),
        ("PATCH", _) => json!({"properties": {"note": "a note"}}),
        ("PUT", path) => {
            let mut same = feature(0, LACHIN.0, LACHIN.1);
            same["id"] = json!(path.rsplit('/').next().unwrap());
            same["properties"]["note"] = json!("a note");
            same
        }
        _ => Value::Null,
    };
    (path, if body.is_null() { String::new() } else { body.to_string() })
}

#[test]
fn every_cell_of_the_table_holds() {
    let world = World::new();
    let rows = table();
    assert!(rows.len() > 40);
    for (method, path, grants) in rows {
        assert_eq!(grants.len(), ROLES.len());
        for (role, grant) in ROLES.into_iter().zip(grants) {
            let (address, body) = request(&world, &method, &path, role);
            let answer = world.send(role, &method, &address, &body);
            let status = answer.status().as_u16();
            let cell = format!("{method} {path} for {role}: {grant}, answered {status}");
            match (grant.as_str(), role) {
                ("no", "public") => {
                    assert_eq!(status, 401, "{cell}");
                    assert!(answer.headers().contains_key("www-authenticate"), "{cell}");
                }
                ("no", _) => assert_eq!(status, 403, "{cell}"),
                ("shown" | "own" | "regions" | "yes", _) => {
                    let missing = [
                        "{*path}",
                        "/tokens/{id}",
                        "/uploads/{id}",
                        "/held/{number}",
                        "/me/claims/{number}",
                        "/refused/{upload}",
                        "/review/{revision}/undo",
                        "GET /photos",
                        "/session/openid",
                    ];
                    let is_missing = missing.iter().any(|part| format!("{method} {path}").contains(part));
                    let wanted = match (method.as_str(), path.as_str()) {
                        _ if is_missing => 404..=404,
                        // Let through, and then told what is missing.
                        ("PATCH", "/photos/{hash}") | ("POST", "/hooks/kobo" | "/hooks/central") => 400..=400,
                        ("POST", "/openrosa/{token}/submission") => 415..=415,
                        _ => 200..=299,
                    };
                    assert!(wanted.contains(&status), "{cell}");
                }
                _ => panic!("{cell}"),
            }
        }
    }
}

#[test]
fn what_is_in_no_row_is_not_there() {
    let world = World::new();
    for (method, path) in
        [("GET", "/metrics"), ("POST", "/tokens/x"), ("PUT", "/collections/regions/items/AZ")]
    {
        let status = world.send("admin", method, path, "").status().as_u16();
        assert!([404, 405].contains(&status), "{method} {path}: {status}");
    }
}

#[test]
fn whoever_writes_writes_in_its_regions() {
    let world = World::new();
    for role in ["field", "manager", "admin"] {
        let is_everywhere = role == "admin";
        // Created: one by one, and as rows of an upload.
        let beyond = feature(world.new_id(), KALBAJAR.0, KALBAJAR.1);
        let (status, told) = world.told(role, "POST", ITEMS, &beyond);
        // What a field team found must not be lost.
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
        // What a field team may not place is set aside, for what it found must not be lost.
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
        // What lies elsewhere is not edited, decided on, deleted, nor moved there or here.
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
    // An upload that is sent again changes nothing, whoever may change what.
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

#[test]
fn a_revoked_token_is_good_for_nothing_at_once() {
    let world = World::new();
    let (_, list) = world.told("admin", "GET", "/tokens", &Value::Null);
    let viewer = list["tokens"].as_array().unwrap().iter().find(|token| token["role"] == "viewer").unwrap();
    let session = sign_in(&world, world.token("viewer"));
    let stream = |header: (&str, &str)| {
        let request = world.agent.get(world.server.url("/events")).header(header.0, header.1);
        let lines = BufReader::new(request.call().unwrap().into_body().into_reader()).lines();
        lines.map_while(Result::ok).filter(|line| line.starts_with("data")).count()
    };
    let bearer = format!("Bearer {}", world.token("viewer"));
    std::thread::scope(|scope| {
        let streams = [("authorization", &bearer), ("cookie", &session)]
            .map(|(name, value)| scope.spawn(move || stream((name, value))));
        std::thread::sleep(Duration::from_millis(500));
        let revoked =
            world.send("admin", "DELETE", &format!("/tokens/{}", viewer["id"].as_str().unwrap()), "");
        assert_eq!(revoked.status(), 204);
        assert_eq!(world.send("viewer", "GET", "/summary", "").status(), 401);
        // The session is nobody's: the public's view.
        let answer = world.agent.get(world.server.url("/me")).header("cookie", &session).call().unwrap();
        assert_eq!(read(answer).1["role"], "public");
        // Both streams end, so these come to an end.
        for stream in streams {
            assert_eq!(stream.join().unwrap(), 0);
        }
    });
}

/// Signs in, and gives what the browser keeps.
fn sign_in(world: &World, token: &str) -> String {
    let request = world.agent.post(world.server.url("/session")).header("sec-fetch-site", "same-origin");
    let answer = request.send(json!({"token": token}).to_string()).unwrap();
    assert_eq!(answer.status(), 204);
    let cookie = answer.headers()["set-cookie"].to_str().unwrap();
    for attribute in ["HttpOnly", "SameSite=Lax", "Path=/"] {
        assert!(cookie.contains(attribute), "{cookie}");
    }
    cookie.split(';').next().unwrap().to_owned()
}

#[test]
fn whoever_signed_in_is_who_he_is_on_the_page_and_nowhere_else() {
    let world = World::new();
    let cookie = sign_in(&world, world.token("manager"));
    let ask = |method: &str, path: &str, headers: &[(&str, &str)], body: &str| {
        let mut request =
            Request::builder().method(method).uri(world.server.url(path)).header("cookie", &cookie);
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        read(world.agent.run(request.body(body.to_owned()).unwrap()).unwrap())
    };
    let (_, me) = ask("GET", "/me", &[], "");
    assert_eq!(
        (&me["name"], &me["role"], &me["regions"]),
        (&json!("manager"), &json!("manager"), &json!(["AZ-LAC"]))
    );
    let body = feature(world.new_id(), LACHIN.0, LACHIN.1).to_string();
    let page = ("sec-fetch-site", "same-origin");
    for (headers, wanted) in [
        (vec![], 403),
        (vec![("sec-fetch-site", "cross-site")], 403),
        (vec![("origin", "https://evil.example")], 403),
        (vec![page], 201),
    ] {
        assert_eq!(ask("POST", ITEMS, &headers, &body).0, wanted, "{headers:?}");
    }
    // A page of another site signs nobody in.
    let request = world.agent.post(world.server.url("/session")).header("sec-fetch-site", "cross-site");
    assert_eq!(request.send(json!({"token": world.token("admin")}).to_string()).unwrap().status(), 403);
    assert_eq!(ask("DELETE", "/session", &[page], "").0, 204);
    assert_eq!(ask("GET", "/me", &[], "").1["role"], "public");
}

#[test]
fn the_policy_says_what_the_public_sees() {
    let folder = tempfile::tempdir().unwrap();
    for (sees, status, n_detected) in [("exact", 200, 1), ("cells", 200, 0), ("nothing", 401, 0)] {
        let server = Server::open(&folder.path().join("store.gpkg"), &["--public", sees]);
        server.post_json("/uploads", &collection(&[feature(1, LACHIN.0, LACHIN.1)]));
        let ask = |path: &str| read(server.public().get(server.url(path)).call().unwrap());
        let (told, page) = ask("/collections/detections/items?status=detected");
        assert_eq!(told, status, "{sees}: {page}");
        assert_eq!(page["features"].as_array().map_or(0, Vec::len), n_detected, "{sees}");
        for path in
            ["/summary", "/tiles/detections/0/0/0.mvt", "/export/detections", "/collections", "/search?q=a"]
        {
            assert_eq!(ask(path).0, status, "{sees} {path}");
        }
        assert_eq!(ask("/me").1["public"]["sees"], sees);
        if sees == "exact" {
            let shown = &page["features"][0]["properties"];
            assert!(
                shown["detected_on"].is_string() && shown["revision"].is_null() && shown["review"].is_null()
            );
        }
    }
}
