//! Tests what the public sees.

use std::collections::BTreeMap;

use atlas::{Filter, Scope, Set};
use demining::{Record, Review, Status};
use geometry::TileId;
use rand::Rng;

use super::snapped::{FEWEST, approved, atlas_of, places, snapped, somewhere, tiles, with};
use crate::{
    decoded::decode,
    questions::questions,
    world::{Maker, groupings, lonlat, view_of},
};

#[test]
fn the_public_counts_what_was_snapped_beforehand() {
    let records = approved(&mut Maker::new(41), 4_000);
    for min_cell_count in FEWEST {
        assert_counts(&records, min_cell_count);
    }
}

fn assert_counts(records: &[Record], min_cell_count: u16) {
    let public = atlas_of(records, 1, min_cell_count).view(Scope::Public);
    let expected = view_of(&snapped(records, min_cell_count));
    for question in questions(&public) {
        let (filter, name) = (&question.filter, question.name);
        assert_eq!(public.count(filter), expected.count(filter), "{name}");
        for by in groupings() {
            assert_eq!(public.summary(filter, by), expected.summary(filter, by), "{name} {by:?}");
        }
        assert_eq!(public.regions(filter), expected.regions(filter), "{name}");
        assert_eq!(public.region("C-east", filter), expected.region("C-east", filter), "{name}");
    }
}

#[test]
fn public_tiles_of_every_zoom_hold_the_snapped_records_once() {
    let records = approved(&mut Maker::new(42), 4_000);
    for min_cell_count in FEWEST {
        assert_tiles(&records, min_cell_count);
    }
}

fn assert_tiles(records: &[Record], min_cell_count: u16) {
    let snapped = snapped(records, min_cell_count);
    let places = places(records, min_cell_count);
    let public = atlas_of(records, 1, min_cell_count).view(Scope::Public);
    for question in questions(&public) {
        let seen = question.seen(&snapped);
        // A record that is dealt with today has its exact place, also as of an earlier day.
        let place = |record: &Record| places[&record.number];
        for z in [0, 4, 9, 11, 12, 14, 15, 16, 19, 22] {
            let mut by_tile: BTreeMap<TileId, [u64; 3]> = BTreeMap::new();
            for record in &seen {
                let d = &record.content;
                let sums = by_tile.entry(TileId::at(place(record), z)).or_default();
                sums[0] += 1;
                sums[1] += u64::from(d.quantity);
                sums[2] += if d.status == Status::Detected { u64::from(d.quantity) } else { 0 };
            }
            for (tile, expected) in by_tile {
                let mut drawn = [0; 3];
                let layers = decode(&public.detections_tile(tile, &question.filter));
                for cell in layers.get("cells").into_iter().flatten() {
                    for (sum, key) in drawn.iter_mut().zip(["records", "quantity", "detected"]) {
                        *sum += cell.count(key);
                    }
                }
                for single in layers.get("detections").into_iter().flatten() {
                    drawn[0] += 1;
                    drawn[1] += single.count("quantity");
                    drawn[2] +=
                        if single.text("status") == Some("detected") { single.count("quantity") } else { 0 };
                }
                assert_eq!(drawn, expected, "{} {tile:?}", question.name);
            }
        }
    }
}

#[test]
fn nothing_uncleared_is_shown_by_itself() {
    let records = approved(&mut Maker::new(43), 3_000);
    let public = atlas_of(&records, 1, 3).view(Scope::Public);
    let here = lonlat(46.75, 39.25);
    let mut n_shown = 0;
    let page = public.page(&Filter::everything(), None, 10_000);
    let near = public.nearest(&Filter::everything(), here, 10_000);
    for record in page.records.iter().chain(near.iter().map(|(found, _)| found)).map(|found| &found.record) {
        assert_eq!((record.review, record.content.status), (Review::Approved, Status::Neutralised));
        n_shown += 1;
    }
    assert!(n_shown > 1_000);
    for record in &records {
        let shown = record.review == Review::Approved && record.content.status == Status::Neutralised;
        assert_eq!(public.get(record.content.id).is_some(), shown);
    }
    for tile in tiles(&records) {
        let layers = decode(&public.detections_tile(tile, &Filter::everything()));
        let singles = layers.get("detections").into_iter().flatten();
        assert!(singles.into_iter().all(|single| single.text("status") == Some("neutralised")), "{tile:?}");
    }
}

#[test]
fn no_place_on_the_map_stands_for_fewer_than_the_policy_tells() {
    let mut maker = Maker::new(48);
    // Crowded around the public place of a district, so that cells of a tile contain both kinds of records.
    let mut records = approved(&mut maker, 30_000);
    for record in records.iter_mut().filter(|record| record.number % 4 < 3) {
        let at = lonlat(46.5 + maker.0.random_range(0.2..0.32), 39.5 + maker.0.random_range(0.17..0.29));
        *record = with(record, |details| details.location = at);
    }
    let (min_cell_count, places) = (12, places(&records, 12));
    let public = atlas_of(&records, 1, min_cell_count).view(Scope::Public);
    let filter = Filter { statuses: Set::of([Status::Detected]), ..Filter::everything() };
    let label = somewhere(lonlat(46.75, 39.75).into());
    let told = places.values().filter(|place| **place == label).count() as u64;
    assert!(told > 300, "{told} have too few beside them");
    let crowd = places.values().filter(|place| TileId::at(**place, 11) == TileId::at(label, 11)).count();
    assert!(crowd > 8_192, "half of them are public, and no tile shows {crowd} by themselves");
    for filter in [filter, Filter::everything()] {
        for z in 8..=22 {
            let layers = decode(&public.detections_tile(TileId::at(label, z), &filter));
            let (vague, clear): (Vec<_>, Vec<_>) =
                layers["cells"].iter().partition(|cell| cell.text("within").is_some());
            let vague: Vec<_> = vague.iter().filter(|cell| cell.text("within") == Some("D11")).collect();
            let [vague] = *vague else { panic!("{} cells within the district at zoom {z}", vague.len()) };
            assert_eq!(vague.count("records"), told, "{z}");
            assert_eq!((vague.count("neutralised"), vague.count("quantity")), (0, vague.count("detected")));
            if filter.statuses == Set::of([Status::Detected]) {
                assert!(clear.iter().all(|cell| cell.count("records") >= u64::from(min_cell_count)), "{z}");
            }
        }
    }
}
