//! Tiles: every record is counted once at every zoom, and features are drawn where records are.

use std::collections::{BTreeSet, HashMap, HashSet};

use atlas::{CROWD, Filter, GRID_BITS, MOST_SINGLES, SINGLES_FROM, View};
use demining::{Kind, Record, Status};
use geometry::{Bounds, MAX_ZOOM, Mercator, TileId};
use mvt_reader::feature::Value;

use crate::{
    decoded::{Feature, decode},
    questions::questions,
    world::{Maker, lonlat, view_of},
};

/// Returns the tile unit of the record.
fn unit(tile: TileId, record: &Record) -> (i32, i32) {
    let place = Mercator::from(record.content.location);
    let cut = |units: u32, index: u32| {
        ((u64::from(units) << 12 >> (32 - u32::from(tile.z()))) - (u64::from(index) << 12)) as i32
    };
    (cut(place.x, tile.x()), cut(place.y, tile.y()))
}

/// Records, items, detected and neutralised items, and the items of each kind.
type Sums = [u64; 4 + Kind::ALL.len()];

fn sums<'a>(records: impl IntoIterator<Item = &'a &'a Record>) -> Sums {
    let mut sums = Sums::default();
    for record in records {
        let d = &record.content;
        let quantity = u64::from(d.quantity);
        sums[0] += 1;
        sums[1] += quantity;
        match d.status {
            Status::Detected => sums[2] += quantity,
            Status::Neutralised => sums[3] += quantity,
            Status::Discounted => {}
        }
        sums[4 + d.kind.index()] += quantity;
    }
    sums
}

fn cell_sums(cell: &Feature) -> Sums {
    let mut sums = Sums::default();
    for (sum, key) in sums.iter_mut().zip(["records", "quantity", "detected", "neutralised"]) {
        *sum = cell.count(key);
    }
    for kind in Kind::ALL {
        assert_ne!(
            cell.properties.get(kind.word()),
            Some(&Value::UInt(0)),
            "kinds without items are omitted"
        );
        if cell.properties.contains_key(kind.word()) {
            sums[4 + kind.index()] = cell.count(kind.word());
        }
    }
    sums
}

/// Checks one tile against the records that should be in it.
fn assert_shows(bytes: &[u8], tile: TileId, records: &[&Record]) {
    assert!(bytes.len() <= 500_000, "{} bytes", bytes.len());
    let mut layers = decode(bytes);
    let cells = layers.remove("cells").unwrap_or_default();
    let singles = layers.remove("detections").unwrap_or_default();
    assert!(layers.is_empty());
    let mut by_cell: HashMap<TileId, Vec<&Record>> = HashMap::new();
    for record in records {
        let cell = TileId::at(record.content.location, MAX_ZOOM.min(tile.z() + GRID_BITS as u8));
        by_cell.entry(cell).or_default().push(record);
    }
    if tile.z() < SINGLES_FROM {
        assert!(singles.is_empty());
    } else if records.len() as u64 <= MOST_SINGLES {
        assert!(cells.is_empty());
    }
    // Up to zoom 18 a cell is a tile with an id, so each can be checked separately.
    if tile.z() + GRID_BITS as u8 <= MAX_ZOOM {
        let crowd = if tile.z() < SINGLES_FROM { 0 } else { CROWD as usize };
        let mut expected: Vec<Sums> = by_cell
            .values()
            .filter(|_| tile.z() < SINGLES_FROM || records.len() as u64 > MOST_SINGLES)
            .filter(|records| records.len() > crowd)
            .map(sums)
            .collect();
        let mut drawn: Vec<Sums> = cells.iter().map(cell_sums).collect();
        expected.sort_unstable();
        drawn.sort_unstable();
        assert_eq!(drawn, expected);
    }
    let units: HashSet<(i32, i32)> = records.iter().map(|record| unit(tile, record)).collect();
    let mut total = Sums::default();
    for cell in &cells {
        assert!(units.contains(&cell.point()), "a cell is not on a record");
        for (sum, count) in total.iter_mut().zip(cell_sums(cell)) {
            *sum += count;
        }
    }
    let by_id: HashMap<String, &Record> =
        records.iter().map(|record| (record.content.id.to_string(), *record)).collect();
    let mut seen = BTreeSet::new();
    for single in &singles {
        let id = single.text("id").unwrap();
        let record = by_id[id];
        assert!(seen.insert(id.to_owned()), "{id} is drawn twice");
        let d = &record.content;
        assert_eq!(single.point(), unit(tile, record));
        assert_eq!(single.text("status"), Some(d.status.word()));
        assert_eq!(single.text("kind"), Some(d.kind.word()));
        assert_eq!(single.count("quantity"), u64::from(d.quantity));
        assert_eq!(single.text("detected_on"), Some(d.detected_on.to_string().as_str()));
        assert_eq!(
            single.text("neutralised_on").map(str::to_owned),
            d.neutralised_on.map(|on| on.to_string())
        );
        for (sum, count) in total.iter_mut().zip(sums([&record])) {
            *sum += count;
        }
    }
    assert_eq!(total, sums(records), "{tile:?}");
}

