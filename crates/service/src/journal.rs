//! What is logged of what people do: who, by name, did what and to how many records. Never a token, never a
//! place, and nothing of what was sent: a reason or a file name can say either.

use std::net::IpAddr;

use demining::{Revision, Role};
use store::Bearer;
use uuid::Uuid;

use crate::access::Caller;

/// Somebody decided on records: a manager in review, on what was set aside or could not stand, or the sender who
/// withdrew it.
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
        "records were decided on"
    );
}

/// Somebody signed in.
pub fn signed_in(bearer: &Bearer, with: &str) {
    tracing::info!(by = bearer.name, role = bearer.role.word(), with, "signed in");
}

/// Somebody was not let in.
pub fn not_signed_in(with: &str, client: Option<IpAddr>) {
    tracing::info!(with, client = client.map(tracing::field::display), "a sign-in was refused");
}

/// Somebody signed out.
pub fn signed_out(caller: &Caller) {
    tracing::info!(by = caller.name(), "signed out");
}

/// A request showed a token that is none.
pub fn refused_token(client: Option<IpAddr>) {
    tracing::info!(client = client.map(tracing::field::display), "a token was refused");
}

/// A token was made.
pub fn made_token(caller: &Caller, token: Uuid, bearer_name: &str, role: Role) {
    tracing::info!(by = caller.name(), %token, bearer = bearer_name, role = role.word(), "a token was made");
}

/// A token was revoked.
pub fn revoked_token(caller: &Caller, token: Uuid) {
    tracing::info!(by = caller.name(), %token, "a token was revoked");
}
