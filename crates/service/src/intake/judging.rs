//! Judges the messages of each channel.

use std::sync::Arc;

use atlas::Scope;

use super::{
    INTAKE_LIMITS, Intake, JudgedMessage, LARGEST_PACKED_SMALL, LARGEST_SMALL,
    channel::{Attached, Channel},
    commit::own_operator,
    derived::Derived,
    encoding::Encoding,
    forms,
    judge::judge_file,
    options::{FileOptions, UploadOptions},
    state::Turn,
    unreadable::Unreadable,
};
use crate::{access::Caller, background, fault::Fault, memory::Received};

/// The result of reading a message: its writes, and the turn of their record, if any, to hold until they are
/// committed.
pub type Read<'a> = Result<(JudgedMessage, Option<Turn<'a>>), Unreadable>;

impl Channel {
    /// Judges a message. Commit the writes of a form while holding its turn.
    ///
    /// # Errors
    /// If the store cannot be read.
    pub async fn judge<'a>(
        &self,
        (intake, caller): (&'a Intake, &Caller),
        bytes: Received,
    ) -> Result<Read<'a>, Fault> {
        let submission = match self {
            Self::Uploads(options) | Self::Items(options) => {
                let judged = judge_body((intake, caller), options, bytes).await?;
                return Ok(judged.map(|judged| (judged, None)));
            }
            Self::Attachment(attachment) => return Ok(Ok((forms::judge_attachment(attachment), None))),
            Self::Import(_) => return Err(Fault::internal(&"an import was judged while it was read")),
            Self::OpenRosa(_) | Self::Hook(_) => self.submission(&bytes)?,
        };
        let submission = match submission {
            Ok(Some(submission)) => submission,
            Ok(None) => return Err(Fault::internal(&"an event without a submission was stored")),
            Err(unreadable) => return Ok(Err(unreadable)),
        };
        let none = Attached::new();
        let attached = if let Self::OpenRosa(attached) = self { attached } else { &none };
        let (judged, turn) = forms::judge((intake, caller), submission, attached).await?;
        Ok(Ok((judged, Some(turn))))
    }
}

/// Decodes, reads and judges a file off the async threads. Failures that the file did not cause appear at
/// `/readyz`.
async fn judge_body(
    (intake, caller): (&Intake, &Caller),
    options: &FileOptions,
    bytes: Received,
) -> Result<Result<JudgedMessage, Unreadable>, Fault> {
    let (encoding, format, reading) = (options.encoding, options.format, options.reading.clone());
    let is_large =
        bytes.len() > LARGEST_SMALL || (encoding != Encoding::Identity && bytes.len() > LARGEST_PACKED_SMALL);
    let place = if is_large {
        Some(Arc::clone(&intake.large).acquire_owned().await.map_err(|e| Fault::internal(&e))?)
    } else {
        None
    };
    let upload_options = UploadOptions { operator: own_operator(caller), ..options.upload_options.clone() };
    let derived = Derived::of_view(intake.atlas.view(Scope::Full), intake.policy.starts(caller.role()));
    let work = move || match encoding.unpack(&bytes, INTAKE_LIMITS.unpacked_bytes) {
        Ok(input) => judge_file(input, format, &reading, &upload_options, &derived),
        Err(error) => Ok(Err(Unreadable::packed(&error))),
    };
    let judged = if is_large {
        background::run("judge", work).await?
    } else {
        tokio::task::spawn_blocking(work).await.map_err(|e| Fault::internal(&e))?
    };
    let judged = judged.inspect_err(|_| intake.health.note_temporary(true))?;
    Ok(judged.map(|judged| JudgedMessage { place, ..judged }))
}
