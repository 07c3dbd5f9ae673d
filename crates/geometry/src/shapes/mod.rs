//! Polygons for drawing on a map: simplified for each zoom so that neighbours keep a common border, clipped
//! to a tile, in the tile's integer units.

mod clip;
mod simplify;

use std::sync::OnceLock;

use geo::{BoundingRect, Coord, MapCoords, MultiPolygon, Rect};

use crate::polygon::rings;
use crate::{PolygonError, TileId};
pub use clip::TileSpace;
use simplify::Borders;

/// From this zoom on all tiles draw the same lines: half a pixel is 0.6 m there.
const FINEST: u8 = 16;

/// Polygons prepared for drawing, as tiles of the `WebMercatorQuad` set.
///
/// Lines are simplified to half a pixel of a tile 512 pixels wide. Points where three shapes meet are kept,
/// and a border shared by two shapes is simplified once for both, so no gaps open between neighbours or
/// between tiles.
///
/// ```
/// use geometry::{LonLat, Shapes, TileId, TileSpace, multi_polygon};
/// let ring = vec![[46.0, 39.0], [47.0, 39.0], [47.0, 40.0], [46.0, 40.0], [46.0, 39.0]];
/// let shapes = Shapes::new(&[multi_polygon(&[vec![ring]])?])?;
/// let inside = TileId::at(LonLat::new(46.5, 39.5)?, 12);
/// let square = shapes.tile(0, inside, TileSpace { extent: 4096, buffer: 64 });
/// assert_eq!(square.0[0].exterior().0.len(), 5);
/// assert!(shapes.tile(0, TileId::new(12, 0, 0)?, TileSpace::default()).0.is_empty());
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub struct Shapes {
    /// In fractions of the Web Mercator square, y to the south.
    exact: Vec<MultiPolygon<f64>>,
    boxes: Vec<Option<Rect<f64>>>,
    borders: Borders,
    /// The shapes simplified for each zoom, created on first use.
    by_zoom: [OnceLock<Vec<MultiPolygon<f64>>>; FINEST as usize + 1],
}

impl Shapes {
    /// Prepares the shapes, in degrees; each is identified by its position in the sequence.
    ///
    /// Shapes of several levels may be mixed, such as districts and the regions that consist of them.
    ///
    /// # Errors
    /// Returns an error if a ring has fewer than 4 points or points out of range.
    pub fn new<'a>(shapes: impl IntoIterator<Item = &'a MultiPolygon<f64>>) -> Result<Self, PolygonError> {
        let shapes = shapes
            .into_iter()
            .map(|shape| {
                rings::check(shape)?;
                Ok(shape.map_coords(clip::on_the_square))
            })
            .collect::<Result<Vec<_>, _>>()?;
        let boxes = shapes.iter().map(BoundingRect::bounding_rect).collect();
        let borders = Borders::of(&shapes);
        Ok(Self { exact: shapes, boxes, borders, by_zoom: [const { OnceLock::new() }; FINEST as usize + 1] })
    }

    /// Returns the part of a shape shown by the tile; empty if it is outside the tile and its buffer.
    ///
    /// Rings are closed; on the screen exteriors run clockwise and holes counter-clockwise, as vector tiles
    /// require. Rings of less than a quarter of a pixel are omitted.
    pub fn tile(&self, shape: usize, tile: TileId, space: TileSpace) -> MultiPolygon<i32> {
        let window = space.window(tile);
        let is_near = |bounds: &Rect<f64>| {
            let (from, to) = (bounds.min(), bounds.max());
            from.x <= window.max().x
                && to.x >= window.min().x
                && from.y <= window.max().y
                && to.y >= window.min().y
        };
        if !self.boxes.get(shape).is_some_and(|bounds| bounds.as_ref().is_some_and(is_near)) {
            return MultiPolygon::new(Vec::new());
        }
        clip::cut(&self.at_zoom(tile.z())[shape], tile, space)
    }

    fn at_zoom(&self, z: u8) -> &[MultiPolygon<f64>] {
        let z = z.min(FINEST);
        self.by_zoom[usize::from(z)].get_or_init(|| {
            let half_a_pixel = 0.5 / 512.0 / f64::from(1_u32 << z);
            self.exact.iter().map(|shape| self.borders.simplified(shape, half_a_pixel)).collect()
        })
    }
}

impl std::fmt::Debug for Shapes {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Shapes").field("len", &self.exact.len()).finish_non_exhaustive()
    }
}

/// Returns the part of one shape, in degrees, shown by a tile, without simplification; see [`Shapes::tile`].
///
/// For shapes that are drawn once. Positions out of range are drawn on the edge, NaN is not drawn.
pub fn clip(shape: &MultiPolygon<f64>, tile: TileId, space: TileSpace) -> MultiPolygon<i32> {
    clip::cut(&shape.map_coords(clip::on_the_square), tile, space)
}

/// Coordinates as a key: equal only if every bit is.
type Bits = (u64, u64);

fn bits(at: Coord<f64>) -> Bits {
    (at.x.to_bits(), at.y.to_bits())
}
