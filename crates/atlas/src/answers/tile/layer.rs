//! A layer of a tile, written feature by feature in tile units.

use fast_mvt::{MvtCoord, MvtFeatureBuilder, MvtGeomType, MvtLayerBuilder, MvtTileBuilder, MvtValueRef};
use geometry::{Mercator, TileId};

/// The width of a tile in units, as a power of two.
pub(super) const EXTENT_BITS: u32 = 12;

/// Returns the tile unit of a position, 0 to 4095 on both axes, never on a neighbour's side.
pub(super) fn unit(tile: TileId, place: Mercator) -> MvtCoord {
    let corner = tile.corner();
    let cut = |units: u32| {
        let bits = 32 - u32::from(tile.z());
        // From zoom 21 on a tile has fewer positions than units.
        let unit =
            if bits >= EXTENT_BITS { units >> (bits - EXTENT_BITS) } else { units << (EXTENT_BITS - bits) };
        unit.cast_signed()
    };
    MvtCoord { x: cut(place.x - corner.x), y: cut(place.y - corner.y) }
}

/// A layer being written.
pub(super) struct Layer(pub(super) MvtLayerBuilder);

/// A value of a feature. Missing ones are omitted.
pub(super) enum Value<'a> {
    Text(&'a str),
    Count(u64),
    Share(f64),
}

impl Layer {
    /// Begins a layer after the existing ones of the tile.
    pub(super) fn new(tile: MvtTileBuilder, name: &'static str) -> Self {
        Self(tile.layer(name).expect("the name of a layer is not empty"))
    }

    /// Adds a point.
    pub(super) fn point<'a>(
        self,
        at: MvtCoord,
        properties: impl IntoIterator<Item = (&'static str, Option<Value<'a>>)>,
    ) -> Self {
        let mut feature = self.0.feature_of(MvtGeomType::Point);
        feature.points([at]).expect("one point is a geometry");
        Self::finish(feature, properties)
    }

    pub(super) fn finish<'a>(
        mut feature: MvtFeatureBuilder,
        properties: impl IntoIterator<Item = (&'static str, Option<Value<'a>>)>,
    ) -> Self {
        for (key, value) in properties {
            let value = match value {
                Some(Value::Text(text)) => MvtValueRef::String(text),
                Some(Value::Count(count)) => MvtValueRef::UInt(count),
                Some(Value::Share(share)) => MvtValueRef::Double(share),
                None => continue,
            };
            feature.tag_ref(key, value).expect("a tile holds fewer than 2^32 values");
        }
        Self(feature.end())
    }

    /// Ends the layer and returns the tile; empty layers are omitted.
    pub(super) fn end(self) -> MvtTileBuilder {
        self.0.end()
    }
}
