//! Each cell of the table in the manual.

use serde_json::{Value, json};

use super::world::{ITEMS, ROLES, World};
use crate::{
    accidents::{self, accident},
    program::*,
};

/// Returns the rows of the table in the manual: method, path, and the grants of each role.
fn table() -> Vec<(String, String, Vec<String>)> {
    let manual = include_str!("../../../../docs/access.md");
    let rows = manual.lines().filter(|line| line.contains("| `/"));
    rows.map(|line| {
        let cells: Vec<&str> = line.trim_matches('|').split('|').map(str::trim).collect();
        let grants = cells[2..].iter().map(|&cell| cell.to_owned()).collect();
        (cells[0].to_owned(), cells[1].trim_matches('`').to_owned(), grants)
    })
    .collect()
}

/// Builds a request that a route accepts, for records in Lachin that the caller created itself if it may.
fn request(world: &World, method: &str, path: &str, role: &str) -> (String, String) {
    let own = || {
        if method == "GET" {
            // A record that is dealt with is visible to everyone.
            let n = world.new_id();
            assert_eq!(world.told("admin", "POST", ITEMS, &neutralised(n, LACHIN.0, LACHIN.1)).0, 201);
            return id(n);
        }
        let maker = if ["field", "manager", "admin"].contains(&role) { role } else { "admin" };
        world.record(maker, LACHIN)
    };
    let own_accident = || {
        let maker = if ["field", "manager", "admin"].contains(&role) { role } else { "admin" };
        let n = world.new_id();
        let made = world.told(maker, "POST", accidents::ITEMS, &accident(n, LACHIN, "2023-03-14"));
        assert_eq!(made.0, 201, "{}", made.1);
        id(n)
    };
    let path = path
        .replace("/detections/items/{id}", &format!("/detections/items/{}", own()))
        .replace("/accidents/items/{id}", &format!("/accidents/items/{}", own_accident()))
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
        ("POST", accidents::ITEMS) => accident(world.new_id(), LACHIN, "2023-03-14"),
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
            let is_accident = path.starts_with(accidents::ITEMS);
            let mut same =
                if is_accident { accident(0, LACHIN, "2023-03-14") } else { feature(0, LACHIN.0, LACHIN.1) };
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
                        "/basemap/{archive}",
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
                        // The public sees counts of accidents only.
                        ("GET", "/collections/accidents/items/{id}") if role == "public" => 404..=404,
                        // Admitted, then refused because of missing input.
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
