//! The rules of an accident: which values, and which combinations of values, are valid.

use jiff::civil::Date;

use super::Details;
use crate::{RECORD_LIMITS, VictimOutcome, collections::shared::MAX_ACCURACY_M, judge::Judge};

/// Fills the counts that the sender left out from the victims.
pub(super) fn count_victims(details: &mut Details) {
    if !details.victims.is_empty() {
        let counts = [VictimOutcome::Killed, VictimOutcome::Injured].map(|outcome| count(details, outcome));
        details.killed = details.killed.or(Some(counts[0]));
        details.injured = details.injured.or(Some(counts[1]));
    }
}

fn count(details: &Details, outcome: VictimOutcome) -> u32 {
    let victims = details.victims.iter().filter(|victim| victim.outcome == Some(outcome));
    u32::try_from(victims.count()).unwrap_or(u32::MAX)
}

/// Checks the range of each field and the rules between fields.
pub(super) fn check(d: &Details, today: Date, judge: &mut Judge) {
    judge.day("occurred_on", Some(d.occurred_on), today);
    judge.day("certified_on", d.certified_on, today);
    if let Some(on) = d.certified_on.filter(|on| *on < d.occurred_on) {
        let reason = format!("is before occurred_on {}", d.occurred_on);
        judge.called("before_occurred", "certified_on", &on.to_string(), reason);
    }
    judge.range("accuracy_m", d.accuracy_m, 0.0..=MAX_ACCURACY_M);
    for (field, given, outcome) in
        [("killed", d.killed, VictimOutcome::Killed), ("injured", d.injured, VictimOutcome::Injured)]
    {
        judge.range(field, given, 0..=RECORD_LIMITS.people);
        let listed = count(d, outcome);
        if !d.victims.is_empty() && given != Some(listed) {
            let reason = format!("differs from the victims listed, of whom {listed} are {outcome}");
            judge.called("victims_differ", field, &given.map_or(String::new(), |n| n.to_string()), reason);
        }
    }
}
