//! `WebMercatorQuad`, the only tile matrix set offered (OGC 17-083r4): a square world, halved at each zoom
//! level.

use geometry::{Bounds, LonLat, MAX_ZOOM, TileId};
use serde_json::{Value, json};

/// The set's name in addresses.
pub const WEB_MERCATOR_QUAD: &str = "WebMercatorQuad";

/// The set's URI.
pub const URI: &str = "http://www.opengis.net/def/tilematrixset/OGC/1.0/WebMercatorQuad";

/// The reference system of the tiles.
pub const CRS: &str = "http://www.opengis.net/def/crs/EPSG/0/3857";

/// Half the width of the world in metres at the equator: pi times the radius of the ellipsoid.
const HALF_WORLD_M: f64 = 20_037_508.342_789_244;

/// Pixels along the edge of a tile, as the set defines it.
const TILE_PIXELS: u32 = 256;

/// The pixel size in metres that scales are based on.
const PIXEL_M: f64 = 0.000_28;

/// Returns the set's definition, as in the standard.
pub fn definition() -> Value {
    let matrices: Vec<Value> = (0..=MAX_ZOOM)
        .map(|z| {
            let n_tiles = 1_u32 << z;
            let cell_m = 2.0 * HALF_WORLD_M / f64::from(TILE_PIXELS) / f64::from(n_tiles);
            json!({
                "id": z.to_string(), "scaleDenominator": cell_m / PIXEL_M, "cellSize": cell_m,
                "cornerOfOrigin": "topLeft", "pointOfOrigin": [-HALF_WORLD_M, HALF_WORLD_M],
                "tileWidth": TILE_PIXELS, "tileHeight": TILE_PIXELS,
                "matrixWidth": n_tiles, "matrixHeight": n_tiles,
            })
        })
        .collect();
    json!({
        "id": WEB_MERCATOR_QUAD, "title": "Google Maps Compatible for the World", "uri": URI, "crs": CRS,
        "orderedAxes": ["X", "Y"], "wellKnownScaleSet": "http://www.opengis.net/def/wkss/OGC/1.0/GoogleMapsCompatible",
        "tileMatrices": matrices,
    })
}

/// The tiles of a zoom level inside a box: the north-western and the south-eastern one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TileLimits {
    first: TileId,
    last: TileId,
}

impl TileLimits {
    /// Returns the tiles of zoom `z` in this box; the whole world if `None`.
    pub fn of(bounds: Option<Bounds>, z: u8) -> Self {
        let corner = |lon: f64, lat: f64| LonLat::new(lon, lat).ok().map(|at| TileId::at(at, z));
        let corners = bounds.and_then(|b| Some((corner(b.west(), b.north())?, corner(b.east(), b.south())?)));
        let last = (1_u32 << z.min(MAX_ZOOM)) - 1;
        let whole = || Some((TileId::new(z, 0, 0).ok()?, TileId::new(z, last, last).ok()?));
        let (first, last) = corners.or_else(whole).unwrap_or_else(|| {
            let world = TileId::at(geometry::Mercator { x: 0, y: 0 }, 0);
            (world, world)
        });
        Self { first, last }
    }

    /// Returns whether a tile of the same zoom level is within the limits.
    pub fn contain(&self, tile: TileId) -> bool {
        (self.first.x()..=self.last.x()).contains(&tile.x())
            && (self.first.y()..=self.last.y()).contains(&tile.y())
    }

    /// Formats the limits for the description of a tileset.
    pub fn to_json(self) -> Value {
        json!({
            "tileMatrix": self.first.z().to_string(),
            "minTileRow": self.first.y(), "maxTileRow": self.last.y(),
            "minTileCol": self.first.x(), "maxTileCol": self.last.x(),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn scales_are_those_that_the_standard_prints() {
        let set = definition();
        let at = |z: usize, name: &str| set["tileMatrices"][z][name].as_f64().unwrap();
        assert!((at(0, "scaleDenominator") - 559_082_264.028_717_8).abs() < 1e-3);
        assert!((at(18, "cellSize") - 0.597_164_283_559_817).abs() < 1e-9);
        assert_eq!(set["tileMatrices"].as_array().unwrap().len(), 23);
    }

    #[test]
    fn limits_hold_the_tiles_of_their_box_and_no_others() {
        let bounds = Bounds::new(46.0, 39.0, 47.0, 40.0).unwrap();
        let limits = TileLimits::of(Some(bounds), 9);
        assert!(limits.contain(TileId::at(LonLat::new(46.5, 39.5).unwrap(), 9)));
        assert!(!limits.contain(TileId::at(LonLat::new(44.0, 39.5).unwrap(), 9)));
        assert!(!limits.contain(TileId::at(LonLat::new(46.5, 42.0).unwrap(), 9)));
        assert!(TileLimits::of(None, 3).contain(TileId::new(3, 7, 7).unwrap()));
    }
}
