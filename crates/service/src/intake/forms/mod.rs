//! Turns submissions of forms, sent by phones or forwarded by another server, into writes.
//!
//! - [`judge`]: new records of a collection. [`update`]: a change of a detection. [`corrections`]: a submission that
//!   corrects an earlier one.
//! - [`finds`]: the records that one submission makes. [`record`]: one of them. [`attachment`]: other files.

mod attachment;
mod corrections;
mod finds;
mod judge;
mod record;
mod update;

pub use attachment::judge_attachment;
pub use judge::judge;
