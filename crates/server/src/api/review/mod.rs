//! What waits for a manager, as requests and answers; what becomes of a decision is `service::review`'s to say.
//!
//! - [`decisions`]: records that wait for review. [`quarantine`]: what could not be put in its place.
//! - [`refused`]: uploads that could not be read. [`queues`]: what the three share.

pub mod decisions;
pub mod quarantine;
pub mod queues;
pub mod refused;
