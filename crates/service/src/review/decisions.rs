//! Records that wait for review: the queue and the decisions on it.

use std::sync::Arc;

use atlas::{Filter, Found, Set, View};
use demining::{Change, Collection, FieldProblem, Outcome, Record, Review, Write};
use jiff::SignedDuration;
use store::{Committed, Reader, StoreError};
use uuid::Uuid;

use super::{
    MOST_LOOKED_AT,
    waiting::{Waiting, is_asked, waiting},
};
use crate::{
    Fault, Service,
    access::{Caller, hold},
    intake::upload_of,
};

/// Maximum number of decisions in one request.
pub const MOST_DECISIONS: usize = 1_000;

/// Distance in metres of a possible duplicate: default and maximum.
pub const NEAR_M: (f64, f64) = (25.0, 1_000.0);
/// Time between the finds in days: default and maximum.
pub const NEAR_DAYS: (u32, u32) = (14, 3_650);

/// Possible duplicates listed per record.
const MOST_NEAR: usize = 5;

/// How long a decision can be undone, as shown to the manager.
pub const OPEN: SignedDuration = SignedDuration::from_secs(60);

/// A query of the queue.
pub struct Asked {
    /// The review state of the records.
    pub state: Review,
    /// The region of the records.
    pub region: Option<String>,
    /// The key after which the page begins.
    pub after: i64,
    /// Maximum number of records on the page.
    pub limit: usize,
    /// See [`NEAR_M`].
    pub near_m: f64,
    /// See [`NEAR_DAYS`].
    pub near_days: u32,
}

/// A record that waits, with the context for a decision.
pub struct Waits {
    /// The record.
    pub found: Found,
    /// Its previous approved version.
    pub before: Option<Found>,
    /// Its changes, newest first.
    pub history: Vec<Change>,
    /// Possible duplicates.
    pub near: Vec<Near>,
}

/// A possible duplicate: a record of the same kind, nearby and found at about the same time.
pub struct Near {
    /// The record.
    pub record: Arc<Record>,
    /// Distance in metres.
    pub distance_m: f64,
    /// Days between the finds.
    pub days: u32,
}

/// A page of the queue: oldest first; approved records by newest decision.
pub struct Page {
    /// The records.
    pub records: Vec<Waits>,
    /// The key after which the next page begins.
    pub next: Option<i64>,
    /// How much waits for a manager.
    pub waiting: Waiting,
}

/// Returns the records in a review state that the caller may decide on.
///
/// # Errors
/// If the store cannot be read.
pub async fn page(service: &Service, caller: Caller, asked: Asked) -> Result<Page, Fault> {
    let view = caller.view(&service.atlas);
    service.readers.run(move |reader| read_page(reader, &view, &caller, &asked)).await
}

fn read_page(reader: &Reader, view: &View, caller: &Caller, asked: &Asked) -> Result<Page, StoreError> {
    let (mut records, mut after, mut n_looked_at) = (Vec::new(), asked.after, 0);
    let next = loop {
        let numbers = listed(reader, asked.state, after, asked.limit)?;
        let Some((last, _)) = numbers.last().copied() else { break None };
        let shown = numbers.iter().filter_map(|(key, number)| Some((*key, view.at_number(*number)?)));
        let shown =
            shown.filter(|(_, found)| is_asked(found, view, caller, asked.region.as_deref(), asked.state));
        for (key, found) in shown {
            records.push((key, waits(reader, view, found, asked)?));
        }
        n_looked_at += numbers.len();
        if let Some((last_shown, _)) = records.get(asked.limit.wrapping_sub(1)) {
            break Some(*last_shown);
        }
        after = last;
        if n_looked_at >= MOST_LOOKED_AT {
            break Some(last);
        }
    };
    records.truncate(asked.limit);
    let waiting = waiting(reader, view, caller, asked.region.as_deref())?;
    Ok(Page { records: records.into_iter().map(|(_, record)| record).collect(), next, waiting })
}

/// Returns the numbers of records in a review state, each with its page key.
fn listed(reader: &Reader, state: Review, after: i64, limit: usize) -> Result<Vec<(i64, u32)>, StoreError> {
    if state == Review::Approved {
        return reader.approved(Collection::Detections, if after == 0 { i64::MAX } else { after }, limit);
    }
    let Ok(after) = u32::try_from(after) else { return Ok(Vec::new()) };
    let numbers = reader.unapproved(Collection::Detections, state, after, limit)?;
    Ok(numbers.into_iter().map(|number| (i64::from(number), number)).collect())
}

fn waits(reader: &Reader, view: &View, found: Found, asked: &Asked) -> Result<Waits, StoreError> {
    let history = reader.history(found.record.content.id)?;
    let approved = |change: &Change| change.after.clone().filter(|record| record.review == Review::Approved);
    // The current approved version is not its own predecessor.
    let earlier = usize::from(found.record.review == Review::Approved);
    let before = history.iter().skip(earlier).find_map(approved).map(|record| {
        let region = view.reference().locate(record.content.location).map(Arc::from);
        Found { record, region }
    });
    let near = near(view, &found, asked);
    Ok(Waits { found, before, history, near })
}

/// Returns possible duplicates, nearest first.
fn near(view: &View, found: &Found, asked: &Asked) -> Vec<Near> {
    let own = &found.record.content;
    let same_kind = Filter { kinds: Set::of([own.kind]), ..Filter::default() };
    let days = |other: &Record| (other.content.detected_on - own.detected_on).get_days().unsigned_abs();
    view.nearest(&same_kind, own.location, 2 * MOST_NEAR + 1)
        .into_iter()
        .map(|(other, distance_m)| Near { days: days(&other.record), record: other.record, distance_m })
        .filter(|near| {
            near.record.content.id != own.id
                && near.distance_m <= asked.near_m
                && near.days <= asked.near_days
        })
        .take(MOST_NEAR)
        .collect()
}

/// Why one of several decisions was not applied.
pub enum NotDecided {
    /// The caller may not make it.
    NotAllowed(FieldProblem),
    /// The store refused it.
    Refused {
        /// The row of the decision.
        row: u64,
        /// The record.
        id: Uuid,
        /// The outcome.
        outcome: Outcome,
    },
}

/// Commits the decisions that the caller may make and returns the others.
///
/// # Errors
/// If the store cannot be read or written.
pub async fn commit(
    service: &Service,
    caller: &Caller,
    writes: Vec<Write>,
) -> Result<(Committed, Vec<NotDecided>), Fault> {
    let (asker, view) = (caller.clone(), caller.view(&service.atlas));
    let held: Vec<_> = service
        .readers
        .run(move |reader| writes.into_iter().map(|write| hold(&asker, &view, reader, write)).collect())
        .await?;
    let (mut writes, mut refused) = (Vec::new(), Vec::new());
    for write in held {
        match write {
            Ok(write) => writes.push(write),
            Err(refusal) => refused.push(NotDecided::NotAllowed(refusal.problem)),
        }
    }
    let rows: Vec<(u64, Uuid)> = writes.iter().map(|write| (write.row, write.id())).collect();
    let committed = service.writer.commit(upload_of(&service.intake, caller, writes)).await?;
    let outcomes = rows.into_iter().zip(committed.outcomes.iter().copied());
    let outcomes = outcomes.filter(|(_, outcome)| outcome.is_refusal());
    refused.extend(outcomes.map(|((row, id), outcome)| NotDecided::Refused { row, id, outcome }));
    Ok((committed, refused))
}
