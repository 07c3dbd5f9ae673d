//! The layers of vector tiles: what each collection draws, and the fields that TileJSON describes.

use atlas::{Atlas, Scope, View};
use demining::{Collection, Revision, for_collection};
use geometry::{Bounds, TileId};
use serde_json::{Value, json};

use super::{records::Listed, regions};
use crate::http::problem::{Answer, Problem};

/// A collection drawn as tiles.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Layered {
    /// Records.
    Records(Collection),
    /// Administrative units.
    Regions,
    /// Towns and villages.
    Places,
}

impl Layered {
    /// All of them.
    pub const ALL: [Self; 4] = [
        Self::Records(Collection::Detections),
        Self::Records(Collection::Accidents),
        Self::Regions,
        Self::Places,
    ];

    /// Finds the collection with this name.
    ///
    /// # Errors
    /// 404 when it has no tiles.
    pub fn parse(name: &str) -> Answer<Self> {
        match name {
            "regions" => Ok(Self::Regions),
            "places" => Ok(Self::Places),
            name => name.parse().map(Self::Records).map_err(|_| {
                let names = Self::ALL.map(Self::name).join(", ");
                Problem::not_found(format!("no tiles of {name:?}; these have tiles: {names}"))
            }),
        }
    }

    /// Returns the name of the collection.
    pub fn name(self) -> &'static str {
        match self {
            Self::Records(collection) => collection.name(),
            Self::Regions => "regions",
            Self::Places => "places",
        }
    }

    /// Returns the last revision at which a tile changed.
    pub fn changed(self, atlas: &Atlas, scope: Scope, tile: TileId) -> Revision {
        match self {
            Self::Records(Collection::Detections) => atlas.last_change(scope, tile),
            Self::Records(Collection::Accidents) => atlas.last_change_of_accidents(scope, tile),
            Self::Regions => atlas.last_change_of_regions(scope, tile),
            Self::Places => Revision(0),
        }
    }
}

/// Describes the layers in the tiles of a collection down to a zoom level, with their fields, for TileJSON.
pub fn vector_layers(layered: Layered, deepest: u8) -> Value {
    match layered {
        Layered::Records(collection) => for_collection!(collection, T => T::layers(deepest)),
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

/// Describes the fields of a region.
fn region_fields() -> Value {
    json!({"id": "String", "level": "String", "name": "String", "name_en": "String", "name_az": "String",
                        "parent": "String", "records": "Number", "quantity": "Number: items", "detected": "Number: items",
                        "neutralised": "Number: items", "share": "Number: neutralised items of all, 0 to 1"})
}

/// Returns the box around everything that is drawn.
pub fn extent(layered: Layered, view: &View) -> Option<Bounds> {
    let regions = regions::extent(view.reference());
    let records = match layered {
        Layered::Records(collection) => for_collection!(collection, T => T::extent(view)),
        Layered::Regions | Layered::Places => None,
    };
    match (regions, records) {
        (Some(a), Some(b)) => Some(a.union(&b)),
        (one, other) => one.or(other),
    }
}
