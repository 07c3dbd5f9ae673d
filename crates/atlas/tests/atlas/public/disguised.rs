//! Disguised records, and all answers of a view, to check whether two views can be told apart.

use atlas::{Filter, Grouping, View};
use demining::{PUBLIC_CELL_BITS, Record, Review, Status};
use geometry::{LonLat, Mercator, TileId};
use rand::Rng;

use super::snapped::with;
use crate::{
    questions::questions,
    wishes::Wishes,
    world::{Maker, lonlat},
};

/// Returns another record that the public must not be able to distinguish from this one.
pub fn disguised(maker: &mut Maker, record: &Record) -> Record {
    let other = maker.record(record.number, record.revision.0);
    if record.review != Review::Approved || record.content.status == Status::Discounted {
        let review =
            if other.content.status == Status::Discounted { other.review } else { Review::Submitted };
        return Record { review, ..with(&other, |details| details.id = record.content.id) };
    }
    if record.content.status == Status::Neutralised {
        return record.clone();
    }
    let (hidden, Mercator { x, y }) = (32 - PUBLIC_CELL_BITS, record.content.location.into());
    // A margin, because converting to degrees must not leave the cell.
    let mut within =
        |units: u32| (units >> hidden << hidden) + maker.0.random_range(100..(1 << hidden) - 100);
    let elsewhere = LonLat::from(Mercator { x: within(x), y: within(y) });
    let day = i64::from(maker.0.random_range(0..28));
    with(record, |details| {
        details.location = elsewhere;
        details.detected_on = details.detected_on.first_of_month() + jiff::Span::new().days(day);
        let hidden = other.content.into_details();
        (details.model, details.note, details.team) = (hidden.model, hidden.note, hidden.team);
        (details.photos, details.extra, details.depth_cm) = (hidden.photos, hidden.extra, hidden.depth_cm);
        details.location_as_given = hidden.location_as_given;
    })
}

/// Returns everything that a view of records answers, as texts and bytes.
pub fn answers(view: &View, tiles: &[TileId]) -> Vec<String> {
    let mut all = Vec::new();
    for question in questions(view) {
        let filter = &question.filter;
        let by = Grouping { region: true, status: true, kind: true, month: true, operator: true };
        all.push(format!("{:?}", (view.count(filter), view.summary(filter, by), view.regions(filter))));
        all.push(format!("{:?}", view.page(filter, None, 50)));
        all.push(format!("{:?}", view.nearest(filter, lonlat(46.8, 39.9), 20)));
        all.extend(tiles.iter().map(|tile| format!("{tile:?} {:?}", view.detections_tile(*tile, filter))));
    }
    // Conditions on values that the public does not see must give the same results whatever is hidden.
    for seed in 0..60 {
        let condition = Some(Wishes::new(seed, false).condition(2).into());
        let filter = Filter { condition, ..Filter::everything() };
        let by = Grouping { region: true, kind: true, ..Grouping::default() };
        all.push(format!(
            "{:?}",
            (view.count(&filter), view.summary(&filter, by), view.page(&filter, None, 20))
        ));
    }
    all.push(format!("{:?}", view.extent()));
    all
}
