//! Checks that polygons are simple: no ring meets itself, holes are inside their outer ring without
//! overlapping each other, and no two polygons overlap. Only then do containment (by the number of edges
//! crossed) and area (by the signs of the rings) refer to the same ground.
//!
//! Edges that may meet are found in an R-tree and compared exactly. Rings that never meet are compared by one
//! point; the few that touch, by `geo`'s relation of the two.
//!
//! The files, lowest first:
//! - `fault` lists the reasons why polygons are not simple.
//! - `work` bounds the work.
//! - `outline` holds rings, each with its polygon.
//! - `meetings` finds where edges meet.
//! - `contacts` checks the relations of rings that do not cross.

mod contacts;
mod fault;
mod meetings;
mod outline;
#[cfg(test)]
mod tests;
mod work;

use geo::MultiPolygon;

use self::{
    contacts::Contacts,
    meetings::meetings,
    outline::Outline,
    work::{MOST_WORK, Work},
};

pub use fault::NotSimple;

/// Checks that the polygons are simple. Polygons may touch, even along an edge; holes may touch at points.
///
/// 100,000 edges of a boundary take less than a second; the work is bounded for any input.
///
/// # Errors
/// Returns the first fault found.
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
