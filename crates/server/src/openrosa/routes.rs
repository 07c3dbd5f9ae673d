//! OpenRosa: forms for ODK Collect and KoBoCollect, and what they send. The token is a part of the address.

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

/// `HEAD /openrosa/{token}/submission`: a client asks before it sends; anything but 204 stops it.
pub async fn ready() -> StatusCode {
    StatusCode::NO_CONTENT
}

/// `POST /openrosa/{token}/submission`: 201 when all of it found its place, or is kept and not shown, 202 when it is kept and a
/// manager has to look at it. Both only once it is on the disk.
pub async fn submit(
    State(service): State<Arc<Service>>,
    AskedBy(caller): AskedBy,
    headers: HeaderMap,
    body: Incoming,
) -> Answer {
    let received = body.receive(&service.intake.memory, SUBMISSION).await?;
    caller.confirm(&service.readers).await?;
    let Parts { xml, files } = openrosa::parts(&headers, received.share()).await?;
    let Submission { id, photos, .. } = read_submission(&xml).map_err(|error| Problem::from(&error))?;
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
        let told = format!("Received, and kept for a manager to look at: {}", waits.join("; "));
        return Ok(openrosa::message(StatusCode::ACCEPTED, &told));
    }
    let mut told = "Received".to_owned();
    if !not_shown.is_empty() {
        // Writing to a text does not fail.
        let _ = write!(told, "; kept for {DAYS} days, and not shown: {}", not_shown.join(", "));
    }
    Ok(openrosa::message(StatusCode::CREATED, &told))
}

/// The address of the server for a token.
fn base(site: &Site, headers: &HeaderMap, token: &str) -> String {
    format!("{}/openrosa/{token}", site.base(headers))
}

fn named(name: &str) -> Answer<&'static Form> {
    FORMS
        .iter()
        .find(|form| form.name == name)
        .ok_or_else(|| Problem::not_found(format!("there is no form {name:?}")))
}

async fn entity_list(service: &Service, caller: &Caller) -> Answer<String> {
    let (caller, view) = (caller.clone(), caller.view(&service.atlas));
    let made = tokio::task::spawn_blocking(move || openrosa::entity_list(&caller, &view)).await;
    made.map_err(|e| Problem::internal(&e))
}

/// Writes the photos down; what is none is given back.
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
                tracing::warn!(%error, "a photo of a submission was not kept");
                if let PhotoError::Io(_) = error {
                    service.health.note(true);
                }
                return Err(Problem::unavailable("the photos could not be kept just now; send it again"));
            }
        }
    }
    Ok((attached, others))
}

/// A file that is no photo that can be shown.
fn of_other(attachment: Attachment, bytes: Received) -> InboundMessage {
    let key = Some(format!("{}/{}", attachment.submission, hex::encode(Sha256::digest(&*bytes))));
    InboundMessage { channel: Channel::Attachment(attachment), key, bytes }
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
