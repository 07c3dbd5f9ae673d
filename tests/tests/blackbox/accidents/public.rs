//! What the public may know: counts by district and month, of which small ones are withheld.
//!
//! Two servers whose accidents differ only in what the public may not know answer every public request with
//! the same bytes.

use rand::{Rng, SeedableRng};
use rand_chacha::ChaCha8Rng;
use serde_json::{Value, json};

use super::{ITEMS, accident, made_up, token, upload, with};
use crate::program::{KALBAJAR, LACHIN, Server, clearline, id, read};

/// Starts a server with this policy.
fn with_policy(policy: &str) -> Server {
    let folder = tempfile::tempdir().unwrap().keep();
    let config = folder.join("clearline.toml");
    std::fs::write(&config, policy).unwrap();
    let arguments = ["--config", config.to_str().unwrap(), "--public-url", "https://mines.example.org"];
    Server::open(&folder.join("store.gpkg"), &arguments)
}

fn public(server: &Server, path: &str) -> (u16, Value) {
    read(server.public().get(server.url(path)).call().unwrap())
}

#[test]
fn the_public_gets_counts_and_no_record() {
    let server = with_policy("[public]\nmin_cell_count = 3");
    let in_lachin = (1..=4).map(|n| accident(n, LACHIN, &format!("2023-03-{n:02}")));
    let rare = accident(9, KALBAJAR, "2023-05-02");
    upload(&server, &in_lachin.chain([rare]).collect::<Vec<_>>());
    let (status, told) = public(&server, "/summary/accidents?by=region,month");
    assert_eq!(status, 200);
    assert_eq!(told["min_cell_count"], 3);
    assert_eq!(
        told["rows"],
        json!([
            {"region": "AZ-KAL", "month": "2023-05", "accidents": null, "killed": null, "injured": null},
            {"region": "AZ-LAC", "month": "2023-03", "accidents": 4, "killed": 0, "injured": 4},
        ])
    );
    // The total would reveal the withheld cell.
    assert_eq!(told["total"]["accidents"], Value::Null);
    let (_, lachin) =
        public(&server, "/summary/accidents?by=month&region=AZ-LAC&datetime=2023-03-01/2023-03-31");
    assert_eq!(lachin["total"], json!({"accidents": 4, "killed": 0, "injured": 4}));
    let csv = server.public().get(server.url("/summary/accidents?by=region&f=csv")).call().unwrap();
    assert_eq!(
        read(csv).1,
        json!("region,accidents,killed,injured,withheld\r\nAZ-KAL,,,,true\r\nAZ-LAC,4,0,4,false\r\n")
    );
    for refused in [
        "/summary/accidents?by=class",
        "/summary/accidents?class=mine",
        "/summary/accidents?filter=killed%3E0",
        "/summary/accidents?datetime=2023-03-02/2023-03-31",
        "/summary/accidents?datetime=2023-03-01/2023-03-30",
        "/summary/accidents?as_of=2023-03-31",
        "/summary/accidents?victims_by=sex",
        "/summary/accidents?bbox=46,39,47,40",
    ] {
        assert_eq!(public(&server, refused).0, 400, "{refused}");
    }
    let (_, items) = public(&server, ITEMS);
    assert_eq!((&items["numberMatched"], &items["features"]), (&json!(0), &json!([])));
    assert_eq!(public(&server, &format!("{ITEMS}/{}", id(1))).0, 404);
    assert_eq!(public(&server, &format!("{ITEMS}/{}/history", id(1))).0, 401);
    let (_, export) = public(&server, "/export/accidents?f=geojson");
    assert_eq!(export["features"], json!([]));
    let mut tile = server.public().get(server.url("/tiles/accidents/0/0/0.mvt")).call().unwrap();
    assert_eq!(tile.body_mut().read_to_vec().unwrap(), b"");
    assert_eq!(
        public(&server, "/collections/accidents").1.get("extent"),
        public(&with_policy(""), "/collections/accidents").1.get("extent")
    );
    // Readers who may see records see them.
    let viewer = token(&server, "viewer", "reader");
    let seen = server.public().get(server.url(ITEMS)).header("authorization", format!("Bearer {viewer}"));
    assert_eq!(read(seen.call().unwrap()).1["numberMatched"], 5);
}

#[test]
fn the_policy_may_open_exact_places() {
    let server = with_policy("[public]\nsees = \"exact\"");
    let secret = with(with(accident(1, LACHIN, "2023-03-14"), "note", "secret"), "team", "T1");
    upload(&server, &[secret]);
    let (_, items) = public(&server, ITEMS);
    assert_eq!(items["numberMatched"], 1);
    let properties = &items["features"][0]["properties"];
    assert_eq!((&properties["class"], &properties["injured"]), (&json!("mine"), &json!(1)));
    for hidden in ["note", "team", "victims", "time"] {
        assert_eq!(properties.get(hidden), None, "{hidden}");
    }
    assert_eq!(public(&server, &format!("{ITEMS}?filter=note%3D%27secret%27")).0, 400);
    assert_eq!(public(&server, "/summary/accidents?by=class").1["rows"][0]["accidents"], 1);
}

