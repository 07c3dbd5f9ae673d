//! OpenID Connect: people sign in with an existing account, by the authorization code flow with PKCE.
//!
//! - [`provider`] redirects browsers to the provider and redeems their codes; [`asking`] sends the requests.
//! - [`token`] verifies the provider's token.
//! - [`attempt`] is the state that a browser stores during sign-in.
//! - [`person`] maps the provider's claims to a role here.

mod asking;
mod attempt;
mod person;
mod problem;
mod provider;
pub mod routes;
mod token;

pub use attempt::Attempt;
pub use person::Claims;
pub use provider::{Failure, OpenId, OpenIdError, OpenIdSettings};

/// Where sign-in begins; the provider redirects browsers back to `callback` below it.
pub const PATH: &str = "/session/openid";
