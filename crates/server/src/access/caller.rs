//! Who sent a request: by its `Authorization` header, its cookie, or nobody in particular.

use std::convert::Infallible;

use axum::{
    extract::FromRequestParts,
    http::{Extensions, HeaderMap, header, request::Parts},
};
use service::{
    access::{Caller, Party, network},
    readers::Readers,
};
use store::Proof;

use super::Credentials;

use crate::http::{
    problem::{Answer, NO_TOKEN, unauthorised},
    site::Client,
};

/// What a browser keeps of a session.
pub const SESSION_COOKIE: &str = "clearline_session";

/// Who the guard of the route found to ask: the public where there is no guard.
#[derive(Clone, Debug)]
pub struct AskedBy(pub Caller);

impl<S: Send + Sync> FromRequestParts<S> for AskedBy {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _state: &S) -> Result<Self, Infallible> {
        Ok(Self(parts.extensions.get::<Caller>().cloned().unwrap_or_else(Caller::public)))
    }
}

/// Who sent a request with these headers: `Authorization: Bearer TOKEN`, `Authorization: Basic` with the token as the
/// password, for GIS programs that know nothing else, or the cookie of a session.
///
/// # Errors
/// 401 for a token that grants no access; 503 when the store cannot be read. A session that has ended is nobody's.
pub async fn caller_of(readers: &Readers, headers: &HeaderMap) -> Answer<Caller> {
    if let Some(given) = headers.get(header::AUTHORIZATION) {
        let given = Credentials::read(given).ok_or_else(|| {
            unauthorised("send Authorization: Bearer TOKEN, or Basic with the token as the password")
        })?;
        return bearer_of(readers, given.token).await;
    }
    match session_secret(headers) {
        Some(secret) => Ok(Caller::of_session(readers, secret).await?),
        None => Ok(Caller::public()),
    }
}

/// Who bears a token.
///
/// # Errors
/// 401 for a token that grants no access; 503 when the store cannot be read.
pub async fn bearer_of(readers: &Readers, token: String) -> Answer<Caller> {
    Caller::of_token(readers, token).await?.ok_or_else(|| unauthorised(NO_TOKEN))
}

/// The party that a request counts against: whoever showed a token or signed in, or else the address.
pub fn party(caller: &Caller, known: &Extensions) -> Party {
    match (caller.proof(), caller.token(), Client::of(known)) {
        (Proof::None, _, Some(address)) => Party::Address(network(address)),
        (Proof::None, ..) => Party::server(),
        (_, Some(token), _) => Party::Caller(Proof::Token(token)),
        (proof, None, _) => Party::Caller(proof.clone()),
    }
}

/// What a browser holds of its session.
fn session_secret(headers: &HeaderMap) -> Option<&str> {
    cookie(headers, SESSION_COOKIE)
}

/// The cookie of this name, if it holds something.
pub fn cookie<'a>(headers: &'a HeaderMap, wanted: &str) -> Option<&'a str> {
    let cookies = headers.get_all(header::COOKIE).iter().filter_map(|value| value.to_str().ok());
    let mut pairs = cookies.flat_map(|list| list.split(';')).filter_map(|pair| pair.trim().split_once('='));
    pairs.find(|(name, _)| *name == wanted).map(|(_, value)| value).filter(|value| !value.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_cookie_of_a_session_is_found_among_others() {
        let headers =
            |text: &'static str| HeaderMap::from_iter([(header::COOKIE, HeaderValue::from_static(text))]);
        assert_eq!(session_secret(&headers("a=b; clearline_session=s1; c=d")), Some("s1"));
        assert_eq!(session_secret(&headers("not_clearline_session=s1")), None);
        assert_eq!(session_secret(&headers("clearline_session=")), None);
    }
}
