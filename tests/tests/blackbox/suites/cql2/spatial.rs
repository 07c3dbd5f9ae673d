//! `/conf/basic-spatial-functions`, `/conf/basic-spatial-functions-plus` and `/conf/spatial-functions`.

use super::{
    COLLECTIONS, Cql2, Type, combines, count, holds, identical, nothing_in_common, of_type,
    predicate::{
        Geometry, and, bbox, function, geometries, is_not_null, line, lines, not, or, point, points, polygon,
        polygons, property,
    },
    refused, test_data,
};
use crate::program::{LACHIN, Server};

const WORLD: [f64; 4] = [-180.0, -90.0, 180.0, 90.0];
const RING: [[f64; 2]; 5] = ring(WORLD);
const HOLED: [&[[f64; 2]]; 2] = [&ring([-180.0, -90.0, -90.0, 90.0]), &ring([-120.0, -50.0, -100.0, -40.0])];

/// Returns the outline of a box.
const fn ring([west, south, east, north]: [f64; 4]) -> [[f64; 2]; 5] {
    [[west, south], [east, south], [east, north], [west, north], [west, south]]
}

/// Returns a line, a point and several points far from any record, as in the abstract tests.
fn elsewhere() -> [Geometry; 3] {
    [line(&[[7.0, 50.0], [10.0, 51.0]]), point([7.02, 49.92]), points(&[[7.0, 50.0], [10.0, 51.0]])]
}

fn geometric(server: &Server) -> Vec<(&'static str, Cql2)> {
    let all = of_type(server, &[Type::Geometry]).into_iter();
    let all: Vec<_> = all.map(|(collection, name, _)| (collection, property(&name))).collect();
    assert!(all.len() >= 3, "detections, regions and places have a geometry");
    all
}

/// `/conf/basic-spatial-functions/s_intersects`
#[test]
fn boxes_and_points_intersect() {
    let server = Server::with_demonstration();
    for (collection, geometry) in geometric(&server) {
        let meets = |other: &Geometry| function("S_INTERSECTS", &[&geometry, other]);
        let known = count(&server, collection, &is_not_null(&geometry));
        assert_eq!(count(&server, collection, &meets(&bbox(WORLD))), known, "{collection}");
        assert_eq!(count(&server, collection, &meets(&point([7.02, 49.92]))), 0, "{collection}");
        refused(&server, collection, &meets(&point([90.0, 180.0])));
        let (west, east) = (bbox([-180.0, -90.0, -90.0, 90.0]), bbox([90.0, -90.0, 180.0, 90.0]));
        assert_eq!(count(&server, collection, &and(&meets(&west), &meets(&east))), 0, "{collection}");
    }
}

/// `/conf/basic-spatial-functions-plus/s_intersects`
#[test]
fn every_literal_intersects() {
    let server = Server::with_demonstration();
    let south: [[f64; 2]; 2] = [[-180.0, -45.0], [0.0, -45.0]];
    let tenth = ring([0.0, 0.0, 10.0, 10.0]);
    let literals = [
        line(&south),
        lines(&[&south, &[[0.0, 45.0], [180.0, 45.0]]]),
        polygon(&HOLED),
        polygons(&[&HOLED, &[&tenth]]),
        geometries(&[&point([7.02, 49.92]), &polygon(&[&tenth])]),
    ];
    for (collection, geometry) in geometric(&server) {
        let meets = |other: &Geometry| function("S_INTERSECTS", &[&geometry, other]);
        refused(&server, collection, &meets(&points(&[[7.02, 49.92], [90.0, 180.0]])));
        for literal in &literals {
            assert_eq!(count(&server, collection, &meets(literal)), 0, "{collection}: {}", literal.text);
        }
        // The same literals around the recorded data.
        let here = ring([44.0, 38.0, 51.0, 42.0]);
        let about = geometries(&[&point([7.02, 49.92]), &polygon(&[&here])]);
        identical(&server, collection, &meets(&about), &meets(&polygon(&[&here])));
        identical(&server, collection, &meets(&about), &meets(&polygons(&[&[&here], &[&tenth]])));
        assert!(count(&server, collection, &meets(&about)) > 0, "{collection}");
    }
}

