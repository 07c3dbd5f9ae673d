//! The public cannot distinguish two stores that differ only in what it may not know.
//!
//! Two servers get the same uploads in the same order, except for places within a public cell, hidden fields,
//! and records that are not approved: these differ, or one store has more of them. Then both receive the same
//! requests, and every byte of the responses must be equal.

use std::{
    collections::BTreeSet,
    sync::atomic::{AtomicUsize, Ordering},
};

use rand::{Rng, SeedableRng};
use rand_chacha::ChaCha8Rng;
use serde_json::{Value, json};

use crate::{program::*, tile_counts::address};

/// The number of generated requests.
const REQUESTS: u64 = 10_000;
/// The number of records whose tiles are requested down to the deepest zoom level.
const RECORDS: u64 = 150;

const KINDS: [&str; 4] = ["ap_mine", "av_mine", "uxo", "submunition"];
const OPERATORS: [&str; 3] = ["ANAMA", "HALO", "MAG"];
const PUBLIC_CELL_ZOOM: u32 = 15;

/// Two stores, and every place and id that a client might request.
struct Pair {
    servers: [Server; 2],
    places: Vec<(f64, f64)>,
    ids: Vec<String>,
}

/// Returns another place in the same public cell.
fn nearby(rng: &mut ChaCha8Rng, (lon, lat): (f64, f64)) -> (f64, f64) {
    loop {
        let other = (lon + rng.random_range(-0.01..0.01), lat + rng.random_range(-0.01..0.01));
        if address(other.0, other.1, PUBLIC_CELL_ZOOM) == address(lon, lat, PUBLIC_CELL_ZOOM) {
            return other;
        }
    }
}

/// Returns the fields that the public may not read of a visible record.
fn hidden_fields(rng: &mut ChaCha8Rng) -> Value {
    let n: u32 = rng.random_range(0..1_000);
    json!({
        "team": format!("team {n}"), "note": "n".repeat(n as usize), "hazard_area": format!("HA-{n}"),
        "photos": [format!("{n}.jpg")], "source_reliability": if n.is_multiple_of(2) { "direct" } else { "report" }, "information_reliability": if n.is_multiple_of(3) { "confirmed" } else { "doubtful" }, "zone": n,
    })
}

fn merged(mut feature: Value, more: &Value) -> Value {
    let properties = feature["properties"].as_object_mut().unwrap();
    properties.extend(more.as_object().unwrap().clone());
    feature
}

impl Pair {
    /// Starts both with this policy.
    fn new(policy: &str) -> Self {
        let folders = [(), ()].map(|()| tempfile::tempdir().unwrap().keep());
        let servers = folders.map(|folder| {
            let config = folder.join("clearline.toml");
            std::fs::write(&config, policy).unwrap();
            let config = config.to_str().unwrap();
            let arguments = ["--config", config, "--public-url", "https://mines.example.org"];
            Server::open(&folder.join("store.gpkg"), &arguments)
        });
        let field = servers.each_ref().map(|server| {
            let store = server.store.to_str().unwrap();
            let made = clearline(&[
                "token",
                "create",
                "--role",
                "field",
                "--name",
                "t",
                "--everywhere",
                "--store",
                store,
            ]);
            String::from_utf8(made.stdout).unwrap().trim().to_owned()
        });
        let mut pair = Self { servers, places: Vec::new(), ids: Vec::new() };
        let rng = &mut ChaCha8Rng::seed_from_u64(5);
        for n in 0..RECORDS {
            let place = (rng.random_range(46.0..47.4), rng.random_range(39.0..40.2));
            let shown = json!({
                "kind": KINDS[rng.random_range(0..KINDS.len())], "quantity": rng.random_range(1..5),
                "operator": OPERATORS[rng.random_range(0..OPERATORS.len())],
            });
            pair.places.push(place);
            for (at, server) in pair.servers.iter().enumerate() {
                let own = n * 10 + at as u64;
                let body = if n % 3 == 0 {
                    pair.ids.push(id(n * 10));
                    merged(neutralised(n * 10, place.0, place.1), &hidden_fields(rng))
                } else {
                    let place = nearby(rng, place);
                    pair.places.push(place);
                    pair.ids.push(id(own));
                    let day = format!("2023-03-{:02}", rng.random_range(1..29));
                    let model = format!("PMN-{}", rng.random_range(1..9));
                    let other =
                        json!({"detected_on": day, "model": model, "depth_cm": rng.random_range(1..40)});
                    merged(merged(feature(own, place.0, place.1), &hidden_fields(rng)), &other)
                };
                let (status, told) = server.post_json("/collections/detections/items", &merged(body, &shown));
                assert_eq!(status, 201, "{told}");
                // A waiting record exists in one store only, or differs between them.
                if at == 1 || n % 4 == 0 {
                    let place = (rng.random_range(46.0..47.4), rng.random_range(39.0..40.2));
                    let mut waiting = neutralised(900_000 + own, place.0, place.1);
                    waiting["properties"]["operator"] = json!(format!("hidden {own}"));
                    pair.places.push(place);
                    pair.ids.push(id(900_000 + own));
                    let request = server.public().post(server.url("/collections/detections/items"));
                    let request = request.header("authorization", format!("Bearer {}", field[at]));
                    assert_eq!(request.send(waiting.to_string()).unwrap().status(), 201);
                }
            }
        }
        pair
    }

