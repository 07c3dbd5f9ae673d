//! Who the caller is and what it may do: decided once, before any query.
//!
//! - [`caller`]: the caller and what it sees; [`grant`]: what a route may grant to a role.
//! - [`party`]: the party whose share of memory and slots a request counts against.
//! - [`rights`]: restricts writes to the regions and the own records of their sender.
//! - [`senders`]: who may see the uploads and photos of a sender.
//! - [`revocations`]: ends the streams that were opened with a revoked token.
//! - [`rates`]: request rate limits per client.
//! - [`policy`]: the operator's choices: what the public sees, and the review state of new records.

mod caller;
mod grant;
mod party;
mod policy;
mod rates;
mod revocations;
mod rights;
mod senders;

pub use caller::{Caller, SESSION_HOURS, session_hours};
pub use grant::{ADD, Grant};
pub use party::{Party, network};
pub use policy::{Policy, PublicSees};
pub use rates::{Rate, RateLimits, Rates, TooMany};
pub use revocations::Revocations;
pub use rights::{Refusal, hold};
pub use store::Proof;
