//! Turns submissions of forms, sent by phones or forwarded by another server, into writes.
//!
//! - [`judge`]: new records, or a change of one. [`corrections`]: a submission that corrects an earlier one.
//! - [`finds`]: the records that one submission makes. [`record`]: one of them. [`attachment`]: other files.

mod attachment;
mod corrections;
mod finds;
mod judge;
mod record;

pub use attachment::judge_attachment;
pub use corrections::Earlier;
pub use judge::{judge, record_of};
