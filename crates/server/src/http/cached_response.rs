//! An answer as it is sent: its bytes, its ETag, and what caches may do with it.

use axum::{
    body::Body,
    http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use bytes::Bytes;
use demining::Revision;
use service::intake::Encoding;

use crate::http::{
    conditions::{self, Conditions, Reading, Tag},
    problem::{Answer, Problem},
};

/// The header that names the revision an answer was read at.
pub const REVISION_HEADER: HeaderName = HeaderName::from_static("clearline-revision");

/// Bytes below which packing costs more than it saves.
const SMALLEST_TO_PACK: usize = 600;

/// Room for the headers of an answer, with those that are added on the way out.
const HEADERS: usize = 12;

/// Who may keep an answer without asking, and how long (RFC 9111). `docs/caching.md` says why.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Keep {
    /// No shared cache; a browser asks each time.
    Private,
    /// Everybody, who asks each time whether it is still good.
    Asking,
    /// Shared caches for 5 seconds; browsers ask each time.
    Shared,
    /// Everybody for an hour: the address names a revision, and the answer is what was so at it.
    OfRevision,
    /// Everybody for ever: the address names the content.
    Forever,
}

impl Keep {
    /// What goes into `Cache-Control`.
    pub fn word(self) -> &'static str {
        match self {
            Self::Private => "private, no-cache",
            Self::Asking => "no-cache",
            Self::Shared => "public, max-age=0, must-revalidate, s-maxage=5",
            Self::OfRevision => "public, max-age=3600, immutable",
            Self::Forever => "public, max-age=31536000, immutable",
        }
    }
}

/// A body in one coding, with its headers ready.
pub struct CachedResponse {
    content_type: &'static str,
    encoding: Encoding,
    revision: Revision,
    revision_header: HeaderValue,
    hash: blake3::Hash,
    etag: HeaderValue,
    body: Bytes,
}

impl CachedResponse {
    /// A body that was read at `revision`.
    pub fn new(content_type: &'static str, body: impl Into<Bytes>, revision: Revision) -> Self {
        let body = body.into();
        let hash = blake3::hash(&body);
        Self {
            content_type,
            encoding: Encoding::Identity,
            revision,
            revision_header: HeaderValue::from(revision.0),
            hash,
            etag: etag(&hash, Encoding::Identity),
            body,
        }
    }

    /// The same with the `ETag` of other bytes: of what it shows, whatever the addresses and the coordinates
    /// that it is shown with.
    #[must_use]
    pub fn tagged_as(self, shown: &[u8]) -> Self {
        let hash = blake3::hash(shown);
        Self { hash, etag: etag(&hash, self.encoding), ..self }
    }

    /// JSON.
    ///
    /// # Errors
    /// When the value cannot be serialised.
    pub fn json(value: &impl serde::Serialize, revision: Revision) -> Answer<Self> {
        let body = serde_json::to_vec(value).map_err(|e| Problem::internal(&e))?;
        Ok(Self::new("application/json", body, revision))
    }

    /// The same in another coding.
    pub fn packed(&self, encoding: Encoding) -> Self {
        Self {
            encoding,
            revision_header: self.revision_header.clone(),
            etag: etag(&self.hash, encoding),
            body: encoding.compress(&self.body).into(),
            ..*self
        }
    }

    /// Whether packing it saves something.
    pub fn is_worth_packing(&self) -> bool {
        let is_packed =
            ["image/png", "image/webp", "font/woff"].iter().any(|t| self.content_type.starts_with(t));
        self.body.len() >= SMALLEST_TO_PACK && !is_packed
    }

    /// The revision that it was read at.
    pub fn revision(&self) -> Revision {
        self.revision
    }

    /// Bytes of the body, in its coding.
    pub fn len(&self) -> usize {
        self.body.len()
    }

    /// Whether something may be written where this is, by the conditions of a request.
    pub fn lets(&self, conditions: Conditions<'_>) -> bool {
        conditions.hold(Some(Tag::Content(&self.hash.to_hex()[..ETAG_DIGITS])))
    }

    /// The response: 304 when the caller has it, 412 when it wants another, else the body.
    pub fn respond(&self, request: &HeaderMap, keep: Keep) -> Response {
        let reading = self.reading(Conditions::of(request));
        if reading == Reading::Failed {
            return conditions::failed().into_response();
        }
        let mut response = Response::new(Body::empty());
        let mut headers = HeaderMap::with_capacity(HEADERS);
        headers.insert(header::CACHE_CONTROL, HeaderValue::from_static(keep.word()));
        headers.insert(header::VARY, HeaderValue::from_static("accept-encoding"));
        headers.insert(REVISION_HEADER, self.revision_header.clone());
        headers.insert(header::ETAG, self.etag.clone());
        if reading == Reading::NotModified {
            *response.status_mut() = StatusCode::NOT_MODIFIED;
        } else {
            headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(self.content_type));
            if self.encoding != Encoding::Identity {
                headers.insert(header::CONTENT_ENCODING, HeaderValue::from_static(self.encoding.name()));
            }
            *response.body_mut() = Body::from(self.body.clone());
        }
        *response.headers_mut() = headers;
        response
    }

    fn reading(&self, conditions: Conditions<'_>) -> Reading {
        if !conditions.are_there() {
            return Reading::Content;
        }
        conditions.reading(Tag::Content(&self.hash.to_hex()[..ETAG_DIGITS]))
    }
}

/// Digits of the hash in an entity tag: 96 bits.
const ETAG_DIGITS: usize = 24;

fn etag(hash: &blake3::Hash, encoding: Encoding) -> HeaderValue {
    let hash = &hash.to_hex()[..ETAG_DIGITS];
    let text = match encoding {
        Encoding::Identity => format!("\"{hash}\""),
        other => format!("\"{hash}-{}\"", other.name()),
    };
    HeaderValue::try_from(text).expect("digits and the name of a coding are plain text")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_packed_copy_is_the_same_content_and_another_representation() {
        let plain = CachedResponse::new("text/plain", "a line\n".repeat(1_000), Revision(7));
        let packed = plain.packed(Encoding::Gzip);
        assert!(packed.len() < plain.len() / 10);
        assert_ne!(packed.etag, plain.etag);
        let mut request = HeaderMap::new();
        request.insert(header::IF_NONE_MATCH, plain.etag.clone());
        let answer = packed.respond(&request, Keep::Asking);
        assert_eq!(
            (answer.status(), &answer.headers()[header::ETAG]),
            (StatusCode::NOT_MODIFIED, &packed.etag)
        );
    }
}
