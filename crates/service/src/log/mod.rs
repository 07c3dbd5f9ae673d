//! The log of changes while a server runs.
//!
//! - [`writer`]: the one thread that commits, folds into the atlas and publishes.
//! - [`write_health`]: whether the last write succeeded; [`recovery`] retries.

mod recovery;
mod write_health;
mod writer;

pub use recovery::hindrance;
pub use write_health::WriteHealth;
pub use writer::Writer;
