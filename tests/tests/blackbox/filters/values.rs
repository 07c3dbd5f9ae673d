//! Intervals, instants and values.

use super::asking::{DOORS, left, query, server};
use crate::program::read;

#[test]
fn open_intervals_mean_the_same_in_every_form_and_at_every_door() {
    let server = server();
    // Records are found on 2023-03-14, and half of them dealt with later. The first query defines the result
    // of the others.
    let tables: [&[&str]; 4] = [
        &[
            "2023-01-01/..",
            "2023-01-01/",
            "2023-01-01/9999-12-31T00:00:00Z",
            "2023-01-01T00:00:00.000Z/9999-12-31T00:00:00Z",
            "2023-01-01T00:00:00/9999-12-31T00:00:00Z",
            "2023-01-01T00:00:00Z/..",
            "2023-01-01/12345-12-31",
            "2023-01-01/9999-12-31",
        ],
        &[
            "../2023-03-14",
            "/2023-03-14",
            "0000-01-01T00:00:00Z/2023-03-14",
            "0000-01-01T00:00:00Z/2023-03-14T00:00:00.000Z",
            "-99999-01-01/2023-03-14T23:59:59Z",
            "../2023-03-15T01:00:00%2B04:00",
        ],
        &["../..", "0000-01-01T00:00:00Z/9999-12-31T00:00:00Z", "-10000-01-01/10000-01-01"],
        &[
            "9999-12-31T00:00:00Z/..",
            "9999-12-31T00:00:00Z",
            "9999-12-31",
            "../0000-01-01T00:00:00Z",
            "10000-01-01",
        ],
    ];
    for (forms, expected) in tables.into_iter().zip([20, 20, 20, 0]) {
        for form in forms {
            for form in [(*form).to_owned(), form.replace('/', "%2F")] {
                for door in DOORS {
                    let expected =
                        if door.starts_with("/tiles") { u64::from(expected > 0) } else { expected };
                    assert_eq!(left(&server, door, &format!("datetime={form}")), expected, "{door} {form}");
                }
            }
        }
    }
    for bad in [
        "yesterday",
        "",
        "/",
        "2023-13-01",
        "2023-02-30/..",
        "2023-01-01/2022-01-01",
        "2023-01-01/x",
        "a/b/c",
        "2023-01-01T25:00:00Z/..",
        "9999-12-32T00:00:00Z",
        "../9999-13-31",
        "2023-01-01T00:00Z",
    ] {
        for door in DOORS {
            let door = if door.starts_with("/tiles") { "/tiles/detections/5/20/12.mvt" } else { door };
            let (status, problem) = read(server.get(&format!("{door}?datetime={bad}")));
            assert_eq!(status, 400, "{door} {bad}");
            assert!(problem["detail"].as_str().unwrap().contains("datetime"), "{door} {bad}: {problem}");
        }
    }
}

#[test]
fn instants_that_are_far_away_mean_the_same_in_a_filter() {
    let server = server();
    for (filter, expected) in [
        ("detected_on < TIMESTAMP('9999-12-31T00:00:00Z')", 20),
        ("detected_on <= DATE('9999-12-31') AND detected_on >= DATE('0000-01-01')", 20),
        ("updated_at > TIMESTAMP('0000-01-01T00:00:00Z')", 20),
        ("updated_at > TIMESTAMP('12345-01-01T00:00:00Z')", 0),
        ("T_DURING(detected_on, INTERVAL('2023-01-01T00:00:00Z', '9999-12-31T00:00:00Z'))", 20),
        ("T_INTERSECTS(updated_at, INTERVAL('..', '9999-12-31T23:59:59.999Z'))", 20),
        ("T_AFTER(detected_on, DATE('123456-01-01'))", 0),
    ] {
        for door in DOORS {
            let expected = if door.starts_with("/tiles") { u64::from(expected > 0) } else { expected };
            assert_eq!(left(&server, door, &query(filter, "")), expected, "{door} {filter}");
        }
    }
    let (status, _) = read(server.get(&format!(
        "{}?{}",
        DOORS[0],
        query("updated_at > TIMESTAMP('9999-13-31T00:00:00Z')", "")
    )));
    assert_eq!(status, 400);
}

