//! Failures that are not the caller's fault.

use store::StoreError;

/// A failure that is not the caller's fault.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fault {
    /// It may go well later; the sentence says what was kept.
    Unavailable(&'static str),
    /// A temporary file could not be made or written. That may go well later.
    NoTemporary,
    /// The token of who sent it was revoked or has expired, or the session ended, while it was on its way; nothing of
    /// it was kept.
    Revoked,
    /// The program failed; its log says how.
    Internal,
}

impl Fault {
    /// The program failed: this logs the cause, once.
    pub fn internal(cause: &dyn std::fmt::Display) -> Self {
        tracing::error!(%cause, "a request failed");
        Self::Internal
    }

    /// No thread, or no file, was to be had: this logs the cause, once.
    pub fn exhausted(cause: &dyn std::fmt::Display) -> Self {
        tracing::error!(%cause, "a request could not be worked on");
        Self::Unavailable("the server has too much to do just now; nothing of this request was kept")
    }
}

impl From<StoreError> for Fault {
    fn from(error: StoreError) -> Self {
        tracing::error!(%error, "the store failed");
        Self::Unavailable("the store cannot be read or written just now; nothing of this request was kept")
    }
}
