//! Where a row is, as its file says it.

/// Where a row is.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) enum Shape {
    /// In its cells.
    InCells,
    /// Nowhere: it has no geometry.
    Missing,
    /// A point.
    Point {
        /// East, or longitude.
        x: f64,
        /// North, or latitude.
        y: f64,
    },
    /// Something else: the end of a sentence, such as "is a `LineString`, not a Point".
    Other(&'static str),
}

impl Shape {
    /// The point there. One without coordinates, as formats without an empty point write it, is
    /// nowhere.
    pub(crate) fn at(x: f64, y: f64) -> Self {
        if x.is_nan() && y.is_nan() { Self::Missing } else { Self::Point { x, y } }
    }

    /// A geometry that is no single point, by its number in well-known binary.
    pub(crate) fn of_kind(kind: u32) -> Self {
        Self::Other(match kind {
            2 => "is a LineString, not a Point",
            3 => "is a Polygon, not a Point",
            4 => "is a MultiPoint of several, not a Point",
            5 => "is a MultiLineString, not a Point",
            6 => "is a MultiPolygon, not a Point",
            7 => "is a GeometryCollection, not a Point",
            _ => "is not a Point",
        })
    }
}