    /// Sends the same public request to both; describes how the responses differ.
    fn compare(&self, path: &str, body: Option<&str>) -> Result<u16, String> {
        let [one, other] = self.servers.each_ref().map(|server| {
            let url = server.url(path);
            let mut answer = match body {
                Some(body) => server.public().post(url).send(body).unwrap(),
                None => server.public().get(url).call().unwrap(),
            };
            let headers: BTreeSet<String> = answer
                .headers()
                .iter()
                .filter(|(name, _)| *name != "date")
                .map(|(name, value)| format!("{name}: {}", value.to_str().unwrap()))
                .collect();
            let body = answer.body_mut().with_config().limit(64 << 20).read_to_vec().unwrap();
            (answer.status().as_u16(), headers, body)
        });
        if one == other {
            return Ok(one.0);
        }
        let shown = |body: &[u8]| String::from_utf8_lossy(&body[..body.len().min(2_000)]).into_owned();
        Err(format!(
            "{path} {body:?}\n{:?} {}\n{:?} {}",
            (one.0, one.1),
            shown(&one.2),
            (other.0, other.1),
            shown(&other.2)
        ))
    }
}

/// Picks one of these.
fn one<'a, T: ?Sized>(rng: &mut ChaCha8Rng, of: &[&'a T]) -> &'a T {
    of[rng.random_range(0..of.len())]
}

/// Returns the middle of the public cell, where hidden records appear to be.
fn middle((lon, lat): (f64, f64)) -> (f64, f64) {
    let (x, y) = address(lon, lat, PUBLIC_CELL_ZOOM);
    let n = f64::from(1_u32 << PUBLIC_CELL_ZOOM);
    let up = std::f64::consts::PI * (1.0 - 2.0 * (f64::from(y) + 0.5) / n);
    ((f64::from(x) + 0.5) / n * 360.0 - 180.0, up.sinh().atan().to_degrees())
}

/// Returns a box around one of the places, between a step and a country in size; or one with a corner in the
/// middle of a public cell, so that the last digit decides.
fn bbox(rng: &mut ChaCha8Rng, place: (f64, f64)) -> String {
    let half = 10_f64.powi(rng.random_range(-6..1));
    let (lon, lat) = place;
    if rng.random_range(0..4) == 0 {
        let (lon, lat) = middle(place);
        let off = one(rng, &["-3e-8", "0", "3e-8"]).parse::<f64>().unwrap();
        return format!("{},{},{},{}", lon + off, lat + off, lon + off + half, lat + off + half);
    }
    format!("{},{},{},{}", lon - half, lat - half, lon + half, lat + half)
}

