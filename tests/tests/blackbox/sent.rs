//! Every route that shows sent data shows it only to those who may see it.

use serde_json::json;

use crate::{
    openrosa::hash_of,
    people::Person,
    photos::photo,
    program::{LACHIN, Server, collection, feature, id},
};

/// Every route that shows sent data, its report, or quarantined writes; the braces are filled in.
const ROUTES: [(&str, &str); 7] = [
    ("GET", "/uploads/{upload}"),
    ("GET", "/uploads/{upload}/received"),
    ("GET", "/uploads/{form}"),
    ("GET", "/uploads/{form}/received"),
    ("GET", "/held"),
    ("GET", "/refused"),
    ("POST", "/refused/{form}"),
];

/// Uploads of a row in one region and of an unreadable form, and words that occur only in them.
struct Sent {
    upload: String,
    form: String,
}

fn send(team: &Person<'_>, n: u64, (lon, lat): (f64, f64), word: &str) -> Sent {
    let mut row = feature(n, lon, lat);
    row["properties"]["note"] = json!(word);
    // Approved, so that the team's correction is quarantined.
    assert_eq!(team.server.post_json("/uploads", &collection(&[feature(n, lon, lat)])).0, 200);
    let (status, report) = team.upload(&[row]);
    assert_eq!((status, &report["held"]), (200, &json!(1)), "{report}");
    let form = json!({"meta/instanceID": format!("uuid:{}", id(n + 100)), "location": "none", "kind": word});
    assert_eq!(team.send("POST", "/hooks/kobo", &form).0, 202);
    let refused = team.server.json("/refused");
    let refused = refused["uploads"].as_array().unwrap().last().unwrap();
    Sent {
        upload: report["upload"].as_str().unwrap().to_owned(),
        form: refused["upload"].as_str().unwrap().to_owned(),
    }
}

