//! The queues of managers, as requests and responses; `service::review` contains the rules.
//!
//! - [`decisions`]: records that wait for review. [`quarantine`]: writes that wait for a manager.
//! - [`refused`]: unreadable uploads. [`queues`]: what the three share.

pub mod decisions;
pub mod quarantine;
pub mod queues;
pub mod refused;
