//! Tests simple polygons and others.

use geo::{LineString, MultiPolygon, Polygon, wkt};

use super::{NotSimple, check_simple};

fn check(shape: impl Into<MultiPolygon<f64>>, expected: &str) {
    let found = check_simple(&shape.into()).map_or_else(|e| e.to_string(), |()| "simple".to_owned());
    assert_eq!(found, expected);
}

#[test]
fn rings_that_meet_themselves_are_found() {
    let of_0 = "ring 0 of polygon 0 crosses or touches itself near";
    check(wkt!(POLYGON((0. 0.,4. 0.,4. 4.,0. 4.,0. 0.))), "simple");
    check(wkt!(POLYGON((0. 0.,2. 0.,2. 0.,4. 0.,4. 4.,0. 4.,0. 0.))), "simple");
    check(wkt!(POLYGON((0. 0.,4. 4.,4. 0.,0. 4.,0. 0.))), &format!("{of_0} 0, 0"));
    // Through a corner, with a spike, and with a corner that touches an edge.
    for ring in [
        wkt!(POLYGON((0. 0.,2. 2.,4. 0.,4. 4.,2. 2.,0. 4.,0. 0.))),
        wkt!(POLYGON((0. 0.,4. 0.,6. 0.,4. 0.,4. 4.,0. 4.,0. 0.))),
        wkt!(POLYGON((0. 0.,4. 0.,4. 4.,2. 0.,0. 4.,0. 0.))),
    ] {
        let found = check_simple(&ring.into()).unwrap_err();
        assert!(matches!(found, NotSimple::Itself { polygon: 0, ring: 0, .. }), "{found}");
    }
}

#[test]
fn holes_lie_inside_and_beside_each_other() {
    let outside = "hole 1 of polygon 0 is not inside its outer ring";
    let overlap = "holes 1 and 2 of polygon 0 overlap";
    check(
        wkt!(POLYGON((0. 0.,9. 0.,9. 9.,0. 9.,0. 0.),(1. 1.,2. 1.,2. 2.,1. 1.),(3. 1.,4. 1.,4. 2.,3. 1.))),
        "simple",
    );
    check(
        wkt!(POLYGON((0. 0.,9. 0.,9. 9.,0. 9.,0. 0.),(0. 1.,2. 1.,2. 2.,0. 1.),(2. 1.,4. 1.,4. 2.,2. 1.))),
        "simple",
    );
    check(wkt!(POLYGON((0. 0.,9. 0.,9. 9.,0. 9.,0. 0.),(11. 1.,12. 1.,12. 2.,11. 1.))), outside);
    check(wkt!(POLYGON((0. 0.,9. 0.,9. 9.,0. 9.,0. 0.),(8. 1.,12. 1.,12. 2.,8. 1.))), outside);
    check(wkt!(POLYGON((0. 0.,9. 0.,9. 9.,0. 9.,0. 0.),(9. 1.,12. 1.,12. 2.,9. 1.))), outside);
    check(wkt!(POLYGON((0. 0.,9. 0.,0. 9.,0. 0.),(-1. -1.,20. -1.,-1. 20.,-1. -1.))), outside);
    check(
        wkt!(POLYGON((0. 0.,9. 0.,9. 9.,0. 9.,0. 0.),(1. 1.,5. 1.,5. 5.,1. 5.,1. 1.),(2. 2.,3. 2.,3. 3.,2. 2.))),
        overlap,
    );
    check(
        wkt!(POLYGON((0. 0.,9. 0.,9. 9.,0. 9.,0. 0.),(1. 1.,5. 1.,5. 5.,1. 1.),(1. 1.,5. 1.,5. 5.,1. 1.))),
        overlap,
    );
    check(
        wkt!(POLYGON((0. 0.,9. 0.,9. 9.,0. 9.,0. 0.),(1. 1.,5. 1.,5. 5.,1. 1.),(1. 2.,5. 2.,1. 5.,1. 2.))),
        overlap,
    );
}

#[test]
fn polygons_may_touch_and_lie_in_holes_and_not_overlap() {
    let overlap = "polygons 0 and 1 overlap";
    check(wkt!(MULTIPOLYGON(((0. 0.,2. 0.,2. 2.,0. 2.,0. 0.)),((2. 0.,4. 0.,4. 2.,2. 2.,2. 0.)))), "simple");
    check(wkt!(MULTIPOLYGON(((0. 0.,2. 0.,2. 2.,0. 2.,0. 0.)),((2. 1.,4. 0.,4. 2.,2. 1.)))), "simple");
    check(wkt!(MULTIPOLYGON(((0. 0.,2. 0.,2. 2.,0. 2.,0. 0.)),((1. 1.,4. 0.,4. 2.,1. 1.)))), overlap);
    check(wkt!(MULTIPOLYGON(((0. 0.,2. 0.,2. 2.,0. 2.,0. 0.)),((0. 0.,2. 0.,2. 2.,0. 2.,0. 0.)))), overlap);
    check(wkt!(MULTIPOLYGON(((1. 1.,2. 1.,2. 2.,1. 1.)),((0. 0.,9. 0.,9. 9.,0. 9.,0. 0.)))), overlap);
    check(wkt!(MULTIPOLYGON(((0. 0.,9. 0.,9. 9.,0. 9.,0. 0.)),((1. 1.,2. 1.,2. 2.,1. 1.)))), overlap);
    let frame = |inner: Polygon<f64>| {
        let frame: Polygon<f64> =
            wkt!(POLYGON((0. 0.,9. 0.,9. 9.,0. 9.,0. 0.),(1. 1.,8. 1.,8. 8.,1. 8.,1. 1.)));
        MultiPolygon::new(vec![frame, inner])
    };
    check(frame(wkt!(POLYGON((2. 2.,3. 2.,3. 3.,2. 2.)))), "simple");
    check(frame(wkt!(POLYGON((1. 1.,8. 1.,8. 8.,1. 8.,1. 1.)))), "simple");
    check(frame(wkt!(POLYGON((0.5 0.5,8.5 0.5,8.5 8.5,0.5 8.5,0.5 0.5)))), overlap);
    check(frame(wkt!(POLYGON((0. 0.,9. 0.,9. 9.,0. 9.,0. 0.)))), overlap);
}

#[test]
fn a_hundred_thousand_edges_are_told_or_refused_in_bounded_time() {
    let n = 100_000;
    let circle: LineString<f64> = (0..n)
        .map(|i| f64::from(i) / f64::from(n) * std::f64::consts::TAU)
        .map(|turn| (46.0 + turn.cos(), 39.0 + turn.sin()))
        .collect();
    check(Polygon::new(circle, vec![]), "simple");
    let teeth = (0..n).map(|i| {
        let along = f64::from(i) / f64::from(n);
        if i % 2 == 0 { (along, -along) } else { (along + 20.0, 20.0 - along) }
    });
    let comb: LineString<f64> = teeth.chain([(30.0, -5.0), (-1.0, -5.0)]).collect();
    check(Polygon::new(comb, vec![]), "the edges are too entangled to be checked");
    let squares = (0..25_000).map(|i| {
        let (x, y) = (f64::from(i % 250) / 10.0, f64::from(i / 250) / 10.0);
        geo::Rect::new((x, y), (x + 0.05, y + 0.05)).to_polygon()
    });
    check(MultiPolygon::new(squares.collect()), "simple");
}
