//! Every limit of what is read, in one place.

use crate::json::{MAX_DEPTH, MAX_MEMBERS};

/// What one upload or file may hold. What goes beyond a limit on the file as a whole is a
/// [`ReadError`](crate::ReadError); what goes beyond one inside a row is a problem of that row.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// Rows of a file.
    pub rows: u64,
    /// Bytes of one Feature, or of one line of a table with its quoted line breaks; also of
    /// everything that a `FeatureCollection` holds beside its features. It bounds the memory
    /// that reading takes, to about twice this and 512 KiB.
    pub row_bytes: usize,
    /// Columns of a table.
    pub columns: usize,
    /// Members of one JSON object.
    pub members: usize,
    /// Objects and arrays within each other, counted from the Feature.
    pub depth: usize,
    /// Different reference systems that the rows of one file may name.
    pub systems: usize,
    /// Characters of `location_as_given` and of the name of its reference system.
    pub as_given_chars: usize,
}

impl Limits {
    /// The limits in force. `columns` and all below it are the same everywhere; `rows` and
    /// `row_bytes` can be set with [`ReadOptions`].
    pub const DEFAULT: Self = Self {
        rows: 50_000_000,
        row_bytes: 1024 * 1024,
        columns: 256,
        members: MAX_MEMBERS,
        depth: MAX_DEPTH,
        systems: 16,
        as_given_chars: 200,
    };
}

/// How to read a file.
#[derive(Debug, Clone)]
pub struct ReadOptions {
    /// The reference system of the coordinates, when the file does not say it. A file that says
    /// another one is refused. WGS84 longitude and latitude when neither says any.
    pub crs: Option<crate::Reference>,
    /// See [`Limits::rows`].
    pub max_rows: u64,
    /// See [`Limits::row_bytes`].
    pub max_row_bytes: usize,
}

impl Default for ReadOptions {
    fn default() -> Self {
        Self { crs: None, max_rows: Limits::DEFAULT.rows, max_row_bytes: Limits::DEFAULT.row_bytes }
    }
}
