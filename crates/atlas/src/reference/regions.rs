//! Regions, with data derived from their hierarchy.

use std::{collections::HashMap, sync::Arc};

use demining::Region;
use geometry::{Bounds, LonLat, area_m2};

use super::district_set::DistrictSet;

/// A region, with data derived from the hierarchy.
#[derive(Debug)]
pub struct RegionInfo {
    /// The region as loaded.
    pub region: Region,
    /// Its area on the ellipsoid in square metres; above the districts, the sum of theirs.
    pub area_m2: f64,
    /// Its bounding box; `None` if it has no boundary.
    pub bounds: Option<Bounds>,
    /// Its ancestors, nearest first, as positions in
    /// [`ReferenceData::regions`](super::ReferenceData::regions).
    pub ancestors: Vec<usize>,
    /// The regions one level below, in their original order.
    pub children: Vec<usize>,
    /// All districts in it; for a district, itself.
    pub districts: DistrictSet,
}

impl RegionInfo {
    /// Creates the regions, in their original order. `districts` are those of the lowest level, in the order
    /// of their numbers.
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
