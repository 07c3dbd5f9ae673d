//! `/conf/temporal-functions`.

use super::{
    COLLECTIONS, Cql2, Type, combines, count, holds, identical, nothing_in_common, of_type,
    predicate::{and, date, function, interval, is_not_null, property, string, timestamp},
    test_data,
};
use crate::program::Server;

/// The functions that also apply to instants.
const SIMPLE: [&str; 5] = ["T_AFTER", "T_BEFORE", "T_DISJOINT", "T_EQUALS", "T_INTERSECTS"];

/// The functions that apply only to intervals.
const OF_INTERVALS: [&str; 10] = [
    "T_CONTAINS",
    "T_DURING",
    "T_FINISHEDBY",
    "T_FINISHES",
    "T_MEETS",
    "T_METBY",
    "T_OVERLAPPEDBY",
    "T_OVERLAPS",
    "T_STARTEDBY",
    "T_STARTS",
];

/// Returns an instant, and the year 2021 as an interval.
fn literals(of: Type) -> [Cql2; 2] {
    match of {
        Type::Timestamp => [
            timestamp("2022-04-24T07:59:57Z"),
            interval(&string("2021-01-01T00:00:00Z"), &string("2021-12-31T23:59:59Z")),
        ],
        _ => [date("2022-04-24"), interval(&string("2021-01-01"), &string("2021-12-31"))],
    }
}

/// `/conf/temporal-functions/temporal-functions-1`
#[test]
fn instants_of_each_queryable_are_compared() {
    let server = Server::with_demonstration();
    let all = of_type(&server, &[Type::Timestamp, Type::Date]);
    assert!(all.len() >= 3, "{all:?}");
    for (collection, name, type_) in all {
        for literal in literals(type_) {
            let apply = |function_: &str| function(function_, &[&property(&name), &literal]);
            for name in SIMPLE {
                count(&server, collection, &apply(name));
            }
            nothing_in_common(&server, collection, &apply("T_DISJOINT"), &apply("T_INTERSECTS"));
            let either = super::or(&apply("T_AFTER"), &apply("T_BEFORE"));
            identical(&server, collection, &either, &apply("T_DISJOINT"));
        }
    }
}

/// `/conf/temporal-functions/temporal-functions-2`
#[test]
fn intervals_between_each_two_queryables_are_compared() {
    let server = Server::with_demonstration();
    for type_ in [Type::Timestamp, Type::Date] {
        for (collection, from, _) in of_type(&server, &[type_]) {
            for (_, to, _) in of_type(&server, &[type_]).into_iter().filter(|(of, ..)| *of == collection) {
                let between = interval(&property(&from), &property(&to));
                let [_, year] = literals(type_);
                for name in SIMPLE.iter().chain(&OF_INTERVALS) {
                    count(&server, collection, &function(name, &[&between, &year]));
                }
            }
        }
    }
}

/// `/conf/temporal-functions/test-data`
#[test]
fn temporal_predicates_leave_as_many_as_are_expected() {
    let day = property("detected_on");
    let end = property("neutralised_on");
    let time = interval(&day, &end);
    let between = |from: &str, to: &str| interval(&string(from), &string(to));
    // An interval without an end is not compared by before and after.
    let of = |name: &str, of: &Cql2, other: Cql2| {
        let whole = function(name, &[of, &other]);
        if of.text == day.text { whole } else { and(&whole, &is_not_null(&end)) }
    };
    let expected = [
        (of("T_AFTER", &day, date("2022-04-16")), 6),
        (of("T_BEFORE", &day, date("2022-04-16")), 1),
        (of("T_DISJOINT", &day, date("2022-04-16")), 7),
        (of("T_EQUALS", &day, date("2022-04-16")), 1),
        (of("T_INTERSECTS", &day, date("2022-04-16")), 1),
        (of("T_AFTER", &day, between("2022-01-01", "2022-12-31")), 6),
        (of("T_BEFORE", &day, between("2022-01-01", "2022-12-31")), 1),
        (of("T_DISJOINT", &day, between("2022-01-01", "2022-12-31")), 7),
        (of("T_EQUALS", &day, between("2022-01-01", "2022-12-31")), 0),
        (of("T_EQUALS", &day, between("2022-04-16", "2022-04-16")), 1),
        (of("T_INTERSECTS", &day, between("2022-01-01", "2022-12-31")), 1),
        (of("T_AFTER", &time, between("..", "2022-04-15")), 1),
        (of("T_BEFORE", &time, between("2022-04-17", "..")), 1),
        (of("T_DISJOINT", &time, between("2022-04-17", "2022-04-17")), 1),
        (of("T_EQUALS", &time, between("2021-04-16", "2022-04-16")), 1),
        (of("T_INTERSECTS", &time, between("2022-04-16", "2022-04-17")), 2),
        (of("T_CONTAINS", &time, between("2022-04-17", "2022-04-17")), 1),
        (of("T_DURING", &time, between("2022-01-01", "2022-12-31")), 1),
        (of("T_FINISHES", &time, between("2022-01-01", "2022-04-18")), 1),
        (of("T_FINISHEDBY", &time, between("2022-01-01", "2022-04-16")), 1),
        (of("T_MEETS", &time, between("2022-04-18", "2022-04-20")), 1),
        (of("T_METBY", &time, between("2022-01-01", "2022-04-16")), 1),
        (of("T_OVERLAPPEDBY", &time, between("2021-01-01", "2021-12-31")), 1),
        (of("T_OVERLAPS", &time, between("2022-04-17", "2022-12-31")), 1),
        (of("T_STARTEDBY", &time, between("2022-04-16", "2022-04-17")), 1),
        (of("T_STARTS", &time, between("2022-04-16", "2022-12-31")), 1),
    ];
    holds(&test_data(), &expected);
}

/// `/conf/temporal-functions/logical`
#[test]
fn temporal_predicates_combine() {
    let server = Server::with_demonstration();
    let all = of_type(&server, &[Type::Timestamp, Type::Date]);
    for collection in COLLECTIONS {
        let temporal = all.iter().filter(|(of, ..)| *of == collection);
        let predicates: Vec<Cql2> = temporal
            .flat_map(|(_, name, type_)| {
                let [instant, _] = literals(*type_);
                SIMPLE.map(|function_| function(function_, &[&property(name), &instant]))
            })
            .collect();
        if !predicates.is_empty() {
            combines(&server, collection, &predicates);
        }
    }
}
