//! Whether polygons are simple: no ring meets itself, holes lie in their outer ring and beside each
//! other, and no two polygons cover the same ground. Only then are what lies inside (by the number of
//! edges crossed) and the area (by the signs of the rings) about the same ground.
//!
//! Edges that may meet are found in an R-tree and told apart exactly. Rings that nowhere meet are
//! told by one point; those that touch, rarely, by `geo`'s relation of the two.

use std::collections::BTreeSet;

use geo::coordinate_position::CoordPos;
use geo::dimensions::Dimensions;
use geo::kernels::{Kernel, Orientation, RobustKernel};
use geo::{BoundingRect, Coord, LineString, MultiPolygon, Polygon, Relate};
use rstar::primitives::{GeomWithData, Rectangle};
use rstar::{AABB, RTree, RTreeObject};

/// Pairs of edges looked at before polygons are said to be too entangled: a second, or two.
const MOST_WORK: usize = 30_000_000;

/// Why polygons are not simple. Polygons and rings are counted from 0; ring 0 is the exterior.
#[derive(Debug, Clone, Copy, PartialEq, thiserror::Error)]
pub enum NotSimple {
    /// A ring crosses itself, or touches itself, or runs back on itself.
    #[error("ring {ring} of polygon {polygon} crosses or touches itself near {}, {}", near.x, near.y)]
    Itself {
        /// Which polygon.
        polygon: usize,
        /// Which ring.
        ring: usize,
        /// An end of the edge that meets another, degrees.
        near: Coord<f64>,
    },
    /// A hole is not inside the outer ring of its polygon.
    #[error("hole {ring} of polygon {polygon} does not lie inside its outer ring")]
    HoleOutside {
        /// Which polygon.
        polygon: usize,
        /// Which ring.
        ring: usize,
    },
    /// Two holes of a polygon cover the same ground.
    #[error("holes {ring} and {other} of polygon {polygon} overlap")]
    Holes {
        /// Which polygon.
        polygon: usize,
        /// Which ring.
        ring: usize,
        /// Which other ring.
        other: usize,
    },
    /// Two polygons cover the same ground.
    #[error("polygons {polygon} and {other} overlap")]
    Polygons {
        /// Which polygon.
        polygon: usize,
        /// Which other polygon.
        other: usize,
    },
    /// So many edges lie so close together that it would take too long to tell.
    #[error("the edges are too entangled to be checked")]
    TooEntangled,
}

/// Whether the polygons are simple. Polygons may touch, along an edge too, and so may holes at points.
///
/// 100,000 edges of a boundary take less than a second; work is bounded for any input.
///
/// # Errors
/// The first fault that is found.
///
/// ```
/// use geo::polygon;
/// let bow_tie = polygon![(x: 46.0, y: 39.0), (x: 47.0, y: 40.0), (x: 47.0, y: 39.0), (x: 46.0, y: 40.0)];
/// assert!(geometry::check_simple(&bow_tie.into()).is_err());
/// ```
pub fn check_simple(shape: &MultiPolygon<f64>) -> Result<(), NotSimple> {
    let rings: Vec<Outline<'_>> = shape
        .iter()
        .enumerate()
        .flat_map(|(polygon, p)| {
            let lines = std::iter::once(p.exterior()).chain(p.interiors());
            lines.enumerate().map(move |(ring, line)| Outline { polygon, ring, line })
        })
        .collect();
    let mut work = Work(MOST_WORK);
    let touching = meetings(&rings, &mut work)?;
    let contacts = Contacts { shape, rings: &rings, touching };
    contacts.check_touching(&mut work)?;
    contacts.check_apart(&mut work)
}

#[derive(Clone, Copy)]
struct Outline<'a> {
    polygon: usize,
    ring: usize,
    line: &'a LineString<f64>,
}

impl Outline<'_> {
    /// Whether a point that is not on the ring is inside of it.
    fn encloses(&self, at: Coord<f64>) -> bool {
        self.line.lines().fold(false, |odd, edge| {
            let (low, high) =
                if edge.start.y <= edge.end.y { (edge.start, edge.end) } else { (edge.end, edge.start) };
            let is_level = at.y >= low.y && at.y < high.y;
            odd ^ (is_level && RobustKernel::orient2d(low, high, at) == Orientation::CounterClockwise)
        })
    }

    fn filled(&self) -> Polygon<f64> {
        Polygon::new(self.line.clone(), Vec::new())
    }
}

/// What may still be spent.
struct Work(usize);

