//! The HTTP manners of servers that send submissions on: where their token is, and the statuses that they
//! understand.

pub mod routes;

use axum::{
    http::{HeaderMap, HeaderName, HeaderValue, StatusCode, Uri, header},
    response::Response,
};

/// Where ODK Central's webhook puts its token.
const API_KEY: HeaderName = HeaderName::from_static("x-api-key");

/// Whether an address is one of these.
pub fn is_asked(uri: &Uri) -> bool {
    uri.path().starts_with("/hooks/")
}

/// The headers with the token where it is looked for: Central's webhook has no other place for it than
/// `X-API-Key`.
pub fn admit(headers: &mut HeaderMap) {
    let token = headers.get(API_KEY).and_then(|key| key.to_str().ok());
    let bearer = token.and_then(|token| HeaderValue::try_from(format!("Bearer {token}")).ok());
    if let (Some(bearer), false) = (bearer, headers.contains_key(header::AUTHORIZATION)) {
        headers.insert(header::AUTHORIZATION, bearer);
    }
}

/// An answer that has them try again what may go well later.
pub fn dressed(mut answer: Response) -> Response {
    if answer.status().is_server_error() || answer.status() == StatusCode::TOO_MANY_REQUESTS {
        *answer.status_mut() = StatusCode::SERVICE_UNAVAILABLE;
    }
    answer
}
