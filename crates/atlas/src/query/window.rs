//! A box of a filter, compared with places that are known to a centimetre.

use geometry::{Bounds, LonLat, Mercator, MercatorBounds};

use super::part::Part;

/// A box of the filter.
#[derive(Clone, Debug)]
pub struct Window {
    pub exact: Bounds,
    pub outer: MercatorBounds,
    /// Units that are wholly inside the box: one less on each side. `None` if the box is too small.
    pub inner: Option<MercatorBounds>,
}

impl Window {
    /// Prepares the box.
    pub fn new(exact: Bounds) -> Self {
        let outer = MercatorBounds::from(exact);
        // Positions in the outermost units may be outside the box, but not beyond the world's edge.
        let inner = [
            if exact.west() <= -180.0 { Some(0) } else { outer.min.x.checked_add(1) },
            if exact.north() >= 90.0 { Some(0) } else { outer.min.y.checked_add(1) },
            if exact.east() >= 180.0 { Some(u32::MAX) } else { outer.max.x.checked_sub(1) },
            if exact.south() <= -90.0 { Some(u32::MAX) } else { outer.max.y.checked_sub(1) },
        ];
        let inner = match inner {
            [Some(x0), Some(y0), Some(x1), Some(y1)] if x0 <= x1 && y0 <= y1 => {
                Some(MercatorBounds { min: Mercator { x: x0, y: y0 }, max: Mercator { x: x1, y: y1 } })
            }
            _ => None,
        };
        Self { exact, outer, inner }
    }

    /// Returns `true` if all positions of this unit are in the box.
    pub fn surely_takes(&self, place: Mercator) -> bool {
        self.inner.is_some_and(|inner| inner.contains(place))
    }

    /// Returns `true` if the position is in the box. Its unit decides unless it is on an edge.
    pub fn takes(&self, place: Mercator, exact: impl FnOnce() -> LonLat) -> bool {
        self.surely_takes(place) || self.outer.contains(place) && self.exact.contains(exact())
    }
}

/// Judges whether the rows of a node are in any of the boxes.
pub fn judge_windows(windows: &[Window], bounds: &MercatorBounds) -> Part {
    let inside = |window: &Window| window.inner.is_some_and(|inner| inner.covers(bounds));
    Part::of(windows.iter().any(|window| window.outer.intersects(bounds)), windows.iter().any(inside))
}
