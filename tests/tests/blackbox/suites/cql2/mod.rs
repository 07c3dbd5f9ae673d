//! CQL2 (OGC 21-065r2), Annex A. Every predicate is sent as text and as JSON, which the classes `cql2-text`
//! and `cql2-json` test, for every collection.

mod basic;
mod comparison;
mod predicate;
mod spatial;
mod temporal;

use std::collections::BTreeSet;

use serde_json::Value;

use super::{COLLECTIONS, encoded};
use crate::program::{Server, read};
use predicate::{Cql2, and, not, or};

/// The data type of a queryable.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Type {
    String,
    Number,
    Integer,
    Boolean,
    Timestamp,
    Date,
    Geometry,
}

/// Returns the queryables of a collection with their types.
///
/// # Panics
/// When the type of one is missing.
fn queryables(server: &Server, collection: &str) -> Vec<(String, Type)> {
    let document = server.json(&format!("/collections/{collection}/queryables"));
    let properties = document["properties"].as_object().unwrap();
    let typed = properties.iter().map(|(name, schema)| {
        let format = schema["format"].as_str().unwrap_or("");
        let type_ = match schema["type"].as_str() {
            None if format.starts_with("geometry-") => Type::Geometry,
            Some("string") if format == "date" => Type::Date,
            Some("string") if format == "date-time" => Type::Timestamp,
            Some("string") => Type::String,
            Some("number") => Type::Number,
            Some("integer") => Type::Integer,
            Some("boolean") => Type::Boolean,
            other => panic!("{collection}: the type of {name} is {other:?}"),
        };
        (name.clone(), type_)
    });
    typed.collect()
}

/// Returns the queryables of these types, over all collections.
fn of_type(server: &Server, wanted: &[Type]) -> Vec<(&'static str, String, Type)> {
    let all = COLLECTIONS.into_iter().flat_map(|collection| {
        let queryables = queryables(server, collection).into_iter();
        queryables.map(move |(name, type_)| (collection, name, type_))
    });
    all.filter(|(_, _, type_)| wanted.contains(type_)).collect()
}

fn address(collection: &str, language: &str, filter: &str, more: &str) -> String {
    format!("/collections/{collection}/items?filter-lang={language}&filter={}{more}", encoded(filter))
}

fn addresses(collection: &str, filter: &Cql2, more: &str) -> [String; 2] {
    [
        address(collection, "cql2-text", &filter.text, more),
        address(collection, "cql2-json", &filter.json.to_string(), more),
    ]
}

/// Returns the number of features that a predicate selects, in either encoding.
fn count(server: &Server, collection: &str, filter: &Cql2) -> u64 {
    let counts = addresses(collection, filter, "&resultType=hits").map(|address| {
        let (status, page) = read(server.get(&address));
        assert_eq!(status, 200, "{collection}: {}: {page}", filter.text);
        page["numberMatched"].as_u64().unwrap()
    });
    assert_eq!(counts[0], counts[1], "{collection}: {} and {} differ", filter.text, filter.json);
    counts[0]
}

/// Returns the number of features in a collection.
fn total(server: &Server, collection: &str) -> u64 {
    server.json(&format!("/collections/{collection}/items?resultType=hits"))["numberMatched"]
        .as_u64()
        .unwrap()
}

/// Returns the ids of the features that a predicate selects.
fn ids(server: &Server, collection: &str, filter: &Cql2) -> BTreeSet<String> {
    let [text, json] = addresses(collection, filter, "&limit=10000").map(|address| {
        let page = server.json(&address);
        let features = page["features"].as_array().unwrap();
        features.iter().map(|feature| feature["id"].to_string()).collect::<BTreeSet<_>>()
    });
    assert_eq!(text, json, "{collection}: {} and {} differ", filter.text, filter.json);
    text
}

/// Checks that a predicate is refused in either encoding.
fn refused(server: &Server, collection: &str, filter: &Cql2) {
    for address in addresses(collection, filter, "") {
        let (status, problem) = read(server.get(&address));
        assert!(status == 400 && problem["detail"].is_string(), "{collection}: {}: {status}", filter.text);
    }
}

/// Checks that no feature satisfies both predicates.
fn nothing_in_common(server: &Server, collection: &str, one: &Cql2, other: &Cql2) {
    assert_eq!(
        count(server, collection, &and(one, other)),
        0,
        "{collection}: {} and {}",
        one.text,
        other.text
    );
}

/// Checks that the same features satisfy both predicates.
fn identical(server: &Server, collection: &str, one: &Cql2, other: &Cql2) {
    let either = or(&and(one, &not(other)), &and(&not(one), other));
    assert_eq!(count(server, collection, &either), 0, "{collection}: {} and {}", one.text, other.text);
    assert_eq!(count(server, collection, one), count(server, collection, other));
}

/// `/conf/{class}/logical`: combinations of predicates with AND, OR and NOT are evaluated.
fn combines(server: &Server, collection: &str, predicates: &[Cql2]) {
    assert!(predicates.len() >= 4, "{collection} has {} predicates", predicates.len());
    for first in 0..10 {
        let p = |nth: usize| &predicates[(first * 3 + nth * 5 + nth * first) % predicates.len()];
        let [p1, p2, p3, p4] = [p(0), p(1), p(2), p(3)];
        let whole = or(&or(&and(&not(p1), p2), &and(p3, &not(p4))), &not(&and(p1, p4)));
        count(server, collection, &whole);
    }
}

/// Starts a server with detections like the populated places of the standard's test data: the operator is the
/// name, the quantity the population.
fn test_data() -> Server {
    let server = Server::start();
    let rows: [(&str, [f64; 2], u32, &str, &str); 8] = [
        ("Kiev", [30.5147, 50.4353], 7, "2021-04-16", "2022-04-16"),
        ("København", [12.5615, 55.6805], 5, "2022-04-16", "2022-04-18"),
        ("Berlin", [13.3996, 52.5238], 9, "2023-04-16", ""),
        ("Bern", [7.467, 46.9167], 3, "2023-05-01", ""),
        ("Bordeaux", [-0.595, 44.8503], 4, "2023-05-02", ""),
        ("Athens", [23.7314, 37.9853], 8, "2023-05-03", ""),
        ("Luxembourg", [6.13, 49.6117], 1, "2023-05-04", ""),
        ("", [-60.0, 10.0], 2, "2023-05-05", ""),
    ];
    let features: Vec<Value> = (1..)
        .zip(rows)
        .map(|(n, (operator, [lon, lat], quantity, found, neutralised))| {
            let mut feature = crate::program::feature(n, lon, lat);
            let properties = &mut feature["properties"];
            properties["quantity"] = quantity.into();
            properties["detected_on"] = found.into();
            if !operator.is_empty() {
                properties["operator"] = operator.into();
            }
            if !neutralised.is_empty() {
                properties["status"] = "neutralised".into();
                properties["neutralised_on"] = neutralised.into();
                properties["disposal"] = "destroyed_in_situ".into();
            }
            feature
        })
        .collect();
    let (status, report) = server.post_json("/uploads", &crate::program::collection(&features));
    assert_eq!((status, &report["created"]), (200, &8.into()), "{report}");
    server
}

/// `/conf/{class}/test-data`: each predicate selects the expected number of detections of the test data.
fn holds(server: &Server, expected: &[(Cql2, u64)]) {
    for (predicate, expected) in expected {
        assert_eq!(count(server, "detections", predicate), *expected, "{}", predicate.text);
    }
}
