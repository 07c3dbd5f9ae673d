//! Who is asking, and what it may: decided once, before any question.
//!
//! - [`table`] says for each route and role what may be done; the router is made of it.
//! - [`caller`] finds out who it is: by a token, by the session of a browser, or nobody in particular.
//! - [`credentials`] reads the `Authorization` header: a token, and perhaps a reason.
//! - [`party`] says whose share of memory and places a request counts against.
//! - [`path_token`] takes a token out of an address before anything can log it.
//! - [`rights`] holds what is written to the regions and the own records of who writes.
//! - [`sent`] says who may look into what somebody sent.
//! - [`ended`] ends what is held open by a token that was revoked.
//! - [`rates`] counts what each client asks.
//! - [`policy`] is what whoever runs the server can choose: what the public sees, what starts approved.

mod caller;
mod credentials;
mod ended;
mod guard;
mod party;
mod path_token;
mod policy;
mod rates;
mod rights;
mod sent;
mod table;

pub use caller::{Caller, NO_TOKEN, SESSION_COOKIE, SESSION_HOURS, cookie, session_hours, unauthorised};
pub use credentials::Credentials;
pub use ended::Ended;
pub use guard::{Grants, granted, guarded, identify, is_cross_site};
pub use party::Party;
pub use path_token::{PathToken, hide};
pub use policy::{Policy, PublicSees};
pub use rates::{Limit, Limits, Rates, network};
pub use rights::{Refusal, hold};
pub use store::Proof;
pub use table::{ADD, Entry, Grant, entry};
