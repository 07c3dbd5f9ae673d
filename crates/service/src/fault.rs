//! Failures that the caller did not cause.

use store::StoreError;

/// A failure that the caller did not cause.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fault {
    /// A temporary failure; the text states what was stored.
    Unavailable(&'static str),
    /// A temporary file could not be created or written. A later attempt may succeed.
    NoTemporary,
    /// The token was revoked or expired, or the session ended, while the request was being received. Nothing
    /// of it was stored.
    Revoked,
    /// An internal error; the log has the cause.
    Internal,
}

impl Fault {
    /// Logs the cause of an internal error, once.
    pub fn internal(cause: &dyn std::fmt::Display) -> Self {
        tracing::error!(%cause, "a request failed");
        Self::Internal
    }

    /// Logs that no thread or file was available, once.
    pub fn exhausted(cause: &dyn std::fmt::Display) -> Self {
        tracing::error!(%cause, "a request could not be processed");
        Self::Unavailable("the server is overloaded; nothing of this request was stored")
    }
}

impl From<StoreError> for Fault {
    fn from(error: StoreError) -> Self {
        tracing::error!(%error, "the store failed");
        Self::Unavailable(
            "the store cannot be read or written at the moment; nothing of this request was stored",
        )
    }
}
