//! OpenRosa routes: forms for ODK Collect and KoBoCollect, and their submissions. The token is part of the
//! address.

use std::{fmt::Write, sync::Arc};

use axum::{
    extract::State,
    http::{HeaderMap, StatusCode, header},
    response::{IntoResponse, Response},
};
use bytes::Bytes;
use exchange::{Submission, read_submission};
use service::{
    Service,
    access::Caller,
    background,
    intake::{self, Attached, Attachment, Channel, DAYS, InboundMessage},
    memory::Received,
    photos::PhotoError,
};
use sha2::{Digest, Sha256};
use uuid::Uuid;

use crate::{
    access::AskedBy,
    api::answers::open,
    http::{
        body::{Incoming, SUBMISSION},
        params::Path,
        problem::{Answer, Problem},
        site::Site,
    },
    openrosa::{self, FORMS, Form, Parts},
};

/// `GET /openrosa/{token}/formList`
pub async fn form_list(
    State(site): State<Arc<Site>>,
    Path(token): Path<String>,
    headers: HeaderMap,
) -> Response {
    openrosa::xml(StatusCode::OK, &openrosa::form_list(&base(&site, &headers, &token)))
}

/// `GET /openrosa/{token}/forms/{name}.xml`
pub async fn form(Path((_, name)): Path<(String, String)>) -> Answer {
    let form = named(name.strip_suffix(".xml").unwrap_or(""))?;
    Ok(([(header::CONTENT_TYPE, "text/xml; charset=utf-8")], form.xml).into_response())
}

/// `GET /openrosa/{token}/forms/{name}/manifest`
pub async fn manifest(
    State(service): State<Arc<Service>>,
    State(site): State<Arc<Site>>,
    AskedBy(caller): AskedBy,
    Path((token, name)): Path<(String, String)>,
    headers: HeaderMap,
) -> Answer {
    let list = if named(&name)?.has_list { Some(entity_list(&service, &caller).await?) } else { None };
    let base = base(&site, &headers, &token);
    let document = openrosa::manifest(&base, list.as_ref().map(String::as_bytes));
    Ok(openrosa::xml(StatusCode::OK, &document))
}

/// `GET /openrosa/{token}/entities/detections.csv`
pub async fn entities(State(service): State<Arc<Service>>, AskedBy(caller): AskedBy) -> Answer {
    let headers = [(header::CONTENT_TYPE, "text/csv; charset=utf-8"), (header::CACHE_CONTROL, "no-store")];
    Ok((headers, entity_list(&service, &caller).await?).into_response())
}

/// `HEAD /openrosa/{token}/submission`: clients check before they send; any status but 204 stops them.
pub async fn ready() -> StatusCode {
    StatusCode::NO_CONTENT
}

/// `POST /openrosa/{token}/submission`: 201 when everything was accepted, or kept without being shown; 202
/// when something waits for a manager. Both are sent only once the submission is on disk.
pub async fn submit(
    State(service): State<Arc<Service>>,
    AskedBy(caller): AskedBy,
    headers: HeaderMap,
    body: Incoming,
) -> Answer {
    let received = body.receive(&service.intake.memory, SUBMISSION).await?;
    caller.confirm(&service.readers).await?;
    let Parts { xml, files } = openrosa::parts(&headers, received.share()).await?;
    let Submission { id, collection, photos, .. } =
        read_submission(&xml).map_err(|error| Problem::from(&error))?;
    let (files, not_kept) =
        if intake::keeps_files(collection) { (files, Vec::new()) } else { (Vec::new(), files) };
    let (attached, others) = keep_photos(&service, files).await?;
    let (mut waits, mut not_shown) = (Vec::new(), Vec::new());
    for (name, bytes) in others {
        let is_named = photos.contains(&name);
        let attachment = Attachment::new(id, name, is_named);
        if !attachment.is_photo {
            not_shown.push(attachment.name.clone());
        }
        let message = of_other(attachment, received.part(bytes));
        waits.extend(open(intake::take(&service.intake, &caller, message).await?)?);
    }
    let key = Some(key(id, &xml, &attached));
    let message = InboundMessage { channel: Channel::OpenRosa(attached), key, bytes: received.part(xml) };
    waits.extend(open(intake::take(&service.intake, &caller, message).await?)?);
    if !waits.is_empty() {
        let told = format!("Received; kept for a manager to review: {}", waits.join("; "));
        return Ok(openrosa::message(StatusCode::ACCEPTED, &told));
    }
    let mut told = "Received".to_owned();
    // Writing to a `String` cannot fail.
    if !not_kept.is_empty() {
        let names: Vec<&str> = not_kept.iter().map(|(name, _)| name.as_str()).collect();
        let _ = write!(told, "; not kept, because {collection} have no files: {}", names.join(", "));
    }
    if !not_shown.is_empty() {
        let _ = write!(told, "; kept for {DAYS} days, and not shown: {}", not_shown.join(", "));
    }
    Ok(openrosa::message(StatusCode::CREATED, &told))
}

/// Returns the address of the server for a token.
fn base(site: &Site, headers: &HeaderMap, token: &str) -> String {
    format!("{}/openrosa/{token}", site.base(headers))
}

fn named(name: &str) -> Answer<&'static Form> {
    FORMS
        .iter()
        .find(|form| form.name == name)
        .ok_or_else(|| Problem::not_found(format!("form not found: {name:?}")))
}

async fn entity_list(service: &Service, caller: &Caller) -> Answer<String> {
    let (caller, view) = (caller.clone(), caller.view(&service.atlas));
    let made = tokio::task::spawn_blocking(move || openrosa::entity_list(&caller, &view)).await;
    made.map_err(|e| Problem::internal(&e))
}

/// Stores the photos; returns the files that are not valid photos.
async fn keep_photos(
    service: &Service,
    files: Vec<(String, Bytes)>,
) -> Answer<(Attached, Vec<(String, Bytes)>)> {
    let (mut attached, mut others) = (Attached::new(), Vec::new());
    for (name, bytes) in files {
        let (photos, photo) = (Arc::clone(&service.photos), bytes.clone());
        match background::run("photo", move || photos.keep(&photo)).await? {
            Ok(id) => drop(attached.insert(name, id.to_string())),
            Err(PhotoError::Refused(_) | PhotoError::TooLarge) => others.push((name, bytes)),
            Err(error) => {
                tracing::warn!(%error, "storing a photo of a submission failed");
                if let PhotoError::Io(_) = error {
                    service.health.note(true);
                }
                return Err(Problem::unavailable("storing the photos failed; send the submission again"));
            }
        }
    }
    Ok((attached, others))
}

/// Builds the message for a file that is not a displayable photo.
fn of_other(attachment: Attachment, bytes: Received) -> InboundMessage {
    let key = Some(format!("{}/{}", attachment.submission, hex::encode(Sha256::digest(&*bytes))));
    InboundMessage { channel: Channel::Attachment(attachment), key, bytes }
}

/// Returns the key of a post: the submission's id and a hash of the post's content. Repeating a post gives
/// the same key; different content for the same submission does not.
fn key(id: Uuid, xml: &[u8], attached: &Attached) -> String {
    let mut hash = Sha256::new();
    hash.update(Sha256::digest(xml));
    for (name, photo) in attached {
        hash.update(Sha256::digest(name));
        hash.update(photo);
    }
    format!("{id}/{}", hex::encode(hash.finalize()))
}
