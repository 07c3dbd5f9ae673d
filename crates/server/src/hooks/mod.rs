//! HTTP conventions of servers that forward submissions: where they send their token, and which status codes
//! they understand.

pub mod routes;

use axum::{
    http::{HeaderMap, HeaderName, HeaderValue, StatusCode, Uri, header},
    response::Response,
};

/// The header in which ODK Central's webhook sends its token.
const API_KEY: HeaderName = HeaderName::from_static("x-api-key");

/// Returns whether an address belongs to a webhook.
pub fn is_asked(uri: &Uri) -> bool {
    uri.path().starts_with("/hooks/")
}

/// Copies a token from `X-API-Key` to `Authorization`. Central's webhook can send its token only there.
pub fn admit(headers: &mut HeaderMap) {
    let token = headers.get(API_KEY).and_then(|key| key.to_str().ok());
    let bearer = token.and_then(|token| HeaderValue::try_from(format!("Bearer {token}")).ok());
    if let (Some(bearer), false) = (bearer, headers.contains_key(header::AUTHORIZATION)) {
        headers.insert(header::AUTHORIZATION, bearer);
    }
}

/// Turns retryable failures into 503, so that the sender tries again.
pub fn dressed(mut answer: Response) -> Response {
    if answer.status().is_server_error() || answer.status() == StatusCode::TOO_MANY_REQUESTS {
        *answer.status_mut() = StatusCode::SERVICE_UNAVAILABLE;
    }
    answer
}
