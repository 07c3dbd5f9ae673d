//! Tests what the public must not see.

use std::collections::BTreeSet;

use atlas::Scope;
use demining::{Record, Review, Status};
use geometry::TileId;
use rand::Rng;

use super::{
    disguised::{answers, disguised},
    snapped::{FEWEST, approved, atlas_of, middle, tiles, with},
};
use crate::world::{Maker, lonlat};

#[test]
fn the_public_cannot_tell_records_apart_by_what_is_hidden() {
    let mut maker = Maker::new(44);
    // None near a pole: places beyond the square are drawn on its edge, and converting back would move them.
    let mut records = approved(&mut maker, 1_500);
    records.retain(|record| record.content.location.lat().abs() < 84.0);
    let disguised: Vec<Record> = records.iter().map(|record| disguised(&mut maker, record)).collect();
    let moved = records.iter().zip(&disguised).filter(|(a, b)| a.content.location != b.content.location);
    assert!(moved.count() > 300);
    let tiles = tiles(&records);
    for min_cell_count in FEWEST {
        let seen =
            |records: &[Record]| answers(&atlas_of(records, 1, min_cell_count).view(Scope::Public), &tiles);
        for (one, other) in seen(&records).into_iter().zip(seen(&disguised)) {
            assert_eq!(one, other);
        }
    }
}

#[test]
fn cells_that_are_not_told_cannot_be_told_apart() {
    let mut maker = Maker::new(49);
    let mut records = approved(&mut maker, 600);
    let mut elsewhere = records.clone();
    for records in [&mut records, &mut elsewhere] {
        let mut taken = BTreeSet::new();
        for record in records.iter_mut().filter(|record| record.content.status == Status::Detected) {
            record.review = Review::Approved;
            // A separate cell for each record, anywhere in the district.
            let place = loop {
                let at = lonlat(maker.0.random_range(46.52..46.98), maker.0.random_range(39.52..39.98));
                if taken.insert((middle(at).x, middle(at).y)) {
                    break at;
                }
            };
            *record = with(record, |details| details.location = place);
        }
    }
    let tiles: Vec<TileId> = tiles(&records).into_iter().chain(tiles(&elsewhere)).collect();
    let seen = |records: &[Record], min_cell_count| {
        answers(&atlas_of(records, 1, min_cell_count).view(Scope::Public), &tiles)
    };
    assert!(seen(&records, 2) == seen(&elsewhere, 2));
    assert!(seen(&records, 0) != seen(&elsewhere, 0));
}
