//! Why a file as a whole cannot be read, or a file of reference data cannot be used.

use std::{error::Error, io, sync::Arc};

/// What breaks a file or a body as a whole. Rows before it were given out already; whoever
/// wants all or nothing drops them.
#[derive(Debug, thiserror::Error)]
pub enum ReadError {
    /// Reading the bytes failed.
    #[error("reading failed in row {row}: {source}")]
    Io {
        /// The row that was being read.
        row: u64,
        /// Why.
        source: io::Error,
    },
    /// A temporary file, in which it was to be put down, could not be made, written or read. That says nothing
    /// of the input, which can be read another time. The text names the file, so only the operator's log shows it.
    #[error("a temporary file cannot be used: {0}")]
    Temporary(String),
    /// There is nothing in it.
    #[error("the body is empty")]
    Empty,
    /// The text is no JSON, or ends before its end.
    #[error("row {row}, byte {byte}: {reason}")]
    Json {
        /// The row that was being read; 0 before the first.
        row: u64,
        /// Bytes from the beginning of the file, counted from 0.
        byte: u64,
        /// What is wrong.
        reason: String,
    },
    /// The bytes are no UTF-8.
    #[error("row {row}, byte {byte}: the text is not UTF-8")]
    Utf8 {
        /// The row that was being read; 0 before the first.
        row: u64,
        /// Bytes from the beginning of the file, counted from 0.
        byte: u64,
    },
    /// One row takes more bytes than allowed.
    #[error("row {row} takes more than {limit} bytes")]
    RowTooLong {
        /// The row.
        row: u64,
        /// The limit.
        limit: usize,
    },
    /// A table ends inside quotes: a quote is missing, or the end of the file is.
    #[error("the file ends inside a quote that opens on line {line}")]
    UnclosedQuote {
        /// The line that the quote stands on, counted from 1.
        line: u64,
    },
    /// There are more rows than allowed.
    #[error("there are more than {limit} rows")]
    TooManyRows {
        /// The limit.
        limit: u64,
    },
    /// The JSON is no Feature and no `FeatureCollection`.
    #[error("{found}; a Feature or a FeatureCollection is needed")]
    NoFeatures {
        /// What it is instead, as a sentence's beginning.
        found: String,
    },
    /// The body holds features where one was asked for.
    #[error("the body is a FeatureCollection; a single Feature is needed")]
    NotOneFeature,
    /// The header line of a table cannot be used.
    #[error("the header line {0}")]
    Header(String),
    /// The bytes are no file of their format, or break off.
    #[error("row {row}: {reason}")]
    Broken {
        /// The row that was being read; 0 before the first.
        row: u64,
        /// What is wrong.
        reason: String,
    },
    /// The file, or what is unpacked of it, is larger than allowed.
    #[error("{what} is larger than {limit} bytes")]
    TooLarge {
        /// What is, such as "the file".
        what: String,
        /// The limit.
        limit: u64,
    },
    /// The format is written here, and not read.
    #[error("{0} is not read here")]
    NotRead(crate::Format),
    /// The reference system of the coordinates is unknown, or not clear.
    #[error("{0}")]
    Reference(String),
}

impl ReadError {
    /// Whether this machine failed, and not the input: a disk that is full or broken, or no more files that can
    /// be opened.
    pub fn is_ours(&self) -> bool {
        match self {
            Self::Temporary(_) => true,
            Self::Io { source, .. } => is_of_system(source),
            _ => false,
        }
    }

    /// What a library said of an input that lies in a temporary file: that it is broken, unless the file could
    /// not be read.
    pub(crate) fn of_library(row: u64, error: &(dyn Error + 'static), what: &str) -> Self {
        if is_of_system(error) {
            Self::Temporary(error.to_string())
        } else {
            Self::Broken { row, reason: format!("{what}: {error}") }
        }
    }
}

/// `EINVAL`: a place in a file that no file has. Only the bytes of the file itself can have named it.
const NO_SUCH_PLACE: i32 = 22;

/// Whether the operating system reported this, or what it comes from. What is wrong with bytes has no number there.
fn is_of_system(error: &(dyn Error + 'static)) -> bool {
    let mut next = Some(error);
    while let Some(error) = next {
        let io = error
            .downcast_ref::<io::Error>()
            .or(error.downcast_ref::<Arc<io::Error>>().map(|shared| &**shared));
        if io.and_then(io::Error::raw_os_error).is_some_and(|number| number != NO_SUCH_PLACE) {
            return true;
        }
        // An error of a library that was made into one of the standard library hides behind it.
        next = match io.and_then(io::Error::get_ref) {
            Some(hidden) => Some(hidden as &(dyn Error + 'static)),
            None => error.source(),
        };
    }
    false
}

/// What is wrong with a file of reference data.
#[derive(Debug, thiserror::Error)]
pub enum DataError {
    /// The file is no JSON of the shape that is expected; says the line and column.
    #[error("{0}")]
    Shape(#[from] serde_json::Error),
    /// An entry breaks a rule.
    #[error("{id}: {reason}")]
    Entry {
        /// The entry's id.
        id: String,
        /// What is wrong.
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
        // A position that an archive names and no file has is a fault of the archive.
        assert!(!ReadError::of_library(1, &io::Error::from_raw_os_error(NO_SUCH_PLACE), "a").is_ours());
        for source in [io::Error::from(io::ErrorKind::UnexpectedEof), io::Error::other("cut")] {
            assert!(!ReadError::of_library(1, &source, "a").is_ours(), "{source:?}");
            assert!(!ReadError::Io { row: 1, source }.is_ours());
        }
        assert!(ReadError::Io { row: 1, source: full() }.is_ours());
    }
}
