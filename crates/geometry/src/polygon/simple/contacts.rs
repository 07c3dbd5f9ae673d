//! Checks the relations of rings that do not cross each other.

use std::collections::BTreeSet;

use geo::{
    BoundingRect, MultiPolygon, Polygon, Relate, coordinate_position::CoordPos, dimensions::Dimensions,
};
use rstar::{
    RTree,
    primitives::{GeomWithData, Rectangle},
};

use super::{
    fault::NotSimple,
    outline::{Outline, overlap},
    work::Work,
};

/// Rings that do not cross each other.
pub(super) struct Contacts<'a> {
    pub(super) shape: &'a MultiPolygon<f64>,
    pub(super) rings: &'a [Outline<'a>],
    /// The pairs that touch, by their positions; the smaller first.
    pub(super) touching: BTreeSet<(usize, usize)>,
}

impl Contacts<'_> {
    /// Checks the pairs that touch.
    pub(super) fn check_touching(&self, work: &mut Work) -> Result<(), NotSimple> {
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

    /// Checks the pairs that do not touch: one point of a ring decides on which side of another all of it is.
    pub(super) fn check_apart(&self, work: &mut Work) -> Result<(), NotSimple> {
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

    /// Checks a ring with the rings that it touches or that contain it.
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

    /// Returns whether a ring touches the ring of this polygon and number, so that the pair was checked
    /// before.
    fn touch(&self, number: usize, polygon: usize, ring: usize) -> bool {
        let other = self.rings.partition_point(|r| (r.polygon, r.ring) < (polygon, ring));
        self.touching.contains(&(number.min(other), number.max(other)))
    }
}

/// The cost of relating two polygons for each position, in pairs of edges.
const RELATION: usize = 20;
