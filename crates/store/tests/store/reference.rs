//! Regions, places and reported figures.

use demining::{Level, Names, Place, Region, ReportedFigure, Source, Unit};
use geo::{MultiPolygon, wkt};
use geometry::LonLat;
use jiff::civil::date;

use crate::samples::*;

fn names(list: &[(&str, &str)], aliases: &[&str]) -> Names {
    Names {
        by_language: list.iter().map(|(l, n)| ((*l).to_owned(), (*n).to_owned())).collect(),
        aliases: aliases.iter().map(|a| (*a).to_owned()).collect(),
    }
}

fn square() -> MultiPolygon<f64> {
    wkt!(MULTIPOLYGON(
        ((45.5 39.0, 47.0 39.0, 47.0 40.5, 45.5 40.5, 45.5 39.0), (46.0 39.5, 46.1 39.5, 46.1 39.6, 46.0 39.5))
    ))
}

pub fn kalbajar() -> Region {
    Region {
        id: "AZ-KAL".into(),
        level: Level::District,
        parent: Some("AZ-east-zangezur".into()),
        // The first name is the fallback, so the order matters.
        names: names(&[("en", "Kalbajar"), ("az", "Kəlbəcər")], &["Kelbajar", "a \"b\""]),
        boundary: square(),
        label: LonLat::new(46.0381, 40.1024).unwrap(),
        valid_from: Some(date(1930, 8, 8)),
        valid_to: None,
        source: "somebody, 2023".into(),
    }
}

pub fn country() -> Region {
    Region {
        id: "AZ".into(),
        level: Level::Country,
        parent: None,
        names: names(&[("az", "Azərbaycan"), ("en", "Azerbaijan")], &[]),
        valid_from: None,
        ..kalbajar()
    }
}

pub fn shusha() -> Place {
    Place {
        id: 585_051,
        names: names(&[("en", "Shusha"), ("az", "Şuşa")], &["Shushi"]),
        location: LonLat::new(46.749, 39.758).unwrap(),
        population: 4_064,
        country: "AZ".into(),
    }
}

pub fn figure() -> ReportedFigure {
    ReportedFigure {
        id: "mines-total".into(),
        measure: "landmines_neutralised".into(),
        text: "landmines of 2021 production detected and neutralised".into(),
        number: 2_728,
        unit: Unit::Items,
        from: Some(date(2022, 8, 1)),
        to: None,
        regions: vec!["AZ-KAL".into(), "AZ-LAC".into()],
        part_of: None,
        note: Some("the parts add up".into()),
        source: Source {
            title: "A title".into(),
            publisher: "Caspian News".into(),
            quoting: "Foreign Ministry of Azerbaijan".into(),
            published: Some(date(2023, 9, 19)),
            url: Some("https://example.org/a?b=c".into()),
        },
    }
}

#[test]
fn reference_data_comes_back_as_it_was_given_and_in_its_order() {
    let (_folder, mut store) = new_store();
    let reader = store.reader().unwrap();
    let regions = [kalbajar(), country()];
    let places = [shusha(), Place { id: 2, names: names(&[("az", "Laçın")], &[]), ..shusha() }];
    let figures =
        [figure(), ReportedFigure { id: "part".into(), part_of: Some("mines-total".into()), ..figure() }];
    assert!(store.replace_reference(&regions, &places, &figures, at(1)).unwrap());
    assert_eq!(reader.regions().unwrap(), regions);
    assert_eq!(reader.places().unwrap(), places);
    assert_eq!(reader.reported_figures().unwrap(), figures);

    assert!(
        !store.replace_reference(&regions, &places, &figures, at(2)).unwrap(),
        "the same again is no change"
    );
    assert!(store.replace_reference(&regions[..1], &[], &figures, at(3)).unwrap());
    assert_eq!(reader.regions().unwrap(), regions[..1]);
    assert_eq!(reader.places().unwrap(), []);
}

#[test]
fn reference_data_with_an_id_twice_is_refused_as_a_whole() {
    let (_folder, mut store) = new_store();
    store.replace_reference(&[kalbajar()], &[shusha()], &[], at(1)).unwrap();
    assert!(store.replace_reference(&[], &[shusha(), shusha()], &[], at(2)).is_err());
    assert_eq!(store.reader().unwrap().regions().unwrap(), [kalbajar()]);
}