#[test]
fn every_route_that_shows_what_was_sent_keeps_it_from_who_has_no_right_to_its_region() {
    let server = Server::start();
    let of = |role: &str, name: &str, operator: &str, regions: &[&str]| {
        Person::new(&server, role, name, Some(operator), regions)
    };
    let team = of("field", "Team 7", "ANAMA", &["AZ-LAC"]);
    let sent = send(&team, 1, LACHIN, "halva");
    let wide = of("field", "Team 9", "ANAMA", &["AZ-LAC", "AZ-KAL"]);
    let of_both = send(&wide, 2, LACHIN, "baklava");
    let fill = |path: &str, sent: &Sent| path.replace("{upload}", &sent.upload).replace("{form}", &sent.form);
    let tells = |who: &Person<'_>, method: &str, path: &str, word: &str| {
        // A settlement without a reason is refused.
        let body = if method == "POST" { "{}" } else { "" };
        let (status, told) = who.ask(method, path, &[], body);
        match (method, status) {
            ("POST", 400) => true,
            (_, 200) => path.contains("/uploads/") || told.to_string().contains(word),
            (_, 403 | 404) => false,
            _ => panic!("{method} {path}: {status} {told}"),
        }
    };

    let public = |path: &str| server.public().get(server.url(path)).call().unwrap().status().as_u16();
    let managers = [
        // Callers, and whether each may see what came from Lachin, and from both regions.
        (of("manager", "Far", "ANAMA", &["AZ-KAL"]), false, false),
        (of("manager", "Near", "ANAMA", &["AZ-LAC"]), true, false),
        (of("manager", "Both", "ANAMA", &["AZ-LAC", "AZ-KAL"]), true, true),
        (of("manager", "Whole", "ANAMA", &["AZ"]), true, true),
        (of("manager", "Everywhere", "ANAMA", &[]), true, true),
        (of("admin", "Root", "ANAMA", &[]), true, true),
    ];
    for (method, path) in ROUTES {
        for (who, own, both) in &managers {
            let name = who.json("/me")["name"].clone();
            assert_eq!(tells(who, method, &fill(path, &sent), "halva"), *own, "{method} {path} for {name}");
            // A quarantined write belongs to its place, not to its sender.
            let both = if path == "/held" { *own } else { *both };
            assert_eq!(
                tells(who, method, &fill(path, &of_both), "baklava"),
                both,
                "{method} {path} for {name}"
            );
        }
        let strangers = [
            of("field", "Team 8", "ANAMA", &["AZ-LAC"]),
            of("field", "Team 7", "HALO", &["AZ-LAC"]),
            of("viewer", "Viewer", "ANAMA", &[]),
        ];
        for who in &strangers {
            assert!(!tells(who, method, &fill(path, &sent), "halva"), "{method} {path}");
        }
        if method == "GET" {
            assert_eq!(public(&fill(path, &sent)), 401, "{path}");
        }
    }
    // A photo named only by a quarantined record is visible to the managers of its place, and to its sender.
    let (picture, hash) = (photo(), hash_of(&photo()));
    let (path, length) = (format!("/photos/{hash}"), picture.len().to_string());
    let part = server.agent().patch(server.url(&path));
    let part = part.header("upload-offset", "0").header("upload-length", &length);
    assert_eq!(part.send(&picture[..]).unwrap().status(), 201);
    let seen = |who: &Person<'_>| {
        let thumbnail = format!("{path}/thumbnail");
        let [one, other] = [&path, &thumbnail].map(|path| who.ask("GET", path, &[], "").0);
        assert_eq!(one, other);
        one
    };
    let viewer = of("viewer", "Viewer", "ANAMA", &[]);
    let strange = of("field", "Team 7", "HALO", &["AZ-LAC"]);
    assert_eq!([&team, &viewer, &managers[1].0].map(&seen), [404; 3], "nothing names it");
    let mut record = feature(1, LACHIN.0, LACHIN.1);
    record["properties"]["photos"] = json!([hash]);
    record["properties"]["note"] = json!("with a photo");
    assert_eq!(team.upload(&[record]).1["held"], 1);
    let all = managers.each_ref().map(|(who, ..)| seen(who));
    assert_eq!(all, [404, 200, 200, 200, 200, 200]);
    assert_eq!([&team, &viewer, &strange].map(&seen), [200, 404, 404]);
    let mut record = feature(3, LACHIN.0, LACHIN.1);
    record["properties"]["photos"] = json!([hash]);
    assert_eq!(server.post_json("/uploads", &collection(&[record])).0, 200);
    assert_eq!([&team, &viewer, &managers[0].0].map(&seen), [200; 3], "a record names it");
    // A sender sees only its own reports.
    for (path, status) in
        [("/uploads/{upload}", 200), ("/uploads/{form}", 200), ("/uploads/{upload}/received", 403)]
    {
        assert_eq!(team.get(&fill(path, &sent)).0, status, "{path}");
    }
    // Callers without access do not see the counts, and cannot settle.
    let [far, near, ..] = &managers;
    let n_refused = |who: &Person<'_>| who.json("/refused")["waiting"]["refused"].clone();
    assert_eq!([n_refused(&far.0), n_refused(&near.0)], [json!(0), json!(1)]);
    let settle = |who: &Person<'_>| {
        who.send("POST", &fill("/refused/{form}", &sent), &json!({"reason": "entered by hand"})).0
    };
    assert_eq!([settle(&far.0), settle(&near.0)], [404, 200]);
    // A quarantined write is decided by the managers of its place.
    let number = near.0.json("/held")["records"][0]["number"].clone();
    let dismiss = json!({"decision": "dismissed", "reason": "known"});
    assert_eq!(far.0.send("POST", &format!("/held/{number}"), &dismiss).0, 403);
}

#[test]
fn an_upload_that_nobody_knows_who_sent_is_an_administrators() {
    let server = Server::start();
    let sql = "INSERT INTO uploads (id, received_at, \"by\", revision, report) VALUES
         ('018f3c1e-7a44-7cc1-9000-0000000000aa', '2026-01-01T00:00:00.000Z', 'Team 7', 0, '{\"rows\":0}')";
    crate::people::sqlite(&server, sql);
    let path = "/uploads/018f3c1e-7a44-7cc1-9000-0000000000aa";
    let manager = Person::new(&server, "manager", "Near", None, &["AZ-LAC"]);
    let other = Person::new(&server, "field", "Team 7", Some("HALO"), &["AZ-LAC"]);
    assert_eq!([manager.get(path).0, other.get(path).0], [404, 404]);
    assert_ne!(server.get(path).status(), 404);
}
