//! Submissions of forms, sent by phones or passed on by another server, become wishes.

mod attachment;
mod corrections;
mod finds;
mod hook;
mod judge;

pub use attachment::Attachment;
pub use corrections::Earlier;
pub use hook::{Hook, read as read_hook};
pub use judge::{Attached, judge, record_of};
