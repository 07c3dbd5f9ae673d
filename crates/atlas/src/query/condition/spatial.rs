//! How geometries lie to each other.

/// How the geometry of a feature lies to a shape (OGC 06-103r4, 6.1.15). A detection is a point, for which
/// some of these never hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Spatial {
    /// They have a position in common.
    Intersects,
    /// They have no position in common.
    Disjoint,
    /// It lies in the shape, not only on its edge: the end of a line is its edge.
    Within,
    /// They have positions in common, but only on an edge.
    Touches,
    /// They have all positions in common. Of a point: the shape is that point.
    Equals,
    /// The shape lies in it. Of a point: the shape is that point.
    Contains,
    /// It lies partly in the shape, with less dimensions in common than the two have. Never of a point.
    Crosses,
    /// Each has positions that the other lacks, with all dimensions in common. Never of a point.
    Overlaps,
}

impl Spatial {
    /// The same of the two in the other order.
    #[must_use]
    pub fn mirrored(self) -> Self {
        match self {
            Self::Within => Self::Contains,
            Self::Contains => Self::Within,
            same => same,
        }
    }
}
