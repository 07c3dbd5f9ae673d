//! Lets a request through to its handler, or not, by the table of rights.
//!
//! - [`table`] says for each route and role what may be done; the router is made of it.
//! - [`guard`] stands before every handler.
//! - [`caller`] finds out who sent a request: by a token, by the session of a browser, or nobody in particular.
//! - [`cookies`]: what a browser keeps for this server.
//! - [`credentials`] reads the `Authorization` header: a token, and perhaps a reason.
//! - [`path_token`] takes a token out of an address before anything can log it.

mod caller;
mod cookies;
mod credentials;
mod guard;
mod path_token;
mod table;

pub use caller::AskedBy;
pub use cookies::{SESSION_COOKIE, cookie, set_cookie};
pub use credentials::Credentials;
pub use guard::{Gate, Grants, granted, guarded, identify, is_cross_site};
pub use path_token::{PathToken, hide};
pub use table::{Entry, entry};
