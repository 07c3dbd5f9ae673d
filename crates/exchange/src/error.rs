//! Errors that make a whole file unreadable, or a file of reference data unusable.

use std::{error::Error, io, sync::Arc};

/// An error that makes a whole file or body unreadable. The rows before it have already been passed on; a
/// caller that needs all or nothing must discard them.
#[derive(Debug, thiserror::Error)]
pub enum ReadError {
    /// Reading the bytes failed.
    #[error("reading failed in row {row}: {source}")]
    Io {
        /// The row being read.
        row: u64,
        /// The cause.
        source: io::Error,
    },
    /// Creating, writing or reading a temporary file failed. The input itself may be valid and can be read
    /// again later. The text contains the file's path, so it belongs only in the operator's log.
    #[error("a temporary file cannot be used: {0}")]
    Temporary(String),
    /// The input is empty.
    #[error("the body is empty")]
    Empty,
    /// The text is not valid JSON, or is truncated.
    #[error("row {row}, byte {byte}: {reason}")]
    Json {
        /// The row being read; 0 before the first.
        row: u64,
        /// The byte offset in the file, counted from 0.
        byte: u64,
        /// The reason.
        reason: String,
    },
    /// The bytes are not UTF-8.
    #[error("row {row}, byte {byte}: the text is not UTF-8")]
    Utf8 {
        /// The row being read; 0 before the first.
        row: u64,
        /// The byte offset in the file, counted from 0.
        byte: u64,
    },
    /// A row has more bytes than allowed.
    #[error("row {row} takes more than {limit} bytes")]
    RowTooLong {
        /// The row.
        row: u64,
        /// The limit.
        limit: usize,
    },
    /// A table ends inside quotes: a closing quote is missing, or the file is truncated.
    #[error("the file ends inside a quote that opens on line {line}")]
    UnclosedQuote {
        /// The line of the opening quote, counted from 1.
        line: u64,
    },
    /// The file has more rows than allowed.
    #[error("there are more than {limit} rows")]
    TooManyRows {
        /// The limit.
        limit: u64,
    },
    /// The JSON is neither a Feature nor a `FeatureCollection`.
    #[error("{found}; expected a Feature or a FeatureCollection")]
    NoFeatures {
        /// What it is instead, as the beginning of a sentence.
        found: String,
    },
    /// The body has several features, but the request needs one.
    #[error("the body is a FeatureCollection; expected a single Feature")]
    NotOneFeature,
    /// The header line of a table is unusable.
    #[error("the header line {0}")]
    Header(String),
    /// The file is not in its format, or is truncated.
    #[error("row {row}: {reason}")]
    Broken {
        /// The row being read; 0 before the first.
        row: u64,
        /// The reason.
        reason: String,
    },
    /// The file, or its unpacked content, is larger than allowed.
    #[error("{what} is larger than {limit} bytes")]
    TooLarge {
        /// The subject, such as "the file".
        what: String,
        /// The limit.
        limit: u64,
    },
    /// The format can be exported, but not imported.
    #[error("{0} files cannot be imported")]
    NotRead(crate::Format),
    /// The reference system of the coordinates is unknown or ambiguous.
    #[error("{0}")]
    Reference(String),
}

impl ReadError {
    /// Returns whether the failure is on this machine and not in the input: a full or broken disk, or too
    /// many open files.
    pub fn is_ours(&self) -> bool {
        match self {
            Self::Temporary(_) => true,
            Self::Io { source, .. } => is_of_system(source),
            _ => false,
        }
    }

    /// Converts a library error about an input in a temporary file: the input is broken, unless reading the
    /// temporary file failed.
    pub(crate) fn of_library(row: u64, error: &(dyn Error + 'static), what: &str) -> Self {
        if is_of_system(error) {
            Self::Temporary(error.to_string())
        } else {
            Self::Broken { row, reason: format!("{what}: {error}") }
        }
    }
}

/// `EINVAL`: a position that cannot exist in a file. Only the bytes of the file itself can have stated it.
const NO_SUCH_PLACE: i32 = 22;

/// Returns whether the operating system reported this error or one of its causes. Errors about the bytes have
/// no OS error number.
fn is_of_system(error: &(dyn Error + 'static)) -> bool {
    let mut next = Some(error);
    while let Some(error) = next {
        let io = error
            .downcast_ref::<io::Error>()
            .or(error.downcast_ref::<Arc<io::Error>>().map(|shared| &**shared));
        if io.and_then(io::Error::raw_os_error).is_some_and(|number| number != NO_SUCH_PLACE) {
            return true;
        }
        // A library error wrapped in a standard library error is found only through `get_ref`.
        next = match io.and_then(io::Error::get_ref) {
            Some(hidden) => Some(hidden as &(dyn Error + 'static)),
            None => error.source(),
        };
    }
    false
}

/// An error in a file of reference data.
#[derive(Debug, thiserror::Error)]
pub enum DataError {
    /// The file is not JSON of the expected shape; the text states the line and column.
    #[error("{0}")]
    Shape(#[from] serde_json::Error),
    /// An entry breaks a rule.
    #[error("{id}: {reason}")]
    Entry {
        /// The entry's id.
        id: String,
        /// The reason.
        reason: String,
    },
}

impl DataError {
    pub(crate) fn entry(id: &(impl ToString + ?Sized), reason: impl Into<String>) -> Self {
        Self::Entry { id: id.to_string(), reason: reason.into() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_the_system_reports_is_ours_wherever_a_library_hides_it() {
        let full = || io::Error::from_raw_os_error(28);
        let hidden: [Box<dyn Error>; 4] = [
            Box::new(full()),
            Box::new(Arc::new(full())),
            Box::new(io::Error::other(full())),
            Box::new(calamine::XlsxError::Xml(quick_xml::Error::Io(Arc::new(full())))),
        ];
        for error in hidden {
            assert!(ReadError::of_library(1, error.as_ref(), "a").is_ours(), "{error:?}");
        }
        // An impossible position stated in an archive is a fault of the archive.
        assert!(!ReadError::of_library(1, &io::Error::from_raw_os_error(NO_SUCH_PLACE), "a").is_ours());
        for source in [io::Error::from(io::ErrorKind::UnexpectedEof), io::Error::other("cut")] {
            assert!(!ReadError::of_library(1, &source, "a").is_ours(), "{source:?}");
            assert!(!ReadError::Io { row: 1, source }.is_ours());
        }
        assert!(ReadError::Io { row: 1, source: full() }.is_ours());
    }
}
