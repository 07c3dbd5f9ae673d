//! Log entries about received messages: by whom, through which channel, how many rows.

use demining::{Outcome, Review, Revision};
use uuid::Uuid;

use super::{report::Report, unreadable::Unreadable};
use crate::access::Caller;

/// Logs an upload whose rows were judged and, unless it was a dry run, committed.
pub fn uploaded(caller: &Caller, channel: &str, report: &Report) {
    let Report { upload, rows, created, updated, unchanged, held, refused, revision, dry_run, .. } = report;
    tracing::info!(
        by = caller.name(),
        door = channel,
        upload = upload.map(tracing::field::display),
        rows,
        created,
        updated,
        unchanged,
        held,
        refused,
        revision,
        "{}",
        if *dry_run { "judged an upload as a dry run" } else { "accepted an upload" },
    );
}

/// Logs an upload that cannot be read as a whole.
pub fn unreadable(caller: &Caller, channel: &str, upload: Option<Uuid>, unreadable: &Unreadable) {
    tracing::info!(
        by = caller.name(),
        door = channel,
        upload = upload.map(tracing::field::display),
        why = ?unreadable.why,
        "an upload cannot be read"
    );
}

/// Logs an upload that is stored but not yet judged.
pub fn waits(upload: Uuid) {
    tracing::warn!(%upload, "stored an upload that has not been judged yet");
}

/// Logs the outcome of a single write.
pub fn wrote(
    caller: &Caller,
    upload: Option<Uuid>,
    record: Uuid,
    (done, review): (Outcome, Option<Review>),
    revision: Revision,
) {
    tracing::info!(
        by = caller.name(),
        upload = upload.map(tracing::field::display),
        %record,
        done = ?done,
        review = review.map(Review::word),
        revision = revision.0,
        "processed a record"
    );
}
