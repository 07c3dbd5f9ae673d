//! Hashes that identify the store that a snapshot belongs to.

use demining::Region;

/// Returns a hash of all region data that the district of a record depends on.
pub fn of_regions(regions: &[Region]) -> String {
    let parts = regions.iter().flat_map(|region| {
        let Region { id, level, parent, boundary, .. } = region;
        let rings = boundary.iter().flat_map(|p| std::iter::once(p.exterior()).chain(p.interiors()));
        let corners: Vec<u8> = rings
            .flat_map(|ring| ring.0.iter().flat_map(|at| [at.x, at.y]).chain([f64::NAN]))
            .flat_map(f64::to_le_bytes)
            .collect();
        [format!("{id} {level:?} {parent:?}").into_bytes(), corners]
    });
    of(parts)
}

/// Returns a hash of the parts in order, each with its length.
pub fn of(parts: impl IntoIterator<Item = impl AsRef<[u8]>>) -> String {
    let mut hasher = blake3::Hasher::new();
    for part in parts {
        hasher.update(&(part.as_ref().len() as u64).to_le_bytes());
        hasher.update(part.as_ref());
    }
    hasher.finalize().to_string()
}