pub fn assert_every_zoom_shows(
    view: &View,
    filter: &Filter,
    records: &[&Record],
    zooms: impl Iterator<Item = u8>,
) {
    for z in zooms {
        let mut by_tile: HashMap<TileId, Vec<&Record>> = HashMap::new();
        for record in records {
            by_tile.entry(TileId::at(record.content.location, z)).or_default().push(record);
        }
        for (tile, records) in by_tile {
            assert_shows(&view.detections_tile(tile, filter), tile, &records);
        }
    }
}

#[test]
fn at_every_zoom_the_tiles_add_up_to_the_records() {
    let records = Maker::new(1).records(3_000);
    let view = view_of(&records);
    for question in questions(&view) {
        let seen = question.seen(&records);
        let expected: Vec<&Record> = seen.iter().collect();
        assert_every_zoom_shows(&view, &question.filter, &expected, 0..=MAX_ZOOM);
    }
}

#[test]
fn a_crowded_tile_mixes_cells_and_single_records_and_stays_small() {
    let mut records = Maker::new(2).records(30_000);
    for (i, record) in records.iter_mut().enumerate() {
        let mut details = record.content.clone().into_details();
        // A dense minefield with thin surroundings, and one very crowded spot.
        let (i, wide) = (i as f64, if i % 10 == 0 { 0.1 } else { 0.01 });
        let spread = |step: f64| (i * step).fract() * wide;
        details.location = match record.number % 7 {
            0 => lonlat(46.4, 39.4),
            _ => lonlat(46.35 + spread(0.618_033_9), 39.35 + spread(0.754_877_6)),
        };
        record.content = demining::Detection::new(details, jiff::civil::date(2030, 1, 1)).unwrap();
    }
    let view = view_of(&records);
    for question in questions(&view).into_iter().take(8) {
        let seen = question.seen(&records);
        let expected: Vec<&Record> = seen.iter().collect();
        let zooms = [0, 5, 9, 10, 11, 12, 13, 14, 16, 18, 19, 20, 21, 22];
        assert_every_zoom_shows(&view, &question.filter, &expected, zooms.into_iter());
    }
    let tile = TileId::at(lonlat(46.36, 39.36), 12);
    let layers = decode(&view.detections_tile(tile, &Filter::default()));
    assert!(layers.contains_key("cells") && layers.contains_key("detections"));
}

#[test]
fn a_tile_of_single_records_is_full_and_stays_under_its_limit() {
    let tile = TileId::at(lonlat(46.4, 39.4), 11);
    let corner = (tile.bounds().west() + 0.01, tile.bounds().south() + 0.01);
    let mut records = Maker::new(5).records(MOST_SINGLES as u32);
    for (i, record) in records.iter_mut().enumerate() {
        let mut details = record.content.clone().into_details();
        details.location = lonlat(corner.0 + (i % 64) as f64 * 1e-4, corner.1 + (i / 64) as f64 * 1e-4);
        details.status = Status::Neutralised;
        details.neutralised_on = Some(details.detected_on);
        record.content = demining::Detection::new(details, jiff::civil::date(2030, 1, 1)).unwrap();
    }
    let view = view_of(&records);
    let bytes = view.detections_tile(tile, &Filter::default());
    assert_eq!(decode(&bytes)["detections"].len() as u64, MOST_SINGLES);
    assert!(bytes.len() <= 500_000, "{}", bytes.len());
}

