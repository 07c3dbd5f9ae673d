//! Detections: duplicates are of the same kind.

use atlas::{Filter, Found, Set, View};
use demining::{Details, Record};

use super::{MOST_NEAR, Near, Reviewed, Within};

impl Reviewed for Details {
    fn near(view: &View, found: &Found, within: Within) -> Vec<Near> {
        let own = &found.record.content;
        let same_kind = Filter { kinds: Set::of([own.kind]), ..Filter::default() };
        let days = |other: &Record| (other.content.detected_on - own.detected_on).get_days().unsigned_abs();
        view.nearest(&same_kind, own.location, 2 * MOST_NEAR + 1)
            .into_iter()
            .map(|(other, distance_m)| Near { days: days(&other.record), record: other.record, distance_m })
            .filter(|near| {
                near.record.content.id != own.id
                    && near.distance_m <= within.metres
                    && near.days <= within.days
            })
            .take(MOST_NEAR)
            .collect()
    }
}