impl Work {
    fn spend(&mut self, steps: usize) -> Result<(), NotSimple> {
        self.0 = self.0.checked_sub(steps).ok_or(NotSimple::TooEntangled)?;
        Ok(())
    }
}

/// An edge, its ring, and its place in the ring.
struct Edge {
    from: Coord<f64>,
    to: Coord<f64>,
    ring: usize,
    place: usize,
    /// Edges of its ring.
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
    /// An end of one lies on the other, or both run along each other.
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

    /// Whether a point on the edge's line is within its box, and so on the edge.
    fn is_beside(&self, at: Coord<f64>) -> bool {
        let within = |a: f64, b: f64, x: f64| x >= a.min(b) && x <= a.max(b);
        within(self.from.x, self.to.x, at.x) && within(self.from.y, self.to.y, at.y)
    }

    /// Whether the other follows in the same ring and goes on from here without running back.
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

/// The pairs of rings that touch, when no edge crosses another and no ring meets itself.
fn meetings(rings: &[Outline<'_>], work: &mut Work) -> Result<BTreeSet<(usize, usize)>, NotSimple> {
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

/// What it is that two rings cross; the first stands before the second.
fn overlap(a: &Outline<'_>, b: &Outline<'_>) -> NotSimple {
    match (a.ring, b.ring) {
        _ if a.polygon != b.polygon => NotSimple::Polygons { polygon: a.polygon, other: b.polygon },
        (0, ring) => NotSimple::HoleOutside { polygon: a.polygon, ring },
        (ring, other) => NotSimple::Holes { polygon: a.polygon, ring, other },
    }
}

/// Rings of which none crosses another.
struct Contacts<'a> {
    shape: &'a MultiPolygon<f64>,
    rings: &'a [Outline<'a>],
    /// Which touch, by their places; the smaller first.
    touching: BTreeSet<(usize, usize)>,
}

impl Contacts<'_> {
    /// Those that touch.
    fn check_touching(&self, work: &mut Work) -> Result<(), NotSimple> {
        let is_shared = |m: &geo::relate::IntersectionMatrix| {
            m.get(CoordPos::Inside, CoordPos::Inside) == Dimensions::TwoDimensional
        };
        let mut polygons = BTreeSet::new();
        for (a, b) in &self.touching {
            let (a, b) = (&self.rings[*a], &self.rings[*b]);
            if a.polygon != b.polygon {
                polygons.insert((a.polygon, b.polygon));
                continue;
            }
            work.spend(RELATION * (a.line.0.len() + b.line.0.len()))?;
            let relation = a.filled().relate(&b.filled());
            let is_wrong = if a.ring == 0 { !relation.is_contains() } else { is_shared(&relation) };
            if is_wrong {
                return Err(overlap(a, b));
            }
        }
        for (polygon, other) in polygons {
            let (a, b) = (&self.shape.0[polygon], &self.shape.0[other]);
            let n_positions = |p: &Polygon<f64>| {
                p.exterior().0.len() + p.interiors().iter().map(|ring| ring.0.len()).sum::<usize>()
            };
            work.spend(RELATION * (n_positions(a) + n_positions(b)))?;
            if is_shared(&a.relate(b)) {
                return Err(NotSimple::Polygons { polygon, other });
            }
        }
        Ok(())
    }

    /// Those that don't: one point of a ring tells on which side of another all of it lies.
    fn check_apart(&self, work: &mut Work) -> Result<(), NotSimple> {
        let boxes = self.rings.iter().enumerate().filter_map(|(number, ring)| {
            let r = ring.line.bounding_rect()?;
            let corners = Rectangle::from_corners([r.min().x, r.min().y], [r.max().x, r.max().y]);
            Some(GeomWithData::new(corners, number))
        });
        let boxes = RTree::bulk_load(boxes.collect());
        for (number, ring) in self.rings.iter().enumerate() {
            let Some(at) = ring.line.0.first() else { continue };
            let mut around = Vec::new();
            for found in boxes.locate_all_at_point([at.x, at.y]) {
                let other = &self.rings[found.data];
                work.spend(other.line.0.len())?;
                let pair = (number.min(found.data), number.max(found.data));
                if number != found.data && (self.touching.contains(&pair) || other.encloses(*at)) {
                    around.push(found.data);
                }
            }
            self.check_around(number, &around)?;
        }
        Ok(())
    }

