//! Who the caller is and what it may do: decided once, before any query.
//!
//! - [`caller`]: the caller, and what it sees; [`grant`]: what a route may grant to a role.
//! - [`party`]: whose share of memory and places a request counts against.
//! - [`rights`]: holds writes to the regions and the own records of their sender.
//! - [`senders`]: who may look into what somebody sent.
//! - [`revocations`]: ends what is held open by a token that was revoked.
//! - [`rates`]: how much each client may ask.
//! - [`policy`]: what an operator chooses: what the public sees, and where new records start in review.

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
