//! Records, writes and uploads that wait for a manager, and the decisions on them.
//!
//! - [`decisions`]: records that wait for review; [`undo`]: undoing decisions.
//! - [`quarantine`]: writes that wait because their sender may not make them or they conflict; [`risks`]:
//!   what is risky about one.
//! - [`refused`]: uploads that could not be read.
//! - [`reviewed`]: what differs between collections. Everything else is the same for each of them.
//! - [`waiting`]: how much waits in each queue; [`changed`]: the differences between two versions of a
//!   record.

mod changed;
pub mod decisions;
pub mod quarantine;
pub mod refused;
mod reviewed;
mod risks;
pub mod undo;
mod waiting;

pub use changed::changed;
pub use reviewed::{Near, Reviewed, Within};
pub use risks::Risk;
pub use waiting::{Waiting, waiting};

/// Entries on a page: default and maximum.
pub const LIMIT: (usize, usize) = (50, 200);

/// Records examined for one page: those of other regions are skipped.
pub const MOST_LOOKED_AT: usize = 20_000;
