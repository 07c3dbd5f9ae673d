//! `POST /uploads`: a file of records in any input format.

use std::sync::Arc;

use axum::{
    Json,
    extract::State,
    http::{HeaderMap, StatusCode, header},
    response::IntoResponse,
};
use demining::{Author, Collection, QuarantineReason, for_collection};
use serde_json::json;
use service::{
    Service,
    access::Caller,
    intake::{
        self, COLLECTION, Channel, FORMAT, InboundMessage, IntakeOutcome, STATEMENTS, Statements, Verdict,
        may_look_into,
    },
};
use store::{Reader, StoreError, Stored};
use uuid::Uuid;

use crate::{
    access::AskedBy,
    api::{
        answers::{answer, problem},
        asked,
    },
    http::{
        body::{Incoming, UPLOAD},
        conditions::Conditions,
        params::{Params, Path},
        problem::{Answer, Problem},
    },
    wire::upload::{ReportBody, RowDecision},
};

/// Collects the statements of an upload request.
///
/// # Errors
/// 400 when a header names an unknown reference system.
pub fn said(params: &mut Params, headers: &HeaderMap) -> Answer<Statements> {
    asked::said(params, headers, &STATEMENTS)
}

/// Lists the parameters that [`said`] accepts, for a message.
pub fn known() -> String {
    STATEMENTS.join(", ")
}

/// `POST /uploads`
pub async fn post(
    State(service): State<Arc<Service>>,
    AskedBy(caller): AskedBy,
    mut params: Params,
    headers: HeaderMap,
    body: Incoming,
) -> Answer {
    // Validate the options before receiving the body.
    let mut said = said(&mut params, &headers)?;
    for name in [FORMAT, COLLECTION] {
        if let Some(text) = params.take(name) {
            said = said.and(name, text);
        }
    }
    params.finish(&format!("{}, {FORMAT}, {COLLECTION}", known()))?;
    if Conditions::of(&headers).are_there() {
        return Err(problem(IntakeOutcome::NotOne));
    }
    let options = asked::options(said, &headers)?;
    let key = asked::key(&headers)?;
    let bytes = body.receive(&service.intake.memory, UPLOAD).await?;
    let atomic = options.upload_options.atomic;
    let message = InboundMessage { channel: Channel::Uploads(options), key, bytes };
    answer(intake::take(&service.intake, &caller, message).await?, atomic)
}

/// `GET /uploads/{id}`: the upload's report, for callers who may upload.
pub async fn get(
    State(service): State<Arc<Service>>,
    AskedBy(caller): AskedBy,
    Path(id): Path<String>,
    params: Params,
) -> Answer {
    params.finish("none")?;
    let missing = || Problem::not_found(format!("upload not found: {id:?}"));
    let upload = Uuid::try_parse(&id).map_err(|_| missing())?;
    may_look(&service, &caller, upload).await?.then_some(()).ok_or_else(missing)?;
    let no_store = (header::CACHE_CONTROL, "no-store");
    if let Some(kept) = service.readers.run(move |reader| reader.find_upload(upload)).await? {
        let body = match Verdict::read(kept.version, &kept.report)? {
            Verdict::Unreadable(unreadable) => Problem::from(unreadable).told(),
            Verdict::Judged(report) => {
                let told = move |reader: &mut Reader| with_decisions(reader, upload, &kept.by, report.into());
                serde_json::to_string(&service.readers.run(told).await?).map_err(|e| Problem::internal(&e))?
            }
        };
        return Ok(([(header::CONTENT_TYPE, "application/json"), no_store], body).into_response());
    }
    let kept = service.readers.run(move |reader| reader.received(upload)).await?;
    let (_, received_at) = kept.ok_or_else(missing)?;
    let waits = json!({"upload": upload, "received_at": received_at.to_string(), "state": "waiting"});
    Ok((StatusCode::ACCEPTED, [no_store], Json(waits)).into_response())
}

/// Returns whether the caller may see an upload; `false` if the upload does not exist.
async fn may_look(service: &Service, caller: &Caller, upload: Uuid) -> Answer<bool> {
    let sent = service.readers.run(move |reader| reader.sender(upload)).await?;
    Ok(sent
        .is_some_and(|(by, sender)| may_look_into(caller, service.atlas.reference(), &by, sender.as_deref())))
}

/// Adds managers' decisions since then on quarantined or refused rows to the report of an upload.
fn with_decisions(
    reader: &Reader,
    upload: Uuid,
    by: &Author,
    mut report: ReportBody,
) -> Result<ReportBody, StoreError> {
    if report.refused > 0 {
        report.settled = reader.find_refused(upload)?.and_then(|refused| refused.settled).map(Into::into);
    }
    for problem in &report.problems {
        let is_held = problem.code.as_deref().is_some_and(|code| code.parse::<QuarantineReason>().is_ok());
        let id = problem.id.as_deref().and_then(|id| Uuid::try_parse(id).ok());
        let Some(id) = id.filter(|_| is_held && report.held > 0) else { continue };
        for collection in Collection::ALL {
            let decision =
                for_collection!(*collection, T => decision::<T>(reader, (upload, by), problem.row, id)?);
            report.decisions.extend(decision);
        }
    }
    Ok(report)
}

/// Returns the decision on a quarantined row of an upload by its sender; `None` while it waits.
fn decision<T: Stored>(
    reader: &Reader,
    (upload, by): (Uuid, &Author),
    row: u64,
    id: Uuid,
) -> Result<Option<RowDecision>, StoreError> {
    // A write that repeats one already in the quarantine is not quarantined again.
    let mut own = reader.quarantined_of::<T>(id)?;
    own.retain(|held| held.by == *by);
    let found = own.iter().find(|held| held.upload == Some(upload)).or(own.last());
    Ok(found.and_then(|held| RowDecision::of(row, held)))
}

/// `GET /uploads/{id}/received`: the received bytes, for a manager who examines a refused upload.
pub async fn received(
    State(service): State<Arc<Service>>,
    AskedBy(caller): AskedBy,
    Path(id): Path<String>,
    params: Params,
) -> Answer {
    params.finish("none")?;
    let missing = || Problem::not_found(format!("upload not found, or its bytes have been deleted: {id:?}"));
    let upload = Uuid::try_parse(&id).map_err(|_| missing())?;
    may_look(&service, &caller, upload).await?.then_some(()).ok_or_else(missing)?;
    let kept = service.readers.run(move |reader| reader.received(upload)).await?;
    let (kept, _) = kept.filter(|(kept, _)| !kept.bytes.is_empty()).ok_or_else(missing)?;
    let name = format!("attachment; filename=\"{upload}\"");
    let headers = [
        (header::CONTENT_TYPE, "application/octet-stream"),
        (header::CONTENT_DISPOSITION, name.as_str()),
        (header::CACHE_CONTROL, "no-store"),
    ];
    Ok((headers, kept.bytes).into_response())
}