    /// A ring, and those that it touches or lies in.
    fn check_around(&self, number: usize, around: &[usize]) -> Result<(), NotSimple> {
        let ring = &self.rings[number];
        let around: BTreeSet<(usize, usize)> =
            around.iter().map(|at| (self.rings[*at].polygon, self.rings[*at].ring)).collect();
        if ring.ring > 0 {
            if !around.contains(&(ring.polygon, 0)) {
                return Err(NotSimple::HoleOutside { polygon: ring.polygon, ring: ring.ring });
            }
            let holes = around.range((ring.polygon, 1)..(ring.polygon + 1, 0));
            let mut apart = holes.filter(|(_, other)| !self.touch(number, ring.polygon, *other));
            return match apart.next() {
                Some((polygon, other)) => Err(NotSimple::Holes {
                    polygon: *polygon,
                    ring: ring.ring.min(*other),
                    other: ring.ring.max(*other),
                }),
                None => Ok(()),
            };
        }
        for (other, of) in &around {
            let is_in_hole = around.range((*other, 1)..(*other + 1, 0)).next().is_some();
            if *other != ring.polygon && *of == 0 && !is_in_hole && !self.touch(number, *other, 0) {
                let (polygon, other) = (ring.polygon.min(*other), ring.polygon.max(*other));
                return Err(NotSimple::Polygons { polygon, other });
            }
        }
        Ok(())
    }

    /// Whether a ring touches the ring of this polygon and number, so that it was looked at before.
    fn touch(&self, number: usize, polygon: usize, ring: usize) -> bool {
        let other = self.rings.partition_point(|r| (r.polygon, r.ring) < (polygon, ring));
        self.touching.contains(&(number.min(other), number.max(other)))
    }
}

/// What relating two polygons costs for each position, in pairs of edges.
const RELATION: usize = 20;

#[cfg(test)]
mod tests {
    use super::*;
    use geo::wkt;

    fn check(shape: impl Into<MultiPolygon<f64>>, expected: &str) {
        let found = check_simple(&shape.into()).map_or_else(|e| e.to_string(), |()| "simple".to_owned());
        assert_eq!(found, expected);
    }

    #[test]
    fn rings_that_meet_themselves_are_found() {
        let of_0 = "ring 0 of polygon 0 crosses or touches itself near";
        check(wkt!(POLYGON((0. 0.,4. 0.,4. 4.,0. 4.,0. 0.))), "simple");
        check(wkt!(POLYGON((0. 0.,2. 0.,2. 0.,4. 0.,4. 4.,0. 4.,0. 0.))), "simple");
        check(wkt!(POLYGON((0. 0.,4. 4.,4. 0.,0. 4.,0. 0.))), &format!("{of_0} 0, 0"));
        // Through a corner, with a spike, and with a touch of a corner on an edge.
        for ring in [
            wkt!(POLYGON((0. 0.,2. 2.,4. 0.,4. 4.,2. 2.,0. 4.,0. 0.))),
            wkt!(POLYGON((0. 0.,4. 0.,6. 0.,4. 0.,4. 4.,0. 4.,0. 0.))),
            wkt!(POLYGON((0. 0.,4. 0.,4. 4.,2. 0.,0. 4.,0. 0.))),
        ] {
            let found = check_simple(&ring.into()).unwrap_err();
            assert!(matches!(found, NotSimple::Itself { polygon: 0, ring: 0, .. }), "{found}");
        }
    }

    #[test]
    fn holes_lie_inside_and_beside_each_other() {
        let outside = "hole 1 of polygon 0 does not lie inside its outer ring";
        let overlap = "holes 1 and 2 of polygon 0 overlap";
        check(
            wkt!(POLYGON((0. 0.,9. 0.,9. 9.,0. 9.,0. 0.),(1. 1.,2. 1.,2. 2.,1. 1.),(3. 1.,4. 1.,4. 2.,3. 1.))),
            "simple",
        );
        check(
            wkt!(POLYGON((0. 0.,9. 0.,9. 9.,0. 9.,0. 0.),(0. 1.,2. 1.,2. 2.,0. 1.),(2. 1.,4. 1.,4. 2.,2. 1.))),
            "simple",
        );
        check(wkt!(POLYGON((0. 0.,9. 0.,9. 9.,0. 9.,0. 0.),(11. 1.,12. 1.,12. 2.,11. 1.))), outside);
        check(wkt!(POLYGON((0. 0.,9. 0.,9. 9.,0. 9.,0. 0.),(8. 1.,12. 1.,12. 2.,8. 1.))), outside);
        check(wkt!(POLYGON((0. 0.,9. 0.,9. 9.,0. 9.,0. 0.),(9. 1.,12. 1.,12. 2.,9. 1.))), outside);
        check(wkt!(POLYGON((0. 0.,9. 0.,0. 9.,0. 0.),(-1. -1.,20. -1.,-1. 20.,-1. -1.))), outside);
        check(
            wkt!(POLYGON((0. 0.,9. 0.,9. 9.,0. 9.,0. 0.),(1. 1.,5. 1.,5. 5.,1. 5.,1. 1.),(2. 2.,3. 2.,3. 3.,2. 2.))),
            overlap,
        );
        check(
            wkt!(POLYGON((0. 0.,9. 0.,9. 9.,0. 9.,0. 0.),(1. 1.,5. 1.,5. 5.,1. 1.),(1. 1.,5. 1.,5. 5.,1. 1.))),
            overlap,
        );
        check(
            wkt!(POLYGON((0. 0.,9. 0.,9. 9.,0. 9.,0. 0.),(1. 1.,5. 1.,5. 5.,1. 1.),(1. 2.,5. 2.,1. 5.,1. 2.))),
            overlap,
        );
    }

