//! Admits or refuses requests by the table of rights.
//!
//! - [`table`] lists what each route grants to each role; the router is built from it.
//! - [`guard`] runs before every handler.
//! - [`caller`] identifies the caller by a token or a session; anyone else is the public.
//! - [`cookies`] reads and sets cookies.
//! - [`credentials`] reads the `Authorization` header: a token, and optionally a reason.
//! - [`path_token`] removes a token from an address before anything can log it.

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
pub use table::{RouteGrants, entry};
