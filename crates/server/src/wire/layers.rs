//! The layers of vector tiles: what each collection draws, and the fields that TileJSON describes.

use atlas::{Atlas, Scope, View};
use demining::{Kind, Revision};
use geometry::{Bounds, TileId};
use serde_json::{Value, json};

use super::regions;
use crate::http::problem::{Answer, Problem};

/// A collection drawn as tiles.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Layered {
    /// Explosive ordnance found.
    Detections,
    /// Administrative units.
    Regions,
    /// Towns and villages.
    Places,
}

impl Layered {
    /// Finds the collection with this name.
    ///
    /// # Errors
    /// 404 when it has no tiles.
    pub fn parse(name: &str) -> Answer<Self> {
        match name {
            "detections" => Ok(Self::Detections),
            "regions" => Ok(Self::Regions),
            "places" => Ok(Self::Places),
            _ => Err(Problem::not_found(format!(
                "no tiles of {name:?}; detections, regions and places have tiles"
            ))),
        }
    }

    /// Returns the last revision at which a tile changed.
    pub fn changed(self, atlas: &Atlas, scope: Scope, tile: TileId) -> Revision {
        match self {
            Self::Detections => atlas.last_change(scope, tile),
            Self::Regions => atlas.last_change_of_regions(scope, tile),
            Self::Places => Revision(0),
        }
    }
}

/// Describes the layers in the tiles of a collection down to a zoom level, with their fields, for TileJSON.
pub fn vector_layers(layered: Layered, deepest: u8) -> Value {
    match layered {
        Layered::Detections => json!([
            {"id": "cells", "description": "Counts of the records in a cell, placed at one of the records", "minzoom": 0, "maxzoom": deepest,
             "fields": cell_fields()},
            {"id": "detections", "description": "Single records", "minzoom": 0, "maxzoom": deepest,
             "fields": {"id": "String", "status": "String", "kind": "String", "quantity": "Number: items",
                        "detected_on": "String: day", "neutralised_on": "String: day"}},
        ]),
        Layered::Regions => json!([
            {"id": "regions", "description": "Administrative units with their figures", "minzoom": 0, "maxzoom": deepest,
             "fields": region_fields()},
            {"id": "region_labels", "description": "The same units as label points", "minzoom": 0, "maxzoom": deepest,
             "fields": region_fields()},
        ]),
        Layered::Places => json!([
            {"id": "places", "description": "Towns and villages", "minzoom": 0, "maxzoom": deepest,
             "fields": {"id": "Number", "name": "String", "name_az": "String", "population": "Number", "country": "String"}},
        ]),
    }
}

/// Describes the fields of a cell.
fn cell_fields() -> Value {
    let mut fields = json!({"records": "Number: records", "quantity": "Number: items",
        "detected": "Number: items detected and not yet neutralised", "neutralised": "Number: items neutralised",
        "within": "String: the region of the records, where no precise place is public; outside if in no region"});
    for kind in Kind::ALL {
        fields[kind.word()] = json!("Number: items of this kind; absent if zero");
    }
    fields
}

/// Describes the fields of a region.
fn region_fields() -> Value {
    json!({"id": "String", "level": "String", "name": "String", "name_en": "String", "name_az": "String",
                        "parent": "String", "records": "Number", "quantity": "Number: items", "detected": "Number: items",
                        "neutralised": "Number: items", "share": "Number: neutralised items of all, 0 to 1"})
}

/// Returns the box around everything that is drawn.
pub fn extent(layered: Layered, view: &View) -> Option<Bounds> {
    let regions = regions::extent(view.reference());
    let records = if layered == Layered::Detections { view.extent() } else { None };
    match (regions, records) {
        (Some(a), Some(b)) => Some(a.union(&b)),
        (one, other) => one.or(other),
    }
}
