//! `POST /uploads`: a file of records in any input format.

use std::{collections::BTreeMap, sync::Arc};

use axum::{
    Json,
    body::Body,
    extract::State,
    http::{HeaderMap, HeaderValue, StatusCode, Uri, header},
    response::{IntoResponse, Response},
};
use demining::{Aside, Role};
use exchange::{Mapping, ReadOptions};
use serde_json::json;
use store::{Reader, StoreError, UploadReport};
use uuid::Uuid;

use crate::{
    access::{Caller, Grant},
    app::App,
    body::UPLOAD,
    inbox::{self, Envelope},
    params::{Params, Path},
    problem::{Answer, Problem},
    upload::{self, Wishes},
    wire::upload::{Report, RowDecision},
};

/// Takes the parameters that all uploads share.
///
/// # Errors
/// 400 for a value that cannot be read.
pub fn wishes(params: &mut Params) -> Answer<(Wishes, ReadOptions)> {
    let wishes = Wishes {
        atomic: params.flag("atomic")?,
        dry_run: params.flag("dry_run")?,
        update: params.flag("update")?,
        reason: reason(params)?,
        ..Wishes::default()
    };
    Ok((wishes, read_options(params)?))
}

/// Takes the reason for a change: `?reason=`, or else what the Basic user name states.
///
/// # Errors
/// 400 when it is empty or too long.
pub fn reason(params: &mut Params) -> Answer<Option<String>> {
    params.reason(upload::reason_of)
}

/// Takes the reference system of the coordinates in a body, and what its columns mean.
///
/// # Errors
/// 400 when a system or a field is unknown.
pub fn read_options(params: &mut Params) -> Answer<ReadOptions> {
    let crs = params.parse("crs", |text| exchange::Reference::parse(text, exchange::AxisOrder::Defined))?;
    let columns = params.parse("columns", columns)?.unwrap_or_default();
    Ok(ReadOptions { crs, columns, ..ReadOptions::default() })
}

/// What columns mean, as a JSON object: `{"Cihaz": "kind"}`.
fn columns(text: &str) -> Result<Mapping, String> {
    let pairs: BTreeMap<String, String> = serde_json::from_str(text)
        .map_err(|error| format!("is no JSON object of columns and their fields: {error}"))?;
    Mapping::new(pairs)
}

/// What [`wishes`] understands.
pub const KNOWN: &str = "atomic, dry_run, update, reason, crs, columns";

/// `POST /uploads`
pub async fn post(
    State(app): State<Arc<App>>,
    caller: Caller,
    uri: Uri,
    headers: HeaderMap,
    body: Body,
) -> Answer {
    let envelope = Envelope::of(uri.query(), &headers);
    // What is not understood is told before anything is sent.
    envelope.asked()?;
    let bytes = app.memory.receive(UPLOAD, &headers, body).await?;
    Ok(reply(&inbox::take(&app, &caller, envelope, &headers, bytes).await?))
}

/// What `POST /uploads` grants to a role, for what is judged later.
pub fn grant(role: Role) -> Grant {
    super::ADD[role.index()]
}

/// A report as a response.
pub fn reply(report: &Report) -> Response {
    let mut response = Json(report).into_response();
    response.headers_mut().insert(crate::sendable::REVISION_HEADER, HeaderValue::from(report.revision));
    if let Some(id) = report.upload
        && let Ok(location) = HeaderValue::from_str(&format!("/uploads/{id}"))
    {
        response.headers_mut().insert(header::CONTENT_LOCATION, location);
    }
    response
}

/// `GET /uploads/{id}`: the report once more, for those who may upload.
pub async fn get(
    State(app): State<Arc<App>>,
    caller: Caller,
    Path(id): Path<String>,
    params: Params,
) -> Answer {
    params.finish("none")?;
    let missing = || Problem::not_found(format!("there is no upload {id:?}"));
    let upload = Uuid::try_parse(&id).map_err(|_| missing())?;
    // A field team sees its own.
    let is_shown = |by: &str| caller.grant() != Grant::Own || by == caller.name();
    let no_store = (header::CACHE_CONTROL, "no-store");
    if let Some(kept) = app.readers.run(move |reader| with_decisions(reader, upload)).await? {
        let kept = Some(kept).filter(|kept| is_shown(&kept.by)).ok_or_else(missing)?;
        return Ok(([(header::CONTENT_TYPE, "application/json"), no_store], kept.report).into_response());
    }
    let kept = app.readers.run(move |reader| reader.received(upload)).await?;
    let (_, received_at) = kept.filter(|(kept, _)| is_shown(&kept.by)).ok_or_else(missing)?;
    let waits = json!({"upload": upload, "received_at": received_at.to_string(), "state": "waiting"});
    Ok((StatusCode::ACCEPTED, [no_store], Json(waits)).into_response())
}

/// The report of an upload, with what managers have made since of what was set aside or could not stand.
fn with_decisions(reader: &Reader, upload: Uuid) -> Result<Option<UploadReport>, StoreError> {
    let Some(mut kept) = reader.find_upload(upload)? else { return Ok(None) };
    // What could not be read at all is a problem and not a report.
    let Ok(mut report) = serde_json::from_str::<Report>(&kept.report) else { return Ok(Some(kept)) };
    if report.refused > 0 {
        report.settled = reader.find_refused(upload)?.and_then(|refused| refused.settled).map(Into::into);
    }
    for problem in &report.problems {
        let is_held = problem.code.as_deref().is_some_and(|code| code.parse::<Aside>().is_ok());
        let id = problem.id.as_deref().and_then(|id| Uuid::try_parse(id).ok());
        let Some(id) = id.filter(|_| is_held && report.held > 0) else { continue };
        // What the same sender had sent before was not set aside once more.
        let mut own = reader.held_of(id)?;
        own.retain(|held| held.by == kept.by);
        let found = own.iter().find(|held| held.upload == Some(upload)).or(own.last());
        report.decisions.extend(found.and_then(|held| RowDecision::of(problem.row, held)));
    }
    if !report.decisions.is_empty() || report.settled.is_some() {
        kept.report = serde_json::to_string(&report).unwrap_or(kept.report);
    }
    Ok(Some(kept))
}

/// `GET /uploads/{id}/received`: the bytes as they came, for a manager who looks into what could not stand.
pub async fn received(State(app): State<Arc<App>>, Path(id): Path<String>, params: Params) -> Answer {
    params.finish("none")?;
    let missing = || Problem::not_found(format!("there is no upload {id:?}, or its bytes are forgotten"));
    let upload = Uuid::try_parse(&id).map_err(|_| missing())?;
    let kept = app.readers.run(move |reader| reader.received(upload)).await?;
    let (kept, _) = kept.filter(|(kept, _)| !kept.bytes.is_empty()).ok_or_else(missing)?;
    let name = format!("attachment; filename=\"{upload}\"");
    let headers = [
        (header::CONTENT_TYPE, "application/octet-stream"),
        (header::CONTENT_DISPOSITION, name.as_str()),
        (header::CACHE_CONTROL, "no-store"),
    ];
    Ok((headers, kept.bytes).into_response())
}