/// Two servers that differ in what the public may not know of accidents.
fn pair(policy: &str, seed: u64) -> [Server; 2] {
    let servers = [(), ()].map(|()| with_policy(policy));
    let rng = &mut ChaCha8Rng::seed_from_u64(seed);
    let mut other = ChaCha8Rng::seed_from_u64(seed + 1);
    for n in 0..40 {
        let one = made_up(rng, n);
        // The same district, month and counts, and everything else different. A step of some metres stays
        // within the public cell in nearly every case, and so in the district.
        let mut two = made_up(&mut other, 1_000 + n);
        let day = one["properties"]["occurred_on"].as_str().unwrap();
        two["geometry"] = one["geometry"].clone();
        two["properties"]["occurred_on"] = json!(format!("{}-{:02}", &day[..7], other.random_range(1..29)));
        two["properties"]["victims"] = Value::Null;
        for (name, outcome) in [("killed", "killed"), ("injured", "injured")] {
            let victims = one["properties"]["victims"].as_array();
            let of_outcome =
                victims.map(|all| all.iter().filter(|victim| victim["outcome"] == outcome).count());
            let counted = one["properties"][name].as_u64().map(|counted| counted as usize);
            two["properties"][name] = json!(of_outcome.or(counted).unwrap_or(0));
        }
        for (server, accident) in servers.iter().zip([one, two]) {
            upload(server, &[accident]);
        }
    }
    // One store has more accidents that nobody approved.
    let team = token(&servers[1], "field", "t");
    for n in 5_000..5_010 {
        let request =
            servers[1].public().post(servers[1].url(ITEMS)).header("authorization", format!("Bearer {team}"));
        let sent =
            request.header("content-type", "application/geo+json").send(made_up(&mut other, n).to_string());
        assert_eq!(sent.unwrap().status(), 201);
    }
    servers
}

fn requests(rng: &mut ChaCha8Rng) -> String {
    let of = |rng: &mut ChaCha8Rng, all: &[&str]| all[rng.random_range(0..all.len())].to_owned();
    let filters = [
        of(rng, &["", "region=AZ-LAC", "region=AZ-KAL,AZ-FUZ", "region=AZ", "region=null", "region=AZ-XXX"]),
        of(rng, &["", "datetime=2022-01-01/2022-12-31", "datetime=2021-05-01/..", "datetime=../2023-02-28"]),
    ];
    let filters = filters.join("&");
    let more =
        of(rng, &["class=mine", "filter=killed%3E0", "bbox=46,39,47,40", "killed=1", "as_of=2022-05-05", ""]);
    let n = rng.random_range(0..40);
    let path = match rng.random_range(0..9) {
        0 | 1 => format!(
            "/summary/accidents?by={}&{filters}",
            of(rng, &["region", "month", "region,month", "month,region"])
        ),
        2 => format!("/summary/accidents?by=region,month&f=csv&{filters}"),
        3 => format!("/summary/accidents?{filters}&{more}"),
        4 => format!("{ITEMS}?{filters}&{more}"),
        5 => format!("{ITEMS}/{}{}", id(n), of(rng, &["", "/history", "?f=html"])),
        6 => format!("/tiles/accidents/{}?{more}", of(rng, &["0/0/0.mvt", "6/40/24.mvt", "9/322/193.mvt"])),
        7 => format!("/export/accidents?f={}&{more}", of(rng, &["csv", "geojson", "kml"])),
        _ => of(
            rng,
            &[
                "/collections",
                "/collections/accidents",
                "/collections/accidents/schema",
                "/collections/accidents/queryables",
                "/tiles/accidents.json",
                "/changes?collection=accidents",
                "/review?collection=accidents",
                "/readyz",
                "/collections/accidents/items?f=html",
                "/summary/regions",
                "/collections/accidents/tiles/WebMercatorQuad",
            ],
        ),
    };
    path.replace("?&", "?").replace("&&", "&")
}

fn assert_same(policy: &str, seed: u64) {
    let servers = pair(policy, seed);
    let rng = &mut ChaCha8Rng::seed_from_u64(seed);
    let mut n_answered = 0;
    for _ in 0..1_500 {
        let path = requests(rng);
        let [one, two] = servers.each_ref().map(|server| {
            let mut answer = server.public().get(server.url(&path)).call().unwrap();
            let headers: Vec<String> = answer
                .headers()
                .iter()
                .filter(|(name, _)| *name != "date")
                .map(|(name, value)| format!("{name}: {}", value.to_str().unwrap()))
                .collect();
            (answer.status().as_u16(), headers, answer.body_mut().read_to_string().unwrap_or_default())
        });
        assert_eq!(one, two, "{path}");
        n_answered += u64::from(one.0 == 200);
    }
    assert!(n_answered > 500, "{n_answered}");
}

#[test]
fn two_stores_that_differ_in_what_is_hidden_answer_alike() {
    assert_same("[public]\nmin_cell_count = 3", 11);
}

#[test]
fn so_they_do_where_every_cell_is_told() {
    assert_same("[public]\nmin_cell_count = 1", 12);
}

#[test]
fn the_command_line_exports_accidents_to_who_has_the_file() {
    let server = Server::start();
    upload(&server, &[accident(1, LACHIN, "2023-03-14")]);
    let told =
        clearline(&["export", "accidents", "--store", server.store.to_str().unwrap(), "--format", "geojson"]);
    let file: Value = serde_json::from_slice(&told.stdout).unwrap();
    assert_eq!(file["features"][0]["properties"]["victims"][0]["status"], "civilian");
    assert!(String::from_utf8_lossy(&told.stderr).contains("accidents: 1 record at revision 1"));
}
