//! A response ready to send: its bytes, its ETag, and its caching policy.

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

/// The header that names the revision of a response.
pub const REVISION_HEADER: HeaderName = HeaderName::from_static("clearline-revision");

/// The size below which compression costs more than it saves, in bytes.
const SMALLEST_TO_PACK: usize = 600;

/// The capacity reserved for a response's headers, including those added later.
const HEADERS: usize = 12;

/// Who may cache a response, and how long (RFC 9111). `docs/caching.md` has the reasons.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Keep {
    /// No shared cache; browsers revalidate each time.
    Private,
    /// Any cache, revalidated each time.
    Asking,
    /// Shared caches for 5 seconds; browsers revalidate each time.
    Shared,
    /// Any cache, for an hour: the address names a revision, whose state is final.
    OfRevision,
    /// Any cache, for a year: the address names the content.
    Forever,
}

impl Keep {
    /// Returns the value for `Cache-Control`.
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

/// A body in one content coding, with its headers.
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
    /// Creates a response from a body that was read at `revision`.
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

    /// Replaces the `ETag` by that of other bytes: those of the content shown, independent of links and of
    /// the coordinates' reference system.
    #[must_use]
    pub fn tagged_as(self, shown: &[u8]) -> Self {
        let hash = blake3::hash(shown);
        Self { hash, etag: etag(&hash, self.encoding), ..self }
    }

    /// Creates a JSON response.
    ///
    /// # Errors
    /// When the value cannot be serialised.
    pub fn json(value: &impl serde::Serialize, revision: Revision) -> Answer<Self> {
        let body = serde_json::to_vec(value).map_err(|e| Problem::internal(&e))?;
        Ok(Self::new("application/json", body, revision))
    }

    /// Returns the same response in another coding.
    pub fn packed(&self, encoding: Encoding) -> Self {
        Self {
            encoding,
            revision_header: self.revision_header.clone(),
            etag: etag(&self.hash, encoding),
            body: encoding.compress(&self.body).into(),
            ..*self
        }
    }

    /// Returns whether compression would save bytes.
    pub fn is_worth_packing(&self) -> bool {
        let is_packed =
            ["image/png", "image/webp", "font/woff"].iter().any(|t| self.content_type.starts_with(t));
        self.body.len() >= SMALLEST_TO_PACK && !is_packed
    }

    /// Returns the revision of the response.
    pub fn revision(&self) -> Revision {
        self.revision
    }

    /// Returns the size of the encoded body in bytes.
    pub fn len(&self) -> usize {
        self.body.len()
    }

    /// Returns whether a request's conditions permit a write to this content.
    pub fn lets(&self, conditions: Conditions<'_>) -> bool {
        conditions.hold(Some(Tag::Content(&self.hash.to_hex()[..ETAG_DIGITS])))
    }

    /// Builds the response: 304 when the client already has it, 412 when it expects another version,
    /// otherwise the body.
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

/// The digits of the hash in an entity tag: 96 bits.
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
