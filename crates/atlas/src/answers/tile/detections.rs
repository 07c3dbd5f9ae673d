//! Tiles of detections: cells with counts at low zoom, single records at high zoom.
//!
//! Every matching record is counted exactly once in exactly one tile of each zoom: tiles are half-open and
//! have no buffer.

use std::sync::Arc;

use demining::{Kind, Status, public_place};
use geometry::TileId;
use uuid::{Uuid, fmt::Hyphenated};

use super::{
    grid::Cell,
    points::{Points, Pool, point_unit},
};
use crate::{
    core::{snapshot::Snapshot, sparse},
    detections::{day::Day, records::Packed, row::Row},
    query::plan::Query,
    reference::ReferenceData,
};

/// The zoom from which records are shown individually if they are not too many.
pub const SINGLES_FROM: u8 = 11;
/// The zoom from which a cell separates its own records from those [somewhere](crate::ReferenceData) in its
/// district.
const SOMEWHERE_FROM: u8 = 8;
/// A tile with more records than this is crowded and has cells too.
pub const MOST_SINGLES: u64 = 4_096;
/// In a crowded tile a cell with more records than this stays a cell.
pub const CROWD: u64 = 16;

impl Snapshot {
    /// Returns the encoded tile; empty if nothing is in it.
    pub fn detections_tile(&self, tile: TileId, query: &Query<'_>, reference: &ReferenceData) -> Vec<u8> {
        let crowd = if tile.z() < SINGLES_FROM {
            0
        } else if self.holds_more_than(query, tile, MOST_SINGLES) {
            CROWD
        } else {
            u64::MAX
        };
        let mut gathered = self.gather(query, tile, crowd);
        let mut vague = Vec::new();
        if self.is_coarse && tile.z() >= SOMEWHERE_FROM {
            for (region, place) in sparse::places(reference, tile) {
                let Some(part) = self.gather_at(query, place) else { continue };
                gathered.take_out(tile, place, &part);
                vague.push((reference.region_id(region), part));
            }
            gathered.cells.extend(coarse(query, &mut gathered.singles));
        }
        let mut bytes = Vec::new();
        cell_layer(tile, &gathered.cells, &vague).end(&mut bytes);
        self.single_layer(tile, &gathered.singles).end(&mut bytes);
        bytes
    }

    fn single_layer(&self, tile: TileId, singles: &[Row]) -> Points {
        let mut layer = Points::new("detections");
        let keys =
            ["id", "status", "kind", "quantity", "detected_on", "neutralised_on"].map(|key| layer.key(key));
        let [id_key, status_key, kind_key, quantity_key, detected_key, neutralised_key] = keys;
        let (mut statuses, mut kinds) = (Pool::default(), Pool::default());
        let (mut quantities, mut days) = (Pool::default(), Pool::default());
        // Collect all ids first: the processor then overlaps the lookups.
        let ids: Vec<Option<Uuid>> =
            singles.iter().map(|row| self.records.get(row.number).map(Packed::id)).collect();
        for (row, id) in singles.iter().zip(ids) {
            let Some(id) = id else { continue };
            let id = layer.text(id.as_hyphenated().encode_lower(&mut [0; Hyphenated::LENGTH]));
            let status = statuses.get(row.status, || layer.text(Status::ALL[usize::from(row.status)].word()));
            let kind = kinds.get(row.kind, || layer.text(Kind::ALL[usize::from(row.kind)].word()));
            let quantity = quantities.get(row.quantity, || layer.count(u64::from(row.quantity)));
            let mut day = |day: Day| {
                let digits = day.digits()?;
                Some(days.get(day, || layer.text(std::str::from_utf8(&digits).unwrap_or_default())))
            };
            let (detected_on, neutralised_on) = (day(row.detected_on), day(row.neutralised_on));
            let always = [(id_key, id), (status_key, status), (kind_key, kind), (quantity_key, quantity)];
            let dates = [(detected_key, detected_on), (neutralised_key, neutralised_on)];
            let dates = dates.into_iter().filter_map(|(key, day)| Some((key, day?)));
            layer.add(point_unit(tile, row.place), always.into_iter().chain(dates));
        }
        layer
    }
}

/// Moves the records that are public only as counts at the middle of a public cell from `singles` into cells.
fn coarse(query: &Query<'_>, singles: &mut Vec<Row>) -> Vec<Cell> {
    let coarse: Vec<Row> = singles
        // A record dealt with later is detected as of a day, but keeps its exact place.
        .extract_if(.., |row| query.hides(row) && row.place == public_place(row.place))
        .collect();
    // Rows are in Morton order, so those of one place are adjacent.
    coarse.chunk_by(|a, b| a.place == b.place).filter_map(Cell::of).collect()
}

/// Writes the cells, and those somewhere in a district or outside all districts.
fn cell_layer(tile: TileId, cells: &[Cell], vague: &[(Option<Arc<str>>, Cell)]) -> Points {
    let mut layer = Points::new("cells");
    let count_keys = ["records", "quantity", "detected", "neutralised"].map(|key| layer.key(key));
    let kind_keys: Vec<u32> = Kind::ALL.iter().map(|kind| layer.key(kind.word())).collect();
    let within_key = if vague.is_empty() { None } else { Some(layer.key("within")) };
    let mut counts = Pool::default();
    let clear = cells.iter().map(|cell| (cell, None));
    let vague = vague.iter().map(|(region, cell)| (cell, Some(region.as_deref().unwrap_or("outside"))));
    for (cell, within) in clear.chain(vague) {
        let within = within_key.zip(within.map(|region| layer.text(region)));
        let figures = [cell.all.records, cell.all.quantity, cell.detected, cell.neutralised];
        let kinds = kind_keys.iter().copied().zip(cell.kinds).filter(|(_, items)| *items > 0);
        let tags: Vec<(u32, u32)> = count_keys
            .into_iter()
            .zip(figures)
            .chain(kinds)
            .map(|(key, count)| (key, counts.get(count, || layer.count(count))))
            .chain(within)
            .collect();
        layer.add(point_unit(tile, cell.first), tags);
    }
    layer
}
