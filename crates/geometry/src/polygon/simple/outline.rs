//! Rings, each with its polygon.

use geo::{
    Coord, LineString, Polygon,
    kernels::{Kernel, Orientation, RobustKernel},
};

use super::fault::NotSimple;

#[derive(Clone, Copy)]
pub(super) struct Outline<'a> {
    pub(super) polygon: usize,
    pub(super) ring: usize,
    pub(super) line: &'a LineString<f64>,
}

impl Outline<'_> {
    /// Returns whether a point that is not on the ring is inside it.
    pub(super) fn encloses(&self, at: Coord<f64>) -> bool {
        self.line.lines().fold(false, |odd, edge| {
            let (low, high) =
                if edge.start.y <= edge.end.y { (edge.start, edge.end) } else { (edge.end, edge.start) };
            let is_level = at.y >= low.y && at.y < high.y;
            odd ^ (is_level && RobustKernel::orient2d(low, high, at) == Orientation::CounterClockwise)
        })
    }

    pub(super) fn filled(&self) -> Polygon<f64> {
        Polygon::new(self.line.clone(), Vec::new())
    }
}

/// Returns the fault for two rings that cross; `a` precedes `b`.
pub(super) fn overlap(a: &Outline<'_>, b: &Outline<'_>) -> NotSimple {
    match (a.ring, b.ring) {
        _ if a.polygon != b.polygon => NotSimple::Polygons { polygon: a.polygon, other: b.polygon },
        (0, ring) => NotSimple::HoleOutside { polygon: a.polygon, ring },
        (ring, other) => NotSimple::Holes { polygon: a.polygon, ring, other },
    }
}
