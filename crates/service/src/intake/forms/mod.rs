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

use demining::for_collection;
use exchange::{Content, Submission};

use self::{
    judge::{Sent, judge_records},
    update::judge_update,
};
use super::{Intake, JudgedMessage, channel::Attached, state::Turn};
use crate::{access::Caller, fault::Fault};

/// Judges a submission against the history of its records. Commit the writes while holding the turn.
///
/// # Errors
/// When the store cannot be read.
pub async fn judge<'a>(
    (intake, caller): (&'a Intake, &Caller),
    submission: Submission,
    attached: &Attached,
) -> Result<(JudgedMessage, Turn<'a>), Fault> {
    let Submission { id, collection, photos, corrects, content } = submission;
    let sent = Sent { caller, id, corrects, attached };
    match content {
        Content::Records(finds) => {
            for_collection!(collection, T => judge_records::<T>(intake, sent, finds).await)
        }
        Content::Update(update) => judge_update(intake, sent, update, &photos).await,
    }
}
