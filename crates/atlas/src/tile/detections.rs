//! Tiles of detections: cells with counts from afar, single records from near.
//!
//! Every record that matches is counted in exactly one tile of each zoom, and in it once: tiles
//! are half-open and have no buffer.

use demining::{Kind, Status};
use fast_mvt::MvtTileBuilder;
use geometry::TileId;
use uuid::fmt::Hyphenated;

use super::{
    Layer, Value,
    grid::{Cell, Gathered},
    unit,
};
use crate::{
    day::Day,
    query::Query,
    row::Row,
    scope::{Scope, is_coarse},
    snapshot::Snapshot,
};

/// From this zoom on records stand for themselves where they are not too many.
pub const SINGLES_FROM: u8 = 11;
/// A tile with more records than this is crowded and shows cells too.
pub const MOST_SINGLES: u64 = 4_096;
/// In a crowded tile a cell with more records than this stays a cell.
pub const CROWD: u64 = 16;

impl Snapshot {
    /// The tile as bytes; none when it is empty.
    pub fn detections_tile(&self, tile: TileId, query: &Query<'_>) -> Vec<u8> {
        let crowd = if tile.z() < SINGLES_FROM {
            0
        } else if self.holds_more_than(query, tile, MOST_SINGLES) {
            CROWD
        } else {
            u64::MAX
        };
        let Gathered { mut cells, mut singles } = self.gather(query, tile, crowd);
        if self.scope == Scope::Public {
            cells.extend(coarse(&mut singles));
        }
        let mut bytes = MvtTileBuilder::new();
        if !cells.is_empty() {
            let layer = Layer::new(bytes, "cells");
            bytes = cells.iter().fold(layer, |layer, cell| add_cell(layer, tile, cell)).end();
        }
        if !singles.is_empty() {
            let layer = Layer::new(bytes, "detections");
            let mut text = Texts::default();
            bytes =
                singles.iter().fold(layer, |layer, row| self.add_single(layer, tile, row, &mut text)).end();
        }
        bytes.encode()
    }

    fn add_single(&self, layer: Layer, tile: TileId, row: &Row, text: &mut Texts) -> Layer {
        let Some(slot) = self.records.get(row.number) else { return layer };
        text.write(slot.id().as_hyphenated(), row.detected_on, row.neutralised_on);
        layer.point(
            unit(tile, row.place),
            [
                ("id", Some(Value::Text(&text.id))),
                ("status", Some(Value::Text(Status::ALL[usize::from(row.status)].word()))),
                ("kind", Some(Value::Text(Kind::ALL[usize::from(row.kind)].word()))),
                ("quantity", Some(Value::Count(u64::from(row.quantity)))),
                ("detected_on", Some(Value::Text(&text.detected_on))),
                (
                    "neutralised_on",
                    (!text.neutralised_on.is_empty()).then_some(Value::Text(&text.neutralised_on)),
                ),
            ],
        )
    }
}

/// Takes out what is shown only as counts on the middle of a public cell, as these counts.
fn coarse(singles: &mut Vec<Row>) -> Vec<Cell> {
    let coarse: Vec<Row> = singles.extract_if(.., |row| is_coarse(row)).collect();
    // In Morton order, so those of one place follow each other.
    coarse.chunk_by(|a, b| a.place == b.place).filter_map(Cell::of).collect()
}

fn add_cell(layer: Layer, tile: TileId, cell: &Cell) -> Layer {
    let counts = [
        ("records", Some(Value::Count(cell.all.records))),
        ("quantity", Some(Value::Count(cell.all.quantity))),
        ("detected", Some(Value::Count(cell.detected))),
        ("neutralised", Some(Value::Count(cell.neutralised))),
    ];
    let kinds = Kind::ALL.iter().zip(cell.kinds);
    let kinds = kinds.map(|(kind, items)| (kind.word(), (items > 0).then_some(Value::Count(items))));
    layer.point(unit(tile, cell.first), counts.into_iter().chain(kinds))
}

/// Room for the texts of one record, used again for the next.
#[derive(Default)]
struct Texts {
    id: String,
    detected_on: String,
    neutralised_on: String,
}

impl Texts {
    fn write(&mut self, id: &Hyphenated, detected_on: Day, neutralised_on: Day) {
        self.id.clear();
        self.id.push_str(id.encode_lower(&mut [0; Hyphenated::LENGTH]));
        write_day(&mut self.detected_on, detected_on);
        write_day(&mut self.neutralised_on, neutralised_on);
    }
}

fn write_day(text: &mut String, day: Day) {
    text.clear();
    if let Some(digits) = day.digits() {
        text.extend(digits.map(char::from));
    }
}
