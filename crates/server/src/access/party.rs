//! Whose share of the server a request counts against.

use std::{
    convert::Infallible,
    net::{IpAddr, Ipv4Addr},
};

use axum::{
    extract::FromRequestParts,
    http::{Extensions, request::Parts},
};

use super::{Caller, Proof, rates::network};
use crate::origin::Client;

/// One of those who share the server: whoever showed a token or signed in, or else an address.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Party {
    /// Everything that is sent with one token, or in sessions that began with it; else in one session.
    Caller(Proof),
    /// An IPv4 address, or an IPv6 /64. Programs on the machine itself are one address together.
    Address(IpAddr),
}

impl Party {
    /// The party of a request.
    pub fn new(caller: &Caller, known: &Extensions) -> Self {
        match (caller.proof(), caller.token(), known.get::<Client>()) {
            (Proof::None, _, Some(Client(Some(address)))) => Self::Address(network(*address)),
            (Proof::None, ..) => Self::server(),
            (_, Some(token), _) => Self::Caller(Proof::Token(token)),
            (proof, None, _) => Self::Caller(proof.clone()),
        }
    }

    /// The server itself, which takes up what was received before.
    pub fn server() -> Self {
        Self::Address(Ipv4Addr::UNSPECIFIED.into())
    }
}

impl<S: Send + Sync> FromRequestParts<S> for Party {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _state: &S) -> Result<Self, Infallible> {
        // The guard puts it there.
        Ok(parts.extensions.get::<Self>().cloned().unwrap_or_else(Self::server))
    }
}
