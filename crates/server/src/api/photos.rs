//! Photos: received in parts, and shown without their metadata.

use std::sync::Arc;

use axum::{
    extract::State,
    http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, header},
    response::{IntoResponse, Response},
};
use service::{
    Service,
    access::Caller,
    background,
    photos::{PhotoError, PhotoId, Standing},
};

use crate::{
    access::AskedBy,
    http::{
        body::{Incoming, PHOTO_PART},
        conditions::{self, Conditions, Reading, Tag},
        params::{Params, Path},
        problem::{Answer, Problem},
    },
};

/// Where a part begins in the photo; in responses, where the next one begins.
const OFFSET: HeaderName = HeaderName::from_static("upload-offset");

/// The size of the whole photo, in bytes.
const LENGTH: HeaderName = HeaderName::from_static("upload-length");

/// `GET /photos/{hash}`: the picture. `HEAD` also reports progress: 200 when the server has the whole photo,
/// so the sender may delete its copy; 204 when it has a part of `Upload-Offset` bytes; 404 when it has
/// nothing.
pub async fn get(
    State(service): State<Arc<Service>>,
    AskedBy(caller): AskedBy,
    method: Method,
    Path(hash): Path<String>,
    params: Params,
    headers: HeaderMap,
) -> Answer {
    params.finish("none")?;
    let id = id_of(&hash)?;
    if method == Method::HEAD {
        let photos = Arc::clone(&service.photos);
        let standing =
            background::run("photo", move || photos.confirmed(id)).await?.map_err(|error| failed(&error))?;
        return match standing {
            Standing::Missing => Err(missing(&hash)),
            Standing::Part(length) => Ok(standing_at(StatusCode::NO_CONTENT, length)),
            Standing::Whole(length) => Ok(standing_at(StatusCode::OK, length)),
        };
    }
    shown((&service, &caller), id, false, &headers).await
}

/// `GET /photos/{hash}/thumbnail`: the picture, at most 320 pixels wide and high.
pub async fn thumbnail(
    State(service): State<Arc<Service>>,
    AskedBy(caller): AskedBy,
    Path(hash): Path<String>,
    params: Params,
    headers: HeaderMap,
) -> Answer {
    params.finish("none")?;
    shown((&service, &caller), id_of(&hash)?, true, &headers).await
}

/// Returns a photo if the caller may see it, otherwise 404.
async fn shown(
    (service, caller): (&Service, &Caller),
    id: PhotoId,
    is_small: bool,
    headers: &HeaderMap,
) -> Answer {
    let name = id.to_string();
    let named = service.readers.run(move |reader| reader.photo(&name)).await?;
    if !caller.may_see(&named, service.atlas.reference()) {
        return Err(missing(&id.to_string()));
    }
    let tag = format!("{id}{}", if is_small { "-s" } else { "" });
    let keep = [
        (header::ETAG, HeaderValue::try_from(format!("\"{tag}\"")).map_err(|e| Problem::internal(&e))?),
        // The name is a hash of the content. A caller who has lost the right to see it may already have seen
        // it.
        (header::CACHE_CONTROL, HeaderValue::from_static("private, max-age=31536000, immutable")),
    ];
    let reading = Conditions::of(headers).reading(Tag::Exact(&tag));
    let photos = Arc::clone(&service.photos);
    let bytes =
        background::run("photo", move || photos.view(id, is_small)).await?.map_err(|error| failed(&error))?;
    let bytes = bytes.ok_or_else(|| missing(&id.to_string()))?;
    match reading {
        Reading::Failed => return Err(conditions::failed()),
        Reading::NotModified => return Ok((StatusCode::NOT_MODIFIED, keep).into_response()),
        Reading::Content => {}
    }
    Ok((keep, [(header::CONTENT_TYPE, "image/jpeg")], bytes).into_response())
}

/// `PATCH /photos/{hash}`: the next part of a photo of `Upload-Length` bytes, beginning at byte
/// `Upload-Offset`. Returns 204 when the part is on disk, 201 when it was the last one.
pub async fn patch(
    State(service): State<Arc<Service>>,
    AskedBy(caller): AskedBy,
    Path(hash): Path<String>,
    params: Params,
    headers: HeaderMap,
    body: Incoming,
) -> Answer {
    params.finish("none")?;
    let id = id_of(&hash)?;
    let number = |name: &HeaderName| {
        let given =
            headers.get(name).and_then(|value| value.to_str().ok()).and_then(|text| text.parse().ok());
        given.ok_or_else(|| {
            Problem::new(StatusCode::BAD_REQUEST, "header", format!("{name}: must be a number of bytes"))
        })
    };
    let (offset, total): (u64, u64) = (number(&OFFSET)?, number(&LENGTH)?);
    let bytes = body.receive(&service.intake.memory, PHOTO_PART).await?;
    caller.confirm(&service.readers).await?;
    let photos = Arc::clone(&service.photos);
    let done = background::run("photo", move || photos.append(id, offset, total, &bytes)).await?;
    match done {
        Ok(Standing::Whole(length)) => Ok(standing_at(StatusCode::CREATED, length)),
        Ok(Standing::Part(length)) => Ok(standing_at(StatusCode::NO_CONTENT, length)),
        Ok(Standing::Missing) => Err(Problem::internal(&"a stored part is missing")),
        Err(PhotoError::Io(error)) => {
            service.health.note(true);
            Err(failed(&error))
        }
        Err(error) => {
            let (status, kind) = match &error {
                PhotoError::TooLarge => (StatusCode::PAYLOAD_TOO_LARGE, "too-large"),
                PhotoError::Refused(_) => (StatusCode::UNPROCESSABLE_ENTITY, "photo"),
                _ => (StatusCode::CONFLICT, "offset"),
            };
            let problem = Problem::new(status, kind, error.to_string());
            Err(match error {
                PhotoError::Offset(there) => problem.with_header(OFFSET, HeaderValue::from(there)),
                PhotoError::Busy => problem.with_header(header::RETRY_AFTER, HeaderValue::from_static("2")),
                _ => problem,
            })
        }
    }
}

fn id_of(hash: &str) -> Answer<PhotoId> {
    hash.parse().map_err(|why| Problem::new(StatusCode::BAD_REQUEST, "path", format!("{hash:?} {why}")))
}

fn missing(hash: &str) -> Problem {
    Problem::not_found(format!("photo not found: {hash}"))
}

fn failed(error: &std::io::Error) -> Problem {
    tracing::error!(%error, "reading or writing a photo failed");
    Problem::unavailable("reading or writing photos failed; this part was not stored")
}

fn standing_at(status: StatusCode, length: u64) -> Response {
    let offset = (OFFSET, HeaderValue::from(length));
    (status, [offset, (header::CACHE_CONTROL, HeaderValue::from_static("no-store"))]).into_response()
}
