//! Polygons as a map draws them: simplified for a zoom so that neighbours keep a common border,
//! cut to a tile, in its whole units.

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

/// Polygons made ready for drawing, as tiles of the `WebMercatorQuad` set.
///
/// Lines are simplified to half a pixel of a tile 512 pixels wide. Points where three shapes
/// meet stay, and a border that two shapes share is simplified once for both, so no gaps open
/// between neighbours, nor between tiles.
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
    /// In parts of the Web Mercator square, y to the south.
    exact: Vec<MultiPolygon<f64>>,
    boxes: Vec<Option<Rect<f64>>>,
    borders: Borders,
    /// The shapes as each zoom draws them; made when first asked for.
    by_zoom: [OnceLock<Vec<MultiPolygon<f64>>>; FINEST as usize + 1],
}

impl Shapes {
    /// Makes the shapes, in degrees, ready; each is known by its place in the sequence.
    ///
    /// Shapes of several ranks may be mixed: districts and the regions made up of them.
    ///
    /// # Errors
    /// When a ring has fewer than 4 points, or points off the globe.
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

    /// What the tile shows of a shape; nothing when it lies outside the tile and its buffer.
    ///
    /// Rings are closed; on the screen exteriors run clockwise and holes the other way, as vector
    /// tiles want it. Rings of less than a quarter of a pixel are left out.
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

/// What a tile shows of one shape in degrees, every point of it; see [`Shapes::tile`].
///
/// For shapes that are drawn once. Numbers off the globe are drawn on its edge, NaN nowhere.
pub fn clip(shape: &MultiPolygon<f64>, tile: TileId, space: TileSpace) -> MultiPolygon<i32> {
    clip::cut(&shape.map_coords(clip::on_the_square), tile, space)
}

/// Coordinates as a key: equal only when every bit is.
type Bits = (u64, u64);

fn bits(at: Coord<f64>) -> Bits {
    (at.x.to_bits(), at.y.to_bits())
}
