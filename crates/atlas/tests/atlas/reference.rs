//! Places and regions are found by name and by position.

use atlas::{Atlas, Hit, Scope};
use demining::{ReportedFigure, Source};
use geometry::TileId;

use crate::{
    decoded::decode,
    world::{lonlat, places, regions, view_of},
};

#[test]
fn a_name_is_found_in_any_spelling_and_with_a_slip() {
    let view = view_of(&[]);
    for text in ["Kelbajar", "kəlbəcər", "KALBAJAR", "Kalba", "Kalbadjar", "Kalbajor"] {
        match view.reference().search(text, 3)[..] {
            [Hit::Place(place), ..] => assert_eq!(place.names.get("en"), "Kalbajar", "{text}"),
            ref other => panic!("{text}: {other:?}"),
        }
    }
    match view.reference().search("D11", 3)[..] {
        [Hit::Region(info), ..] => assert_eq!(info.region.id, "D11"),
        ref other => panic!("{other:?}"),
    }
    assert!(view.reference().search("  ", 3).is_empty() && view.reference().search("zzzz", 3).is_empty());
}

#[test]
fn regions_know_their_family_their_box_and_their_size() {
    let view = view_of(&[]);
    let reference = view.reference();
    let ids =
        |all: &[usize]| all.iter().map(|at| reference.regions()[*at].region.id.as_str()).collect::<Vec<_>>();
    let (country, west) = (reference.region("C").unwrap(), reference.region("C-west").unwrap());
    assert_eq!(ids(&country.children), ["C-west", "C-east"]);
    assert_eq!(ids(&west.children), ["D00", "D01", "D02"]);
    assert_eq!(ids(&reference.region("D12").unwrap().ancestors), ["C-east", "C"]);
    assert_eq!(country.bounds, geometry::Bounds::new(46.0, 39.0, 47.5, 40.5).ok());
    let parts: f64 = ["C-west", "C-east"].iter().map(|id| reference.region(id).unwrap().area_m2).sum();
    assert!((country.area_m2 / parts - 1.0).abs() < 1e-12 && country.area_m2 > 2e10);
    assert_eq!(reference.locate(lonlat(46.6, 39.1)), Some("D10"));
    assert_eq!(reference.locate(lonlat(46.5, 39.5)), Some("D11"), "a corner belongs to one district");
    assert_eq!(reference.locate(lonlat(10.0, 10.0)), None);
}

#[test]
fn a_region_shows_the_figures_that_name_it_or_its_family_and_flags_what_does_not_add_up() {
    let figure = |id: &str, number, regions: &[&str], part_of: Option<&str>| ReportedFigure {
        unit: demining::Unit::Items,
        id: id.into(),
        measure: "landmines_neutralised".into(),
        text: "landmines".into(),
        number,
        from: None,
        to: None,
        regions: regions.iter().map(|r| (*r).into()).collect(),
        part_of: part_of.map(Into::into),
        note: None,
        source: Source {
            title: "t".into(),
            publisher: "p".into(),
            quoting: "q".into(),
            published: None,
            url: None,
        },
    };
    let figures = vec![
        figure("total", 10, &["C"], None),
        figure("west", 4, &["C-west"], Some("total")),
        figure("d22", 5, &["D22"], Some("total")),
    ];
    let atlas = Atlas::new(regions(), places(), figures).unwrap();
    let shown = |id: &str| {
        let all = atlas.reference().figures_for(id);
        all.iter().map(|r| (r.figure.id.clone(), r.parts_sum)).collect::<Vec<_>>()
    };
    let total = ("total".to_owned(), Some(9));
    assert_eq!(shown("D00"), [total.clone(), ("west".into(), None)]);
    assert_eq!(shown("C-east"), [total.clone(), ("d22".into(), None)]);
    assert_eq!(shown("C").len(), 3);
    assert!(shown("nowhere").is_empty());
}

#[test]
fn places_are_near_and_on_tiles() {
    let atlas = Atlas::new(regions(), places(), vec![]).unwrap();
    let near = atlas.reference().places_near(lonlat(46.71, 39.7), 1);
    assert_eq!(near[0].0.names.get("az"), "Laçın");
    let view = atlas.view(Scope::Full);
    let layers = decode(&view.places_tile(TileId::new(0, 0, 0).unwrap()));
    let names: Vec<_> = layers["places"].iter().map(|f| f.text("name_az").unwrap()).collect();
    assert_eq!(names, ["Kəlbəcər", "Laçın"]);
    assert!(view.places_tile(TileId::new(9, 0, 0).unwrap()).is_empty());
}
