//! Why a file as a whole cannot be read, or a file of reference data cannot be used.

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
        source: std::io::Error,
    },
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
