//! Records as the public may see them, computed naively one by one.

use std::collections::HashMap;

use atlas::Atlas;
use demining::{Detection, Level, PUBLIC_CELL_BITS, Precision, Record, Region, Review, Revision, Status};
use geometry::{LonLat, MAX_ZOOM, Mercator, TileId};
use jiff::civil::date;

use crate::world::{self, Maker, district, lonlat};

pub fn with(record: &Record, change: impl FnOnce(&mut demining::Details)) -> Record {
    let mut details = record.content.clone().into_details();
    change(&mut details);
    Record { content: Detection::new(details, date(2030, 1, 1)).unwrap(), ..record.clone() }
}

/// Returns the middle of the public cell. In degrees of 1e-7 it may be one unit away from that.
pub fn middle(at: LonLat) -> Mercator {
    let hidden = 32 - PUBLIC_CELL_BITS;
    let snap = |units: u32| (units >> hidden << hidden) + (1 << (hidden - 1));
    let Mercator { x, y } = at.into();
    Mercator { x: snap(x), y: snap(y) }
}

/// Policies: every cell is public, or only those with enough records.
pub const FEWEST: [u16; 3] = [0, 2, 12];

/// Returns the regions; each district has its own label position.
fn regions() -> Vec<Region> {
    let mut regions = world::regions();
    for region in regions.iter_mut().filter(|region| region.level == Level::District) {
        let corner = region.boundary.0[0].exterior().0[0];
        region.label = lonlat(corner.x + 0.26, corner.y + 0.23);
    }
    regions
}

pub fn atlas_of(records: &[Record], revision: u64, min_cell_count: u16) -> Atlas {
    let atlas = Atlas::new(regions(), world::places(), Vec::new()).unwrap();
    let atlas = atlas.disclosing(Precision::Cells { min_cell_count });
    atlas.load(records.iter().cloned(), Revision(revision));
    atlas
}

/// Returns the public place of a hidden cell: the district's label position, or the middle of a large tile.
pub fn somewhere(place: Mercator) -> Mercator {
    let cut = |units: u32| (units >> 24 << 24) + (1 << 23);
    let wide = Mercator { x: cut(place.x), y: cut(place.y) };
    let id = district(place.into());
    id.map_or(wide, |id| regions().iter().find(|region| region.id == id).unwrap().label.into())
}

/// Returns the public places of records, by their numbers.
pub fn places(records: &[Record], min_cell_count: u16) -> HashMap<u32, Mercator> {
    let is_counted =
        |record: &Record| record.review == Review::Approved && record.content.status == Status::Detected;
    let mut n_in_cell: HashMap<Mercator, u16> = HashMap::new();
    for record in records.iter().filter(|record| is_counted(record)) {
        *n_in_cell.entry(middle(record.content.location)).or_default() += 1;
    }
    let place = |record: &Record| {
        let (at, cell) = (record.content.location.into(), middle(record.content.location));
        match n_in_cell.get(&cell) {
            _ if !is_counted(record) => at,
            Some(n) if *n < min_cell_count => somewhere(cell),
            _ => cell,
        }
    };
    records.iter().map(|record| (record.number, place(record))).collect()
}

/// Returns the records as the public may see them.
pub fn snapped(records: &[Record], min_cell_count: u16) -> Vec<Record> {
    let places = places(records, min_cell_count);
    let shown =
        |record: &&Record| record.review == Review::Approved && record.content.status != Status::Discounted;
    let snap = |record: &Record| match record.content.status {
        Status::Detected => with(record, |details| {
            details.location = LonLat::from(places[&record.number]);
            details.detected_on = details.detected_on.first_of_month();
        }),
        _ => record.clone(),
    };
    records.iter().filter(shown).map(snap).collect()
}

pub fn approved(maker: &mut Maker, n: u32) -> Vec<Record> {
    let mut records = maker.records(n);
    for record in records.iter_mut().step_by(2) {
        record.review = Review::Approved;
    }
    // Exclude records in a district whose cell is outside all districts: here a record has one place, not
    // two.
    records.retain(|record| {
        let cell = middle(record.content.location);
        district(cell.into()).is_some() || district(somewhere(cell).into()).is_none()
    });
    records
}

/// Returns some tiles of every zoom that contain records, and some beside them.
pub fn tiles(records: &[Record]) -> Vec<TileId> {
    let near = records.iter().step_by(1 + records.len() / 12).map(|record| record.content.location);
    let near: Vec<Mercator> = near.flat_map(|at| [at.into(), middle(at)]).collect();
    (0..=MAX_ZOOM).flat_map(|z| near.iter().map(move |at| TileId::at(*at, z))).collect()
}
