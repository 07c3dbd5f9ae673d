//! The counts in tiles, read by an independent decoder.

use std::collections::BTreeSet;

use mvt_reader::{Reader, feature::Value};

use crate::program::{KALBAJAR, LACHIN, Server, collection, feature};

/// The sums of a tile of detections.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Tile {
    pub records: u64,
    pub quantity: u64,
    pub cells: u64,
}

impl Tile {
    pub fn get(server: &Server, path: &str) -> Self {
        let bytes = server.bytes(path);
        assert!(bytes.len() <= 500 * 1024, "{path} is {} bytes", bytes.len());
        Self::decode(bytes)
    }

    fn decode(bytes: Vec<u8>) -> Self {
        let mut sums = Self::default();
        if bytes.is_empty() {
            return sums;
        }
        let reader = Reader::new(bytes).unwrap();
        for layer in reader.get_layer_metadata().unwrap() {
            for feature in reader.get_features(layer.layer_index).unwrap() {
                let properties = feature.properties.unwrap();
                let number = |name: &str| match properties.get(name) {
                    Some(Value::Int(n) | Value::SInt(n)) => u64::try_from(*n).unwrap(),
                    Some(Value::UInt(n)) => *n,
                    other => panic!("{name} is {other:?}"),
                };
                match layer.name.as_str() {
                    "cells" => {
                        assert_eq!(number("detected") + number("neutralised"), number("quantity"));
                        sums.records += number("records");
                        sums.cells += 1;
                    }
                    "detections" => sums.records += 1,
                    other => panic!("unknown layer {other}"),
                }
                sums.quantity += number("quantity");
            }
        }
        sums
    }
}

/// Returns column and row of the tile at this place: the formula of the OpenStreetMap wiki, independent of
/// the program.
pub fn address(lon: f64, lat: f64, z: u32) -> (u32, u32) {
    let n = f64::from(1_u32 << z);
    let x = (lon + 180.0) / 360.0 * n;
    let y = (1.0 - lat.to_radians().tan().asinh() / std::f64::consts::PI) / 2.0 * n;
    (x as u32, y as u32)
}

fn counts_add_up(server: &Server, query: &str) {
    let join = if query.is_empty() { "" } else { "&" };
    let page = server.json(&format!("/collections/detections/items?limit=10000{join}{query}"));
    let features = page["features"].as_array().unwrap();
    assert_eq!(page["numberMatched"], features.len(), "one page holds all");
    let places: Vec<(f64, f64)> = features
        .iter()
        .map(|f| {
            let at = f["geometry"]["coordinates"].as_array().unwrap();
            (at[0].as_f64().unwrap(), at[1].as_f64().unwrap())
        })
        .collect();
    let quantity: u64 = features.iter().map(|f| f["properties"]["quantity"].as_u64().unwrap()).sum();
    assert!(places.len() > 100, "{query} leaves something to count");
    for z in 0..=22 {
        // A point very near an edge may fall to either side in another implementation, so the neighbours are
        // requested too, each tile once.
        let tiles: BTreeSet<(u32, u32)> = places
            .iter()
            .flat_map(|(lon, lat)| {
                let hair = 1e-7;
                [(-hair, -hair), (-hair, hair), (hair, -hair), (hair, hair)]
                    .map(|(a, b)| address(lon + a, lat + b, z))
            })
            .collect();
        let mut sum = Tile::default();
        for (x, y) in tiles {
            let tile = Tile::get(server, &format!("/tiles/detections/{z}/{x}/{y}.mvt?{query}"));
            sum.records += tile.records;
            sum.quantity += tile.quantity;
        }
        assert_eq!((sum.records, sum.quantity), (places.len() as u64, quantity), "zoom {z} {query}");
    }
}

#[test]
fn counts_add_up_at_every_zoom() {
    counts_add_up(&Server::with_demonstration(), "");
}

#[test]
fn counts_add_up_at_every_zoom_under_filters() {
    let server = Server::with_demonstration();
    for query in [
        "status=detected",
        "kind=av_mine&datetime=2023-01-10/2023-06-20",
        "region=AZ-karabakh&status=neutralised",
    ] {
        counts_add_up(&server, query);
    }
}

#[test]
fn an_upload_in_lachin_leaves_the_tile_over_kalbajar_as_it_was() {
    let server = Server::with_demonstration();
    let path = |(lon, lat): (f64, f64), z| {
        let (x, y) = address(lon, lat, z);
        format!("/tiles/detections/{z}/{x}/{y}.mvt")
    };
    let (kalbajar, lachin, both) = (path(KALBAJAR, 11), path(LACHIN, 11), path(LACHIN, 5));
    let tags = || [&kalbajar, &lachin, &both].map(|path| server.header(path, "etag"));
    let before = tags();
    let (status, _) = server.post_json("/uploads", &collection(&[feature(1, LACHIN.0, LACHIN.1)]));
    assert_eq!(status, 200);
    let after = tags();
    assert_eq!(before[0], after[0]);
    assert_ne!(before[1], after[1]);
    assert_ne!(before[2], after[2]);
}

#[test]
fn ten_thousand_items_at_one_spot_are_all_counted_in_a_bounded_tile() {
    let server = Server::start();
    let crowd: Vec<_> = (0..10_000).map(|n| feature(n, LACHIN.0, LACHIN.1)).collect();
    assert_eq!(server.post_json("/uploads", &collection(&crowd)).0, 200);
    for z in [0, 9, 12, 16, 22] {
        let (x, y) = address(LACHIN.0, LACHIN.1, z);
        let tile = Tile::get(&server, &format!("/tiles/detections/{z}/{x}/{y}.mvt"));
        assert_eq!((tile.records, tile.quantity), (10_000, 10_000), "zoom {z}");
    }
}
