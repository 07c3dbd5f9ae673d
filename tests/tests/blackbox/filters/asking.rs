//! Records to filter, and the places where filters apply.

use serde_json::{Value, json};

use crate::program::{KALBAJAR, LACHIN, Server, collection, feature, neutralised};

/// Builds a query with the filter, encoded as browsers encode forms.
pub fn query(filter: &str, more: &str) -> String {
    let encoded: String = filter
        .bytes()
        .map(|byte| match byte {
            b' ' => "+".to_owned(),
            byte if byte.is_ascii_alphanumeric() => char::from(byte).to_string(),
            byte => format!("%{byte:02X}"),
        })
        .collect();
    format!("filter={encoded}{more}")
}

pub fn numbers(answer: &Value) -> Vec<&str> {
    answer["features"].as_array().unwrap().iter().map(|feature| feature["id"].as_str().unwrap()).collect()
}

/// Starts a server with ten records in Lachin and ten in Kalbajar: half of each neutralised, some with a
/// team.
pub fn server() -> Server {
    let server = Server::start();
    let features: Vec<Value> = (0..20)
        .map(|n| {
            let (lon, lat) = if n < 10 { LACHIN } else { KALBAJAR };
            let lon = lon + f64::from(n as u32) * 1e-4;
            let mut feature = if n % 2 == 0 { feature(n, lon, lat) } else { neutralised(n, lon, lat) };
            if n % 5 == 0 {
                feature["properties"]["team"] = json!(format!("Dəstə {n}"));
            }
            feature
        })
        .collect();
    let (status, report) = server.post_json("/uploads", &collection(&features));
    assert_eq!((status, &report["created"]), (200, &json!(20)), "{report}");
    server
}

/// The places where filters apply.
pub const DOORS: [&str; 5] = [
    "/collections/detections/items",
    "/summary",
    "/summary/regions",
    "/export/detections",
    "/tiles/detections",
];

/// Returns the number of records that a query selects at a place.
pub fn left(server: &Server, door: &str, query: &str) -> u64 {
    match door {
        "/collections/detections/items" => {
            server.json(&format!("{door}?{query}"))["numberMatched"].as_u64().unwrap()
        }
        "/export/detections" => {
            let file = String::from_utf8(server.bytes(&format!("{door}?f=geojsonseq&{query}"))).unwrap();
            file.matches("\"Feature\"").count() as u64
        }
        // For a tile, only whether it is empty.
        "/tiles/detections" => u64::from(!server.bytes(&format!("{door}/5/20/12.mvt?{query}")).is_empty()),
        door => {
            let path = if door == "/summary" {
                format!("{door}?by=status&{query}")
            } else {
                format!("{door}?{query}")
            };
            server.json(&path)["total"]["records"].as_u64().unwrap()
        }
    }
}
