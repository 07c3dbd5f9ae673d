//! Likely slips in records that stand: the sender is told, and the record is kept.

use atlas::ReferenceData;
use demining::Detection;
use geometry::LonLat;

use super::report::Seen;

/// The place lies in no region, and would lie in one with longitude and latitude exchanged.
pub fn axes_swapped(reference: &ReferenceData, detection: &Detection) -> Option<Seen> {
    let at = detection.location;
    if reference.locate(at).is_some() {
        return None;
    }
    let mirrored = LonLat::new(at.lat(), at.lon()).ok()?;
    let region = reference.locate(mirrored)?.to_owned();
    Some(Seen::AxesSwapped { lon: at.lon(), lat: at.lat(), region })
}