    #[test]
    fn polygons_may_touch_and_lie_in_holes_and_not_overlap() {
        let overlap = "polygons 0 and 1 overlap";
        check(
            wkt!(MULTIPOLYGON(((0. 0.,2. 0.,2. 2.,0. 2.,0. 0.)),((2. 0.,4. 0.,4. 2.,2. 2.,2. 0.)))),
            "simple",
        );
        check(wkt!(MULTIPOLYGON(((0. 0.,2. 0.,2. 2.,0. 2.,0. 0.)),((2. 1.,4. 0.,4. 2.,2. 1.)))), "simple");
        check(wkt!(MULTIPOLYGON(((0. 0.,2. 0.,2. 2.,0. 2.,0. 0.)),((1. 1.,4. 0.,4. 2.,1. 1.)))), overlap);
        check(
            wkt!(MULTIPOLYGON(((0. 0.,2. 0.,2. 2.,0. 2.,0. 0.)),((0. 0.,2. 0.,2. 2.,0. 2.,0. 0.)))),
            overlap,
        );
        check(wkt!(MULTIPOLYGON(((1. 1.,2. 1.,2. 2.,1. 1.)),((0. 0.,9. 0.,9. 9.,0. 9.,0. 0.)))), overlap);
        check(wkt!(MULTIPOLYGON(((0. 0.,9. 0.,9. 9.,0. 9.,0. 0.)),((1. 1.,2. 1.,2. 2.,1. 1.)))), overlap);
        let frame = |inner: Polygon<f64>| {
            let frame: Polygon<f64> =
                wkt!(POLYGON((0. 0.,9. 0.,9. 9.,0. 9.,0. 0.),(1. 1.,8. 1.,8. 8.,1. 8.,1. 1.)));
            MultiPolygon::new(vec![frame, inner])
        };
        check(frame(wkt!(POLYGON((2. 2.,3. 2.,3. 3.,2. 2.)))), "simple");
        check(frame(wkt!(POLYGON((1. 1.,8. 1.,8. 8.,1. 8.,1. 1.)))), "simple");
        check(frame(wkt!(POLYGON((0.5 0.5,8.5 0.5,8.5 8.5,0.5 8.5,0.5 0.5)))), overlap);
        check(frame(wkt!(POLYGON((0. 0.,9. 0.,9. 9.,0. 9.,0. 0.)))), overlap);
    }

    #[test]
    fn a_hundred_thousand_edges_are_told_or_refused_in_bounded_time() {
        let n = 100_000;
        let circle: LineString<f64> = (0..n)
            .map(|i| f64::from(i) / f64::from(n) * std::f64::consts::TAU)
            .map(|turn| (46.0 + turn.cos(), 39.0 + turn.sin()))
            .collect();
        check(Polygon::new(circle, vec![]), "simple");
        let teeth = (0..n).map(|i| {
            let along = f64::from(i) / f64::from(n);
            if i % 2 == 0 { (along, -along) } else { (along + 20.0, 20.0 - along) }
        });
        let comb: LineString<f64> = teeth.chain([(30.0, -5.0), (-1.0, -5.0)]).collect();
        check(Polygon::new(comb, vec![]), "the edges are too entangled to be checked");
        let squares = (0..25_000).map(|i| {
            let (x, y) = (f64::from(i % 250) / 10.0, f64::from(i / 250) / 10.0);
            geo::Rect::new((x, y), (x + 0.05, y + 0.05)).to_polygon()
        });
        check(MultiPolygon::new(squares.collect()), "simple");
    }
}