#[test]
fn a_tile_shows_what_its_box_holds_but_for_the_edges_of_its_neighbours() {
    let records = Maker::new(6).records(20_000);
    let view = view_of(&records);
    for z in [8, 10, 11, 13] {
        for (lon, lat) in [(46.2, 39.2), (46.75, 39.25), (47.1, 40.0)] {
            let tile = TileId::at(lonlat(lon, lat), z);
            let bounds = tile.bounds();
            let mut in_tile: Vec<u32> = Vec::new();
            let mut after = None;
            loop {
                let in_box = Filter { bounds: vec![bounds], ..Filter::default() };
                let page = view.page(&in_box, after, 500);
                in_tile.extend(
                    page.records
                        .iter()
                        .filter(|found| {
                            let at = found.record.content.location;
                            at.lon() < bounds.east() && at.lat() > bounds.south()
                        })
                        .map(|found| found.record.number),
                );
                after = page.next;
                if after.is_none() {
                    break;
                }
            }
            let expected: Vec<&Record> = in_tile.iter().map(|n| &records[*n as usize - 1]).collect();
            assert_shows(&view.detections_tile(tile, &Filter::default()), tile, &expected);
        }
    }
}

#[test]
fn a_box_takes_what_lies_on_its_edge_to_the_last_digit() {
    let mut records = Maker::new(7).records(1);
    let mut details = records[0].content.clone().into_details();
    (details.location, details.status, details.neutralised_on, details.disposal) =
        (lonlat(46.123_456_7, 39.765_432_1), Status::Detected, None, None);
    records[0].content = demining::Detection::new(details, jiff::civil::date(2030, 1, 1)).unwrap();
    let view = view_of(&records);
    let holds = |w, s, e, n| {
        let bounds = vec![Bounds::new(w, s, e, n).unwrap()];
        view.count(&Filter { bounds, ..Filter::default() }).records == 1
    };
    assert!(holds(46.123_456_7, 39.0, 47.0, 40.0) && !holds(46.123_456_8, 39.0, 47.0, 40.0));
    assert!(holds(46.0, 39.0, 46.123_456_7, 40.0) && !holds(46.0, 39.0, 46.123_456_6, 40.0));
    assert!(holds(46.0, 39.765_432_1, 47.0, 40.0) && !holds(46.0, 39.765_432_2, 47.0, 40.0));
    assert!(holds(46.0, 39.0, 47.0, 39.765_432_1) && !holds(46.0, 39.0, 47.0, 39.765_432_0));
    assert!(holds(46.123_456_7, 39.765_432_1, 46.123_456_7, 39.765_432_1));
    assert!(!holds(46.123_456_71, 39.0, 47.0, 40.0), "the box begins between two positions");
}

#[test]
fn an_empty_tile_is_no_bytes_and_the_same_records_are_the_same_bytes() {
    let records = Maker::new(9).records(4_000);
    let view = view_of(&records);
    let empty = TileId::new(14, 3, 3).unwrap();
    assert!(view.detections_tile(empty, &Filter::default()).is_empty());
    let mut shuffled = records.clone();
    shuffled.reverse();
    let other = view_of(&shuffled);
    for z in 0..=MAX_ZOOM {
        let tile = TileId::at(lonlat(46.75, 39.25), z);
        let bytes = view.detections_tile(tile, &Filter::default());
        assert!(!bytes.is_empty());
        assert_eq!(bytes, other.detections_tile(tile, &Filter::default()));
    }
}

#[test]
fn a_wide_tile_that_several_cores_walk_counts_each_record_once() {
    let records = Maker::new(10).records(250_000);
    let view = view_of(&records);
    for question in questions(&view)
        .into_iter()
        .filter(|q| ["days", "operators", "area", "as of a day"].contains(&q.name))
    {
        let seen = question.seen(&records);
        let expected: Vec<&Record> = seen.iter().collect();
        assert_every_zoom_shows(&view, &question.filter, &expected, [0, 4, 6].into_iter());
    }
}
