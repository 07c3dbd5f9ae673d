//! Counts of accidents for readers who may see the records: by any property and by month, and of their
//! victims.

use std::collections::BTreeMap;

use demining::{AccidentDetails, AgeGroup, Sex, Victim, VictimOutcome, VictimStatus};

use super::{Accidents, counts::AccidentCounts};
use crate::small::{GroupBy, GroupKey, SmallFilter, grouped};

/// What to group victims by. The default is nothing: only the number of victims.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[allow(clippy::struct_excessive_bools)] // Four independent choices.
pub struct VictimGrouping {
    /// By whether they were killed or injured.
    pub outcome: bool,
    /// By sex.
    pub sex: bool,
    /// By age group.
    pub age_group: bool,
    /// By status: civilian, military or security, deminer.
    pub status: bool,
}

/// A group of victims. Fields that it is not grouped by are `None`, as are values that are missing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct VictimGroup {
    /// Killed or injured.
    pub outcome: Option<VictimOutcome>,
    /// The sex.
    pub sex: Option<Sex>,
    /// Child or adult.
    pub age_group: Option<AgeGroup>,
    /// The status.
    pub status: Option<VictimStatus>,
}

impl VictimGrouping {
    fn group(self, victim: &Victim) -> VictimGroup {
        VictimGroup {
            outcome: victim.outcome.filter(|_| self.outcome),
            sex: victim.sex.filter(|_| self.sex),
            age_group: victim.age_group.filter(|_| self.age_group),
            status: victim.status.filter(|_| self.status),
        }
    }
}

/// The victims of accidents by group.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct VictimCounts {
    /// The groups with their numbers of victims, in order.
    pub groups: Vec<(VictimGroup, u64)>,
    /// All victims that are listed.
    pub listed: u64,
    /// The people killed in accidents that list no victims.
    pub killed_unlisted: u64,
    /// The people injured in accidents that list no victims.
    pub injured_unlisted: u64,
}

impl Accidents {
    /// Groups the accidents that match the filter. Returns the groups, in order, and the total; without
    /// anything to group by there are no groups. The public, which sees no records, gets nothing.
    pub fn summary(
        &self,
        filter: &SmallFilter<AccidentDetails>,
        by: &[GroupBy<AccidentDetails>],
    ) -> (Vec<(Vec<GroupKey>, AccidentCounts)>, AccidentCounts) {
        grouped(self.matching(filter), by, self.scope(), |located| {
            AccidentCounts::of(&located.record.content)
        })
    }

    /// Groups the victims of the accidents that match the filter.
    pub fn victims(&self, filter: &SmallFilter<AccidentDetails>, by: VictimGrouping) -> VictimCounts {
        let mut groups: BTreeMap<VictimGroup, u64> = BTreeMap::new();
        let mut counts = VictimCounts::default();
        for located in self.matching(filter) {
            let accident = &located.record.content;
            for victim in accident.victims.iter() {
                *groups.entry(by.group(victim)).or_default() += 1;
                counts.listed += 1;
            }
            if accident.victims.is_empty() {
                let AccidentCounts { killed, injured, .. } = AccidentCounts::of(accident);
                counts.killed_unlisted += killed;
                counts.injured_unlisted += injured;
            }
        }
        VictimCounts { groups: groups.into_iter().collect(), ..counts }
    }
}
