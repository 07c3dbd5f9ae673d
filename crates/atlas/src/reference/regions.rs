//! Regions, with what follows from their place among the others.

use std::{collections::HashMap, sync::Arc};

use demining::Region;
use geometry::{Bounds, LonLat, area_m2};

use super::district_set::DistrictSet;

/// A region with what follows from its place among the others.
#[derive(Debug)]
pub struct RegionInfo {
    /// The region as it was given.
    pub region: Region,
    /// Its size on the ellipsoid, square metres; of a region above the districts, the sum of theirs.
    pub area_m2: f64,
    /// The smallest box that holds it; none when it has no boundary.
    pub bounds: Option<Bounds>,
    /// The regions it belongs to, the nearest first, as places in
    /// [`ReferenceData::regions`](super::ReferenceData::regions).
    pub ancestors: Vec<usize>,
    /// The regions that belong to it, one level below, in the order given.
    pub children: Vec<usize>,
    /// All districts in it; itself, for a district.
    pub districts: DistrictSet,
}

impl RegionInfo {
    /// The regions, in the order given. `districts` are those of the last level, in the order of their numbers.
    pub(super) fn all(
        regions: Vec<Region>,
        by_id: &HashMap<String, usize>,
        districts: &[(usize, Arc<str>)],
    ) -> Vec<Self> {
        let parent = |at: usize| regions[at].parent.as_ref().and_then(|id| by_id.get(id)).copied();
        let ancestors: Vec<Vec<usize>> = (0..regions.len())
            .map(|at| {
                // Limited to the number of regions: a cycle of parents must not hang the start.
                let above = std::iter::successors(parent(at), |up| parent(*up));
                above.take(regions.len()).collect()
            })
            .collect();
        let mut infos: Vec<Self> = regions
            .into_iter()
            .zip(ancestors)
            .map(|(region, ancestors)| Self {
                area_m2: 0.0,
                bounds: bounds_of(&region),
                region,
                ancestors,
                children: Vec::new(),
                districts: DistrictSet::none(),
            })
            .collect();
        for (number, (at, _)) in (0..).zip(districts) {
            let area = area_m2(&infos[*at].region.boundary);
            let bounds = infos[*at].bounds;
            for up in std::iter::once(*at).chain(infos[*at].ancestors.clone()) {
                infos[up].area_m2 += area;
                infos[up].districts.insert(number);
                infos[up].bounds = union(infos[up].bounds, bounds);
            }
        }
        for at in 0..infos.len() {
            if let Some(up) = infos[at].ancestors.first().copied() {
                infos[up].children.push(at);
            }
        }
        infos
    }
}

fn union(a: Option<Bounds>, b: Option<Bounds>) -> Option<Bounds> {
    match (a, b) {
        (Some(a), Some(b)) => Some(a.union(&b)),
        (one, other) => one.or(other),
    }
}

/// Returns the bounding box of the boundary; its points were validated before.
fn bounds_of(region: &Region) -> Option<Bounds> {
    let points = region.boundary.iter().flat_map(|polygon| &polygon.exterior().0);
    points.filter_map(|at| LonLat::new(at.x, at.y).ok()).map(Bounds::of).reduce(|a, b| a.union(&b))
}
