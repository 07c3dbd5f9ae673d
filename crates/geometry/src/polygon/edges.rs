//! The edges of many polygons, in rows of latitude, to find the polygon that contains a point and the edges
//! that touch a box.
//!
//! A point is in a polygon if a ray to the east crosses its edges an odd number of times. An edge includes
//! its lower end but not its upper one, and a point on an edge counts as east of it. Every edge is evaluated
//! from its lower end, whichever direction its ring has, and sides are computed exactly, so a point on an
//! edge shared by two polygons is always in exactly one of them. Sources: Sunday, Inclusion of a point in a
//! polygon, 2001; Shewchuk, Adaptive precision floating-point arithmetic, 1997.

use std::ops::RangeInclusive;

use geo::kernels::{Kernel, Orientation, RobustKernel};
use geo::{Coord, LinesIter, Polygon};

/// The limit on references from rows to edges, per edge.
const REFERENCES_PER_EDGE: usize = 8;
const MAX_ROWS: usize = 1 << 14;

/// An edge from its lower end to its upper one.
struct Edge {
    low: Coord<f64>,
    high: Coord<f64>,
    owner: u32,
}

pub(super) struct Edges {
    all: Vec<Edge>,
    /// West, south, east and north of all edges.
    extent: [f64; 4],
    /// The start of each row's references, plus the end of the last row.
    starts: Vec<u32>,
    /// The edges of each row, by owner.
    references: Vec<u32>,
}

impl Edges {
    /// Collects the edges of these polygons; each polygon is identified by its position in the sequence.
    pub fn new<'a>(polygons: impl IntoIterator<Item = &'a Polygon<f64>>) -> Self {
        let mut edges = Vec::new();
        for (owner, polygon) in (0..).zip(polygons) {
            edges.extend(polygon.lines_iter().filter(|line| line.start != line.end).map(|line| {
                let (a, b) = (line.start, line.end);
                let (low, high) = if (a.y, a.x) <= (b.y, b.x) { (a, b) } else { (b, a) };
                Edge { low, high, owner }
            }));
        }
        let extent = edges.iter().fold([f64::MAX, f64::MAX, f64::MIN, f64::MIN], |[w, s, e, n], edge| {
            let (west, east) = edge.span();
            [w.min(west), s.min(edge.low.y), e.max(east), n.max(edge.high.y)]
        });
        let mut edges = Self { all: edges, extent, starts: Vec::new(), references: Vec::new() };
        edges.fill_rows();
        edges
    }

    fn fill_rows(&mut self) {
        let mut n_rows = self.all.len().clamp(1, MAX_ROWS);
        // Long edges are in many rows: if most edges are long, make the rows higher.
        loop {
            self.starts = vec![0; n_rows + 1];
            let n_references: usize = self.all.iter().map(|edge| self.rows_of(edge).count()).sum();
            if n_rows == 1 || n_references <= REFERENCES_PER_EDGE * self.all.len() {
                break;
            }
            n_rows /= 2;
        }
        let mut starts = vec![0_u32; n_rows + 1];
        for edge in &self.all {
            for row in self.rows_of(edge) {
                starts[row + 1] += 1;
            }
        }
        for row in 0..n_rows {
            starts[row + 1] += starts[row];
        }
        let mut next = starts.clone();
        self.references = vec![0; starts[n_rows] as usize];
        for (i, edge) in (0..).zip(&self.all) {
            for next in &mut next[self.rows_of(edge)] {
                self.references[*next as usize] = i;
                *next += 1;
            }
        }
        self.starts = starts;
    }

    /// Returns the row of a latitude; latitudes beyond all edges map to the first or last row.
    fn row(&self, lat: f64) -> usize {
        let n_rows = self.starts.len() - 1;
        let [_, south, _, north] = self.extent;
        let height = (north - south).max(f64::MIN_POSITIVE);
        // A cast from a float saturates at 0.
        (((lat - south) / height * n_rows as f64) as usize).min(n_rows - 1)
    }

    fn rows_of(&self, edge: &Edge) -> RangeInclusive<usize> {
        self.row(edge.low.y)..=self.row(edge.high.y)
    }

    fn in_row(&self, row: usize) -> &[u32] {
        &self.references[self.starts[row] as usize..self.starts[row + 1] as usize]
    }

    /// Returns the first polygon that contains the point.
    pub fn locate(&self, at: Coord<f64>) -> Option<u32> {
        let [west, south, east, north] = self.extent;
        if at.x < west || at.x > east || at.y < south || at.y > north {
            return None;
        }
        let (mut owner, mut odd) = (0, false);
        for reference in self.in_row(self.row(at.y)) {
            let edge = &self.all[*reference as usize];
            if edge.owner != owner {
                if odd {
                    break;
                }
                owner = edge.owner;
            }
            odd ^= edge.is_crossed_from(at);
        }
        odd.then_some(owner)
    }

    /// Returns west, south, east and north of all edges.
    pub fn extent(&self) -> [f64; 4] {
        self.extent
    }

    /// Returns whether an edge has a point in the box of west, south, east and north, including the box's
    /// edges.
    pub fn touch(&self, window: [f64; 4]) -> bool {
        let [west, south, east, north] = self.extent;
        if window[0] > east || window[2] < west || window[1] > north || window[3] < south {
            return false;
        }
        let (first, last) = (self.row(window[1]), self.row(window[3]));
        let n_references = self.starts[last + 1] - self.starts[first];
        if n_references as usize > self.all.len() {
            return self.all.iter().any(|edge| edge.touches(window));
        }
        let references = &self.references[self.starts[first] as usize..self.starts[last + 1] as usize];
        references.iter().any(|reference| self.all[*reference as usize].touches(window))
    }
}

impl Edge {
    fn span(&self) -> (f64, f64) {
        (self.low.x.min(self.high.x), self.low.x.max(self.high.x))
    }

    /// Returns whether a ray from the point to the east crosses the edge.
    fn is_crossed_from(&self, at: Coord<f64>) -> bool {
        if at.y < self.low.y || at.y >= self.high.y {
            return false;
        }
        let (west, east) = self.span();
        if at.x < west || at.x > east {
            return at.x < west;
        }
        RobustKernel::orient2d(self.low, self.high, at) == Orientation::CounterClockwise
    }

    fn touches(&self, [west, south, east, north]: [f64; 4]) -> bool {
        let (from, to) = self.span();
        if to < west || from > east || self.high.y < south || self.low.y > north {
            return false;
        }
        let is_inside = |at: Coord<f64>| (west..=east).contains(&at.x) && (south..=north).contains(&at.y);
        if is_inside(self.low) || is_inside(self.high) {
            return true;
        }
        // Both ends are outside, so the edge crosses the box if the box has corners on both sides of it.
        let corners = [(west, south), (east, south), (east, north), (west, north)];
        let side = |(x, y)| RobustKernel::orient2d(self.low, self.high, Coord { x, y });
        let first = side(corners[0]);
        first == Orientation::Collinear || corners[1..].iter().any(|corner| side(*corner) != first)
    }
}