/// `/conf/spatial-functions/s_intersects`, `s_disjoint`
#[test]
fn what_intersects_is_not_disjoint() {
    let server = Server::with_demonstration();
    let (boxed, whole) = (bbox(WORLD), polygon(&[&RING]));
    let [line, point_, _] = elsewhere();
    for (collection, geometry) in geometric(&server) {
        let meets = |other: &Geometry| function("S_INTERSECTS", &[&geometry, other]);
        let is_apart = |other: &Geometry| function("S_DISJOINT", &[&geometry, other]);
        identical(&server, collection, &meets(&boxed), &meets(&whole));
        for everything in [&boxed, &whole] {
            assert_eq!(count(&server, collection, &is_apart(everything)), 0, "{collection}");
        }
        for other in [&line, &point_, &bbox([46.0, 39.5, 46.5, 40.0])] {
            nothing_in_common(&server, collection, &meets(other), &is_apart(other));
            identical(&server, collection, &is_apart(other), &not(&meets(other)));
        }
        for function_ in [meets(&point([90.0, 180.0])), is_apart(&point([90.0, 180.0]))] {
            refused(&server, collection, &function_);
        }
    }
}

/// `/conf/spatial-functions/s_equals`, `s_touches`, `s_crosses`, `s_overlaps`
#[test]
fn equality_touching_crossing_and_overlapping_are_evaluated() {
    let server = Server::with_demonstration();
    let (boxed, whole) = (bbox(WORLD), polygon(&[&RING]));
    let [line, point, points] = elsewhere();
    for (collection, geometry) in geometric(&server) {
        for name in ["S_EQUALS", "S_TOUCHES", "S_OVERLAPS"] {
            for other in [&whole, &line, &points] {
                assert_eq!(count(&server, collection, &function(name, &[&geometry, other])), 0, "{name}");
            }
        }
        assert_eq!(count(&server, collection, &function("S_EQUALS", &[&geometry, &point])), 0);
        assert_eq!(count(&server, collection, &function("S_TOUCHES", &[&geometry, &boxed])), 0);
        if collection != "regions" {
            for other in [&boxed, &whole, &line] {
                assert_eq!(count(&server, collection, &function("S_CROSSES", &[&geometry, other])), 0);
            }
        }
    }
}

/// `/conf/spatial-functions/s_within`, `s_contains`
#[test]
fn what_lies_within_contains_nothing_of_it() {
    let server = Server::with_demonstration();
    let (boxed, whole) = (bbox(WORLD), polygon(&[&RING]));
    let [line, _, points] = elsewhere();
    for (collection, geometry) in geometric(&server) {
        let within = |other: &Geometry| function("S_WITHIN", &[&geometry, other]);
        let contains = |other: &Geometry| function("S_CONTAINS", &[&geometry, other]);
        let known = count(&server, collection, &is_not_null(&geometry));
        assert_eq!(count(&server, collection, &within(&boxed)), known, "{collection}");
        identical(&server, collection, &within(&boxed), &within(&whole));
        identical(&server, collection, &contains(&boxed), &contains(&whole));
        for other in [&boxed, &whole, &line, &points] {
            nothing_in_common(&server, collection, &within(other), &contains(other));
        }
    }
}

