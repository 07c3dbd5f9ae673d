//! A layer of points as bytes of a vector tile, for tiles of thousands of records.
//!
//! A general encoder looks every value up by its text to write it once; here whoever writes knows
//! which values come again. Source: Mapbox Vector Tile Specification 2.1, chapter 4, on protocol buffers.

use std::{collections::HashMap, hash::Hash};

use super::layer::EXTENT_BITS;

/// Fields of a layer, with the wire type: 0 is a number, 2 is bytes with their length.
const NAME: u8 = 1 << 3 | 2;
const FEATURES: u8 = 2 << 3 | 2;
const KEYS: u8 = 3 << 3 | 2;
const VALUES: u8 = 4 << 3 | 2;
const EXTENT: u8 = 5 << 3;
const VERSION: u8 = 15 << 3;
/// Of a tile.
const LAYERS: u8 = 3 << 3 | 2;
/// Of a feature.
const TAGS: u8 = 2 << 3 | 2;
const TYPE: u8 = 3 << 3;
const GEOMETRY: u8 = 4 << 3 | 2;
/// Of a value.
const TEXT: u8 = 1 << 3 | 2;
const COUNT: u8 = 5 << 3;
/// The type of a feature that is a point, and the command that moves to one place.
const POINT: u8 = 1;
const MOVE_TO_ONE: u8 = 1 << 3 | 1;

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
    /// A layer without points.
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

    /// The number of a new key.
    pub fn key(&mut self, key: &str) -> u32 {
        field(&mut self.keys, KEYS, key.as_bytes());
        self.n_keys += 1;
        self.n_keys - 1
    }

    /// The number of a new value that is a text.
    pub fn text(&mut self, text: &str) -> u32 {
        // Both lengths of a text below 126 bytes take one byte.
        let mut value = Vec::with_capacity(text.len() + 6);
        field(&mut value, TEXT, text.as_bytes());
        self.value(&value)
    }

    /// The number of a new value that is a count.
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

    /// Adds a point, in units of the tile, with pairs of the numbers of keys and values.
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
        // Zigzag: no unit is below 0.
        number(&mut self.tags, u64::from(x) << 1);
        number(&mut self.tags, u64::from(y) << 1);
        field(&mut self.feature, GEOMETRY, &self.tags);
        field(&mut self.features, FEATURES, &self.feature);
    }

    /// Writes the layer at the end of a tile, unless it has no points: an empty layer is left out.
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

/// Numbers of values that come again.
pub struct Pool<K>(HashMap<K, u32>);

impl<K> Default for Pool<K> {
    fn default() -> Self {
        Self(HashMap::new())
    }
}

impl<K: Hash + Eq> Pool<K> {
    /// The number of the value of `key`, written now if it was not before.
    pub fn get(&mut self, key: K, write: impl FnOnce() -> u32) -> u32 {
        *self.0.entry(key).or_insert_with(write)
    }
}

fn field(bytes: &mut Vec<u8>, tag: u8, content: &[u8]) {
    bytes.push(tag);
    number(bytes, content.len() as u64);
    bytes.extend_from_slice(content);
}

/// A number of any size, 7 bits a byte.
fn number(bytes: &mut Vec<u8>, mut number: u64) {
    while number >= 0x80 {
        bytes.push(number as u8 | 0x80);
        number >>= 7;
    }
    bytes.push(number as u8);
}
