//! From an upload to tile, page and summary, and across a restart.

use serde_json::{Value, json};

use crate::{
    program::{KALBAJAR, LACHIN, Server, collection, feature, id, neutralised, read},
    tile_counts::{Tile, address},
};

fn three_hundred() -> Vec<Value> {
    (0..300_u32)
        .map(|n| feature(n.into(), LACHIN.0 + f64::from(n % 20) * 1e-4, LACHIN.1 + f64::from(n / 20) * 1e-4))
        .collect()
}

fn all_pages(server: &Server, query: &str) -> Vec<Value> {
    let mut next = Some(server.url(&format!("/collections/detections/items?{query}")));
    let mut features = Vec::new();
    while let Some(url) = next {
        let (status, page) = read(server.agent().get(&url).call().unwrap());
        assert_eq!(status, 200, "{page}");
        features.extend(page["features"].as_array().unwrap().iter().cloned());
        let links = page["links"].as_array().unwrap();
        next = links.iter().find(|l| l["rel"] == "next").map(|l| l["href"].as_str().unwrap().to_owned());
    }
    features
}

#[test]
fn an_upload_is_in_the_next_tile_page_and_summary_and_survives_a_kill() {
    let mut server = Server::start();
    let body = collection(&three_hundred());
    let (status, report) = server.post_json("/collections/detections/items", &body);
    assert_eq!((status, &report["created"], &report["refused"]), (200, &json!(300), &json!(0)), "{report}");
    assert_eq!(report["ids"].as_array().unwrap().len(), 300);

    let in_place = |server: &Server| {
        let (x, y) = address(LACHIN.0, LACHIN.1, 9);
        assert_eq!(Tile::get(server, &format!("/tiles/detections/9/{x}/{y}.mvt")).records, 300);
        assert_eq!(all_pages(server, "limit=77").len(), 300);
        let summary = server.json("/summary?by=region,status");
        assert_eq!(
            summary["rows"],
            json!([{"region": "AZ-LAC", "status": "detected", "records": 300, "quantity": 300}])
        );
    };
    in_place(&server);

    let revision = server.revision();
    let (status, again) = server.post_json("/collections/detections/items", &body);
    assert_eq!((status, &again["created"], &again["unchanged"]), (200, &json!(0), &json!(300)));
    assert_eq!(server.revision(), revision, "nothing changed, so no new revision");

    server.kill_and_restart();
    in_place(&server);
}

#[test]
fn good_rows_stay_and_bad_ones_are_named_or_none_stays_with_atomic() {
    let server = Server::start();
    let mut bad = feature(2, 46.0, 40.0);
    bad["properties"]["kind"] = json!("apm?");
    bad["properties"]["quantity"] = json!(0);
    let body = collection(&[feature(1, 46.3, 39.7), bad, feature(3, 46.3, 39.7)]);

    let (status, problem) = server.post_json("/collections/detections/items?atomic=true", &body);
    assert_eq!(status, 422);
    assert_eq!(problem["errors"].as_array().unwrap().len(), 2);
    assert_eq!(server.json("/summary?by=status")["total"]["records"], 0);

    let (status, report) = server.post_json("/uploads?dry_run=true", &body);
    assert_eq!((status, &report["created"], &report["dry_run"]), (200, &json!(2), &json!(true)));
    assert_eq!(server.json("/summary?by=status")["total"]["records"], 0);

    let (status, report) = server.post_json("/collections/detections/items", &body);
    assert_eq!((status, &report["created"], &report["refused"]), (200, &json!(2), &json!(1)));
    let fields: Vec<_> =
        report["problems"].as_array().unwrap().iter().map(|p| (&p["row"], &p["field"])).collect();
    assert_eq!(fields, [(&json!(2), &json!("kind")), (&json!(2), &json!("quantity"))]);
}

#[test]
fn one_feature_is_created_once_and_a_different_one_with_its_id_is_a_conflict() {
    let server = Server::start();
    let items = "/collections/detections/items";
    let (status, _) = server.post_json(items, &feature(7, 46.3, 39.7));
    assert_eq!(status, 201);
    assert_eq!(server.post_json(items, &feature(7, 46.3, 39.7)).0, 200);
    assert_eq!(server.post_json(items, &feature(7, 46.4, 39.7)).0, 409);
    let kept = server.json(&format!("{items}/{}", id(7)));
    assert_eq!(kept["geometry"]["coordinates"], json!([46.3, 39.7]));
    assert_eq!(kept["properties"]["region"], "AZ-LAC");
}

