//! Maps outcomes to HTTP responses. This is the only place that assigns status codes to outcomes.

use axum::{
    Json,
    http::{HeaderMap, HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use demining::Collection;
use exchange::Fields;
use serde_json::Value;
use service::intake::{How, IntakeOutcome, Notice, Refusal, ReportedProblem, Written};
use uuid::Uuid;

use crate::{
    http::{
        cached_response::{CachedResponse, Keep, REVISION_HEADER},
        conditions,
        problem::{Answer, Problem},
        row_problem::RowProblem,
    },
    wire::{
        collection::noun,
        features::{self, GEOJSON},
        systems::{CONTENT_CRS, System},
        upload::{ReportBody, RowNotice},
    },
};

/// Seconds after which a waiting upload has been judged again.
const WAITING_S: &str = "60";

/// Turns an outcome into the response to its request; `atomic` means that the request wanted all rows or
/// none.
///
/// # Errors
/// 202 for an upload that waits to be judged; 400, 403, 404, 409, 412, 413, 415 and 422 for refused input.
pub fn answer(outcome: IntakeOutcome, atomic: bool) -> Answer {
    match outcome {
        IntakeOutcome::Judged(report) if report.nothing_stands() || atomic && report.refused > 0 => {
            let why = if atomic { "atomic=true, so no row was stored" } else { "no row was accepted" };
            let detail = format!("{} of {} rows were refused; {why}", report.refused, report.rows);
            Err(rows(detail, report.troubles))
        }
        IntakeOutcome::Judged(report) => Ok(reply(&report.into())),
        IntakeOutcome::Quarantined(report) => {
            Ok((StatusCode::ACCEPTED, reply(&report.into())).into_response())
        }
        IntakeOutcome::Accepted(written) | IntakeOutcome::Unchanged(written) => shown(written),
        other => Err(problem(other)),
    }
}

/// Describes what remains to be settled of a stored submission; `None` when it was accepted.
///
/// # Errors
/// 202 when it waits to be judged.
pub fn open(outcome: IntakeOutcome) -> Answer<Option<String>> {
    match outcome {
        IntakeOutcome::Judged(report) => {
            let upload = report.upload.map(|id| format!(" (upload {id})")).unwrap_or_default();
            let sentences = report.troubles.into_iter().map(|trouble| RowProblem::from(trouble).sentence());
            let sentences = sentences.collect::<Vec<_>>().join("; ");
            Ok(Some(sentences).filter(|told| !told.is_empty()).map(|told| format!("{told}{upload}")))
        }
        IntakeOutcome::Later(id) => Err(problem(IntakeOutcome::Later(id))),
        other => Ok(Some(problem(other).sentence())),
    }
}

/// Describes an unsuccessful outcome as a problem.
pub fn problem(outcome: IntakeOutcome) -> Problem {
    match outcome {
        IntakeOutcome::Unreadable(unreadable) => unreadable.into(),
        IntakeOutcome::Stale => conditions::failed(),
        IntakeOutcome::Conflict(trouble) => Problem::new(
            StatusCode::CONFLICT,
            "conflict",
            "a record with this id exists with other content; send If-Match to replace it",
        )
        .with_rows(vec![trouble.into()]),
        IntakeOutcome::Missing(collection, id) => {
            Problem::not_found(format!("{} not found: {id}", noun(collection)))
        }
        IntakeOutcome::Refused(refusal, troubles) => refused(refusal, troubles),
        IntakeOutcome::Later(id) => Problem::new(
            StatusCode::ACCEPTED,
            "waiting",
            format!(
                "the upload is stored but could not be judged yet; the server will try again, and \
                 /uploads/{id} shows the outcome"
            ),
        )
        .with_header(header::RETRY_AFTER, HeaderValue::from_static(WAITING_S)),
        IntakeOutcome::InProgress => Problem::new(
            StatusCode::CONFLICT,
            "in-progress",
            "this upload is stored and is being judged; repeat the request for the outcome",
        )
        .with_header(header::RETRY_AFTER, HeaderValue::from_static("2")),
        IntakeOutcome::KeyReused => Problem::new(
            StatusCode::UNPROCESSABLE_ENTITY,
            "idempotency-key",
            "another upload used this Idempotency-Key; use a new key for a new upload",
        ),
        IntakeOutcome::NotOne => Problem::new(
            StatusCode::BAD_REQUEST,
            "header",
            "If-Match, If-None-Match: a condition applies to a single record; send base_revision in each row instead",
        ),
        IntakeOutcome::Judged(report) | IntakeOutcome::Quarantined(report) => {
            rows("some rows were not accepted".to_owned(), report.troubles)
        }
        IntakeOutcome::Accepted(_) | IntakeOutcome::Unchanged(_) => {
            Problem::internal(&"a successful outcome was reported as a problem")
        }
    }
}

fn refused(refusal: Refusal, troubles: Vec<ReportedProblem>) -> Problem {
    let detail = match refusal {
        Refusal::NoRecord => "the feature is not a valid record",
        Refusal::OtherRecord => "the feature has a different id",
        Refusal::NotAllowed => "this caller may not write this record",
        Refusal::NeedsReason => "the change needs a reason: send ?reason=",
        Refusal::IllegalChange => "this status change is not allowed",
        Refusal::OtherCollection => "the id belongs to a record of another collection",
        Refusal::Derived => "the patch sets values that the server derives",
    };
    let problem = rows(detail.to_owned(), troubles);
    if refusal == Refusal::NotAllowed { problem.with_status(StatusCode::FORBIDDEN) } else { problem }
}

fn rows(detail: String, troubles: Vec<ReportedProblem>) -> Problem {
    Problem::rows(detail, troubles.into_iter().map(RowProblem::from).collect())
}

/// Builds a response from a report.
fn reply(report: &ReportBody) -> Response {
    let mut response = Json(report).into_response();
    response.headers_mut().insert(REVISION_HEADER, HeaderValue::from(report.revision));
    if let Some(id) = report.upload
        && let Ok(location) = HeaderValue::from_str(&format!("/uploads/{id}"))
    {
        response.headers_mut().insert(header::CONTENT_LOCATION, location);
    }
    response
}

/// Builds the response to a write of a single record.
fn shown(Written { collection, id, how, record, revision, notices }: Written) -> Answer {
    let status = match how {
        How::Created => StatusCode::CREATED,
        How::Updated | How::Unchanged => StatusCode::OK,
        How::Deleted => StatusCode::NO_CONTENT,
    };
    let mut response = match record {
        Some(record) => {
            let feature = features::record(&record, Fields::All);
            let with_notices = (!notices.is_empty()).then(|| with_notices(&feature, notices));
            let sendable = CachedResponse::new(GEOJSON, feature, revision);
            let mut response = (status, sendable.respond(&HeaderMap::new(), Keep::Asking)).into_response();
            if let Some(body) = with_notices.transpose()? {
                // The ETag remains that of the record alone.
                response.headers_mut().remove(header::CONTENT_LENGTH);
                *response.body_mut() = body.into();
            }
            response
        }
        None => status.into_response(),
    };
    let headers = response.headers_mut();
    headers.insert(REVISION_HEADER, HeaderValue::from(revision.0));
    if how != How::Deleted {
        headers.insert(CONTENT_CRS, System::default().header());
    }
    if how == How::Created
        && let Some(location) = location_of(collection, id)
    {
        headers.insert(header::LOCATION, location);
    }
    Ok(response)
}

/// Adds notices for the sender to a feature, as a foreign member (RFC 7946, 6.1).
fn with_notices(feature: &[u8], notices: Vec<Notice>) -> Answer<Vec<u8>> {
    let mut feature: Value = serde_json::from_slice(feature).map_err(|e| Problem::internal(&e))?;
    let notices: Vec<RowNotice> = notices.into_iter().map(RowNotice::from).collect();
    feature["notices"] = serde_json::to_value(notices).map_err(|e| Problem::internal(&e))?;
    serde_json::to_vec(&feature).map_err(|e| Problem::internal(&e))
}

fn location_of(collection: Collection, id: Uuid) -> Option<HeaderValue> {
    HeaderValue::from_str(&format!("/collections/{collection}/items/{id}")).ok()
}
