//! Log entries about user actions: who did what to how many records. They contain no token, no place and no
//! sent content, because a reason or a file name may reveal any of these.

use std::net::IpAddr;

use demining::{Revision, Role};
use store::Bearer;
use uuid::Uuid;

use crate::access::Caller;

/// Logs decisions on records: a manager's on reviews, quarantined or refused writes, or a sender's
/// withdrawal.
pub fn decided(
    caller: &Caller,
    queue: &str,
    decision: &str,
    n_decided: usize,
    n_refused: usize,
    revision: Revision,
) {
    tracing::info!(
        by = caller.name(),
        queue,
        decision,
        n_decided,
        n_refused,
        revision = revision.0,
        "decided on records"
    );
}

/// Logs a sign-in.
pub fn signed_in(bearer: &Bearer, with: &str) {
    tracing::info!(by = bearer.name, role = bearer.role.word(), with, "signed in");
}

/// Logs a refused sign-in.
pub fn not_signed_in(with: &str, client: Option<IpAddr>) {
    tracing::info!(with, client = client.map(tracing::field::display), "refused a sign-in");
}

/// Logs a sign-out.
pub fn signed_out(caller: &Caller) {
    tracing::info!(by = caller.name(), "signed out");
}

/// Logs a request with an invalid token.
pub fn refused_token(client: Option<IpAddr>) {
    tracing::info!(client = client.map(tracing::field::display), "refused a token");
}

/// Logs a new token.
pub fn made_token(caller: &Caller, token: Uuid, bearer_name: &str, role: Role) {
    tracing::info!(by = caller.name(), %token, bearer = bearer_name, role = role.word(), "created a token");
}

/// Logs a revoked token.
pub fn revoked_token(caller: &Caller, token: Uuid) {
    tracing::info!(by = caller.name(), %token, "revoked a token");
}
