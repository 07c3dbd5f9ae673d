//! `POST /review/{revision}/undo`: who decided takes it back, soon after.

use std::sync::Arc;

use axum::{Json, extract::State, http::StatusCode, response::IntoResponse};
use demining::{Action, Change, Expect, Revision, Write};
use jiff::{SignedDuration, Timestamp};
use serde_json::json;
use service::{Service, journal};
use store::{Position, Reader, StoreError};

use crate::{
    access::AskedBy,
    api::review::decisions::{MOST_DECISIONS, OPEN, commit_decisions},
    http::{
        params::{Params, Path},
        problem::{Answer, Problem},
    },
};

const GRACE: SignedDuration = SignedDuration::from_secs(10);

/// Why, in the history.
const REASON: &str = "the decision was taken back";

/// `POST /review/{revision}/undo`: every record that still stands as the decision left it stands in review as before.
pub async fn undo(
    State(service): State<Arc<Service>>,
    AskedBy(caller): AskedBy,
    Path(revision): Path<u64>,
    params: Params,
) -> Answer {
    params.finish("none")?;
    let asked = Revision(revision);
    let decided = service.readers.run(move |reader| decided_at(reader, asked)).await?;
    let missing = || Problem::not_found(format!("nothing was decided at revision {revision}"));
    let first = decided.first().map(|(change, _)| change).ok_or_else(missing)?;
    if caller.author().as_ref() != Some(&first.by) {
        let detail = format!("{} decided this, and takes it back", first.by);
        return Err(Problem::new(StatusCode::FORBIDDEN, "forbidden", detail));
    }
    if Timestamp::now().duration_since(first.at) > OPEN + GRACE {
        let detail = "this was decided more than a minute ago; decide on the records anew";
        return Err(Problem::new(StatusCode::CONFLICT, "too-late", detail));
    }
    let n_decided = decided.len();
    let writes = decided.into_iter().map(|(_, write)| write).collect();
    let (committed, problems) = commit_decisions(&service, &caller, writes).await?;
    let n_undone = n_decided - problems.len();
    journal::decided(&caller, "review", "undone", n_undone, problems.len(), committed.revision);
    let body = json!({"revision": committed.revision.0, "undone": n_undone, "problems": problems});
    Ok(([("cache-control", "no-store")], Json(body)).into_response())
}

/// The decisions of a revision, each with the write that takes it back: those changes that left the content of
/// their record as it was.
fn decided_at(reader: &Reader, revision: Revision) -> Result<Vec<(Change, Write)>, StoreError> {
    let Some(before) = revision.0.checked_sub(1) else { return Ok(Vec::new()) };
    let changes = reader.changes_since(Position::after(Revision(before)), MOST_DECISIONS)?.changes;
    let mut decided = Vec::new();
    for (row, change) in (1..).zip(changes.into_iter().filter(|change| change.revision == revision)) {
        let history = reader.history(change.id)?;
        let earlier = history.into_iter().find(|earlier| earlier.revision < revision);
        let Some(earlier) = earlier.and_then(|earlier| earlier.after) else { continue };
        let is_decision = change
            .after
            .as_ref()
            .is_some_and(|after| after.detection == earlier.detection && after.review != earlier.review);
        if is_decision {
            let write = Write {
                row,
                action: Action::Review(change.id, earlier.review),
                expect: Expect::At(revision),
                reason: Some(REASON.to_owned()),
            };
            decided.push((change, write));
        }
    }
    Ok(decided)
}