#[test]
fn a_value_that_no_record_can_have_matches_nothing() {
    let server = server();
    for (asked, expected) in [
        (query("kind = 'foo'", ""), 0),
        (query("kind <> 'foo'", ""), 20),
        (query("NOT kind = 'foo'", ""), 20),
        (query("kind IN ('foo', 'ap_mine')", ""), 20),
        (query("status = 'foo' OR team IS NOT NULL", ""), 4),
        (query("review = 'foo'", ""), 0),
        (query("fix <> 'foo'", ""), 0),
        (query("disposal = 'foo'", ""), 0),
        (query("region = 'foo'", ""), 0),
        (query("region = 'AZ'", ""), 0),
        (query("id = 'foo'", ""), 0),
        ("kind=foo".to_owned(), 0),
        ("kind=foo,ap_mine".to_owned(), 20),
        ("status=foo".to_owned(), 0),
        ("status=foo,neutralised".to_owned(), 10),
        ("region=foo".to_owned(), 0),
        ("region=foo,AZ-LAC".to_owned(), 10),
        ("disposal=foo".to_owned(), 0),
        ("review=foo".to_owned(), 0),
        ("operator=foo".to_owned(), 0),
        ("id=foo".to_owned(), 0),
    ] {
        for door in DOORS {
            let expected = if door.starts_with("/tiles") { u64::from(expected > 0) } else { expected };
            assert_eq!(left(&server, door, &asked), expected, "{door} {asked}");
        }
    }
    // An empty list item is an error.
    for slip in ["kind=", "status=neutralised,", "region=,"] {
        assert_eq!(server.get(&format!("/summary?{slip}")).status(), 400, "{slip}");
    }
}

#[test]
fn a_property_is_asked_for_by_a_parameter_of_its_name() {
    let server = server();
    let one = server.json("/collections/detections/items?limit=1")["features"][0]["id"]
        .as_str()
        .unwrap()
        .to_owned();
    for (asked, same) in [
        ("team=D%C9%99st%C9%99+5".to_owned(), "team = 'Dəstə 5'".to_owned()),
        ("quantity=1".to_owned(), "quantity = 1".to_owned()),
        ("quantity=1.0&team=x,y".to_owned(), "quantity = 1 AND team = 'x,y'".to_owned()),
        ("detected_on=2023-03-14".to_owned(), "detected_on = DATE('2023-03-14')".to_owned()),
        ("detected_on=2023-03-14T10:00:00Z".to_owned(), "detected_on = DATE('2023-03-14')".to_owned()),
        ("review=approved".to_owned(), "review = 'approved'".to_owned()),
        (format!("id={one}"), format!("id = '{one}'")),
        ("team=x&filter=true".to_owned(), "team = 'x'".to_owned()),
    ] {
        for door in DOORS {
            assert_eq!(left(&server, door, &asked), left(&server, door, &query(&same, "")), "{door} {asked}");
        }
    }
    assert_eq!(left(&server, DOORS[0], &format!("id={one}")), 1);
    for (bad, reason) in [
        ("quantity=two", "is not a number"),
        ("detected_on=yesterday", "is neither a day"),
        ("detected_on=2023-02-30", "is not a day"),
        ("geometry=POINT(1+2)", "unknown parameter"),
        ("Team=x", "unknown parameter"),
    ] {
        let (status, problem) = read(server.get(&format!("/summary?{bad}")));
        assert_eq!(status, 400, "{bad}");
        assert!(problem["detail"].as_str().unwrap().contains(reason), "{bad}: {problem}");
    }
    // The public cannot query properties that it does not see.
    let hidden = server.public().get(server.url("/summary?note=x")).call().unwrap();
    assert_eq!(hidden.status(), 400);
}
