//! Quarantined writes: their sender may not make them, or they conflict.

use std::sync::Arc;

use atlas::{Found, View};
use demining::{Action, Details, Expect, Outcome, Record, Review, Revision, Write};
use jiff::Timestamp;
use store::{QuarantineDecision, QuarantinedWrite, Reader, StoreError, Upload};

use super::{
    risks::{self, Risk},
    waiting::{Waiting, waiting},
};
use crate::{
    Fault, Service,
    access::Caller,
    intake::{today, upload_of},
    journal,
};

/// A write in quarantine, with the context for a decision.
pub struct Quarantined {
    /// The write.
    pub held: QuarantinedWrite,
    /// The record as the write would make it.
    pub wanted: Found,
    /// The current record.
    pub standing: Option<Found>,
    /// The risks of accepting the write.
    pub risks: Vec<Risk>,
}

/// A page of the quarantine, oldest first.
pub struct Page {
    /// The writes.
    pub writes: Vec<Quarantined>,
    /// The number after which the next page begins.
    pub next: Option<i64>,
    /// How much waits for a manager.
    pub waiting: Waiting,
}

/// Returns the writes that the caller may decide on, after this number.
///
/// # Errors
/// If the store cannot be read.
pub async fn page(service: &Service, caller: Caller, after: i64, limit: usize) -> Result<Page, Fault> {
    let view = caller.view(&service.atlas);
    service.readers.run(move |reader| read_page(reader, &view, &caller, after, limit)).await
}

fn read_page(
    reader: &Reader,
    view: &View,
    caller: &Caller,
    mut after: i64,
    limit: usize,
) -> Result<Page, StoreError> {
    let (mut writes, mut next) = (Vec::new(), None);
    'pages: loop {
        let held = reader.quarantined::<Details>(after, limit)?;
        let Some(last) = held.last().map(|held| held.number) else { break };
        for held in held {
            if !caller.may_write_at(held.wanted.location, view.reference()) {
                continue;
            }
            if writes.len() == limit {
                next = Some(after);
                break 'pages;
            }
            after = held.number;
            writes.push(looked_at(view, held));
        }
        after = last;
    }
    Ok(Page { writes, next, waiting: waiting(reader, view, caller, None)? })
}

fn looked_at(view: &View, held: QuarantinedWrite) -> Quarantined {
    let region = view.reference().locate(held.wanted.location).map(Arc::from);
    let wanted = Found { region, record: Arc::new(as_record(&held)) };
    let standing = view.get(held.wanted.id);
    let risks = risks::of(&held.wanted, standing.as_ref().map(|found| &*found.record), today());
    Quarantined { held, wanted, standing, risks }
}

/// Converts the wanted write to the record that it would become.
pub fn as_record(held: &QuarantinedWrite) -> Record {
    Record {
        content: held.wanted.clone(),
        number: 0,
        review: Review::Submitted,
        revision: held.base.unwrap_or_default(),
        updated_at: held.held_at,
        updated_by: held.by.name.clone(),
    }
}

/// A manager's decision.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Verdict {
    /// Whether the write is accepted.
    pub is_accepted: bool,
    /// The reason; required to dismiss a write.
    pub reason: Option<String>,
    /// The revision of the record that the manager saw; `None` if no record existed.
    pub revision: Option<u64>,
    /// The codes of the risks that the manager accepts.
    pub confirms: Vec<String>,
}

/// Why a decision was not applied.
pub enum NotDecided {
    /// No write in quarantine has this number.
    Missing,
    /// Somebody decided earlier.
    Before {
        /// Who.
        by: String,
        /// When.
        at: Timestamp,
    },
    /// Somebody decided at the same time.
    JustNow(String),
    /// The record, or its wanted position, is outside the caller's regions.
    Outside,
    /// These risks are not confirmed.
    Unconfirmed(Box<QuarantinedWrite>, Vec<Risk>),
    /// The store refused the write.
    Refused(Box<QuarantinedWrite>, Outcome),
}

/// Accepts a write, unless it has an unconfirmed risk, or dismisses it. Returns the write and the revision.
///
/// # Errors
/// Why it was not decided; a fault if the store cannot be read or written.
pub async fn decide(
    service: &Service,
    caller: &Caller,
    number: i64,
    verdict: Verdict,
) -> Result<Result<(QuarantinedWrite, Revision), NotDecided>, Fault> {
    let Verdict { is_accepted, reason, revision, confirms } = verdict;
    let Some(held) = service.readers.run(move |reader| reader.find_quarantined(number)).await? else {
        return Ok(Err(NotDecided::Missing));
    };
    if let Some(decided) = &held.decided {
        return Ok(Err(NotDecided::Before { by: decided.by.clone(), at: decided.at }));
    }
    let view = caller.view(&service.atlas);
    let looked_at = looked_at(&view, held);
    let places = looked_at.standing.iter().map(|found| found.record.content.location);
    let mut places = places.chain([looked_at.held.wanted.location]);
    if places.any(|place| !caller.may_write_at(place, view.reference())) {
        return Ok(Err(NotDecided::Outside));
    }
    // A revision newer than ours cannot have been seen. No record has revision 0, so this makes a conflict.
    let seen = looked_at.standing.as_ref().map_or(0, |found| found.record.revision.0);
    let revision = revision.map(|looked_at| if looked_at > seen { 0 } else { looked_at });
    let Quarantined { held, mut risks, .. } = looked_at;
    risks.retain(|risk| !confirms.iter().any(|code| code == risk.code));
    if is_accepted && !risks.is_empty() {
        return Ok(Err(NotDecided::Unconfirmed(Box::new(held), risks)));
    }
    let writes = if is_accepted { vec![accepted(&held, revision, reason.as_deref())] } else { Vec::new() };
    let decides = vec![QuarantineDecision { number, is_accepted, reason }];
    let upload = Upload { decides, ..upload_of(&service.intake, caller, writes) };
    let committed = match service.writer.commit_once(upload).await? {
        Ok(committed) => committed,
        Err(error) => return Ok(Err(NotDecided::JustNow(error.to_string()))),
    };
    let n_refused = committed.outcomes.iter().filter(|outcome| outcome.is_refusal()).count();
    let decision = if is_accepted { "accepted" } else { "dismissed" };
    journal::decided(caller, "held", decision, 1 - n_refused.min(1), n_refused, committed.revision);
    match committed.outcomes.first().copied().filter(|outcome| outcome.is_refusal()) {
        Some(outcome) => Ok(Err(NotDecided::Refused(Box::new(held), outcome))),
        None => Ok(Ok((held, committed.revision))),
    }
}

/// Returns the write that accepts it, bound to the revision that the manager saw. The history names both
/// sender and manager.
fn accepted(held: &QuarantinedWrite, revision: Option<u64>, reason: Option<&str>) -> Write {
    let told = reason.or(held.reason.as_deref()).map(|why| format!(": {why}")).unwrap_or_default();
    let told: String = format!("sent by {}{told}", held.by).chars().take(1_000).collect();
    Write {
        row: held.row,
        action: Action::Put(Box::new(held.wanted.clone())),
        expect: revision.map_or(Expect::Same, |revision| Expect::At(Revision(revision))),
        reason: Some(told),
    }
}
