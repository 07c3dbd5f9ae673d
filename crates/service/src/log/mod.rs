//! The log of changes while a server runs.
//!
//! - [`writer`]: the one thread that commits, folds into the atlas and tells.
//! - [`write_health`]: whether what was to be written last could be; [`recovery`] tries again.

mod recovery;
mod write_health;
mod writer;

pub use recovery::hindrance;
pub use write_health::WriteHealth;
pub use writer::Writer;
