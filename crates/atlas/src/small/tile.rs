//! Draws the records of a small collection: every matching record as a point, at every zoom.

use demining::field::FieldValue;
use geometry::{Mercator, TileId};

use super::{
    Small,
    filter::SmallFilter,
    property::Property,
    records::{Located, SmallCollection},
};
use crate::answers::tile::{Points, Pool, point_unit};

/// A value in a tile.
#[derive(PartialEq, Eq, Hash)]
enum Value {
    Text(String),
    Count(u64),
}

impl<T: Small> SmallCollection<T> {
    /// Returns the tile as encoded MVT, with one layer, named like the collection; empty if nothing is in it.
    /// Each record is in exactly one tile of each zoom. Equal records give equal bytes.
    pub fn tile(&self, tile: TileId, filter: &SmallFilter<T>) -> Vec<u8> {
        let mut layer = Points::new(T::COLLECTION.name());
        let shown = |property: &Property<T>| property.is_shown(self.scope());
        let properties = T::IN_TILES.iter().filter_map(|name| Property::named(name)).filter(shown);
        let keys: Vec<(u32, Property<T>)> =
            properties.map(|property| (layer.key(property.spec().name), property)).collect();
        let mut values = Pool::default();
        for located in self.matching(filter) {
            let place = Mercator::from(located.location());
            if TileId::at(place, tile.z()) != tile {
                continue;
            }
            let mut tags = Vec::with_capacity(keys.len());
            for (key, property) in &keys {
                let Some(value) = value(located, *property) else { continue };
                let written = |layer: &mut Points, value: &Value| match value {
                    Value::Text(text) => layer.text(text),
                    Value::Count(count) => layer.count(*count),
                };
                let number = values.get_ref(value, |value| written(&mut layer, value));
                tags.push((*key, number));
            }
            layer.add(point_unit(tile, place), tags);
        }
        let mut bytes = Vec::new();
        layer.end(&mut bytes);
        bytes
    }
}

/// Returns the value of a property in a tile; `None` if it is missing.
fn value<T: Small>(located: &Located<T>, property: Property<T>) -> Option<Value> {
    match property.value(located) {
        FieldValue::Whole(number) => Some(Value::Count(number)),
        FieldValue::Day(day) => Some(Value::Text(day.to_string())),
        _ => property.with_text(located, str::to_owned).map(Value::Text),
    }
}
