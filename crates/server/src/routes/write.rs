//! Creating, replacing, changing and deleting detections.

use std::sync::Arc;

use atlas::{Found, Scope};
use axum::{
    body::Body,
    extract::State,
    http::{HeaderMap, HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use demining::{Action, Detection, Expect, Outcome, Write};
use exchange::{Fields, ReadOptions};
use serde_json::Value;
use uuid::Uuid;

use super::{
    content_crs,
    items::{self, GEOJSON},
    uploads,
};
use crate::{
    access::{Caller, hold},
    app::App,
    body::{FEATURE, UPLOAD},
    ogc::systems::{CONTENT_CRS, System},
    params::{Params, Path},
    problem::{Answer, Problem},
    sendable::{Keep, REVISION_HEADER, Sendable},
    upload::{self, Judged, Wishes},
    wire::{features, merge_patch, upload::RowProblem},
};

/// `POST /collections/detections/items`: one Feature, or a FeatureCollection as an upload.
pub async fn post(
    State(app): State<Arc<App>>,
    caller: Caller,
    mut params: Params,
    headers: HeaderMap,
    body: Body,
) -> Answer {
    let (wishes, options) = uploads::wishes(&mut params)?;
    params.finish(uploads::KNOWN)?;
    let options = content_crs::applied(options, &headers)?;
    let format = upload::format(None, &headers)?;
    let bytes = app.memory.receive(UPLOAD, &headers, body).await?;
    let mut judged = upload::judge((&app, &caller), &headers, bytes, format, options, &wishes).await?;
    if !judged.single {
        let report = upload::commit(&app, &caller, judged, &wishes).await?;
        return Ok(uploads::reply(&report));
    }
    let write = take_single(&mut judged)?;
    if wishes.dry_run {
        judged.writes.push(write);
        return Ok(uploads::reply(&upload::commit(&app, &caller, judged, &wishes).await?));
    }
    let id = write.id();
    let expect = match if_match(&headers) {
        Some(tags) => Expect::At(matching(&app, id, &tags)?.record.revision),
        None => write.expect,
    };
    put_one(&app, &caller, Write { expect, ..write }).await
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
    let reason = uploads::reason(&mut params)?;
    let wishes = Wishes { reason, operator: upload::own_operator(&caller), ..Wishes::default() };
    let options = uploads::read_options(&mut params)?;
    params.finish("reason, crs")?;
    let options = content_crs::applied(options, &headers)?;
    json_only(&headers)?;
    let current = current(&app, &id, &headers)?;
    let bytes = app.memory.receive_unpacked(FEATURE, &headers, body).await?;
    let expect = match if_match(&headers) {
        Some(_) => Expect::At(current.record.revision),
        None => Expect::Any,
    };
    replace(&app, &caller, current.record.detection.id, &bytes, (&wishes, &options), expect).await
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
    let reason = uploads::reason(&mut params)?;
    let wishes = Wishes { reason, operator: upload::own_operator(&caller), ..Wishes::default() };
    params.finish("reason")?;
    let named = content_crs::applied(ReadOptions::default(), &headers)?;
    json_only(&headers)?;
    let current = current(&app, &id, &headers)?;
    let bytes = app.memory.receive_unpacked(FEATURE, &headers, body).await?;
    let patch = merge_patch::read(&bytes)
        .map_err(|reason| Problem::new(StatusCode::BAD_REQUEST, "unreadable", reason))?;
    let mut feature: Value = serde_json::from_slice(&features::detection(&current, Fields::All))
        .map_err(|e| Problem::internal(&e))?;
    if patch.get("geometry").is_some() {
        // What was typed described the old position.
        merge_patch::apply(&mut feature, &serde_json::json!({"properties": {"location_as_given": null}}));
    }
    merge_patch::apply(&mut feature, &patch);
    let moves = patch.pointer("/geometry/coordinates").is_some();
    let options = if moves { named } else { ReadOptions::default() };
    let patched = serde_json::to_vec(&feature).map_err(|e| Problem::internal(&e))?;
    // The patch was applied to this revision: on any other it would mean something else.
    let expect = Expect::At(current.record.revision);
    replace(&app, &caller, current.record.detection.id, &patched, (&wishes, &options), expect).await
}

/// `DELETE /collections/detections/items/{id}`: the record leaves, its history stays.
pub async fn delete(
    State(app): State<Arc<App>>,
    caller: Caller,
    Path(id): Path<String>,
    mut params: Params,
    headers: HeaderMap,
) -> Answer {
    let reason = uploads::reason(&mut params)?;
    params.finish("reason")?;
    let current = current(&app, &id, &headers)?;
    let expect = match if_match(&headers) {
        Some(_) => Expect::At(current.record.revision),
        None => Expect::Any,
    };
    let action = Action::Delete(current.record.detection.id);
    put_one(&app, &caller, Write { row: 1, action, expect, reason }).await
}

/// Refuses a body that says it is no JSON.
fn json_only(headers: &HeaderMap) -> Answer<()> {
    let given = headers.get(header::CONTENT_TYPE).map_or("application/json", |v| v.to_str().unwrap_or("?"));
    let essence = given.split(';').next().unwrap_or("").trim();
    if essence == "application/json" || essence.starts_with("application/") && essence.ends_with("+json") {
        return Ok(());
    }
    let detail =
        format!("{essence:?} is not read here; application/geo+json and application/merge-patch+json are");
    Err(Problem::new(StatusCode::UNSUPPORTED_MEDIA_TYPE, "format", detail))
}

/// The tags of `If-Match`, if it is there.
fn if_match(headers: &HeaderMap) -> Option<String> {
    headers.get(header::IF_MATCH).map(|v| v.to_str().unwrap_or("").to_owned())
}

/// The record, when the caller's `If-Match` names it as it stands.
fn current(app: &App, id: &str, headers: &HeaderMap) -> Answer<Found> {
    let found = items::find(&app.atlas.view(Scope::Full), id)?;
    match if_match(headers) {
        Some(tags) => matching(app, found.record.detection.id, &tags),
        None => Ok(found),
    }
}

fn matching(app: &App, id: Uuid, tags: &str) -> Answer<Found> {
    let view = app.atlas.view(Scope::Full);
    let found = view.get(id);
    let stands = found.as_ref().is_some_and(|found| {
        Sendable::new(GEOJSON, features::detection(found, Fields::All), view.revision()).is_named_in(tags)
    });
    found.filter(|_| stands).ok_or_else(stale)
}

fn stale() -> Problem {
    let detail = "the record has changed since the revision that If-Match names; read it again";
    Problem::new(StatusCode::PRECONDITION_FAILED, "stale", detail)
}

/// The only row of a body that was one Feature.
fn take_single(judged: &mut Judged) -> Answer<Write> {
    match judged.writes.pop() {
        Some(write) => Ok(write),
        None => Err(Problem::rows("the feature cannot stand", std::mem::take(&mut judged.report.problems))),
    }
}

/// The record `current` is to become what the body says.
async fn replace(
    app: &Arc<App>,
    caller: &Caller,
    id: Uuid,
    bytes: &[u8],
    (wishes, options): (&Wishes, &ReadOptions),
    expect: Expect,
) -> Answer {
    let refused = |problems: Vec<demining::Problem>| {
        Problem::rows("the feature cannot stand", problems.into_iter().map(RowProblem::from).collect())
    };
    let row = exchange::read_feature(bytes, options).map_err(|error| upload::read_problem(&error))?;
    let mut raw = row.map_err(|problem| refused(vec![problem]))?;
    if raw.id.is_empty() {
        raw.id = demining::Value::Text(id.to_string());
    }
    let write = upload::judge_row(raw, upload::today(), wishes).map_err(refused)?;
    if write.id() != id {
        let given = write.id().to_string();
        let reason = format!("is not the id in the address, {id}");
        let row = demining::Problem::new(1, Some(&given), "id", &given, reason).into();
        return Err(Problem::rows("the feature is another one", vec![row]));
    }
    put_one(app, caller, Write { expect, ..write }).await
}

/// Commits one wish and answers with what became of it.
async fn put_one(app: &Arc<App>, caller: &Caller, write: Write) -> Answer {
    let (caller, view) = (caller.clone(), caller.view(app));
    let (writer, held) =
        (caller.clone(), move |reader: &mut store::Reader| hold(&caller, &view, reader, write));
    let write = app.readers.run(held).await?.map_err(|refusal| {
        Problem::rows("this may not be written", vec![refusal.problem.into()])
            .with_status(StatusCode::FORBIDDEN)
    })?;
    let (row, id) = (write.row, write.id());
    let sent = match &write.action {
        Action::Put(detection) => Some(Detection::clone(detection)),
        Action::Delete(_) | Action::Review(..) | Action::Aside(..) => None,
    };
    let expected_revision = matches!(write.expect, Expect::At(_));
    let committed = app.writer.commit(upload::upload_of(app, &writer, vec![write])).await?;
    let outcome =
        committed.outcomes.first().copied().ok_or_else(|| Problem::internal(&"an upload without outcome"))?;
    let refused = || RowProblem::refused(row, id, outcome).into_iter().collect::<Vec<_>>();
    let status = match outcome {
        Outcome::Created => StatusCode::CREATED,
        Outcome::Updated | Outcome::Unchanged => StatusCode::OK,
        Outcome::Deleted => StatusCode::NO_CONTENT,
        Outcome::Conflict { .. } if expected_revision => return Err(stale()),
        Outcome::Conflict { .. } => {
            let detail = "a record with this id is there with other content; send If-Match to replace it";
            return Err(Problem::new(StatusCode::CONFLICT, "conflict", detail).with_rows(refused()));
        }
        // Only what comes as an upload is set aside.
        Outcome::Held(_) => return Err(Problem::internal(&"a single write was set aside")),
        Outcome::Missing => return Err(Problem::not_found(format!("there is no detection {id}"))),
        Outcome::NeedsReason => return Err(Problem::rows("the change needs a reason: ?reason=", refused())),
        Outcome::IllegalChange { .. } => {
            return Err(Problem::rows("the status cannot change like that", refused()));
        }
    };
    // The reply shows this write, whatever others have written since.
    let record = match committed.changes.first() {
        Some(change) => change.after.clone(),
        None => app
            .atlas
            .view(Scope::Full)
            .get(id)
            .map(|found| found.record)
            .filter(|r| Some(&r.detection) == sent.as_ref()),
    };
    let mut response = match record {
        Some(record) => {
            let region = app.atlas.ground().locate(record.detection.location).map(Arc::from);
            let sendable = Sendable::new(
                GEOJSON,
                features::detection(&Found { record, region }, Fields::All),
                committed.revision,
            );
            (status, sendable.respond(&HeaderMap::new(), Keep::Asking)).into_response()
        }
        None => status.into_response(),
    };
    mark(&mut response, id, outcome, committed.revision.0);
    Ok(response)
}

fn mark(response: &mut Response, id: Uuid, outcome: Outcome, revision: u64) {
    let headers = response.headers_mut();
    headers.insert(REVISION_HEADER, HeaderValue::from(revision));
    if outcome != Outcome::Deleted {
        headers.insert(CONTENT_CRS, System::default().header());
    }
    if outcome == Outcome::Created
        && let Ok(location) = HeaderValue::from_str(&format!("/collections/detections/items/{id}"))
    {
        headers.insert(header::LOCATION, location);
    }
}
