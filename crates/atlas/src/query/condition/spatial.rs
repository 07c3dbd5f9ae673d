//! Spatial relations.

/// The relation of a feature's geometry to a shape (OGC 06-103r4, 6.1.15). A detection is a point, for which
/// some relations never hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Spatial {
    /// They have a position in common.
    Intersects,
    /// They have no position in common.
    Disjoint,
    /// The geometry is in the shape, not only on its edge: the end points of a line are its edge.
    Within,
    /// They have positions in common, but only on an edge.
    Touches,
    /// They have all positions in common. For a point: the shape is that point.
    Equals,
    /// The shape is in the geometry. For a point: the shape is that point.
    Contains,
    /// The geometry is partly in the shape, and the common part has a lower dimension than the two. Never for
    /// a point.
    Crosses,
    /// Each has positions that the other lacks, and the common part has the same dimension. Never for a
    /// point.
    Overlaps,
}

impl Spatial {
    /// Returns the relation with its operands swapped.
    #[must_use]
    pub fn mirrored(self) -> Self {
        match self {
            Self::Within => Self::Contains,
            Self::Contains => Self::Within,
            same => same,
        }
    }
}
