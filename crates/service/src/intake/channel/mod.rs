//! The channels through which data arrives, with what came beside the bytes.

mod attached;
mod attachment;
mod hook;

use demining::Collection;
use exchange::{Submission, read_submission};
use serde::{Deserialize, Serialize, de::DeserializeOwned};

use super::{
    options::{FileOptions, UploadOptions},
    unreadable::Unreadable,
};
use crate::fault::Fault;

pub use attached::{Attached, keeps_files};
pub use attachment::Attachment;
pub use hook::{Hook, read as read_hook};

/// The channel of a message, with what came beside its bytes. The inbox stores it as a word and JSON.
#[derive(Debug, Clone)]
pub enum Channel {
    /// A file of records.
    Uploads(FileOptions),
    /// A record or several of them, added to a collection.
    Items(FileOptions),
    /// The answers of a form, with its photos.
    OpenRosa(Attached),
    /// A file of a submission that is not a displayable photo.
    Attachment(Attachment),
    /// A submission that another server forwarded.
    Hook(Hook),
    /// A file from `clearline import`, judged while it is read.
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

impl Channel {
    /// The words of the channels for submissions of forms.
    pub const WORDS_OF_FORMS: [&str; 2] = ["openrosa", "hook"];

    /// Returns the word in the inbox.
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

    /// Returns what the inbox stores beside the word.
    ///
    /// # Errors
    /// If it cannot be written as JSON.
    pub fn request_meta(&self) -> Result<String, Fault> {
        let text = match self {
            Self::Uploads(options) | Self::Items(options) => serde_json::to_string(options),
            Self::OpenRosa(attached) => serde_json::to_string(attached),
            Self::Attachment(attachment) => serde_json::to_string(attachment),
            Self::Hook(hook) => serde_json::to_string(hook),
            Self::Import(file) => serde_json::to_string(file),
        };
        text.map_err(|error| Fault::internal(&error))
    }

    /// Reads what the inbox stored.
    ///
    /// # Errors
    /// If the channel is unknown, because a later version wrote the store.
    pub fn read(word: &str, request_meta: &str) -> Result<Self, Fault> {
        fn read<T: DeserializeOwned>(request_meta: &str) -> Result<T, Fault> {
            serde_json::from_str(request_meta).map_err(|error| Fault::internal(&error))
        }
        Ok(match word {
            "uploads" => Self::Uploads(read(request_meta)?),
            "items" => Self::Items(read(request_meta)?),
            "openrosa" => Self::OpenRosa(read(request_meta)?),
            "attachment" => Self::Attachment(read(request_meta)?),
            "hook" => Self::Hook(read(request_meta)?),
            "import" => Self::Import(read(request_meta)?),
            _ => return Err(Fault::internal(&format!("{word:?} is not a channel of the inbox"))),
        })
    }

    /// Returns the options for the rows.
    pub fn upload_options(&self) -> UploadOptions {
        match self {
            Self::Uploads(options) | Self::Items(options) => options.upload_options.clone(),
            Self::OpenRosa(_) | Self::Attachment(_) | Self::Hook(_) | Self::Import(_) => {
                UploadOptions::default()
            }
        }
    }

    /// Returns the collection of a message that cannot be read. The collection of a form is in its answers.
    pub fn collection(&self) -> Collection {
        match self {
            Self::Uploads(options) | Self::Items(options) => options.collection(),
            Self::OpenRosa(_) | Self::Attachment(_) | Self::Hook(_) | Self::Import(_) => {
                Collection::Detections
            }
        }
    }

    /// Returns `true` if a refused message waits for a manager whatever its sender's role, because the sender
    /// only learnt that the message was received.
    pub fn is_for_manager(&self) -> bool {
        match self {
            Self::OpenRosa(_) | Self::Attachment(_) | Self::Hook(_) => true,
            Self::Uploads(_) | Self::Items(_) | Self::Import(_) => false,
        }
    }

    /// Returns the submission of a form, or `None` for other messages, or why it cannot be read.
    ///
    /// # Errors
    /// If the server cannot read it at the moment, and the message is not to blame.
    pub fn submission(&self, bytes: &[u8]) -> Result<Result<Option<Submission>, Unreadable>, Fault> {
        let read = match self {
            Self::OpenRosa(_) => read_submission(bytes).map(Some),
            Self::Hook(hook) => read_hook(*hook, bytes),
            Self::Uploads(_) | Self::Items(_) | Self::Attachment(_) | Self::Import(_) => Ok(None),
        };
        read.map_or_else(|error| Unreadable::of(&error).map(Err), |read| Ok(Ok(read)))
    }
}
