//! Cross-origin requests. By default any page may read public data but nothing else: that requires a token in
//! the page, and browsers send it only to origins configured here.
//!
//! Plain `OPTIONS` requests, which editing clients use to discover what is allowed, go on to their route.

use axum::{
    extract::Request,
    http::{HeaderMap, HeaderValue, Method, StatusCode, header},
    middleware::Next,
    response::{IntoResponse, Response},
};

use crate::http::vary;

const READING: HeaderValue = HeaderValue::from_static("GET, HEAD, POST");
const READING_HEADERS: HeaderValue =
    HeaderValue::from_static("content-type, accept, if-none-match, last-event-id, range, if-range");
const WRITING: HeaderValue = HeaderValue::from_static("GET, HEAD, POST, PUT, PATCH, DELETE");
const WRITING_HEADERS: HeaderValue = HeaderValue::from_static(
    "authorization, content-type, content-crs, content-encoding, accept, if-match, if-none-match, last-event-id, \
    idempotency-key, upload-offset, upload-length, range, if-range",
);
/// Response headers that a page may read in addition to those that every page may.
const EXPOSED_HEADERS: HeaderValue = HeaderValue::from_static(
    "accept-patch, accept-post, accept-ranges, allow, clearline-revision, content-crs, content-disposition, \
    content-location, content-range, etag, link, location, retry-after, upload-length, upload-offset, www-authenticate",
);
/// HSTS, sent when this server terminates TLS; behind a proxy that is the proxy's job.
const A_YEAR: HeaderValue = HeaderValue::from_static("max-age=31536000");
const ANYBODY: HeaderValue = HeaderValue::from_static("*");

/// The origins whose pages may send requests.
pub struct Cors {
    origins: Origins,
    /// Whether this server terminates TLS.
    is_tls: bool,
}

enum Origins {
    /// Any origin, for public data.
    Anybody,
    /// These origins, also with tokens.
    Listed(Vec<String>),
}

impl Cors {
    /// Allows these origins, or any origin if `None`.
    pub fn new(origins: Option<Vec<String>>, is_tls: bool) -> Self {
        Self { origins: origins.map_or(Origins::Anybody, Origins::Listed), is_tls }
    }

    /// Returns the origin to mark a response with.
    fn marked(&self, request: &HeaderMap) -> Option<HeaderValue> {
        match &self.origins {
            Origins::Anybody => Some(ANYBODY),
            Origins::Listed(known) => {
                let origin = request.get(header::ORIGIN)?;
                known.iter().any(|known| origin == known).then(|| origin.clone())
            }
        }
    }
}

/// Responds to preflights and marks responses.
pub async fn cors(cors: &Cors, request: Request, next: Next) -> Response {
    let preflight = request.method() == Method::OPTIONS
        && request.headers().contains_key(header::ACCESS_CONTROL_REQUEST_METHOD);
    let origin = cors.marked(request.headers());
    let is_by_origin = matches!(cors.origins, Origins::Listed(_));
    let mut response = if preflight {
        let mut headers = HeaderMap::new();
        if origin.is_some() {
            let (methods, names) =
                if is_by_origin { (WRITING, WRITING_HEADERS) } else { (READING, READING_HEADERS) };
            headers.insert(header::ACCESS_CONTROL_ALLOW_METHODS, methods);
            headers.insert(header::ACCESS_CONTROL_ALLOW_HEADERS, names);
            headers.insert(header::ACCESS_CONTROL_MAX_AGE, HeaderValue::from_static("86400"));
        }
        (StatusCode::NO_CONTENT, headers).into_response()
    } else {
        next.run(request).await
    };
    let headers = response.headers_mut();
    // Set it on every response: a shared cache may serve it to a page of another origin.
    if is_by_origin {
        vary::add(headers, "origin");
    }
    if let Some(origin) = origin {
        headers.insert(header::ACCESS_CONTROL_ALLOW_ORIGIN, origin);
        headers.insert(header::ACCESS_CONTROL_EXPOSE_HEADERS, EXPOSED_HEADERS);
    }
    secured(headers);
    if cors.is_tls {
        headers.insert(header::STRICT_TRANSPORT_SECURITY, A_YEAR);
    }
    response
}

/// Sets security headers: browsers do not guess types, do not send the address to other sites, and run
/// nothing, except on pages, which set their own policy.
fn secured(headers: &mut HeaderMap) {
    headers.insert(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    headers.entry(header::REFERRER_POLICY).or_insert(HeaderValue::from_static("same-origin"));
    headers
        .entry(header::CONTENT_SECURITY_POLICY)
        .or_insert(HeaderValue::from_static("default-src 'none'; frame-ancestors 'none'"));
}
