//! The geometry of a row, as stated in its file.

/// The geometry of a row.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) enum Shape {
    /// In its cells.
    InCells,
    /// The row has no geometry.
    Missing,
    /// A point.
    Point {
        /// East, or longitude.
        x: f64,
        /// North, or latitude.
        y: f64,
    },
    /// Any other geometry, as the end of a sentence such as "is a `LineString`, not a Point".
    Other(&'static str),
}

impl Shape {
    /// Creates a point. One without coordinates, written by formats that have no empty point, counts as
    /// missing.
    pub(crate) fn at(x: f64, y: f64) -> Self {
        if x.is_nan() && y.is_nan() { Self::Missing } else { Self::Point { x, y } }
    }

    /// Creates a geometry other than a single point, from its type number in well-known binary.
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
