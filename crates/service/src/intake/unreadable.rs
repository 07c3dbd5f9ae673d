//! Why a message cannot be read as a whole.

use std::io;

use exchange::ReadError;
use serde::{Deserialize, Serialize};

use crate::fault::Fault;

/// Why a message cannot be read as a whole.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Unreadable {
    /// The kind of failure.
    pub why: Why,
    /// The row where reading ended; `None` if no row was reached, 0 if no row is to blame.
    pub row: Option<u64>,
    /// The reason, as a sentence without a full stop.
    pub reason: String,
}

/// See [`Unreadable`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Why {
    /// The content does not match its declared format.
    Broken,
    /// It exceeds a limit.
    TooLarge,
    /// Its format or coding is not supported.
    Format,
}

impl Unreadable {
    /// Decoding failed.
    pub fn packed(error: &io::Error) -> Self {
        Self { why: Why::Broken, row: None, reason: error.to_string() }
    }
}

impl Unreadable {
    /// Returns why an input cannot be read.
    ///
    /// # Errors
    /// If the input is not to blame, so that it can be read another time.
    pub fn of(error: &ReadError) -> Result<Self, Fault> {
        if error.is_ours() {
            tracing::error!(%error, "an input could not be read");
            return Err(Fault::NoTemporary);
        }
        let (row, is_too_large) = match error {
            ReadError::Io { row, source } => (*row, source.kind() == io::ErrorKind::FileTooLarge),
            ReadError::RowTooLong { row, .. } => (*row, true),
            ReadError::Json { row, .. } | ReadError::Utf8 { row, .. } | ReadError::Broken { row, .. } => {
                (*row, false)
            }
            ReadError::TooManyRows { limit } => (*limit + 1, true),
            ReadError::TooLarge { .. } => (0, true),
            _ => (0, false),
        };
        let why = if is_too_large { Why::TooLarge } else { Why::Broken };
        Ok(Self { why, row: Some(row), reason: error.to_string() })
    }
}
