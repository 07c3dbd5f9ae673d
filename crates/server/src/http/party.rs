//! The party that a request counts against, as the guard of its route found it.

use std::convert::Infallible;

use axum::{
    extract::FromRequestParts,
    http::{Extensions, request::Parts},
};
use service::access::Party;

/// The party that a request counts against, as the guard of the route found it.
#[derive(Clone, Debug)]
pub struct PartyOf(pub Party);

impl<S: Send + Sync> FromRequestParts<S> for PartyOf {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _state: &S) -> Result<Self, Infallible> {
        Ok(Self(party_of(&parts.extensions)))
    }
}

/// The party that the guard of the route found.
pub fn party_of(known: &Extensions) -> Party {
    known.get::<Party>().cloned().unwrap_or_else(Party::server)
}
