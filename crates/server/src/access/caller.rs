//! Identifies the caller of a request by its `Authorization` header or its session cookie.

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

use super::{Credentials, cookies::session_secret};

use crate::http::{
    problem::{Answer, NO_TOKEN, unauthorised},
    site::Client,
};

/// The caller that the route's guard identified; the public on a route without a guard.
#[derive(Clone, Debug)]
pub struct AskedBy(pub Caller);

impl<S: Send + Sync> FromRequestParts<S> for AskedBy {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _state: &S) -> Result<Self, Infallible> {
        Ok(Self(parts.extensions.get::<Caller>().cloned().unwrap_or_else(Caller::public)))
    }
}

/// Identifies the caller from the headers: `Authorization: Bearer TOKEN`; `Authorization: Basic` with the
/// token as the password, for GIS programs that support only Basic; or the session cookie.
///
/// # Errors
/// 401 for a token that grants no access; 503 when the store cannot be read. An expired session counts as the
/// public.
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

/// Returns the caller that holds a token.
///
/// # Errors
/// 401 for a token that grants no access; 503 when the store cannot be read.
pub async fn bearer_of(readers: &Readers, token: String) -> Answer<Caller> {
    Caller::of_token(readers, token).await?.ok_or_else(|| unauthorised(NO_TOKEN))
}

/// The party that a request counts against: the caller if it has a token or session, otherwise its address.
pub fn party(caller: &Caller, known: &Extensions) -> Party {
    match (caller.proof(), caller.token(), Client::of(known)) {
        (Proof::None, _, Some(address)) => Party::Address(network(address)),
        (Proof::None, ..) => Party::server(),
        (_, Some(token), _) => Party::Caller(Proof::Token(token)),
        (proof, None, _) => Party::Caller(proof.clone()),
    }
}
