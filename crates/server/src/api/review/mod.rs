//! What waits for a manager.
//!
//! - [`decisions`]: records that wait for review. [`quarantine`]: what could not be put in its place.
//! - [`refused`]: uploads that could not be read. [`undo`]: decisions taken back.
//! - [`queues`]: pages of any of these. [`risks`]: what is risky about accepting a record.

pub mod decisions;
pub mod quarantine;
pub mod queues;
pub mod refused;
pub mod risks;
pub mod undo;