fn cql2(rng: &mut ChaCha8Rng, place: (f64, f64), id: &str) -> String {
    let part = |rng: &mut ChaCha8Rng| match rng.random_range(0..12) {
        0 => format!("note LIKE 'n%' AND depth_cm > {}", rng.random_range(0..40)),
        1 => format!("team = 'team {}'", rng.random_range(0..1_000)),
        2 => format!("id = '{id}'"),
        3 => format!("depth_cm < {}", rng.random_range(0..40)),
        4 => format!("model = 'PMN-{}'", rng.random_range(1..9)),
        5 => format!("detected_on >= DATE('2023-03-{:02}')", rng.random_range(1..29)),
        6 => format!("S_INTERSECTS(geometry, BBOX({}))", bbox(rng, place)),
        7 => format!("revision > {}", rng.random_range(0..400)),
        8 => format!("review = '{}'", one(rng, &["submitted", "approved", "rejected"])),
        9 => format!("operator = 'hidden {}'", rng.random_range(0..2_000)),
        10 => format!("S_DWITHIN(geometry, POINT({} {}), 5, meters)", place.0, place.1),
        _ => format!("model IS {}NULL", one(rng, &["", "NOT "])),
    };
    let (first, second) = (part(rng), part(rng));
    match rng.random_range(0..4) {
        0 => format!("NOT ({first})"),
        1 => format!("{first} AND {second}"),
        2 => format!("{first} OR {second}"),
        _ => first,
    }
}

/// Generates the filters of a request.
fn filters(rng: &mut ChaCha8Rng, pair: &Pair) -> String {
    let place = pair.places[rng.random_range(0..pair.places.len())];
    let id = &pair.ids[rng.random_range(0..pair.ids.len())];
    let mut query: Vec<(&str, String)> = Vec::new();
    for _ in 0..rng.random_range(0..4) {
        let (name, value) = match rng.random_range(0..8) {
            0 | 1 => ("bbox", bbox(rng, place)),
            2 => ("datetime", format!("2023-03-{:02}/..", rng.random_range(1..29))),
            3 => ("status", one(rng, &["detected", "neutralised", "discounted", "x"]).to_owned()),
            4 => ("kind", one(rng, &KINDS).to_owned()),
            5 => ("region", one(rng, &["AZ-LAC", "AZ-KAL", "null", "AZ-XXX", "AZ"]).to_owned()),
            6 => ("operator", format!("hidden {}", rng.random_range(0..2_000))),
            _ => ("filter", cql2(rng, place, id)),
        };
        if !query.iter().any(|(known, _)| *known == name) {
            query.push((name, value));
        }
    }
    let encoded = query.iter().map(|(name, value)| {
        value.bytes().fold(format!("{name}="), |text, byte| text + &format!("%{byte:02X}"))
    });
    encoded.collect::<Vec<_>>().join("&")
}