#[test]
fn a_record_is_replaced_patched_and_deleted_under_if_match_and_its_history_tells_it() {
    let server = Server::start();
    let items = "/collections/detections/items";
    let item = format!("{items}/{}", id(9));
    server.post_json(items, &feature(9, KALBAJAR.0, KALBAJAR.1));
    let first_tag = server.header(&item, "etag");
    let bearer = format!("Bearer {}", server.token());
    let url = server.url(&item);

    let patch = json!({"properties": {"status": "neutralised", "neutralised_on": "2023-03-20", "disposal": "burned"}});
    let send = |tag: &str| {
        let request = server.agent().patch(&url).header("authorization", &bearer).header("if-match", tag);
        read(request.header("content-type", "application/merge-patch+json").send(patch.to_string()).unwrap())
    };
    assert_eq!(send(&first_tag).0, 200);
    assert_eq!(send(&first_tag).0, 412, "the tag is of the first revision");
    assert_eq!(server.json(&item)["properties"]["disposal"], "burned");

    let back = server.agent().put(&url).header("authorization", &bearer);
    let (status, problem) = read(back.send(feature(9, KALBAJAR.0, KALBAJAR.1).to_string()).unwrap());
    assert_eq!(status, 422, "going back needs a reason: {problem}");
    let back = server
        .agent()
        .put(format!("{url}?reason=entered%20for%20the%20wrong%20item"))
        .header("authorization", &bearer);
    assert_eq!(back.send(feature(9, KALBAJAR.0, KALBAJAR.1).to_string()).unwrap().status(), 200);

    let deleted = server.agent().delete(&url).header("authorization", &bearer).call().unwrap();
    assert_eq!(deleted.status(), 204);
    assert_eq!(server.get(&item).status(), 404);

    let history = server.json(&format!("{item}/history"));
    let told: Vec<_> = history["revisions"]
        .as_array()
        .unwrap()
        .iter()
        .map(|r| {
            (
                r["action"].as_str().unwrap(),
                r["feature"]["properties"]["status"].as_str(),
                r["reason"].as_str(),
                r["by"].as_str().unwrap(),
            )
        })
        .collect();
    assert_eq!(
        told,
        [
            ("delete", None, None, "tester"),
            ("put", Some("detected"), Some("entered for the wrong item"), "tester"),
            ("put", Some("neutralised"), None, "tester"),
            ("put", Some("detected"), None, "tester"),
        ]
    );
    assert_eq!(server.json("/changes?since=0")["changes"].as_array().unwrap().len(), 4);
}

#[test]
fn writing_needs_a_token_that_is_known() {
    let server = Server::start();
    let url = server.url("/collections/detections/items");
    let body = feature(1, 46.3, 39.7).to_string();
    assert_eq!(server.public().post(&url).send(&body).unwrap().status(), 401);
    let wrong = server.public().post(&url).header("authorization", "Bearer nonsense").send(&body).unwrap();
    assert_eq!(wrong.status(), 401);
    assert_eq!(server.json("/summary?by=status")["total"]["records"], 0);
}

#[test]
fn paging_shows_every_record_once_while_uploads_go_on() {
    let server = Server::start();
    server.post_json("/uploads", &collection(&three_hundred()));
    let mut seen = std::collections::HashSet::new();
    let mut next = Some(server.url("/collections/detections/items?limit=20&status=detected"));
    let mut n_pages = 0;
    while let Some(url) = next {
        let (_, page) = read(server.agent().get(&url).call().unwrap());
        for feature in page["features"].as_array().unwrap() {
            assert!(seen.insert(feature["id"].as_str().unwrap().to_owned()), "shown twice");
        }
        // While the reader pages, records are added, and one already shown leaves the filter.
        server.post_json("/uploads", &collection(&[neutralised(10_000 + n_pages, 46.31, 39.71)]));
        server.post_json("/uploads?update=true", &collection(&[neutralised(n_pages, 46.3, 39.7)]));
        n_pages += 1;
        let links = page["links"].as_array().unwrap().clone();
        next = links.iter().find(|l| l["rel"] == "next").map(|l| l["href"].as_str().unwrap().to_owned());
    }
    let missing = (0..300).filter(|n| !seen.contains(&id(*n))).count();
    assert_eq!(missing, 0);
}

#[test]
fn an_open_map_hears_of_an_upload_and_which_tiles_it_changed() {
    use std::io::{BufRead, BufReader};
    let server = Server::start();
    let events = server.agent().get(server.url("/events")).call().unwrap();
    assert!(events.headers()["content-type"].to_str().unwrap().starts_with("text/event-stream"));
    server.post_json("/collections/detections/items", &feature(1, LACHIN.0, LACHIN.1));
    let lines = BufReader::new(events.into_body().into_reader()).lines();
    let data =
        lines.map_while(Result::ok).find_map(|line| line.strip_prefix("data: ").map(str::to_owned)).unwrap();
    let told: Value = serde_json::from_str(&data).unwrap();
    assert_eq!(told["revision"], server.revision());
    let tile = &told["tiles"][0];
    let path = format!("/tiles/detections/{}/{}/{}.mvt", tile["z"], tile["x"], tile["y"]);
    assert_eq!(Tile::get(&server, &path).records, 1);
}
