//! What waits for a manager, and what is decided on it.
//!
//! - [`decisions`]: records that wait for review; [`undo`]: decisions taken back.
//! - [`quarantine`]: writes that could not be put in their place; [`risks`]: what is risky about one.
//! - [`refused`]: uploads that could not be read.
//! - [`waiting`]: how much waits in each; [`changed`]: what differs between two states of a record.

mod changed;
pub mod decisions;
pub mod quarantine;
pub mod refused;
mod risks;
pub mod undo;
mod waiting;

pub use changed::changed;
pub use risks::Risk;
pub use waiting::{Waiting, waiting};

/// Entries on one page, unless asked otherwise, and at most.
pub const LIMIT: (usize, usize) = (50, 200);

/// Records that are looked at for one page: those of other regions are passed over.
pub const MOST_LOOKED_AT: usize = 20_000;
