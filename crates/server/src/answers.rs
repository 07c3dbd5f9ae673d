//! Answers as they are sent: their ETag, their encodings, and the cache that keeps both.
//!
//! A body is hashed once and compressed once per encoding, whoever asks for it next. An entry is
//! valid as long as what it shows has not changed: the caller says so by a [`Revision`].

use std::sync::{Arc, OnceLock};

use axum::{
    http::{HeaderMap, HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use bytes::Bytes;
use demining::Revision;
use quick_cache::{Weighter, sync::Cache};
use sha2::{Digest, Sha256};

use crate::{
    encoding::Encoding,
    problem::{Answer, Problem},
};

/// The header that names the revision an answer was read at.
pub const REVISION_HEADER: &str = "clearline-revision";

/// Bytes below which compressing costs more than it saves.
const SMALLEST_TO_COMPRESS: usize = 600;

/// Bytes from which compressing leaves the async threads.
const LARGE: usize = 64 * 1024;

/// A body with its content type, hashed, and compressed when first asked for.
pub struct Sendable {
    content_type: &'static str,
    /// How long and by whom it may be kept without asking.
    cache_control: &'static str,
    revision: Revision,
    identity: Bytes,
    hash: String,
    compressed: [OnceLock<Bytes>; Encoding::COMPRESSED.len()],
}

impl Sendable {
    /// A body that was read at `revision`.
    pub fn new(content_type: &'static str, body: impl Into<Bytes>, revision: Revision) -> Self {
        let identity = body.into();
        let hash = hex::encode(&Sha256::digest(&identity)[..12]);
        // `no-cache` lets every cache keep it and asks each to come back with the ETag first.
        let (cache_control, compressed) = ("no-cache", Default::default());
        Self { content_type, cache_control, revision, identity, hash, compressed }
    }

    /// JSON.
    ///
    /// # Errors
    /// When the value cannot be serialised.
    pub fn json(value: &impl serde::Serialize, revision: Revision) -> Answer<Self> {
        let body = serde_json::to_vec(value).map_err(|e| Problem::internal(&e))?;
        Ok(Self::new("application/json", body, revision))
    }

    /// The same with another Cache-Control.
    #[must_use]
    pub fn cached(self, cache_control: &'static str) -> Self {
        Self { cache_control, ..self }
    }

    /// The hash of the body before compression, which every ETag of it begins with.
    pub fn hash(&self) -> &str {
        &self.hash
    }

    fn encoding_for(&self, headers: &HeaderMap) -> Encoding {
        if self.identity.len() < SMALLEST_TO_COMPRESS || !compressible(self.content_type) {
            return Encoding::Identity;
        }
        Encoding::negotiate(headers.get_all(header::ACCEPT_ENCODING))
    }

    fn encoded(&self, encoding: Encoding) -> Bytes {
        match encoding.compressed_index() {
            None => self.identity.clone(),
            Some(index) => {
                self.compressed[index].get_or_init(|| encoding.compress(&self.identity).into()).clone()
            }
        }
    }

    /// The response: 304 when the caller has it, else the body in the encoding it likes best.
    pub async fn respond(self: Arc<Self>, request: &HeaderMap) -> Response {
        let encoding = self.encoding_for(request);
        let etag = match encoding {
            Encoding::Identity => format!("\"{}\"", self.hash),
            other => format!("\"{}-{}\"", self.hash, other.name()),
        };
        let mut headers = HeaderMap::new();
        headers.insert(header::CACHE_CONTROL, HeaderValue::from_static(self.cache_control));
        headers.insert(header::VARY, HeaderValue::from_static("accept-encoding, accept"));
        headers.insert(REVISION_HEADER, HeaderValue::from(self.revision.0));
        if let Ok(etag) = HeaderValue::from_str(&etag) {
            headers.insert(header::ETAG, etag);
        }
        if none_match(request, &self.hash) {
            return (StatusCode::NOT_MODIFIED, headers).into_response();
        }
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(self.content_type));
        if encoding != Encoding::Identity {
            headers.insert(header::CONTENT_ENCODING, HeaderValue::from_static(encoding.name()));
        }
        let body = if self.identity.len() >= LARGE && encoding != Encoding::Identity {
            let this = Arc::clone(&self);
            match tokio::task::spawn_blocking(move || this.encoded(encoding)).await {
                Ok(body) => body,
                Err(error) => return Problem::internal(&error).into_response(),
            }
        } else {
            self.encoded(encoding)
        };
        (headers, body).into_response()
    }
}

/// Whether an entity tag of a list names this hash; `*` names any. The encoding behind the hash
/// does not matter: it is the same content.
pub fn names_hash(list: &str, hash: &str) -> bool {
    list.split(',').map(str::trim).any(|tag| {
        let tag = tag.strip_prefix("W/").unwrap_or(tag).trim_matches('"');
        tag == "*" || tag == hash || tag.strip_prefix(hash).is_some_and(|rest| rest.starts_with('-'))
    })
}

fn none_match(request: &HeaderMap, hash: &str) -> bool {
    let lists = request.get_all(header::IF_NONE_MATCH).iter().filter_map(|v| v.to_str().ok());
    lists.into_iter().any(|list| names_hash(list, hash))
}

fn compressible(content_type: &str) -> bool {
    !(content_type.starts_with("image/png")
        || content_type.starts_with("font/woff")
        || content_type.starts_with("image/webp"))
}

/// The cache, bounded by bytes.
pub struct Answers {
    cache: Cache<String, Arc<Sendable>, Weight>,
}

#[derive(Clone)]
struct Weight;

impl Weighter<String, Arc<Sendable>> for Weight {
    fn weight(&self, key: &String, answer: &Arc<Sendable>) -> u64 {
        // Compressed copies come later: they are counted as one more body.
        (key.len() + answer.identity.len() * 2 + 256) as u64
    }
}

impl Answers {
    /// A cache of at most this many bytes.
    pub fn new(max_bytes: u64) -> Self {
        Self { cache: Cache::with_weighter((max_bytes / 4096).max(64) as usize, max_bytes, Weight) }
    }

    /// The answer kept for `key`, if it was made at `changed` or later; else a new one.
    ///
    /// # Errors
    /// What `make` fails with.
    pub fn get(
        &self,
        key: &str,
        changed: Revision,
        make: impl FnOnce() -> Answer<Sendable>,
    ) -> Answer<Arc<Sendable>> {
        if let Some(kept) = self.cache.get(key)
            && kept.revision >= changed
        {
            return Ok(kept);
        }
        let made = Arc::new(make()?);
        self.cache.insert(key.to_owned(), Arc::clone(&made));
        Ok(made)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_tag_names_a_body_in_any_encoding_and_weakly() {
        for list in ["\"abc\"", "W/\"abc\"", "\"x\", \"abc-br\"", "*"] {
            assert!(names_hash(list, "abc"), "{list}");
        }
        assert!(!names_hash("\"abcd\", \"ab\"", "abc"));
    }

    #[test]
    fn a_kept_answer_falls_when_what_it_shows_has_changed() {
        let answers = Answers::new(1 << 20);
        let make =
            |text: &'static str, revision| move || Ok(Sendable::new("text/plain", text, Revision(revision)));
        answers.get("tile", Revision(1), make("first", 5)).unwrap();
        assert_eq!(answers.get("tile", Revision(5), make("second", 6)).unwrap().identity, "first");
        assert_eq!(answers.get("tile", Revision(6), make("third", 6)).unwrap().identity, "third");
    }
}
