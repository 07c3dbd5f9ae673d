//! The party that a request counts against, identified by the guard of its route.

use std::convert::Infallible;

use axum::{
    extract::FromRequestParts,
    http::{Extensions, request::Parts},
};
use service::access::Party;

/// The party that a request counts against, identified by the guard of its route.
#[derive(Clone, Debug)]
pub struct PartyOf(pub Party);

impl<S: Send + Sync> FromRequestParts<S> for PartyOf {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _state: &S) -> Result<Self, Infallible> {
        Ok(Self(party_of(&parts.extensions)))
    }
}

/// Returns the party that the guard identified.
pub fn party_of(known: &Extensions) -> Party {
    known.get::<Party>().cloned().unwrap_or_else(Party::server)
}
