//! Submissions of forms, sent by phones or passed on by another server, become wishes.

mod corrections;
mod hook;
mod judge;

pub use corrections::Earlier;
pub use hook::{Hook, read as read_hook};
pub use judge::{Attached, Attachment, judge, judge_attachment, record_of};
