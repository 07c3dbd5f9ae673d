//! Accidents: several reports of one accident usually agree on its day, but rarely on its place.

use std::sync::Arc;

use atlas::{Found, Located, View};
use demining::{Accident, AccidentDetails, Review};
use geometry::distance_m;

use super::{MOST_NEAR, Near, Reviewed, Within};
use crate::review::risks::Risk;

/// Metres between the places that two reports give for one accident.
const SAME_PLACE_M: f64 = 250.0;

impl Reviewed for AccidentDetails {
    const OWN_RISKS: &'static [&'static str] = &["outside", "duplicate"];

    /// Returns the accidents of the same day that happened within 250 m, or in the same district with the
    /// same class.
    fn near(view: &View, found: &Found<Accident>, _within: Within) -> Vec<Near<Accident>> {
        let mut near: Vec<Near<Accident>> =
            view.accidents().all().filter_map(|other| duplicate(found, other)).collect();
        near.sort_by(|one, other| one.distance_m.total_cmp(&other.distance_m));
        near.truncate(MOST_NEAR);
        near
    }

    fn own_risks(view: &View, wanted: &Found<Accident>) -> Vec<Risk> {
        let mut risks = Vec::new();
        if wanted.region.is_none() && !view.reference().regions().is_empty() {
            let what = "its position is outside the country";
            risks.push(Risk::new("outside", what, vec!["location".to_owned()]));
        }
        let within = Within { metres: SAME_PLACE_M, days: 0 };
        if let Some(Near { record, distance_m, .. }) = Self::near(view, wanted, within).first() {
            let (id, metres) = (record.content.id, distance_m.round());
            let what = format!(
                "accident {id}, {metres} m away on the same day, may be the same: accept only one of them"
            );
            let fields = ["occurred_on", "location"].map(str::to_owned).to_vec();
            risks.push(Risk::new("duplicate", what, fields));
        }
        risks
    }
}

/// Returns the other accident if the two may be one.
fn duplicate(found: &Found<Accident>, other: &Located<AccidentDetails>) -> Option<Near<Accident>> {
    let (own, record) = (&found.record.content, &other.record);
    let is_another = record.content.id != own.id && record.review != Review::Rejected;
    if !is_another || record.content.occurred_on != own.occurred_on {
        return None;
    }
    let distance_m = distance_m(own.location, record.content.location);
    let is_in_district = found.region.is_some() && found.region == other.region;
    let is_alike = distance_m <= SAME_PLACE_M || is_in_district && record.content.class == own.class;
    is_alike.then(|| Near { record: Arc::clone(record), distance_m, days: 0 })
}
