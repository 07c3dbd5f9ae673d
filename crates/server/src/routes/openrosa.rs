//! OpenRosa: forms for ODK Collect and KoBoCollect, and what they send. The token is a part of the address.

use std::sync::Arc;

use axum::{
    body::Body,
    extract::State,
    http::{HeaderMap, StatusCode, header},
    response::{IntoResponse, Response},
};
use bytes::Bytes;
use exchange::read_submission;
use sha2::{Digest, Sha256};
use uuid::Uuid;

use crate::{
    access::Caller,
    app::App,
    behind,
    body::{Received, SUBMISSION},
    inbox::{self, Door, Parcel},
    openrosa::{self, Attached, Attachment, FORMS, Form, Parts},
    params::Path,
    photos::PhotoError,
    problem::{Answer, Problem},
    upload::read_problem,
    wire::{
        links,
        upload::{Report, RowProblem},
    },
};

/// `GET /openrosa/{token}/formList`
pub async fn form_list(
    State(app): State<Arc<App>>,
    Path(token): Path<String>,
    headers: HeaderMap,
) -> Response {
    openrosa::xml(StatusCode::OK, &openrosa::form_list(&base(&app, &headers, &token)))
}

/// `GET /openrosa/{token}/forms/{name}.xml`
pub async fn form(Path((_, name)): Path<(String, String)>) -> Answer {
    let form = named(name.strip_suffix(".xml").unwrap_or(""))?;
    Ok(([(header::CONTENT_TYPE, "text/xml; charset=utf-8")], form.xml).into_response())
}

/// `GET /openrosa/{token}/forms/{name}/manifest`
pub async fn manifest(
    State(app): State<Arc<App>>,
    caller: Caller,
    Path((token, name)): Path<(String, String)>,
    headers: HeaderMap,
) -> Answer {
    let list = if named(&name)?.has_list { Some(entity_list(&app, &caller).await?) } else { None };
    let base = base(&app, &headers, &token);
    let document = openrosa::manifest(&base, list.as_ref().map(String::as_bytes));
    Ok(openrosa::xml(StatusCode::OK, &document))
}

/// `GET /openrosa/{token}/entities/detections.csv`
pub async fn entities(State(app): State<Arc<App>>, caller: Caller) -> Answer {
    let headers = [(header::CONTENT_TYPE, "text/csv; charset=utf-8"), (header::CACHE_CONTROL, "no-store")];
    Ok((headers, entity_list(&app, &caller).await?).into_response())
}

/// `HEAD /openrosa/{token}/submission`: a client asks before it sends; anything but 204 stops it.
pub async fn ready() -> StatusCode {
    StatusCode::NO_CONTENT
}

/// `POST /openrosa/{token}/submission`: 201 when all of it found its place, 202 when it is kept and a
/// manager has to look at it. Both only once it is on the disk.
pub async fn submit(State(app): State<Arc<App>>, caller: Caller, headers: HeaderMap, body: Body) -> Answer {
    let received = app.memory.receive(SUBMISSION, &headers, body).await?;
    let Parts { xml, files } = openrosa::parts(&headers, received.share()).await?;
    let id = read_submission(&xml).map_err(|error| read_problem(&error))?.id;
    let (attached, others) = keep_photos(&app, files).await?;
    let mut open = Vec::new();
    for (name, bytes) in others {
        let report =
            keep_other(&app, &caller, Attachment { submission: id, name }, received.part(bytes)).await;
        open.extend(told(report)?);
    }
    let parcel = Parcel {
        door: Door::OpenRosa,
        key: Some(key(id, &xml, &attached)),
        envelope: serde_json::to_string(&attached).map_err(|e| Problem::internal(&e))?,
    };
    open.extend(told(inbox::keep(&app, &caller, parcel, received.part(xml)).await)?);
    if open.is_empty() {
        return Ok(openrosa::message(StatusCode::CREATED, "Received"));
    }
    let told = format!("Received, and kept for a manager to look at: {}", open.join("; "));
    Ok(openrosa::message(StatusCode::ACCEPTED, &told))
}

/// What is open of something that is kept; nothing when it found its place.
pub fn told(report: Answer<Report>) -> Answer<Option<String>> {
    match report {
        Ok(report) if report.problems.is_empty() => Ok(None),
        Ok(report) => {
            let sentences: Vec<_> = report.problems.iter().map(RowProblem::sentence).collect();
            let upload = report.upload.map(|id| format!(" (upload {id})")).unwrap_or_default();
            Ok(Some(format!("{}{upload}", sentences.join("; "))))
        }
        // It is kept, and is being judged by another request.
        Err(problem) if problem.status().is_client_error() => Ok(Some(problem.sentence())),
        Err(problem) => Err(problem),
    }
}

/// The address of the server for a token.
fn base(app: &App, headers: &HeaderMap, token: &str) -> String {
    format!("{}/openrosa/{token}", links::base(app, headers))
}

fn named(name: &str) -> Answer<&'static Form> {
    FORMS
        .iter()
        .find(|form| form.name == name)
        .ok_or_else(|| Problem::not_found(format!("there is no form {name:?}")))
}

async fn entity_list(app: &Arc<App>, caller: &Caller) -> Answer<String> {
    let (caller, view) = (caller.clone(), caller.view(app));
    let made = tokio::task::spawn_blocking(move || openrosa::entity_list(&caller, &view)).await;
    made.map_err(|e| Problem::internal(&e))
}

/// Writes the photos down; what is none is given back.
async fn keep_photos(app: &App, files: Vec<(String, Bytes)>) -> Answer<(Attached, Vec<(String, Bytes)>)> {
    let (mut attached, mut others) = (Attached::new(), Vec::new());
    for (name, bytes) in files {
        let (photos, photo) = (Arc::clone(&app.photos), bytes.clone());
        match behind::run("photo", move || photos.keep(&photo)).await? {
            Ok(id) => drop(attached.insert(name, id.to_string())),
            Err(PhotoError::Refused(_) | PhotoError::TooLarge) => others.push((name, bytes)),
            Err(error) => {
                tracing::warn!(%error, "a photo of a submission was not kept");
                app.trouble.note(true);
                return Err(Problem::unavailable("the photos could not be kept just now; send it again"));
            }
        }
    }
    Ok((attached, others))
}

/// Keeps a file that is no photo.
async fn keep_other(
    app: &Arc<App>,
    caller: &Caller,
    attachment: Attachment,
    bytes: Received,
) -> Answer<Report> {
    let parcel = Parcel {
        door: Door::Attachment,
        key: Some(format!("{}/{}", attachment.submission, hex::encode(Sha256::digest(&*bytes)))),
        envelope: serde_json::to_string(&attachment).map_err(|e| Problem::internal(&e))?,
    };
    inbox::keep(app, caller, parcel, bytes).await
}

/// The name of a post: that of the submission, with the hash of what this post holds of it. The same post
/// again is the same; another content under the same name is not.
fn key(id: Uuid, xml: &[u8], attached: &Attached) -> String {
    let mut hash = Sha256::new();
    hash.update(Sha256::digest(xml));
    for (name, photo) in attached {
        hash.update(Sha256::digest(name));
        hash.update(photo);
    }
    format!("{id}/{}", hex::encode(hash.finalize()))
}
