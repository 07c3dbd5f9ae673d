//! `GET /changes`: the change log in order, for mirrors.

use std::sync::Arc;

use axum::{Json, extract::State, http::HeaderMap, response::IntoResponse};
use demining::Revision;
use serde_json::json;

use crate::{
    app::App,
    params::Params,
    problem::Answer,
    wire::{history, links},
};

/// Changes in one answer, unless asked otherwise, and at the most.
const LIMIT: (usize, usize) = (1_000, 10_000);

/// `GET /changes?since=REVISION&limit=N`
pub async fn changes(State(app): State<Arc<App>>, mut params: Params, headers: HeaderMap) -> Answer {
    let since: u64 = params.parse("since", |t| t.parse().map_err(|_| "is no revision".to_owned()))?.unwrap_or(0);
    let limit = params.parse("limit", |t| match t.parse() {
        Ok(n) if (1..=LIMIT.1).contains(&n) => Ok(n),
        _ => Err(format!("is outside 1..{}", LIMIT.1)),
    })?;
    params.finish("since, limit")?;
    let limit = limit.unwrap_or(LIMIT.0);
    let (now, changes) = app
        .readers
        .run(move |reader| Ok((reader.revision()?, reader.changes_since(Revision(since), limit)?)))
        .await?;
    // Whole revisions only come from the store, so the last one seen is where to go on.
    let reached = changes.last().map_or(since.max(now.0), |c| c.revision.0);
    let next = (reached < now.0)
        .then(|| format!("{}/changes?since={reached}&limit={limit}", links::base(&app, &headers)));
    let changes: Vec<_> = changes.iter().map(history::entry).collect::<Answer<_>>()?;
    Ok(Json(json!({"since": since, "revision": now.0, "reached": reached, "changes": changes, "next": next}))
        .into_response())
}
