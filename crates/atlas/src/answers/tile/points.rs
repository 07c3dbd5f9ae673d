//! Encodes a layer of points for vector tiles with thousands of records.
//!
//! A general encoder looks up every value to write it only once; here the caller knows which values repeat.
//! Source: Mapbox Vector Tile Specification 2.1, chapter 4, on protocol buffers.

use std::{collections::HashMap, hash::Hash};

use geometry::{Mercator, TileId};

use super::layer::{EXTENT_BITS, unit};

/// Fields of a layer, with the wire type: 0 is a number, 2 is length-delimited bytes.
const NAME: u8 = 1 << 3 | 2;
const FEATURES: u8 = 2 << 3 | 2;
const KEYS: u8 = 3 << 3 | 2;
const VALUES: u8 = 4 << 3 | 2;
const EXTENT: u8 = 5 << 3;
const VERSION: u8 = 15 << 3;
/// Field of a tile.
const LAYERS: u8 = 3 << 3 | 2;
/// Fields of a feature.
const TAGS: u8 = 2 << 3 | 2;
const TYPE: u8 = 3 << 3;
const GEOMETRY: u8 = 4 << 3 | 2;
/// Fields of a value.
const TEXT: u8 = 1 << 3 | 2;
const COUNT: u8 = 5 << 3;
/// The geometry type of a point, and the command to move to one position.
const POINT: u8 = 1;
const MOVE_TO_ONE: u8 = 1 << 3 | 1;

/// Returns the tile unit of a place.
pub fn point_unit(tile: TileId, place: Mercator) -> (u32, u32) {
    let at = unit(tile, place);
    (at.x.unsigned_abs(), at.y.unsigned_abs())
}

/// A layer being written.
pub struct Points {
    name: &'static str,
    keys: Vec<u8>,
    n_keys: u32,
    features: Vec<u8>,
    values: Vec<u8>,
    n_values: u32,
    feature: Vec<u8>,
    tags: Vec<u8>,
}

impl Points {
    /// Creates a layer without points.
    pub fn new(name: &'static str) -> Self {
        Self {
            name,
            keys: Vec::new(),
            n_keys: 0,
            features: Vec::new(),
            values: Vec::new(),
            n_values: 0,
            feature: Vec::new(),
            tags: Vec::new(),
        }
    }

    /// Adds a key and returns its number.
    pub fn key(&mut self, key: &str) -> u32 {
        field(&mut self.keys, KEYS, key.as_bytes());
        self.n_keys += 1;
        self.n_keys - 1
    }

    /// Adds a text value and returns its number.
    pub fn text(&mut self, text: &str) -> u32 {
        // Both lengths of a text below 126 bytes take one byte.
        let mut value = Vec::with_capacity(text.len() + 6);
        field(&mut value, TEXT, text.as_bytes());
        self.value(&value)
    }

    /// Adds a count value and returns its number.
    pub fn count(&mut self, count: u64) -> u32 {
        let mut value = vec![COUNT];
        number(&mut value, count);
        self.value(&value)
    }

    fn value(&mut self, value: &[u8]) -> u32 {
        field(&mut self.values, VALUES, value);
        self.n_values += 1;
        self.n_values - 1
    }

    /// Adds a point, in tile units, with pairs of key and value numbers.
    pub fn add(&mut self, (x, y): (u32, u32), tags: impl IntoIterator<Item = (u32, u32)>) {
        self.tags.clear();
        for (key, value) in tags {
            number(&mut self.tags, u64::from(key));
            number(&mut self.tags, u64::from(value));
        }
        self.feature.clear();
        field(&mut self.feature, TAGS, &self.tags);
        self.feature.extend([TYPE, POINT]);
        self.tags.clear();
        self.tags.push(MOVE_TO_ONE);
        // Zigzag encoding: no unit is negative.
        number(&mut self.tags, u64::from(x) << 1);
        number(&mut self.tags, u64::from(y) << 1);
        field(&mut self.feature, GEOMETRY, &self.tags);
        field(&mut self.features, FEATURES, &self.feature);
    }

    /// Appends the layer to a tile; an empty layer is omitted.
    pub fn end(self, tile: &mut Vec<u8>) {
        if self.features.is_empty() {
            return;
        }
        let mut head = vec![VERSION, 2];
        field(&mut head, NAME, self.name.as_bytes());
        let mut extent = vec![EXTENT];
        number(&mut extent, 1 << EXTENT_BITS);
        let parts = [&head, &self.features, &self.keys, &self.values, &extent];
        tile.push(LAYERS);
        number(tile, parts.iter().map(|part| part.len() as u64).sum());
        for part in parts {
            tile.extend_from_slice(part);
        }
    }
}

/// The numbers of repeated values.
pub struct Pool<K>(HashMap<K, u32>);

impl<K> Default for Pool<K> {
    fn default() -> Self {
        Self(HashMap::new())
    }
}

impl<K: Hash + Eq> Pool<K> {
    /// Returns the number of the value of `key`, writing the value on first use.
    pub fn get(&mut self, key: K, write: impl FnOnce() -> u32) -> u32 {
        *self.0.entry(key).or_insert_with(write)
    }

    /// Returns the number of the value of `key`, writing the value from the key on first use.
    pub fn get_ref(&mut self, key: K, write: impl FnOnce(&K) -> u32) -> u32 {
        *self.0.entry(key).or_insert_with_key(write)
    }
}

fn field(bytes: &mut Vec<u8>, tag: u8, content: &[u8]) {
    bytes.push(tag);
    number(bytes, content.len() as u64);
    bytes.extend_from_slice(content);
}

/// Writes a varint, 7 bits per byte.
fn number(bytes: &mut Vec<u8>, mut number: u64) {
    while number >= 0x80 {
        bytes.push(number as u8 | 0x80);
        number >>= 7;
    }
    bytes.push(number as u8);
}
