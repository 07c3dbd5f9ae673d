//! What the log of the program says of what came in: by whom, by which channel, how many rows.

use demining::{Outcome as Done, Review, Revision};
use uuid::Uuid;

use super::{report::Report, unreadable::Unreadable};
use crate::access::Caller;

/// The rows of an upload were judged and committed, or only judged.
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
        if *dry_run { "an upload was tried" } else { "an upload was taken" },
    );
}

/// An upload cannot be read as a whole.
pub fn unreadable(caller: &Caller, channel: &str, upload: Option<Uuid>, unreadable: &Unreadable) {
    tracing::info!(
        by = caller.name(),
        door = channel,
        upload = upload.map(tracing::field::display),
        why = ?unreadable.why,
        "an upload cannot be read"
    );
}

/// An upload is kept, and could not be judged yet.
pub fn waits(upload: Uuid) {
    tracing::warn!(%upload, "an upload is kept and waits to be judged");
}

/// One record was written, or was not.
pub fn wrote(
    caller: &Caller,
    upload: Option<Uuid>,
    record: Uuid,
    (done, review): (Done, Option<Review>),
    revision: Revision,
) {
    tracing::info!(
        by = caller.name(),
        upload = upload.map(tracing::field::display),
        %record,
        done = ?done,
        review = review.map(Review::word),
        revision = revision.0,
        "a record was sent"
    );
}
