//! The items of a site and their records.

use geometry::LonLat;
use jiff::civil::Date;
use rand::Rng;
use uuid::Builder;

use super::{NOTE, OPERATOR, weighted::pick};
use crate::{Details, Detection, Disposal, Fix, Kind, SourceReliability, Status};

/// The number of made-up teams.
const TEAMS: u32 = 12;

/// Models and their weights.
const AP_MINES: &[(&str, u32)] = &[("PMN-2", 42), ("PMN-E", 38), ("PMN", 10), ("OZM-72", 10)];
pub(super) const AV_MINES: &[(&str, u32)] = &[("TM-62M", 64), ("TM-57", 24), ("TM-62P3", 12)];
const UXO: &[(&str, u32)] = &[
    ("82 mm mortar bomb", 30),
    ("122 mm rocket", 25),
    ("OG-7V", 20),
    ("152 mm projectile", 15),
    ("30 mm projectile", 10),
];
const SUBMUNITIONS: &[(&str, u32)] = &[("9N235", 60), ("9N210", 25), ("ShOAB-0.5", 15)];
const TRAPS: &[(&str, u32)] = &[("F-1 with tripwire", 60), ("RGD-5 with tripwire", 40)];

/// What an order counts: items or records.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Count {
    Items,
    Records,
}

/// The properties that the items of a site share.
pub(super) struct Stock {
    kind: Kind,
    count: Count,
    model: &'static str,
    hazard_area: String,
    team: String,
}

/// One find.
pub(super) struct Find {
    pub(super) location: LonLat,
    pub(super) detected_on: Date,
    pub(super) neutralised_on: Option<Date>,
    /// The maximum number of items in this find.
    pub(super) most: u32,
}

impl Stock {
    pub(super) fn new(kind: Kind, count: Count, hazard_area: String, rng: &mut impl Rng) -> Self {
        let team = team(rng);
        Self { kind, count, model: pick(models(kind), rng), hazard_area, team }
    }

    /// Returns the record of a find.
    pub(super) fn record(&self, find: &Find, rng: &mut impl Rng) -> Detection {
        // A site has one model with a few strays; anti-vehicle mines are guarded by other mines.
        let (kind, model) = match self.kind {
            Kind::AvMine if rng.random_bool(0.08) => (Kind::ApMine, pick(AP_MINES, rng)),
            kind if rng.random_bool(0.05) => (kind, pick(models(kind), rng)),
            kind => (kind, self.model),
        };
        let quantity = match rng.random_range(0..100) {
            0..94 => 1,
            94..97 => 2,
            97 => 3,
            98 => 4,
            _ => 5,
        };
        let status = if find.neutralised_on.is_some() { Status::Neutralised } else { Status::Detected };
        // Draw the id first, so that it depends on the seed alone.
        let id = Builder::from_custom_bytes(rng.random()).into_uuid();
        let details = Details {
            accuracy_m: Some(f64::from(rng.random_range(5..=40_u8)) / 10.0),
            fix: Some(Fix::Gnss),
            kind,
            model: Some(model.to_owned()),
            made_in_year: self.made_in_year(kind, find, rng),
            quantity: quantity.min(find.most),
            depth_cm: depth_cm(kind, rng).map(f64::from),
            detected_on: find.detected_on,
            status,
            neutralised_on: find.neutralised_on,
            disposal: find.neutralised_on.map(|_| disposal(kind, rng)),
            operator: Some(OPERATOR.to_owned()),
            team: Some(self.team.clone()),
            hazard_area: Some(self.hazard_area.clone()),
            source_reliability: Some(SourceReliability::Direct),
            note: Some(NOTE.to_owned()),
            ..Details::blank(id, find.location)
        };
        let today = find.neutralised_on.unwrap_or(find.detected_on);
        Detection::new(details, today).expect("made-up records are valid")
    }

    /// The published figures count mines made in 2021, so the mines that represent them were made in 2021.
    fn made_in_year(&self, kind: Kind, find: &Find, rng: &mut impl Rng) -> Option<i16> {
        if !matches!(kind, Kind::ApMine | Kind::AvMine) {
            return None;
        }
        if self.count == Count::Items && find.neutralised_on.is_some() {
            return Some(2021);
        }
        match rng.random_range(0..4) {
            0 => None,
            1 if find.detected_on.year() > 2021 => Some(2021),
            _ => Some(rng.random_range(1972..=1991)),
        }
    }
}

/// Returns the name of a made-up team.
pub(super) fn team(rng: &mut impl Rng) -> String {
    format!("Demonstration team {}", rng.random_range(1..=TEAMS))
}

fn models(kind: Kind) -> &'static [(&'static str, u32)] {
    match kind {
        Kind::AvMine => AV_MINES,
        Kind::Uxo => UXO,
        Kind::Submunition => SUBMUNITIONS,
        Kind::BoobyTrap => TRAPS,
        _ => AP_MINES,
    }
}

fn depth_cm(kind: Kind, rng: &mut impl Rng) -> Option<u8> {
    match kind {
        Kind::ApMine => Some(rng.random_range(1..=10)),
        Kind::AvMine => Some(rng.random_range(5..=25)),
        Kind::Uxo => Some(rng.random_range(0..=45)),
        Kind::Submunition => Some(rng.random_range(0..=8)),
        _ => None,
    }
}

fn disposal(kind: Kind, rng: &mut impl Rng) -> Disposal {
    let [in_situ, moved] = match kind {
        Kind::ApMine => [68, 90],
        Kind::AvMine => [38, 84],
        Kind::Uxo => [45, 97],
        Kind::Submunition => [98, 100],
        _ => [80, 85],
    };
    match rng.random_range(0..100) {
        n if n < in_situ => Disposal::DestroyedInSitu,
        n if n < moved => Disposal::MovedAndDestroyed,
        _ => Disposal::RenderedSafe,
    }
}
