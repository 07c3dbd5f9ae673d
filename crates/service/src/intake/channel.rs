//! The ways in: what came with the bytes, and how they are judged.

use std::sync::Arc;

use atlas::Scope;
use exchange::{Submission, read_submission};
use serde::{Deserialize, Serialize, de::DeserializeOwned};

use super::{
    Intake, Judged, LARGEST_PACKED_SMALL, LARGEST_SMALL, LIMITS,
    commit::own_operator,
    derived::Derived,
    encoding::Encoding,
    forms::{self, Attached, Attachment, Earlier, Hook},
    judge::judge_file,
    options::{Options, Wishes},
    state::Turn,
    unreadable::Unreadable,
};
use crate::{access::Caller, background, fault::Fault, memory::Received};

/// The way that something comes in, with what came beside its bytes. The inbox keeps it as a word and JSON.
#[derive(Debug, Clone)]
pub enum Channel {
    /// A file of records.
    Uploads(Options),
    /// A record, or a collection of them, that is added to the detections.
    Items(Options),
    /// The answers of a form, with the photos that came with them.
    OpenRosa(Attached),
    /// A file that came with a form and is no photo that can be shown.
    Attachment(Attachment),
    /// What another server received and sends on.
    Hook(Hook),
    /// A file that was imported, which is judged while it is read.
    Import(File),
}

/// A file that `clearline import` reads from disk.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct File {
    /// Its name, without folders.
    pub name: String,
    /// Its size in bytes.
    pub bytes: u64,
}

/// What came of reading: wishes, to be committed within the turn of their record if there is one.
pub type Read<'a> = Result<(Judged, Option<Turn<'a>>), Unreadable>;

impl Channel {
    /// The words of those by which submissions of forms come in.
    pub const WORDS_OF_FORMS: [&str; 2] = ["openrosa", "hook"];

    /// Its word in the inbox.
    pub fn word(&self) -> &'static str {
        match self {
            Self::Uploads(_) => "uploads",
            Self::Items(_) => "items",
            Self::OpenRosa(_) => "openrosa",
            Self::Attachment(_) => "attachment",
            Self::Hook(_) => "hook",
            Self::Import(_) => "import",
        }
    }

    /// What the inbox keeps of it beside its word.
    ///
    /// # Errors
    /// When it cannot be written as JSON.
    pub fn envelope(&self) -> Result<String, Fault> {
        let text = match self {
            Self::Uploads(options) | Self::Items(options) => serde_json::to_string(options),
            Self::OpenRosa(attached) => serde_json::to_string(attached),
            Self::Attachment(attachment) => serde_json::to_string(attachment),
            Self::Hook(hook) => serde_json::to_string(hook),
            Self::Import(file) => serde_json::to_string(file),
        };
        text.map_err(|error| Fault::internal(&error))
    }

    /// What the inbox kept.
    ///
    /// # Errors
    /// When it is unknown: the store is from a later version.
    pub fn read(word: &str, envelope: &str) -> Result<Self, Fault> {
        fn read<T: DeserializeOwned>(envelope: &str) -> Result<T, Fault> {
            serde_json::from_str(envelope).map_err(|error| Fault::internal(&error))
        }
        Ok(match word {
            "uploads" => Self::Uploads(read(envelope)?),
            "items" => Self::Items(read(envelope)?),
            "openrosa" => Self::OpenRosa(read(envelope)?),
            "attachment" => Self::Attachment(read(envelope)?),
            "hook" => Self::Hook(read(envelope)?),
            "import" => Self::Import(read(envelope)?),
            _ => return Err(Fault::internal(&format!("{word:?} is no channel of the inbox"))),
        })
    }

    /// How the rows are treated.
    pub fn wishes(&self) -> Wishes {
        match self {
            Self::Uploads(options) | Self::Items(options) => options.wishes.clone(),
            Self::OpenRosa(_) | Self::Attachment(_) | Self::Hook(_) | Self::Import(_) => Wishes::default(),
        }
    }

    /// Whether what cannot be put in its place waits for a manager, whoever sent it, because its sender was told
    /// only that it came.
    pub fn is_for_manager(&self) -> bool {
        match self {
            Self::OpenRosa(_) | Self::Attachment(_) | Self::Hook(_) => true,
            Self::Uploads(_) | Self::Items(_) | Self::Import(_) => false,
        }
    }

    /// Judges what came in. What is judged of a form has to be committed within its turn.
    ///
    /// # Errors
    /// When the store cannot be read.
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
            Self::Attachment(attachment) => return Ok(Ok((attachment.judge(), None))),
            Self::Import(_) => return Err(Fault::internal(&"an import was judged while it was read")),
            Self::OpenRosa(_) | Self::Hook(_) => self.submission(&bytes)?,
        };
        let submission = match submission {
            Ok(Some(submission)) => submission,
            Ok(None) => return Err(Fault::internal(&"an event of no interest was kept")),
            Err(unreadable) => return Ok(Err(unreadable)),
        };
        let earlier = Earlier::of((intake, caller), &submission).await?;
        let turn = intake.turn(forms::record_of(&submission, earlier.as_ref())).await;
        let none = Attached::new();
        let attached = if let Self::OpenRosa(attached) = self { attached } else { &none };
        let judged = forms::judge((intake, caller), submission, earlier.as_ref(), attached).await?;
        Ok(Ok((judged, Some(turn))))
    }

    /// The submission of a form that came in, none when nothing of the kind came; or why it cannot be read.
    ///
    /// # Errors
    /// When it cannot be read just now, and what came is not to blame.
    pub fn submission(&self, bytes: &[u8]) -> Result<Result<Option<Submission>, Unreadable>, Fault> {
        let read = match self {
            Self::OpenRosa(_) => read_submission(bytes).map(Some),
            Self::Hook(hook) => forms::read_hook(*hook, bytes),
            Self::Uploads(_) | Self::Items(_) | Self::Attachment(_) | Self::Import(_) => Ok(None),
        };
        read.map_or_else(|error| Unreadable::of(&error).map(Err), |read| Ok(Ok(read)))
    }
}

/// Unpacks, reads and judges a file, off the async threads. What keeps a file from being read that is not to blame
/// for it is told at `/readyz`.
async fn judge_body(
    (intake, caller): (&Intake, &Caller),
    options: &Options,
    bytes: Received,
) -> Result<Result<Judged, Unreadable>, Fault> {
    let (encoding, format, reading) = (options.encoding, options.format, options.reading.clone());
    let is_large =
        bytes.len() > LARGEST_SMALL || (encoding != Encoding::Identity && bytes.len() > LARGEST_PACKED_SMALL);
    let place = if is_large {
        Some(Arc::clone(&intake.large).acquire_owned().await.map_err(|e| Fault::internal(&e))?)
    } else {
        None
    };
    let wishes = Wishes { operator: own_operator(caller), ..options.wishes.clone() };
    let derived = Derived::of_view(intake.atlas.view(Scope::Full), intake.policy.starts(caller.role()));
    let work = move || match encoding.unpack(&bytes, LIMITS.unpacked_bytes) {
        Ok(input) => judge_file(input, format, &reading, &wishes, &derived),
        Err(error) => Ok(Err(Unreadable::packed(&error))),
    };
    let judged = if is_large {
        background::run("judge", work).await?
    } else {
        tokio::task::spawn_blocking(work).await.map_err(|e| Fault::internal(&e))?
    };
    let judged = judged.inspect_err(|_| intake.health.note_temporary(true))?;
    Ok(judged.map(|judged| Judged { place, ..judged }))
}