/// `/conf/basic-spatial-functions/test-data`, `/conf/spatial-functions/test-data`: points
#[test]
fn spatial_predicates_leave_as_many_points_as_are_expected() {
    let geometry = property("geometry");
    let apply = |name: &str, other: Geometry| function(name, &[&geometry, &other]);
    let quarter = ring([0.0, 40.0, 10.0, 50.0]);
    let boxed = || bbox([0.0, 40.0, 10.0, 50.0]);
    let expected = [
        (apply("S_INTERSECTS", boxed()), 2),
        (apply("S_INTERSECTS", polygon(&[&quarter])), 2),
        // Across the antimeridian.
        (apply("S_INTERSECTS", bbox([150.0, -90.0, -50.0, 90.0])), 1),
        (apply("S_INTERSECTS", point([6.13, 49.6117])), 1),
        (apply("S_INTERSECTS", line(&[[-60.0, -90.0], [-60.0, 90.0]])), 1),
        (
            and(&apply("S_INTERSECTS", boxed()), &not(&apply("S_INTERSECTS", bbox([5.0, 48.0, 10.0, 60.0])))),
            1,
        ),
        (or(&apply("S_INTERSECTS", boxed()), &apply("S_INTERSECTS", bbox([-90.0, 0.0, -50.0, 50.0]))), 3),
        (apply("S_DISJOINT", boxed()), 6),
        (apply("S_DISJOINT", polygon(&[&quarter])), 6),
        (apply("S_EQUALS", point([6.13, 49.6117])), 1),
        (apply("S_WITHIN", bbox([-180.0, -90.0, 0.0, 90.0])), 2),
        (apply("S_CONTAINS", point([6.13, 49.6117])), 1),
        (apply("S_TOUCHES", line(&[[6.13, 49.6117], [0.0, 0.0]])), 1),
    ];
    holds(&test_data(), &expected);
}

/// `/conf/spatial-functions/test-data`: polygons
#[test]
fn spatial_predicates_leave_as_many_regions_as_are_expected() {
    let server = Server::start();
    let (geometry, level) = (property("geometry"), property("level"));
    let district = super::predicate::compare(&level, "=", &super::predicate::string("district"));
    let districts = |name: &str, other: Geometry| {
        count(&server, "regions", &and(&district, &function(name, &[&geometry, &other])))
    };
    let lachin = point([LACHIN.0, LACHIN.1]);
    assert_eq!(districts("S_CONTAINS", lachin.clone()), 1);
    assert_eq!(districts("S_INTERSECTS", lachin.clone()), 1);
    assert_eq!(districts("S_TOUCHES", lachin.clone()), 0);
    let all = count(&server, "regions", &district);
    assert_eq!(districts("S_DISJOINT", lachin), all - 1);
    // A small box inside, one far outside, and one that contains everything.
    let small = bbox([LACHIN.0 - 0.001, LACHIN.1 - 0.001, LACHIN.0 + 0.001, LACHIN.1 + 0.001]);
    assert_eq!((districts("S_CONTAINS", small.clone()), districts("S_WITHIN", small.clone())), (1, 0));
    assert_eq!(districts("S_OVERLAPS", small), 0);
    assert_eq!(districts("S_INTERSECTS", bbox([0.0, 40.0, 10.0, 50.0])), 0);
    assert_eq!(districts("S_WITHIN", bbox([40.0, 35.0, 55.0, 45.0])), all);
    // A corner of a district touches it, and no district contains it.
    let page = server.json("/collections/regions/items/AZ-LAC");
    let corner = page["geometry"]["coordinates"][0][0][0].as_array().unwrap();
    let corner = point([corner[0].as_f64().unwrap(), corner[1].as_f64().unwrap()]);
    assert!(districts("S_TOUCHES", corner.clone()) >= 1);
    assert_eq!(districts("S_CONTAINS", corner), 0);
}

/// `/conf/basic-spatial-functions/logical`, `/conf/spatial-functions/logical`
#[test]
fn spatial_predicates_combine() {
    let server = Server::with_demonstration();
    let geometric = geometric(&server);
    for collection in COLLECTIONS {
        let Some((_, geometry)) = geometric.iter().find(|(of, _)| *of == collection) else { continue };
        let mut predicates = Vec::new();
        for name in ["S_INTERSECTS", "S_DISJOINT", "S_WITHIN", "S_CONTAINS"] {
            predicates.push(function(name, &[geometry, &bbox(WORLD)]));
            predicates.push(function(name, &[geometry, &bbox([46.0, 39.5, 46.5, 40.0])]));
        }
        combines(&server, collection, &predicates);
    }
}
