//! Undoes recent decisions, by the manager who made them.

use demining::{Action, Author, Change, Expect, Judged, Revision, Write, for_collection};
use jiff::{SignedDuration, Timestamp};
use store::{Committed, Position, Reader, StoreError, Stored, Writes};

use super::decisions::{MOST_DECISIONS, NotDecided, OPEN, commit};
use crate::{Fault, Service, access::Caller, collections::Served, journal};

/// Extra time for the response and the next request to travel.
const GRACE: SignedDuration = SignedDuration::from_secs(10);

/// The reason in the history.
const REASON: &str = "the decision was undone";

/// Why decisions cannot be undone.
pub enum NotUndone {
    /// No decision was made at the revision.
    Missing,
    /// Somebody else decided.
    Foreign(Author),
    /// The time to undo is over.
    TooLate,
}

/// The undone decisions.
pub struct Undone {
    /// The commit.
    pub committed: Committed,
    /// Number of records that are back in their earlier review state.
    pub n_undone: usize,
    /// The decisions that could not be undone.
    pub refused: Vec<NotDecided>,
}

/// Undoes the decisions of a revision: records unchanged since then return to their earlier review state.
///
/// # Errors
/// Why not; a fault if the store cannot be read or written.
pub async fn undo(
    service: &Service,
    caller: &Caller,
    revision: Revision,
) -> Result<Result<Undone, NotUndone>, Fault> {
    let decided = service.readers.run(move |reader| decided_at(reader, revision)).await?;
    let Some(Decided { by, at, undoing }) = decided else { return Ok(Err(NotUndone::Missing)) };
    if caller.author().as_ref() != Some(&by) {
        return Ok(Err(NotUndone::Foreign(by)));
    }
    if Timestamp::now().duration_since(at) > OPEN + GRACE {
        return Ok(Err(NotUndone::TooLate));
    }
    let n_decided = undoing.len();
    let (committed, refused) = for_collection!(undoing.collection(), T => {
        commit::<T>(service, caller, T::writes(undoing)).await?
    });
    let n_undone = n_decided - refused.len();
    journal::decided(caller, "review", "undone", n_undone, refused.len(), committed.revision);
    Ok(Ok(Undone { committed, n_undone, refused }))
}

/// The decisions of a revision.
struct Decided {
    by: Author,
    at: Timestamp,
    /// The writes that undo them, of the one collection that the revision changed.
    undoing: Writes,
}

/// Returns the decisions of a revision; `None` if nothing was decided at it.
fn decided_at(reader: &Reader, revision: Revision) -> Result<Option<Decided>, StoreError> {
    let Some(before) = revision.0.checked_sub(1) else { return Ok(None) };
    let page = reader.changes_since(Position::after(Revision(before)), MOST_DECISIONS)?;
    let Some(run) = page.runs.first() else { return Ok(None) };
    for_collection!(run.collection(), T => decided_of::<T>(reader, run.of(), revision))
}

/// Returns the decisions of a revision among these changes. A decision is a change that left the content of
/// its record the same.
fn decided_of<T: Served>(
    reader: &Reader,
    changes: &[Change<Judged<T>>],
    revision: Revision,
) -> Result<Option<Decided>, StoreError> {
    let (mut first, mut undoing) = (None, Vec::new());
    for (row, change) in (1..).zip(changes.iter().filter(|change| change.revision == revision)) {
        let history = reader.history::<T>(change.id)?;
        let earlier = history.into_iter().find(|earlier| earlier.revision < revision);
        let Some(earlier) = earlier.and_then(|earlier| earlier.after) else { continue };
        let is_decision = change
            .after
            .as_ref()
            .is_some_and(|after| after.content == earlier.content && after.review != earlier.review);
        if is_decision {
            first.get_or_insert((change.by.clone(), change.at));
            undoing.push(Write {
                row,
                action: Action::Review(change.id, earlier.review),
                expect: Expect::At(revision),
                reason: Some(REASON.to_owned()),
            });
        }
    }
    Ok(first.map(|(by, at)| Decided { by, at, undoing: T::wrap_writes(undoing) }))
}
