//! How QGIS filters a layer.

use serde_json::{Value, json};

use super::client::{Qgis, encoded};
use crate::program::{KALBAJAR, LACHIN, Server, collection, feature, neutralised};

#[test]
fn filters_that_qgis_hands_on_find_what_the_parameters_find() {
    let server = Server::start();
    let rows: Vec<Value> = (0..40)
        .map(|n| {
            let (lon, lat) = if n < 20 { LACHIN } else { KALBAJAR };
            let mut row = if n % 2 == 0 { feature(n, lon, lat) } else { neutralised(n, lon, lat) };
            row["properties"]["detected_on"] = json!(format!("2023-03-{:02}", 1 + n % 14));
            row["properties"]["kind"] = json!(if n % 4 == 0 { "uxo" } else { "ap_mine" });
            row["properties"]["quantity"] = json!(1 + n % 3);
            if n % 5 == 0 {
                row["properties"]["note"] = json!(format!("Team's {n}% \\ note"));
            }
            row
        })
        .collect();
    assert_eq!(server.post_json("/uploads", &collection(&rows)).1["created"], 40);
    let qgis = Qgis { server: &server, user: "me" };
    let matched = |query: &str| {
        let page =
            qgis.get(&format!("{{items}}?limit=1000&{query}"), "application/geo+json, application/json");
        page["numberMatched"].as_u64().unwrap()
    };
    // Filters of the query builder and the expression compiler of 3.32 and later, in their encoding.
    let cql = |text: &str| format!("filter={}&filter-lang=cql2-text", encoded(text));
    for (filter, count) in [
        ("(kind = 'uxo')", 10),
        ("(kind <> 'uxo')", 30),
        ("((kind = 'uxo') AND (status = 'detected'))", 10),
        ("((kind = 'uxo') OR (quantity >= 3))", 10 + 13 - 3),
        ("(NOT ((kind = 'uxo')))", 30),
        ("(\"detected_on\" >= DATE('2023-03-11'))", 10),
        ("(\"detected_on\" = DATE('2023-03-01'))", 3),
        ("(\"updated_at\" > TIMESTAMP('2020-01-01T00:00:00.000Z'))", 40),
        ("(\"neutralised_on\" IS NULL)", 20),
        ("(\"neutralised_on\" IS NOT NULL)", 20),
        ("(note LIKE 'Team''s%')", 8),
        ("(note NOT LIKE 'Team''s%')", 0),
        ("(CASEI(note) LIKE CASEI('TEAM''S%'))", 8),
        ("quantity BETWEEN 2 AND 3", 26),
        ("quantity NOT BETWEEN 2 AND 3", 14),
        ("(quantity > ( - (1)))", 40),
        ("kind IN ('uxo','av_mine')", 10),
        ("kind NOT IN ('uxo','av_mine')", 30),
        ("S_INTERSECTS(geometry,BBOX(46.2,39.3,46.8,39.9))", 20),
    ] {
        assert_eq!(matched(&cql(filter)), count, "{filter}");
    }
    // A filter of the layer combined with one of the map, with unencoded brackets.
    let both = format!(
        "filter=({})%20AND%20({})&filter-lang=cql2-text&bbox=46.2,39.3,46.8,39.9",
        encoded("(kind = 'uxo')"),
        encoded("(quantity >= 2)")
    );
    assert_eq!(matched(&both), rows_where(&rows[..20], |p| p["kind"] == "uxo" && p["quantity"] != 1));
    // What 3.28 sends for a condition on a day, which also matches records neutralised then.
    let either = rows_where(&rows, |p| {
        [&p["detected_on"], &p["neutralised_on"]]
            .iter()
            .any(|day| day.as_str().is_some_and(|day| ("2023-03-11"..="2023-03-15").contains(&day)))
    });
    assert_eq!(matched("datetime=2023-03-11%2F2023-03-15"), either);
    // Boxes of the map, in the layer's reference system.
    let box_in_4326 = "bbox=39.3,46.2,39.9,46.8&bbox-crs=http://www.opengis.net/def/crs/EPSG/0/4326&crs=http://www.opengis.net/def/crs/EPSG/0/4326";
    assert_eq!(matched(box_in_4326), 20);
}

fn rows_where(rows: &[Value], wanted: impl Fn(&Value) -> bool) -> u64 {
    rows.iter().filter(|row| wanted(&row["properties"])).count() as u64
}
