//! `/conf/basic-cql2`, which `/conf/cql2-text` and `/conf/cql2-json` run in their encodings.

use std::collections::BTreeSet;

use super::{
    COLLECTIONS, Cql2, Type, count, holds, ids, nothing_in_common, of_type,
    predicate::{
        and, boolean, compare, date, is_not_null, is_null, not, number, or, property, string, timestamp,
    },
    queryables, refused, test_data, total,
};
use crate::program::Server;

/// Returns the value that the abstract tests compare with.
fn value(of: Type) -> Cql2 {
    match of {
        Type::String => string("foo"),
        Type::Boolean => boolean(true),
        Type::Number => number(314.0 / 100.0),
        Type::Integer => number(1.0),
        Type::Timestamp => timestamp("2022-04-14T14:48:46Z"),
        Type::Date => date("2022-04-14"),
        Type::Geometry => panic!("geometries are not compared"),
    }
}

const SIMPLE: [Type; 6] =
    [Type::String, Type::Boolean, Type::Number, Type::Integer, Type::Timestamp, Type::Date];

/// `/conf/basic-cql2/basic-test`
#[test]
fn each_collection_has_a_queryable_that_can_be_compared() {
    let server = Server::start();
    for collection in COLLECTIONS {
        let queryables = queryables(&server, collection);
        assert!(queryables.iter().any(|(_, type_)| SIMPLE.contains(type_)), "{collection}: {queryables:?}");
    }
}

/// `/conf/basic-cql2/comparison`: each comparison excludes its opposite, and together they match every
/// feature with a value.
#[test]
fn comparisons_with_each_queryable_exclude_their_opposites() {
    let server = Server::with_demonstration();
    for (collection, name, type_) in of_type(&server, &SIMPLE) {
        let (property, value) = (property(&name), value(type_));
        let known = count(&server, collection, &is_not_null(&property));
        for (operator, opposite) in [("=", "<>"), (">", "<="), ("<", ">=")] {
            let one = compare(&property, operator, &value);
            let other = compare(&property, opposite, &value);
            nothing_in_common(&server, collection, &one, &other);
            let both = count(&server, collection, &one) + count(&server, collection, &other);
            assert_eq!(both, known, "{collection}: {} and {}", one.text, other.text);
        }
    }
}

/// `/conf/basic-cql2/is-null`
#[test]
fn each_queryable_is_null_or_not_null() {
    let server = Server::with_demonstration();
    for collection in COLLECTIONS {
        for (name, _) in queryables(&server, collection) {
            let property = property(&name);
            nothing_in_common(&server, collection, &is_null(&property), &is_not_null(&property));
            let both = count(&server, collection, &is_null(&property))
                + count(&server, collection, &is_not_null(&property));
            assert_eq!(both, total(&server, collection), "{collection}: {name}");
        }
    }
}

/// `/conf/basic-cql2/boolean`
#[test]
fn true_leaves_everything_and_false_nothing() {
    let server = Server::with_demonstration();
    for collection in COLLECTIONS {
        assert_eq!(count(&server, collection, &boolean(true)), total(&server, collection), "{collection}");
        assert_eq!(count(&server, collection, &boolean(false)), 0, "{collection}");
        refused(&server, collection, &is_null(&property("this_is_not_a_queryable")));
    }
}

/// Returns the predicates of the standard's table, adapted to our test data.
fn predicates() -> Vec<(Cql2, u64)> {
    let (name, population) = (property("operator"), property("quantity"));
    let (day, end) = (property("detected_on"), property("neutralised_on"));
    let to = |property: &Cql2, operator: &str, value: Cql2| compare(property, operator, &value);
    let luxembourg = || string("København");
    vec![
        (is_not_null(&name), 7),
        (is_null(&name), 1),
        (to(&name, "=", luxembourg()), 1),
        (to(&name, ">=", luxembourg()), 2),
        (to(&name, ">", luxembourg()), 1),
        (to(&name, "<=", luxembourg()), 6),
        (to(&name, "<", luxembourg()), 5),
        (to(&name, "<>", luxembourg()), 6),
        (is_not_null(&population), 8),
        (is_null(&population), 0),
        (to(&population, "=", number(5.0)), 1),
        (to(&population, ">=", number(5.0)), 4),
        (to(&population, ">", number(5.0)), 3),
        (to(&population, "<=", number(5.0)), 5),
        (to(&population, "<", number(5.0)), 4),
        (to(&population, "<>", number(5.0)), 7),
        (to(&day, "=", date("2022-04-16")), 1),
        (to(&day, ">=", date("2022-04-16")), 7),
        (to(&day, ">", date("2022-04-16")), 6),
        (to(&day, "<=", date("2022-04-16")), 2),
        (to(&day, "<", date("2022-04-16")), 1),
        (to(&day, "<>", date("2022-04-16")), 7),
        (is_not_null(&end), 2),
        (is_null(&end), 6),
        (to(&end, "<=", date("2022-04-16")), 1),
        (to(&end, "<>", date("2022-04-16")), 1),
        (to(&property("updated_at"), "<", timestamp("2022-04-16T10:13:19Z")), 0),
        (to(&property("updated_at"), ">=", timestamp("2022-04-16T10:13:19Z")), 8),
    ]
}

/// `/conf/basic-cql2/test-data`
#[test]
fn predicates_leave_as_many_as_are_expected() {
    holds(&test_data(), &predicates());
}

/// `/conf/basic-cql2/logical`: combinations select what three-valued logic over their parts selects.
#[test]
fn combinations_follow_three_valued_logic() {
    type Ids = BTreeSet<String>;
    /// The ids for which a predicate is true, and those for which it is false; for the others it is unknown.
    type Truth = (Ids, Ids);
    fn union((a, b): (&Ids, &Ids)) -> Ids {
        a | b
    }
    fn negation((yes, no): &Truth) -> Truth {
        (no.clone(), yes.clone())
    }
    fn conjunction(a: &Truth, b: &Truth) -> Truth {
        (&a.0 & &b.0, union((&a.1, &b.1)))
    }
    fn disjunction(a: &Truth, b: &Truth) -> Truth {
        (union((&a.0, &b.0)), &a.1 & &b.1)
    }
    let server = test_data();
    let all: Vec<(Cql2, Truth)> = predicates()
        .into_iter()
        .map(|(predicate, _)| {
            let truth =
                (ids(&server, "detections", &predicate), ids(&server, "detections", &not(&predicate)));
            (predicate, truth)
        })
        .collect();
    for first in 0..60 {
        let nth = |n: usize| &all[(first * 7 + n * 11 + n * first) % all.len()];
        let [(p1, t1), (p2, t2), (p3, t3), (p4, t4)] = [nth(0), nth(1), nth(2), nth(3)];
        let whole = or(&or(&and(&not(p2), p1), &and(p3, p4)), &not(&or(p1, p4)));
        let left = disjunction(&conjunction(&negation(t2), t1), &conjunction(t3, t4));
        let truth = disjunction(&left, &negation(&disjunction(t1, t4)));
        assert_eq!(ids(&server, "detections", &whole), truth.0, "{}", whole.text);
    }
}