/// Generates a public request.
fn request(rng: &mut ChaCha8Rng, pair: &Pair) -> (String, Option<String>) {
    let place = pair.places[rng.random_range(0..pair.places.len())];
    let id = pair.ids[rng.random_range(0..pair.ids.len())].clone();
    let query = filters(rng, pair);
    let as_of = if rng.random_range(0..4) == 0 {
        format!("&as_of=2023-03-{:02}", rng.random_range(1..29))
    } else {
        String::new()
    };
    let items = "/collections/detections/items";
    let path = match rng.random_range(0..18) {
        0 | 1 => format!("{items}?{query}&limit={}", rng.random_range(1..60)),
        2 => format!("{items}?{query}&limit=3&after={id}"),
        3 => format!("{items}?{query}&resultType=hits"),
        4 => format!("{items}?{query}&f=html"),
        5 => format!(
            "{items}/{id}{}",
            one(rng, &["", "?f=html", "?crs=http://www.opengis.net/def/crs/EPSG/0/32638"])
        ),
        6 => format!("{items}/{id}/history"),
        7 | 8 => {
            let z = rng.random_range(0..23);
            let (x, y) = address(place.0, place.1, z);
            format!("/tiles/detections/{z}/{x}/{y}.mvt?{query}{as_of}")
        }
        9 => {
            let z = rng.random_range(0..23);
            let (x, y) = address(place.0, place.1, z);
            format!("/collections/detections/tiles/WebMercatorQuad/{z}/{y}/{x}?{query}{as_of}")
        }
        10 => {
            let (x, y) = address(place.0, place.1, 8);
            format!("/tiles/regions/8/{x}/{y}.mvt?{}", as_of.trim_start_matches('&'))
        }
        11 | 12 => {
            let by = one(
                rng,
                &["region,status", "month,kind", "operator", "kind,status,month", "region,operator,month"],
            );
            format!("/summary?by={by}&{query}{as_of}&f={}", one(rng, &["json", "csv"]))
        }
        13 => {
            format!("/summary/regions{}?{query}{as_of}", one(rng, &["", "/AZ-LAC", "/AZ-KAL", "/AZ", "/x"]))
        }
        14 => {
            let half = 10_f64.powi(rng.random_range(-6..1));
            let (w, e, s, n) = (place.0 - half, place.0 + half, place.1 - half, place.1 + half);
            let area = json!({"type": "Polygon", "coordinates": [[[w, s], [e, s], [e, n], [w, n], [w, s]]]});
            return (format!("/summary/area?by=kind,status&{query}"), Some(area.to_string()));
        }
        15 => {
            let format = one(rng, &["geojson", "csv", "kml", "gpx", "fgb", "geojsonseq", "parquet"]);
            format!("/export/detections?{query}&f={format}")
        }
        16 => format!("/changes?since={}", rng.random_range(0..500)),
        _ => one(
            rng,
            &[
                "/collections",
                "/collections/detections",
                "/collections/detections/queryables",
                "/readyz",
                "/collections/detections/schema",
                "/tiles/detections.json",
                "/me",
                "/review",
                "/tokens",
                "/?f=html",
                "/collections/detections/tiles/WebMercatorQuad",
                "/summary?revision=50",
                "/summary?revision=150",
                "/summary?revision=400",
                "/uploads/x",
                "/search?q=hidden",
            ],
        )
        .to_owned(),
    };
    (path.replace("?&", "?"), None)
}

#[test]
fn the_public_cannot_tell_two_stores_apart_by_what_it_may_not_know() {
    assert_same("", REQUESTS);
}

#[test]
fn nor_where_cells_with_few_records_are_not_told() {
    assert_same("[public]\nfewest = 2", REQUESTS / 5);
}

fn assert_same(policy: &str, requests: u64) {
    let pair = Pair::new(policy);
    let answered = AtomicUsize::new(0);
    std::thread::scope(|scope| {
        for half in 0..2 {
            let (pair, answered) = (&pair, &answered);
            scope.spawn(move || {
                let rng = &mut ChaCha8Rng::seed_from_u64(7 + half);
                for _ in 0..requests / 2 {
                    let (path, body) = request(rng, pair);
                    match pair.compare(&path, body.as_deref()) {
                        Ok(200) => _ = answered.fetch_add(1, Ordering::Relaxed),
                        Ok(_) => {}
                        Err(difference) => panic!("{difference}"),
                    }
                }
            });
        }
    });
    // Most requests succeed, rather than being refused alike.
    assert!(answered.into_inner() as u64 > requests / 2);
    // The stores do differ for callers with full access.
    let [one, other] = pair.servers.each_ref().map(|server| server.json("/summary")["total"].clone());
    assert_ne!(one, other);
}

#[test]
fn no_tile_down_to_the_deepest_zoom_tells_them_apart() {
    let pair = Pair::new("");
    let (mut here, mut n_tiles) = (BTreeSet::from([(0_u32, 0_u32)]), 0);
    for z in 0..=22 {
        let mut below = BTreeSet::new();
        for (x, y) in here {
            let path = format!("/tiles/detections/{z}/{x}/{y}.mvt");
            let status = pair.compare(&path, None).unwrap_or_else(|difference| panic!("{difference}"));
            n_tiles += 1;
            let is_empty = pair.servers[0].public().get(pair.servers[0].url(&path)).call().unwrap().headers()
                ["content-length"]
                == "0";
            if status == 200 && !is_empty {
                below.extend([
                    (2 * x, 2 * y),
                    (2 * x + 1, 2 * y),
                    (2 * x, 2 * y + 1),
                    (2 * x + 1, 2 * y + 1),
                ]);
            }
        }
        here = below;
    }
    assert!(n_tiles > 20 * RECORDS as usize / 2, "{n_tiles}");
}
