//! Tiles as an independent decoder reads them.

use std::collections::HashMap;

use geo::Geometry;
use mvt_reader::{Reader, feature::Value};

#[derive(Debug)]
pub struct Feature {
    pub geometry: Geometry<i32>,
    pub properties: HashMap<String, Value>,
}

impl Feature {
    pub fn count(&self, key: &str) -> u64 {
        match self.properties.get(key) {
            Some(Value::UInt(count)) => *count,
            Some(Value::Int(count)) => u64::try_from(*count).unwrap(),
            other => panic!("{key} is {other:?}"),
        }
    }

    pub fn text(&self, key: &str) -> Option<&str> {
        match self.properties.get(key)? {
            Value::String(text) => Some(text),
            other => panic!("{key} is {other:?}"),
        }
    }

    /// Returns the point, which must be in the tile.
    pub fn point(&self) -> (i32, i32) {
        let at = match &self.geometry {
            Geometry::Point(point) => *point,
            Geometry::MultiPoint(points) if points.0.len() == 1 => points.0[0],
            other => panic!("{other:?} is not a point"),
        };
        assert!((0..4096).contains(&at.x()) && (0..4096).contains(&at.y()), "{at:?} is outside the tile");
        (at.x(), at.y())
    }
}

/// Returns the layers of a tile by name.
pub fn decode(bytes: &[u8]) -> HashMap<String, Vec<Feature>> {
    let reader = Reader::new(bytes.to_vec()).unwrap();
    let layers = reader.get_layer_metadata().unwrap();
    layers
        .into_iter()
        .map(|layer| {
            assert_eq!((layer.version, layer.extent), (2, 4096));
            let features = reader.get_features_as::<i32>(layer.layer_index).unwrap();
            assert!(!features.is_empty(), "layer {} is empty", layer.name);
            let features = features
                .into_iter()
                .map(|f| Feature { geometry: f.geometry, properties: f.properties.unwrap_or_default() });
            (layer.name, features.collect())
        })
        .collect()
}
