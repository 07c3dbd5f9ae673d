//! Why something that came in cannot be read as a whole.

use std::io;

use exchange::ReadError;
use serde::{Deserialize, Serialize};

use crate::fault::Fault;

/// Why something cannot be read as a whole.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Unreadable {
    /// What sort of failure it is.
    pub why: Why,
    /// The row at which reading ended; none when no row was reached, 0 when none is to blame.
    pub row: Option<u64>,
    /// What is wrong, as a sentence without its full stop.
    pub reason: String,
}

/// See [`Unreadable`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Why {
    /// It is not what it says it is.
    Broken,
    /// It is larger than a limit.
    TooLarge,
    /// It is in a format or coding that is not read.
    Format,
}

impl Unreadable {
    /// It breaks where it is unpacked.
    pub fn packed(error: &io::Error) -> Self {
        Self { why: Why::Broken, row: None, reason: error.to_string() }
    }
}

impl Unreadable {
    /// What is wrong with an input that cannot be read.
    ///
    /// # Errors
    /// When the input is not to blame: it can be read another time.
    pub fn of(error: &ReadError) -> Result<Self, Fault> {
        if error.is_ours() {
            tracing::error!(%error, "an input could not be read just now");
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
