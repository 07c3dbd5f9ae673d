//! The victims: listed one by one, or only counted.

use serde_json::{Value, json};

use super::{accident, upload, with};
use crate::program::{LACHIN, Server};

#[test]
fn victims_are_counted_by_group_and_those_who_are_not_listed_apart() {
    let server = Server::start();
    let victim =
        |outcome: &str, sex: &str, status: &str| json!({"outcome": outcome, "sex": sex, "status": status});
    let listed = json!([
        victim("killed", "male", "civilian"),
        victim("injured", "male", "civilian"),
        victim("injured", "female", "deminer"),
    ]);
    let counted = |n: u64, killed: u64, injured: u64| {
        let without = with(accident(n, LACHIN, "2022-05-02"), "victims", Value::Null);
        with(with(without, "killed", killed), "injured", injured)
    };
    upload(
        &server,
        &[with(accident(1, LACHIN, "2023-03-14"), "victims", listed), counted(2, 2, 5), counted(3, 0, 0)],
    );
    let summary = server.json("/summary/accidents?by=month&victims_by=outcome,sex");
    assert_eq!(summary["total"], json!({"accidents": 3, "killed": 3, "injured": 7}));
    assert_eq!(
        summary["rows"],
        json!([
            {"month": "2022-05", "accidents": 2, "killed": 2, "injured": 5},
            {"month": "2023-03", "accidents": 1, "killed": 1, "injured": 2},
        ])
    );
    assert_eq!(
        summary["victims"],
        json!({
            "by": ["outcome", "sex"], "listed": 3, "killed_unlisted": 2, "injured_unlisted": 5,
            "rows": [
                {"outcome": "killed", "sex": "male", "victims": 1},
                {"outcome": "injured", "sex": "male", "victims": 1},
                {"outcome": "injured", "sex": "female", "victims": 1},
            ],
        })
    );
    let of_class = server.json("/summary/accidents?by=class,operator&datetime=2023-01-01/2023-06-15");
    assert_eq!(
        of_class["rows"],
        json!([
            {"class": "mine", "operator": "ANAMA", "accidents": 1, "killed": 1, "injured": 2},
        ])
    );
    let csv = String::from_utf8(server.bytes("/summary/accidents?by=region&f=csv")).unwrap();
    assert_eq!(csv, "region,accidents,killed,injured,withheld\r\nAZ-LAC,3,3,7,false\r\n");
    assert_eq!(server.get("/summary/accidents?by=note_of_it").status(), 400);
    assert_eq!(server.get("/summary/accidents?victims_by=name").status(), 400);
}

#[test]
fn a_table_has_a_line_for_each_victim() {
    let server = Server::start();
    let table = "id,latitude,longitude,class,occurred_on,victim_outcome,victim_sex,victim_age_group\r\n\
        018f3c1e-7a44-7cc1-9000-000000000001,39.7011,46.2960,mine,2023-03-14,killed,male,adult\r\n\
        018f3c1e-7a44-7cc1-9000-000000000001,39.7011,46.2960,mine,2023-03-14,injured,female,child\r\n\
        018f3c1e-7a44-7cc1-9000-000000000002,39.7011,46.2960,cluster,2023-03-15,,,\r\n";
    let (status, told) = server.post("/uploads?collection=accidents", "text/csv", table.as_bytes());
    assert_eq!((status, &told["created"]), (200, &json!(2)), "{told}");
    let item = server.json("/collections/accidents/items/018f3c1e-7a44-7cc1-9000-000000000001");
    assert_eq!(
        item["properties"]["victims"],
        json!([
            {"outcome": "killed", "sex": "male", "age_group": "adult"},
            {"outcome": "injured", "sex": "female", "age_group": "child"},
        ])
    );
    let csv = String::from_utf8(server.bytes("/export/accidents?f=csv")).unwrap();
    assert_eq!(csv.lines().count(), 4, "{csv}");
    assert_eq!(csv.matches("018f3c1e-7a44-7cc1-9000-000000000001").count(), 2);
    // What was exported comes back unchanged.
    let (status, told) = server.post("/uploads?collection=accidents", "text/csv", csv.as_bytes());
    assert_eq!((status, &told["unchanged"]), (200, &json!(2)), "{told}");
}
