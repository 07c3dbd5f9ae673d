//! Addresses with a trailing slash. No path of the server has one, but people and programs add them: the
//! server redirects an address that is not found to the same address without trailing slashes.

use axum::{
    body::Body,
    http::{HeaderValue, StatusCode, Uri, header},
    response::Response,
};

/// The address without its trailing slashes, if it has any.
pub struct Slash(Option<HeaderValue>);

impl Slash {
    /// Reads the address of a request.
    pub fn of(uri: &Uri) -> Self {
        Self(without(uri).and_then(|location| HeaderValue::from_str(&location).ok()))
    }

    /// Redirects a 404. 308 preserves the method and the body.
    pub fn redirected(self, mut answer: Response) -> Response {
        let Some(location) = self.0.filter(|_| answer.status() == StatusCode::NOT_FOUND) else {
            return answer;
        };
        *answer.status_mut() = StatusCode::PERMANENT_REDIRECT;
        answer.headers_mut().insert(header::LOCATION, location);
        for name in [header::CONTENT_TYPE, header::CONTENT_LENGTH] {
            answer.headers_mut().remove(name);
        }
        *answer.body_mut() = Body::empty();
        answer
    }
}

/// Builds a relative reference, which stays correct behind a proxy that adds a prefix, and cannot lead to
/// another host.
fn without(uri: &Uri) -> Option<String> {
    let trimmed = uri.path().trim_end_matches('/');
    let (_, last) = trimmed.rsplit_once('/')?;
    let slashes = uri.path().len() - trimmed.len();
    // `-` replaces a token, which the redirect must not repeat.
    if slashes == 0 || last == "-" {
        return None;
    }
    let query = uri.query().map(|query| format!("?{query}")).unwrap_or_default();
    Some(format!("{}{last}{query}", "../".repeat(slashes)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_reference_leads_to_the_same_address_without_its_slashes() {
        for (given, location) in [
            ("/collections/", Some("../collections")),
            ("/collections//", Some("../../collections")),
            ("/collections/places/?f=json", Some("../places?f=json")),
            ("//elsewhere.example/", Some("../elsewhere.example")),
            ("/", None),
            ("//", None),
            ("/collections", None),
            ("/openrosa/-/", None),
            ("/openrosa/-/formList/", Some("../formList")),
        ] {
            assert_eq!(without(&given.parse().unwrap()).as_deref(), location, "{given}");
        }
    }
}
