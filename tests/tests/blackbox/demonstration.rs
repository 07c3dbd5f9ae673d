//! The demonstration agrees with the published figures.

use serde_json::{Value, json};

use crate::program::{Server, read};

const KARABAKH: [&str; 8] = ["AZ-AGM", "AZ-FUZ", "AZ-XVD", "AZ-SUS", "AZ-SUS-C", "AZ-TAR", "AZ-XA", "AZ-XCI"];

fn neutralised_items(summary: &Value, regions: &[&str]) -> u64 {
    let rows = summary["rows"].as_array().unwrap().iter();
    rows.filter(|row| {
        row["status"] == "neutralised" && regions.contains(&row["region"].as_str().unwrap_or(""))
    })
    .map(|row| row["quantity"].as_u64().unwrap())
    .sum()
}

#[test]
fn neutralised_items_add_up_to_the_published_figures() {
    let server = Server::with_demonstration();
    let summary = server.json("/summary?by=region,status");
    assert_eq!(neutralised_items(&summary, &["AZ-KAL", "AZ-LAC"]), 1_119);
    assert_eq!(neutralised_items(&summary, &KARABAKH), 1_609);
    let all = server.json("/summary?by=status");
    let total: u64 = all["rows"]
        .as_array()
        .unwrap()
        .iter()
        .filter(|row| row["status"] == "neutralised")
        .map(|row| row["quantity"].as_u64().unwrap())
        .sum();
    assert_eq!(total, 2_728);

    let kalbajar = server.json("/summary/regions/AZ-KAL");
    let reported = kalbajar["reported"].as_array().unwrap();
    let figure =
        reported.iter().find(|f| f["number"] == 1_119).expect("the figure for Kalbajar and Lachin is shown");
    assert_eq!(figure["source"]["publisher"], "Caspian News");
    assert!(figure["source"]["quoting"].as_str().unwrap().contains("Foreign Ministry"));
    assert!(kalbajar["region"]["recorded"]["quantity"].as_u64().unwrap() > 0);
}

#[test]
fn the_people_hurt_in_accidents_add_up_to_the_published_figures_also_for_the_public() {
    let server = Server::with_demonstration();
    let (status, public) =
        read(server.public().get(server.url("/summary/accidents?by=region")).call().unwrap());
    assert_eq!((status, &public["demonstration"]), (200, &json!(true)), "{public}");
    let internal = server.json("/summary/accidents?by=region&victims_by=status,outcome");
    for summary in [&public, &internal] {
        let total = &summary["total"];
        assert_eq!((&total["killed"], &total["injured"]), (&json!(61), &json!(253)), "{summary}");
    }
    let victims = internal["victims"]["rows"].as_array().unwrap();
    for (status, outcome, number) in [
        ("civilian", "killed", 48),
        ("civilian", "injured", 101),
        ("military_security", "killed", 13),
        ("military_security", "injured", 152),
    ] {
        let row = victims.iter().find(|row| row["status"] == status && row["outcome"] == outcome);
        assert_eq!(row.map(|row| &row["victims"]), Some(&json!(number)), "{status}, {outcome}");
    }
}

#[test]
fn every_made_up_record_says_so_and_the_map_is_told() {
    let server = Server::with_demonstration();
    assert_eq!(server.json("/summary/regions")["demonstration"], true);
    let summary = server.json("/summary?by=operator");
    let operators: Vec<_> = summary["rows"].as_array().unwrap().iter().map(|row| &row["operator"]).collect();
    assert_eq!(operators, ["demonstration"]);
}

#[test]
fn a_reported_total_that_its_parts_do_not_make_is_flagged() {
    let server = Server::start();
    let figures = server.json("/summary/regions/AZ");
    let flagged: Vec<_> =
        figures["reported"].as_array().unwrap().iter().filter(|f| !f["parts_sum"].is_null()).collect();
    assert!(flagged.iter().any(|f| f["number"] == 662 && f["parts_sum"] == 665), "{flagged:?}");
}
