//! Quarantined writes: their sender may not make them, or they conflict.

use std::sync::Arc;

use atlas::{Found, View};
use demining::{Action, Detection, Expect, Judged, Outcome, Record, Review, Revision, Write, for_collection};
use jiff::Timestamp;
use store::{QuarantineDecision, QuarantinedWrite, Reader, StoreError, Upload};
use uuid::Uuid;

use super::{
    reviewed::Reviewed,
    risks::{self, Risk},
    waiting::{Waiting, waiting},
};
use crate::{
    Fault, Service,
    access::Caller,
    collections::located,
    intake::{today, upload_of},
    journal,
};

/// A write in quarantine, with the context for a decision.
pub struct Quarantined<T = Detection> {
    /// The write.
    pub held: QuarantinedWrite<T>,
    /// The record as the write would make it.
    pub wanted: Found<T>,
    /// The current record.
    pub standing: Option<Found<T>>,
    /// The risks of accepting the write.
    pub risks: Vec<Risk>,
}

/// A page of the quarantine, oldest first.
pub struct Page<T = Detection> {
    /// The writes.
    pub writes: Vec<Quarantined<T>>,
    /// The number after which the next page begins.
    pub next: Option<i64>,
    /// How much waits for a manager.
    pub waiting: Waiting,
}

/// Returns the writes of a collection that the caller may decide on, after this number.
///
/// # Errors
/// If the store cannot be read.
pub async fn page<T: Reviewed>(
    service: &Service,
    caller: Caller,
    after: i64,
    limit: usize,
) -> Result<Page<Judged<T>>, Fault> {
    let view = caller.view(&service.atlas);
    service.readers.run(move |reader| read_page(reader, &view, &caller, after, limit)).await
}

fn read_page<T: Reviewed>(
    reader: &Reader,
    view: &View,
    caller: &Caller,
    mut after: i64,
    limit: usize,
) -> Result<Page<Judged<T>>, StoreError> {
    let (mut writes, mut next) = (Vec::new(), None);
    'pages: loop {
        let held = reader.quarantined::<T>(after, limit)?;
        let Some(last) = held.last().map(|held| held.number) else { break };
        for held in held {
            if !caller.may_write_at(held.wanted.location(), view.reference()) {
                continue;
            }
            if writes.len() == limit {
                next = Some(after);
                break 'pages;
            }
            after = held.number;
            writes.push(looked_at::<T>(view, held));
        }
        after = last;
    }
    Ok(Page { writes, next, waiting: waiting::<T>(reader, view, caller, None)? })
}

fn looked_at<T: Reviewed>(view: &View, held: QuarantinedWrite<Judged<T>>) -> Quarantined<Judged<T>> {
    let wanted = located(view.reference(), Arc::new(as_record(&held)));
    let standing = T::find(view, held.wanted.id());
    let mut risks = risks::of(&held.wanted, standing.as_ref().map(|found| &*found.record), today());
    risks.extend(T::own_risks(view, &wanted));
    Quarantined { held, wanted, standing, risks }
}

/// Converts the wanted write to the record that it would become.
pub fn as_record<C: Clone>(held: &QuarantinedWrite<C>) -> Record<C> {
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

/// The write that a decision is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct About {
    /// Its row in its upload.
    pub row: u64,
    /// The id of its record.
    pub id: Uuid,
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
    Unconfirmed(About, Vec<Risk>),
    /// The store refused the write.
    Refused(About, Outcome),
}

/// Accepts a write of any collection, unless it has an unconfirmed risk, or dismisses it. Returns what it is
/// about, and the revision.
///
/// # Errors
/// Why it was not decided; a fault if the store cannot be read or written.
pub async fn decide(
    service: &Service,
    caller: &Caller,
    number: i64,
    verdict: Verdict,
) -> Result<Result<(About, Revision), NotDecided>, Fault> {
    let collection = service.readers.run(move |reader| reader.collection_of_quarantined(number)).await?;
    let Some(collection) = collection else { return Ok(Err(NotDecided::Missing)) };
    for_collection!(collection, T => decide_of::<T>(service, caller, number, verdict).await)
}

async fn decide_of<T: Reviewed>(
    service: &Service,
    caller: &Caller,
    number: i64,
    verdict: Verdict,
) -> Result<Result<(About, Revision), NotDecided>, Fault> {
    let Verdict { is_accepted, reason, revision, confirms } = verdict;
    let Some(held) = service.readers.run(move |reader| reader.find_quarantined::<T>(number)).await? else {
        return Ok(Err(NotDecided::Missing));
    };
    if let Some(decided) = &held.decided {
        return Ok(Err(NotDecided::Before { by: decided.by.clone(), at: decided.at }));
    }
    let view = caller.view(&service.atlas);
    let looked_at = looked_at::<T>(&view, held);
    let places = looked_at.standing.iter().map(|found| found.record.content.location());
    let mut places = places.chain([looked_at.held.wanted.location()]);
    if places.any(|place| !caller.may_write_at(place, view.reference())) {
        return Ok(Err(NotDecided::Outside));
    }
    // A revision newer than ours cannot have been seen. No record has revision 0, so this makes a conflict.
    let seen = looked_at.standing.as_ref().map_or(0, |found| found.record.revision.0);
    let revision = revision.map(|looked_at| if looked_at > seen { 0 } else { looked_at });
    let Quarantined { held, mut risks, .. } = looked_at;
    let about = About { row: held.row, id: held.wanted.id() };
    risks.retain(|risk| !confirms.iter().any(|code| code == risk.code));
    if is_accepted && !risks.is_empty() {
        return Ok(Err(NotDecided::Unconfirmed(about, risks)));
    }
    let writes = if is_accepted { vec![accepted(&held, revision, reason.as_deref())] } else { Vec::new() };
    let decides = vec![QuarantineDecision { number, is_accepted, reason }];
    let upload = Upload { decides, ..upload_of(&service.intake, caller, T::wrap_writes(writes)) };
    let committed = match service.writer.commit_once(upload).await? {
        Ok(committed) => committed,
        Err(error) => return Ok(Err(NotDecided::JustNow(error.to_string()))),
    };
    let n_refused = committed.outcomes.iter().filter(|outcome| outcome.is_refusal()).count();
    let decision = if is_accepted { "accepted" } else { "dismissed" };
    journal::decided(caller, "held", decision, 1 - n_refused.min(1), n_refused, committed.revision);
    match committed.outcomes.first().copied().filter(|outcome| outcome.is_refusal()) {
        Some(outcome) => Ok(Err(NotDecided::Refused(about, outcome))),
        None => Ok(Ok((about, committed.revision))),
    }
}

/// Returns the write that accepts it, bound to the revision that the manager saw. The history names both
/// sender and manager.
fn accepted<C: Clone>(held: &QuarantinedWrite<C>, revision: Option<u64>, reason: Option<&str>) -> Write<C> {
    let told = reason.or(held.reason.as_deref()).map(|why| format!(": {why}")).unwrap_or_default();
    let told: String = format!("sent by {}{told}", held.by).chars().take(1_000).collect();
    Write {
        row: held.row,
        action: Action::Put(Box::new(held.wanted.clone())),
        expect: revision.map_or(Expect::Same, |revision| Expect::At(Revision(revision))),
        reason: Some(told),
    }
}
