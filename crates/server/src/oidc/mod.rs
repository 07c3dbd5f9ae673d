//! OpenID Connect: people sign in where they have an account already, by the authorization code flow with PKCE.
//!
//! - [`provider`] is where somebody is sent, and asked who that is; [`asking`] is how.
//! - [`token`] says whether its answer is to be believed.
//! - [`attempt`] is what a browser keeps between going there and coming back.
//! - [`person`] makes of somebody's claims who that is here.

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

/// Where signing in begins; the provider sends browsers back to `callback` below it.
pub const PATH: &str = "/session/openid";
