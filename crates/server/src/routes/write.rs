//! Creating, replacing, changing and deleting detections.

use std::sync::Arc;

use atlas::{Found, Scope};
use axum::{
    body::Body,
    extract::State,
    http::{HeaderMap, StatusCode, header},
};
use demining::Expect;
use exchange::Fields;
use serde_json::{Value, json};

use super::{
    answers::{answer, problem},
    asked,
    items::{self, GEOJSON},
    uploads,
};
use crate::{
    access::Caller,
    app::App,
    body::{FEATURE, UPLOAD},
    intake::{self, Channel, Intake, Known, Outcome, REASON, Replacing},
    params::{Params, Path},
    problem::{Answer, Problem},
    sendable::Sendable,
    wire::{features, merge_patch},
};

/// `POST /collections/detections/items`: one Feature, or a FeatureCollection as an upload.
pub async fn post(
    State(app): State<Arc<App>>,
    caller: Caller,
    mut params: Params,
    headers: HeaderMap,
    body: Body,
) -> Answer {
    let said = uploads::said(&mut params, &headers)?;
    params.finish(&uploads::known())?;
    let options = asked::options_of_json(said, &headers)?;
    let key = asked::key(&headers)?;
    let bytes = app.memory.receive(UPLOAD, &headers, body).await?;
    if asked::is_xml(&headers) {
        asked::json_only(&headers, &bytes)?;
    }
    let tags = if_match(&headers);
    let matches = |found: &Found| tags.as_deref().is_some_and(|tags| is_named(&app, found, tags));
    let known = tags.is_some().then_some(&matches as Known<'_>);
    let atomic = options.wishes.atomic;
    let intake = Intake { channel: Channel::Items(options), key, bytes };
    answer(&app, intake::take_items(&app, &caller, intake, known).await?, atomic)
}

/// `PUT /collections/detections/items/{id}`: the record is replaced as a whole.
pub async fn put(
    State(app): State<Arc<App>>,
    caller: Caller,
    Path(id): Path<String>,
    mut params: Params,
    headers: HeaderMap,
    body: Body,
) -> Answer {
    let said = asked::said(&mut params, &headers, &[REASON, "crs", "columns", "dates"])?;
    params.finish("reason, crs, columns, dates")?;
    let current = current(&app, &id, &headers)?;
    let bytes = app.memory.receive_unpacked(FEATURE, &headers, body).await?;
    asked::json_only(&headers, &bytes)?;
    let expect = match if_match(&headers) {
        Some(_) => Expect::At(current.record.revision),
        None => Expect::Any,
    };
    let (id, wishes, reading) = (current.record.detection.id, said.wishes()?, said.reading()?);
    let replacing =
        Replacing { id, body: &bytes, wishes: &wishes, reading: &reading, expect, is_patch: false };
    answer(&app, intake::replace(&app, &caller, replacing).await?, false)
}

/// `PATCH /collections/detections/items/{id}`: a merge patch (RFC 7396) of the Feature.
pub async fn patch(
    State(app): State<Arc<App>>,
    caller: Caller,
    Path(id): Path<String>,
    mut params: Params,
    headers: HeaderMap,
    body: Body,
) -> Answer {
    // No `crs`: what the patch leaves alone is WGS84. `Content-Crs` speaks of the coordinates in the patch.
    let said = asked::said(&mut params, &headers, &[REASON])?;
    params.finish("reason")?;
    let current = current(&app, &id, &headers)?;
    let bytes = app.memory.receive_unpacked(FEATURE, &headers, body).await?;
    asked::json_only(&headers, &bytes)?;
    let patch = merge_patch::read(&bytes)
        .map_err(|reason| Problem::new(StatusCode::BAD_REQUEST, "unreadable", reason))?;
    let mut feature: Value = serde_json::from_slice(&features::detection(&current, Fields::All))
        .map_err(|e| Problem::internal(&e))?;
    if patch.get("geometry").is_some() {
        // What was typed described the old position.
        merge_patch::apply(&mut feature, &json!({"properties": {"location_as_given": null}}));
    }
    merge_patch::apply(&mut feature, &patch);
    let moves = patch.pointer("/geometry/coordinates").is_some();
    let said = if moves { said } else { said.without(intake::CONTENT_CRS) };
    let patched = serde_json::to_vec(&feature).map_err(|e| Problem::internal(&e))?;
    // The patch was applied to this revision: on any other it would mean something else.
    let expect = Expect::At(current.record.revision);
    let (id, wishes, reading) = (current.record.detection.id, said.wishes()?, said.reading()?);
    let replacing =
        Replacing { id, body: &patched, wishes: &wishes, reading: &reading, expect, is_patch: true };
    answer(&app, intake::replace(&app, &caller, replacing).await?, false)
}

/// `DELETE /collections/detections/items/{id}`: the record leaves, its history stays.
pub async fn delete(
    State(app): State<Arc<App>>,
    caller: Caller,
    Path(id): Path<String>,
    mut params: Params,
    headers: HeaderMap,
) -> Answer {
    let said = asked::said(&mut params, &headers, &[REASON])?;
    params.finish("reason")?;
    let current = current(&app, &id, &headers)?;
    let expect = match if_match(&headers) {
        Some(_) => Expect::At(current.record.revision),
        None => Expect::Any,
    };
    let reason = said.wishes()?.reason;
    let outcome = intake::delete(&app, &caller, current.record.detection.id, reason, expect).await?;
    answer(&app, outcome, false)
}

/// The tags of `If-Match`, if it is there.
fn if_match(headers: &HeaderMap) -> Option<String> {
    headers.get(header::IF_MATCH).map(|v| v.to_str().unwrap_or("").to_owned())
}

/// The record, when the caller's `If-Match` names it as it stands.
fn current(app: &App, id: &str, headers: &HeaderMap) -> Answer<Found> {
    let found = items::find(&app.atlas.view(Scope::Full), id)?;
    match if_match(headers) {
        Some(tags) if !is_named(app, &found, &tags) => Err(problem(Outcome::Stale)),
        _ => Ok(found),
    }
}

/// Whether one of these tags is that of a record as it stands.
fn is_named(app: &App, found: &Found, tags: &str) -> bool {
    let revision = app.atlas.view(Scope::Full).revision();
    Sendable::new(GEOJSON, features::detection(found, Fields::All), revision).is_named_in(tags)
}
