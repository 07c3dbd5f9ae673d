//! Likely mistakes in accepted records: they become notices and do not refuse the record.

use atlas::ReferenceData;
use geometry::LonLat;

use super::report::Seen;

/// Returns a notice if the position is outside every region but would be in one with longitude and latitude
/// swapped.
pub fn axes_swapped(reference: &ReferenceData, at: LonLat) -> Option<Seen> {
    if reference.locate(at).is_some() {
        return None;
    }
    let mirrored = LonLat::new(at.lat(), at.lon()).ok()?;
    let region = reference.locate(mirrored)?.to_owned();
    Some(Seen::AxesSwapped { lon: at.lon(), lat: at.lat(), region })
}
