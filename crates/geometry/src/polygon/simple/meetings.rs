//! Finds where edges of rings meet.

use std::collections::BTreeSet;

use geo::{
    Coord,
    kernels::{Kernel, Orientation, RobustKernel},
};
use rstar::{AABB, RTree, RTreeObject};

use super::{
    fault::NotSimple,
    outline::{Outline, overlap},
    work::Work,
};

/// An edge, its ring, and its position in the ring.
struct Edge {
    from: Coord<f64>,
    to: Coord<f64>,
    ring: usize,
    place: usize,
    /// The number of edges of its ring.
    n_places: usize,
}

impl RTreeObject for Edge {
    type Envelope = AABB<[f64; 2]>;

    fn envelope(&self) -> Self::Envelope {
        AABB::from_corners([self.from.x, self.from.y], [self.to.x, self.to.y])
    }
}

/// How two edges meet.
#[derive(PartialEq, Eq)]
enum Meeting {
    Apart,
    /// An end of one is on the other, or they overlap along a line.
    Touch,
    /// Each has its ends on both sides of the other.
    Cross,
}

impl Edge {
    fn meets(&self, other: &Self) -> Meeting {
        use Orientation::Collinear;
        let side = |edge: &Self, at| RobustKernel::orient2d(edge.from, edge.to, at);
        let (a, b) = (side(self, other.from), side(self, other.to));
        let (c, d) = (side(other, self.from), side(other, self.to));
        if a != b && c != d && [a, b, c, d].iter().all(|side| *side != Collinear) {
            return Meeting::Cross;
        }
        let on = |edge: &Self, side, at: Coord<f64>| side == Collinear && edge.is_beside(at);
        let touches = on(self, a, other.from)
            || on(self, b, other.to)
            || on(other, c, self.from)
            || on(other, d, self.to);
        if touches { Meeting::Touch } else { Meeting::Apart }
    }

    /// Returns whether a point on the edge's line is within its box, and so on the edge.
    fn is_beside(&self, at: Coord<f64>) -> bool {
        let within = |a: f64, b: f64, x: f64| x >= a.min(b) && x <= a.max(b);
        within(self.from.x, self.to.x, at.x) && within(self.from.y, self.to.y, at.y)
    }

    /// Returns whether the other edge follows in the same ring and continues without doubling back.
    fn goes_on_in(&self, next: &Self) -> bool {
        if self.ring != next.ring || (self.place + 1) % self.n_places != next.place {
            return false;
        }
        let runs_on_a_line = RobustKernel::orient2d(self.from, self.to, next.to) == Orientation::Collinear;
        let ahead = (self.to.x - self.from.x) * (next.to.x - next.from.x)
            + (self.to.y - self.from.y) * (next.to.y - next.from.y);
        !(runs_on_a_line && ahead < 0.0)
    }
}

/// Returns the pairs of rings that touch, provided that no edge crosses another and no ring meets itself.
pub(super) fn meetings(
    rings: &[Outline<'_>],
    work: &mut Work,
) -> Result<BTreeSet<(usize, usize)>, NotSimple> {
    let mut edges = Vec::new();
    for (number, ring) in rings.iter().enumerate() {
        let lines: Vec<_> = ring.line.lines().filter(|line| line.start != line.end).collect();
        let n_places = lines.len();
        let edge = |(place, line): (usize, geo::Line<f64>)| Edge {
            from: line.start,
            to: line.end,
            ring: number,
            place,
            n_places,
        };
        edges.extend(lines.into_iter().enumerate().map(edge));
    }
    let tree = RTree::bulk_load(edges);
    let mut touching = BTreeSet::new();
    for edge in &tree {
        for other in tree.locate_in_envelope_intersecting(edge.envelope()) {
            work.spend(1)?;
            if (other.ring, other.place) <= (edge.ring, edge.place) {
                continue;
            }
            let (a, b) = (&rings[edge.ring], &rings[other.ring]);
            match edge.meets(other) {
                Meeting::Apart => {}
                _ if edge.ring == other.ring => {
                    if !edge.goes_on_in(other) && !other.goes_on_in(edge) {
                        return Err(NotSimple::Itself { polygon: a.polygon, ring: a.ring, near: edge.from });
                    }
                }
                Meeting::Cross => return Err(overlap(a, b)),
                Meeting::Touch => {
                    touching.insert((edge.ring, other.ring));
                }
            }
        }
    }
    Ok(touching)
}
