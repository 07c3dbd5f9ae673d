//! What happens in a made-up accident, and to whom.

use rand::Rng;

use super::{item::AV_MINES, weighted::pick};
use crate::{
    AccidentClass, Activity, AgeGroup, Kind, SetOff, Sex, Victim, VictimOutcome, VictimStatus, YesNo,
};

/// What exploded, why, and what the people were doing.
#[derive(Debug, Clone, Copy)]
pub(super) struct Circumstance {
    pub(super) class: AccidentClass,
    pub(super) device: Kind,
    pub(super) set_off: SetOff,
    activity: Activity,
}

/// An accident with a mine.
const fn mine(device: Kind, set_off: SetOff, activity: Activity) -> Circumstance {
    Circumstance { class: AccidentClass::Mine, device, set_off, activity }
}

/// An accident without people nearby.
const fn harmless(class: AccidentClass, device: Kind, set_off: SetOff) -> Circumstance {
    Circumstance { class, device, set_off, activity: Activity::Unknown }
}

/// What happens to civilians, with weights.
pub(super) const OF_CIVILIANS: &[(Circumstance, u32)] = &[
    (mine(Kind::AvMine, SetOff::DrivenOver, Activity::Travelling), 34),
    (mine(Kind::AvMine, SetOff::DrivenOver, Activity::Farming), 10),
    (mine(Kind::AvMine, SetOff::DrivenOver, Activity::Other), 6),
    (mine(Kind::ApMine, SetOff::SteppedOn, Activity::Herding), 20),
    (mine(Kind::ApMine, SetOff::SteppedOn, Activity::Farming), 12),
    (mine(Kind::ApMine, SetOff::SteppedOn, Activity::Collecting), 10),
    (mine(Kind::ApMine, SetOff::Handled, Activity::Collecting), 5),
    (mine(Kind::ApMine, SetOff::Handled, Activity::Playing), 3),
];

/// What happens to the military, with weights.
pub(super) const OF_MILITARY: &[(Circumstance, u32)] = &[
    (mine(Kind::AvMine, SetOff::DrivenOver, Activity::Military), 40),
    (mine(Kind::AvMine, SetOff::DrivenOver, Activity::Travelling), 12),
    (mine(Kind::ApMine, SetOff::SteppedOn, Activity::Military), 38),
    (mine(Kind::ApMine, SetOff::Tripwire, Activity::Military), 10),
];

/// What happens without hurting anybody, with weights: to vehicles, animals, fields on fire and demining
/// machines.
pub(super) const OF_NOBODY: &[(Circumstance, u32)] = &[
    (harmless(AccidentClass::Mine, Kind::AvMine, SetOff::DrivenOver), 30),
    (harmless(AccidentClass::Mine, Kind::ApMine, SetOff::Other), 30),
    (harmless(AccidentClass::Cluster, Kind::Submunition, SetOff::Other), 18),
    (harmless(AccidentClass::UxoAxo, Kind::Uxo, SetOff::Other), 12),
    (harmless(AccidentClass::DeminingAccident, Kind::ApMine, SetOff::DrivenOver), 10),
];

/// Mines that go off under a foot, and those with a tripwire.
const PRESSURE_MINES: &[(&str, u32)] = &[("PMN-2", 46), ("PMN-E", 42), ("PMN", 12)];
const TRIPWIRE_MINES: &[(&str, u32)] = &[("OZM-72", 1)];

impl Circumstance {
    /// Returns a model of the device; often nobody can tell after the explosion.
    pub(super) fn model(self, rng: &mut impl Rng) -> Option<&'static str> {
        let models = match (self.device, self.set_off) {
            (Kind::AvMine, _) => AV_MINES,
            (Kind::ApMine, SetOff::Tripwire) => TRIPWIRE_MINES,
            (Kind::ApMine, _) => PRESSURE_MINES,
            _ => return None,
        };
        rng.random_bool(0.45).then(|| pick(models, rng))
    }

    /// Returns the number of people hurt: several in a vehicle, often one on foot.
    pub(super) fn people(self, rng: &mut impl Rng) -> usize {
        let sizes: &[(usize, u32)] = match self.set_off {
            SetOff::DrivenOver => &[(1, 34), (2, 32), (3, 22), (4, 8), (5, 4)],
            _ => &[(1, 74), (2, 20), (3, 6)],
        };
        pick(sizes, rng)
    }

    /// Returns a victim; `is_first` if nobody was closer to the device.
    pub(super) fn victim(
        self,
        status: VictimStatus,
        outcome: VictimOutcome,
        is_first: bool,
        rng: &mut impl Rng,
    ) -> Victim {
        let is_civilian = status == VictimStatus::Civilian;
        let is_child = is_civilian && (self.activity == Activity::Playing || rng.random_bool(0.05));
        let is_female = is_civilian && rng.random_bool(0.1);
        let touched = is_first && self.set_off == SetOff::Handled;
        let educated = pick(&[(YesNo::Unknown, 50), (YesNo::No, 40), (YesNo::Yes, 10)], rng);
        Victim {
            outcome: Some(outcome),
            sex: Some(if is_female { Sex::Female } else { Sex::Male }),
            age_group: Some(if is_child { AgeGroup::Child } else { AgeGroup::Adult }),
            status: Some(status),
            activity: Some(self.activity),
            touched: Some(if touched { YesNo::Yes } else { YesNo::No }),
            risk_education_received: Some(educated),
        }
    }
}
