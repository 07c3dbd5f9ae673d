//! Accidents through every entry point, and what the public may know of them.

mod editing;
mod filters;
mod formats;
mod forms;
mod public;
mod review;
mod victims;

use rand::Rng;
use rand_chacha::ChaCha8Rng;
use serde_json::{Value, json};

use crate::program::{Server, clearline, id};

/// The items of accidents.
pub const ITEMS: &str = "/collections/accidents/items";

/// Builds an accident at this place on a day, which injured one person.
pub fn accident(n: u64, (lon, lat): (f64, f64), day: &str) -> Value {
    json!({
        "type": "Feature", "id": id(n), "geometry": {"type": "Point", "coordinates": [lon, lat]},
        "properties": {
            "class": "mine", "occurred_on": day, "device": "ap_mine", "operator": "ANAMA",
            "victims": [{"outcome": "injured", "sex": "male", "age_group": "adult", "status": "civilian"}],
        },
    })
}

/// Returns the feature with this property.
pub fn with(mut feature: Value, name: &str, value: impl Into<Value>) -> Value {
    feature["properties"][name] = value.into();
    feature
}

/// Makes up an accident from a seed.
pub fn made_up(rng: &mut ChaCha8Rng, n: u64) -> Value {
    let place = (rng.random_range(46.0..47.4), rng.random_range(39.2..40.2));
    let day = format!(
        "20{:02}-{:02}-{:02}",
        rng.random_range(21..24),
        rng.random_range(1..13),
        rng.random_range(1..29)
    );
    let mut accident = accident(n, place, &day);
    let of = |rng: &mut ChaCha8Rng, words: &[&str]| json!(words[rng.random_range(0..words.len())]);
    let properties = &mut accident["properties"];
    properties["class"] = of(rng, &["mine", "cluster", "uxo_axo", "other"]);
    properties["device"] = of(rng, &["ap_mine", "av_mine", "uxo", "submunition"]);
    properties["operator"] = of(rng, &["ANAMA", "HALO", "MAG"]);
    if rng.random_range(0..3) == 0 {
        properties["victims"] = Value::Null;
        properties["killed"] = json!(rng.random_range(0..3));
        properties["injured"] = json!(rng.random_range(0..4));
    } else {
        let victims: Vec<Value> = (0..rng.random_range(1..4))
            .map(|_| {
                json!({
                    "outcome": of(rng, &["killed", "injured"]), "sex": of(rng, &["male", "female"]),
                    "age_group": of(rng, &["child", "adult"]), "status": of(rng, &["civilian", "deminer"]),
                    "activity": of(rng, &["farming", "herding"]), "touched": of(rng, &["yes", "no"]),
                })
            })
            .collect();
        properties["victims"] = json!(victims);
    }
    if rng.random_range(0..2) == 0 {
        properties["model"] = of(rng, &["PMN-2", "TM-62M", "PMN-4"]);
        properties["note"] = json!(format!("note {n}, \"quoted\"; ə и"));
        properties["time"] = json!(format!("{:02}:{:02}", rng.random_range(0..24), rng.random_range(0..60)));
        properties["accuracy_m"] = json!(4.5);
    }
    accident
}

/// Uploads accidents with the manager's token; all of them must be created.
pub fn upload(server: &Server, accidents: &[Value]) {
    let body = json!({"type": "FeatureCollection", "features": accidents});
    let (status, told) = server.post_json("/uploads?collection=accidents", &body);
    assert_eq!((status, &told["created"]), (200, &json!(accidents.len())), "{told}");
}

/// Creates a token for this role.
pub fn token(server: &Server, role: &str, name: &str) -> String {
    let store = server.store.to_str().unwrap();
    let arguments = ["token", "create", "--role", role, "--name", name, "--everywhere", "--store", store];
    String::from_utf8(clearline(&arguments).stdout).unwrap().trim().to_owned()
}

/// Returns what the server derives of an accident removed, so that two stores can be compared.
pub fn content(feature: &Value) -> Value {
    let mut feature = feature.clone();
    feature.as_object_mut().unwrap().remove("links");
    let properties = feature["properties"].as_object_mut().unwrap();
    for name in ["revision", "updated_at", "updated_by", "review", "region"] {
        properties.remove(name);
    }
    properties.retain(|_, value| !value.is_null());
    feature
}

/// Returns the accidents of a server by id, without what the server derives.
pub fn contents(server: &Server) -> std::collections::BTreeMap<String, Value> {
    let page = server.json(&format!("{ITEMS}?limit=10000"));
    let features = page["features"].as_array().unwrap().iter();
    features.map(|feature| (feature["id"].as_str().unwrap().to_owned(), content(feature))).collect()
}
