//! Tiles of places: towns and villages as points, for their names.

use fast_mvt::MvtTileBuilder;
use geometry::{Mercator, TileId};

use super::layer::{Layer, Value, unit};
use crate::reference::ReferenceData;

/// Places in a tile at most, largest first: there is no room for more names.
const MOST_PLACES: usize = 1_000;

/// Returns the encoded tile; empty if nothing is in it.
pub fn places_tile(reference: &ReferenceData, tile: TileId) -> Vec<u8> {
    let mut places: Vec<_> = reference
        .places()
        .iter()
        .map(|place| (place, Mercator::from(place.location)))
        .filter(|(_, at)| TileId::at(*at, tile.z()) == tile)
        .collect();
    if places.is_empty() {
        return Vec::new();
    }
    places.sort_by_key(|(place, _)| (std::cmp::Reverse(place.population), place.id));
    places.truncate(MOST_PLACES);
    let mut layer = Layer::new(MvtTileBuilder::new(), "places");
    for (place, at) in places {
        let az = place.names.by_language.iter().find(|(language, _)| language == "az");
        layer = layer.point(
            unit(tile, at),
            [
                ("id", Some(Value::Count(u64::from(place.id)))),
                ("name", Some(Value::Text(place.names.get("en")))),
                ("name_az", az.map(|(_, name)| Value::Text(name))),
                ("population", Some(Value::Count(u64::from(place.population)))),
                ("country", Some(Value::Text(&place.country))),
            ],
        );
    }
    layer.end().encode()
}
