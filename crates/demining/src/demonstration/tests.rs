//! Checks the guarantees of the demonstration on the regions shipped with Clearline.

use std::collections::{BTreeMap, HashSet};

use geo::{Contains, MultiPolygon, Polygon};
use geometry::LonLat;

use super::*;
use crate::{Kind, Level, Names, Status};

const EAST_ZANGEZUR: [&str; 2] = ["AZ-KAL", "AZ-LAC"];
const KARABAKH: [&str; 8] = ["AZ-AGM", "AZ-FUZ", "AZ-XVD", "AZ-TAR", "AZ-XCI", "AZ-SUS", "AZ-SUS-C", "AZ-XA"];

/// The districts of data/regions.geojson, with the properties that the demonstration reads.
pub(super) fn regions() -> Vec<Region> {
    let text = include_str!("../../../../data/regions.geojson");
    let all: serde_json::Value = serde_json::from_str(text).unwrap();
    let districts = all["features"].as_array().unwrap().iter().filter(|f| !f["geometry"].is_null());
    districts
        .map(|f| {
            let ring = |r: &serde_json::Value| {
                let points = r.as_array().unwrap().iter();
                points.map(|p| (p[0].as_f64().unwrap(), p[1].as_f64().unwrap())).collect()
            };
            let polygons = f["geometry"]["coordinates"].as_array().unwrap().iter();
            let boundary = MultiPolygon(
                polygons
                    .map(|p| Polygon::new(ring(&p[0]), p.as_array().unwrap()[1..].iter().map(ring).collect()))
                    .collect(),
            );
            Region {
                id: f["id"].as_str().unwrap().to_owned(),
                level: Level::District,
                parent: None,
                names: Names::default(),
                boundary,
                label: LonLat::new(47.0, 40.0).unwrap(),
                valid_from: None,
                valid_to: None,
                source: String::new(),
            }
        })
        .collect()
}

fn published(seed: u64) -> Vec<Detection> {
    generate(&regions(), Plan::Published, seed).unwrap().collect()
}

fn scaled(records: usize) -> Vec<Detection> {
    let plan = Plan::Scaled { records, last_day: date(2026, 3, 31) };
    generate(&regions(), plan, 5).unwrap().collect()
}

/// Returns the districts whose boundary contains the position.
pub(super) fn districts(regions: &[Region], at: LonLat) -> Vec<&str> {
    let at = geo::Coord::from(at);
    regions.iter().filter(|r| r.boundary.contains(&at)).map(|r| r.id.as_str()).collect()
}

#[test]
fn the_totals_per_region_are_the_published_ones_for_any_seed() {
    let regions = regions();
    for seed in [0, 1, 20_230_918] {
        let mut sums: BTreeMap<(Status, &str), u32> = BTreeMap::new();
        for d in published(seed) {
            let [district] = districts(&regions, d.location)[..] else { panic!("{:?}", d.location) };
            *sums.entry((d.status, district)).or_default() += d.quantity;
        }
        let of = |status, districts: &[&str]| -> u32 {
            districts.iter().filter_map(|id| sums.get(&(status, *id))).sum()
        };
        assert_eq!(of(Status::Neutralised, &EAST_ZANGEZUR), 1_119);
        assert_eq!(of(Status::Neutralised, &KARABAKH), 1_609);
        let all = |status| -> u32 { sums.iter().filter(|((s, _), _)| *s == status).map(|(_, n)| n).sum() };
        assert_eq!((all(Status::Neutralised), all(Status::Detected)), (2_728, 430));
        assert!(of(Status::Detected, &["AZ-CAB", "AZ-ZAN", "AZ-QBI"]) > 100);
    }
}

#[test]
fn what_is_neutralised_is_a_mine_of_2021_found_and_dealt_with_in_the_published_time() {
    for d in published(3) {
        assert!(d.detected_on >= PUBLISHED_DAYS[0] && d.detected_on <= PUBLISHED_DAYS[1]);
        let Some(on) = d.neutralised_on else { continue };
        assert!(matches!(d.kind, Kind::ApMine | Kind::AvMine) && d.made_in_year == Some(2021));
        assert!(on <= PUBLISHED_DAYS[1] && (0..=14).contains(&(on - d.detected_on).get_days()), "{d:?}");
    }
}

