//! `/conf/advanced-comparison-operators` and `/conf/case-insensitive-comparison`.

use super::{
    COLLECTIONS, Cql2, Type, combines, count, holds, identical, nothing_in_common, of_type,
    predicate::{between, casei, compare, date, like, not, number, one_of, property, string, timestamp},
    test_data,
};
use crate::program::Server;

/// `/conf/advanced-comparison-operators/like`
#[test]
fn patterns_match_each_text() {
    let server = Server::with_demonstration();
    for (collection, name, _) in of_type(&server, &[Type::String]) {
        let pattern = |pattern: &str| like(&property(&name), &string(pattern));
        for one in ["%", "_%", "", "%%", r"\%\_"] {
            count(&server, collection, &pattern(one));
        }
        nothing_in_common(&server, collection, &pattern("_%"), &pattern(""));
        identical(&server, collection, &pattern("%"), &pattern("%%"));
    }
}

/// `/conf/advanced-comparison-operators/between`
#[test]
fn ranges_of_each_number_are_evaluated() {
    let server = Server::with_demonstration();
    for (collection, name, _) in of_type(&server, &[Type::Number, Type::Integer]) {
        let property = property(&name);
        let range = between(&property, 0.0, 100.0);
        let (least, most) =
            (compare(&property, ">=", &number(0.0)), compare(&property, "<=", &number(100.0)));
        identical(&server, collection, &range, &super::and(&least, &most));
        assert_eq!(count(&server, collection, &between(&property, 100.0, 1.0)), 0, "{collection}: {name}");
    }
}

/// `/conf/advanced-comparison-operators/in`
#[test]
fn lists_of_values_are_evaluated_for_each_queryable() {
    let server = Server::with_demonstration();
    let numbers = [1.0, 2.0, 3.0].map(number);
    let texts = ["foo", "bar"].map(string);
    let instants = ["2022-04-14T14:52:56Z", "2022-04-14T15:52:56Z"];
    let days = ["2022-04-14", "2022-04-15"];
    let simple = [Type::String, Type::Number, Type::Integer, Type::Timestamp, Type::Date];
    for (collection, name, type_) in of_type(&server, &simple) {
        let lists: Vec<Vec<Cql2>> = match type_ {
            Type::String => vec![texts.to_vec()],
            // The abstract test has texts, the grammar instants: both are accepted.
            Type::Timestamp => vec![instants.map(string).to_vec(), instants.map(timestamp).to_vec()],
            Type::Date => vec![days.map(string).to_vec(), days.map(date).to_vec()],
            _ => vec![numbers.to_vec()],
        };
        for list in lists {
            let (inside, property) = (one_of(&property(&name), &list), property(&name));
            nothing_in_common(&server, collection, &inside, &not(&inside));
            let known = count(&server, collection, &super::predicate::is_not_null(&property));
            let both = count(&server, collection, &inside) + count(&server, collection, &not(&inside));
            assert_eq!(both, known, "{collection}: {}", inside.text);
        }
    }
}

/// `/conf/advanced-comparison-operators/test-data`
#[test]
fn advanced_comparisons_leave_as_many_as_are_expected() {
    let server = test_data();
    let (name, population, day) = (property("operator"), property("quantity"), property("detected_on"));
    let names = ["Kiev", "kobenhavn", "Berlin", "athens", "foo"].map(string);
    let numbers = [1.0, 2.0, 7.0, 70.0].map(number);
    let days = ["2021-04-16", "2022-04-16", "2022-04-18"].map(date);
    let positive = [
        (like(&name, &string("B_r%")), 3, 4),
        (between(&population, 3.0, 7.0), 4, 4),
        (one_of(&name, &names), 2, 5),
        (one_of(&population, &numbers), 3, 5),
        (one_of(&day, &days), 2, 6),
    ];
    for (predicate, expected, opposite) in positive {
        holds(&server, &[(not(&predicate), opposite), (predicate, expected)]);
    }
}

/// `/conf/case-insensitive-comparison/casei`, `/conf/case-insensitive-comparison/casei-like`
#[test]
fn case_is_ignored_in_each_text() {
    let server = Server::with_demonstration();
    for (collection, name, _) in of_type(&server, &[Type::String]) {
        let folded = casei(&property(&name));
        let to = |operator, text: &str| compare(&folded, operator, &casei(&string(text)));
        nothing_in_common(&server, collection, &to("=", "foo"), &to("<>", "FOO"));
        let pattern = |text: &str| like(&folded, &casei(&string(text)));
        identical(&server, collection, &pattern("foo%"), &pattern("FOO%"));
    }
}

/// `/conf/case-insensitive-comparison/test-data`
#[test]
fn case_insensitive_comparisons_leave_as_many_as_are_expected() {
    let server = test_data();
    let folded = casei(&property("operator"));
    for name in ["KIEV", "kiev", "Kiev", "København", "københavn", "KØBENHAVN"] {
        holds(&server, &[(compare(&folded, "=", &casei(&string(name))), 1)]);
    }
    for pattern in ["B_r%", "b_r%", "B_R%"] {
        holds(&server, &[(like(&folded, &casei(&string(pattern))), 3)]);
    }
    let names = ["Kiev", "kobenhavn", "Berlin", "athens", "foo"].map(|name| casei(&string(name)));
    holds(&server, &[(one_of(&folded, &names), 3)]);
}

/// `/conf/advanced-comparison-operators/logical`, `/conf/case-insensitive-comparison/logical`
#[test]
fn comparisons_combine() {
    let server = Server::with_demonstration();
    for collection in COLLECTIONS {
        let mut predicates = Vec::new();
        for (_, name, type_) in of_type(&server, &[Type::String, Type::Integer, Type::Number])
            .into_iter()
            .filter(|(of, ..)| *of == collection)
        {
            let property = property(&name);
            match type_ {
                Type::String => {
                    predicates.push(like(&property, &string("_%")));
                    predicates.push(compare(&casei(&property), "=", &casei(&string("foo"))));
                }
                _ => predicates.push(between(&property, 0.0, 100.0)),
            }
        }
        combines(&server, collection, &predicates);
    }
}
