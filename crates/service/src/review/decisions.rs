//! Records that wait for review: the queue and the decisions on it.

use atlas::{Found, View};
use demining::{Change, Detection, FieldProblem, Judged, Outcome, Review, Write};
use jiff::SignedDuration;
use store::{Committed, Reader, StoreError};
use uuid::Uuid;

use super::{
    MOST_LOOKED_AT,
    reviewed::{Near, Reviewed, Within},
    waiting::{Waiting, is_asked, waiting},
};
use crate::{
    Fault, Service,
    access::{Caller, hold},
    collections::{Served, located},
    intake::upload_of,
};

/// Maximum number of decisions in one request.
pub const MOST_DECISIONS: usize = 1_000;

/// Distance in metres of a possible duplicate: default and maximum.
pub const NEAR_M: (f64, f64) = (25.0, 1_000.0);
/// Time between the finds in days: default and maximum.
pub const NEAR_DAYS: (u32, u32) = (14, 3_650);

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
    /// How far apart possible duplicates may be: see [`NEAR_M`] and [`NEAR_DAYS`].
    pub within: Within,
}

/// A record that waits, with the context for a decision.
pub struct Waits<T = Detection> {
    /// The record.
    pub found: Found<T>,
    /// Its previous approved version.
    pub before: Option<Found<T>>,
    /// Its changes, newest first.
    pub history: Vec<Change<T>>,
    /// Possible duplicates.
    pub near: Vec<Near<T>>,
}

/// A page of the queue: oldest first; approved records by newest decision.
pub struct Page<T = Detection> {
    /// The records.
    pub records: Vec<Waits<T>>,
    /// The key after which the next page begins.
    pub next: Option<i64>,
    /// How much waits for a manager.
    pub waiting: Waiting,
}

/// Returns the records of a collection in a review state that the caller may decide on.
///
/// # Errors
/// If the store cannot be read.
pub async fn page<T: Reviewed>(
    service: &Service,
    caller: Caller,
    asked: Asked,
) -> Result<Page<Judged<T>>, Fault> {
    let view = caller.view(&service.atlas);
    service.readers.run(move |reader| read_page(reader, &view, &caller, &asked)).await
}

fn read_page<T: Reviewed>(
    reader: &Reader,
    view: &View,
    caller: &Caller,
    asked: &Asked,
) -> Result<Page<Judged<T>>, StoreError> {
    let (mut records, mut after, mut n_looked_at) = (Vec::new(), asked.after, 0);
    let next = loop {
        let numbers = listed::<T>(reader, asked.state, after, asked.limit)?;
        let Some((last, _)) = numbers.last().copied() else { break None };
        let shown = numbers.iter().filter_map(|(key, number)| Some((*key, T::at_number(view, *number)?)));
        let shown = shown
            .filter(|(_, found)| is_asked::<T>(found, view, caller, asked.region.as_deref(), asked.state));
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
    let waiting = waiting::<T>(reader, view, caller, asked.region.as_deref())?;
    Ok(Page { records: records.into_iter().map(|(_, record)| record).collect(), next, waiting })
}

/// Returns the numbers of records in a review state, each with its page key.
fn listed<T: Served>(
    reader: &Reader,
    state: Review,
    after: i64,
    limit: usize,
) -> Result<Vec<(i64, u32)>, StoreError> {
    if state == Review::Approved {
        return reader.approved(T::COLLECTION, if after == 0 { i64::MAX } else { after }, limit);
    }
    let Ok(after) = u32::try_from(after) else { return Ok(Vec::new()) };
    let numbers = reader.unapproved(T::COLLECTION, state, after, limit)?;
    Ok(numbers.into_iter().map(|number| (i64::from(number), number)).collect())
}

fn waits<T: Reviewed>(
    reader: &Reader,
    view: &View,
    found: Found<Judged<T>>,
    asked: &Asked,
) -> Result<Waits<Judged<T>>, StoreError> {
    let history = reader.history::<T>(found.record.content.id())?;
    let approved =
        |change: &Change<Judged<T>>| change.after.clone().filter(|record| record.review == Review::Approved);
    // The current approved version is not its own predecessor.
    let earlier = usize::from(found.record.review == Review::Approved);
    let before = history.iter().skip(earlier).find_map(approved);
    let before = before.map(|record| located(view.reference(), record));
    let near = T::near(view, &found, asked.within);
    Ok(Waits { found, before, history, near })
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

/// Commits the decisions on records of a collection that the caller may make, and returns the others.
///
/// # Errors
/// If the store cannot be read or written.
pub async fn commit<T: Served>(
    service: &Service,
    caller: &Caller,
    writes: Vec<Write<Judged<T>>>,
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
    let upload = upload_of(&service.intake, caller, T::wrap_writes(writes));
    let committed = service.writer.commit(upload).await?;
    let outcomes = rows.into_iter().zip(committed.outcomes.iter().copied());
    let outcomes = outcomes.filter(|(_, outcome)| outcome.is_refusal());
    refused.extend(outcomes.map(|((row, id), outcome)| NotDecided::Refused { row, id, outcome }));
    Ok((committed, refused))
}