#[test]
fn every_record_says_that_it_is_made_up_and_has_an_id_of_its_own() {
    let records = published(3);
    assert!(records.iter().all(|d| d.operator.as_deref() == Some("demonstration")
        && d.note.as_deref().unwrap().starts_with("Made up for the demonstration")));
    let ids: HashSet<_> = records.iter().map(|d| d.id).collect();
    assert_eq!(ids.len(), records.len());
    assert!(ids.iter().all(|id| id.get_version_num() == 8));
    assert!(scaled(5_000).iter().all(|d| !ids.contains(&d.id)));
}

#[test]
fn the_same_seed_gives_the_same_records_and_another_seed_others() {
    assert_eq!(published(11), published(11));
    let (a, b) = (published(11), published(12));
    assert!(a.iter().zip(&b).filter(|(a, b)| a.location == b.location).count() < 5);
    // The public set must not change by accident: on every machine it begins with this record.
    let first = &published(1)[0];
    assert_eq!(
        (first.id.to_string().as_str(), first.location.e7()),
        ("d199518e-4f8d-85fb-acf4-6634cad83fc0", (461_549_299, 401_796_051))
    );
}

#[test]
fn belts_are_rows_a_few_metres_apart_and_not_confetti() {
    let records = published(2);
    let metres = |a: LonLat, b: LonLat| {
        let (x, y) = ((a.lon() - b.lon()) * 85_300.0, (a.lat() - b.lat()) * 111_000.0);
        x.hypot(y)
    };
    let mines: Vec<_> = records.iter().filter(|d| matches!(d.kind, Kind::ApMine | Kind::AvMine)).collect();
    let nearest = |d: &Detection| {
        let others = mines.iter().filter(|o| o.id != d.id).map(|o| metres(o.location, d.location));
        others.fold(f64::INFINITY, f64::min)
    };
    let mut distances: Vec<_> = mines.iter().map(|d| nearest(d)).collect();
    distances.sort_by(f64::total_cmp);
    let at = |part: f64| distances[(distances.len() as f64 * part) as usize];
    assert!((2.0..8.0).contains(&at(0.5)), "half of the mines have another within {} m", at(0.5));
    assert!(at(0.9) < 12.0, "nine of ten have another within {} m", at(0.9));
    assert!(at(0.995) > 25.0, "some lie alone: {} m", at(0.995));

    // A belt is far longer than wide: the first and last mine in the order of work are at its ends.
    let mut belts: BTreeMap<&str, Vec<LonLat>> = BTreeMap::new();
    for d in &mines {
        belts.entry(d.hazard_area.as_deref().unwrap()).or_default().push(d.location);
    }
    let long = belts.values().filter(|b| b.len() >= 30);
    let lengths: Vec<_> = long.map(|b| metres(b[0], b[b.len() - 1])).collect();
    assert!(lengths.len() > 20 && lengths.iter().all(|l| (25.0..700.0).contains(l)), "{lengths:?}");
}

#[test]
fn the_work_rests_in_winter() {
    // A single set may have two large belts in February; the seasons show over several.
    let records: Vec<_> = (0..8).flat_map(published).collect();
    let found = |months: [i8; 3]| -> u32 {
        records.iter().filter(|d| months.contains(&d.detected_on.month())).map(|d| d.quantity).sum()
    };
    assert!(found([12, 1, 2]) * 2 < found([5, 6, 7]));
}

#[test]
fn a_scaled_set_has_exactly_the_records_asked_for_each_in_one_district_of_the_plan() {
    let regions = regions();
    for n in [0, 1, 7, 20_000] {
        let records = scaled(n);
        assert_eq!(records.len(), n);
        for d in &records {
            let [district] = districts(&regions, d.location)[..] else { panic!("{:?}", d.location) };
            assert!(SHARES.iter().any(|s| s.id == district));
            assert_eq!(d.operator.as_deref(), Some(OPERATOR));
            assert!(d.detected_on >= SCALED_FROM && d.status_since() <= date(2026, 3, 31));
        }
    }
}

#[test]
fn a_plan_that_cannot_be_is_refused_with_the_reason() {
    let error = |regions: &[Region], plan| generate(regions, plan, 1).err().map(|e| e.to_string());
    let mut few = regions();
    few.retain(|r| r.id != "AZ-LAC");
    assert_eq!(
        error(&few, Plan::Published).as_deref(),
        Some("the regions have no boundary for district AZ-LAC")
    );
    let short = Plan::Scaled { records: 9, last_day: date(2020, 12, 24) };
    assert_eq!(
        error(&regions(), short).as_deref(),
        Some("the period 2020-12-01 to 2020-12-24 is shorter than 60 days")
    );
}
