//! The results of reading: rows, one after another, and a summary at the end.

use std::ops::ControlFlow;

use demining::{FieldProblem, RawRecord};

use crate::{error::ReadError, options::ReadOptions};

/// A readable row, not yet validated, or the problem that makes it unreadable.
pub type Row = Result<RawRecord, FieldProblem>;

/// The kind of document in a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Document {
    /// A single Feature.
    Feature,
    /// A `FeatureCollection`.
    FeatureCollection,
    /// A series of features.
    Sequence,
    /// A table.
    Table,
}

/// A summary of what was read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ReadSummary {
    /// The kind of document.
    pub document: Document,
    /// The number of rows passed on.
    pub rows: u64,
    /// The number of bytes read, after decompression.
    pub bytes: u64,
    /// Whether the caller stopped the reading.
    pub stopped: bool,
}

/// Passes rows on and counts them.
pub(crate) struct Rows<F> {
    give: F,
    limit: u64,
    /// The number of rows so far.
    pub count: u64,
}

impl<F: FnMut(Row) -> ControlFlow<()>> Rows<F> {
    pub(crate) fn new(give: F, options: &ReadOptions) -> Self {
        Self { give, limit: options.max_rows, count: 0 }
    }

    /// Counts one more row, before it is read.
    pub(crate) fn next(&mut self) -> Result<u64, ReadError> {
        if self.count == self.limit {
            return Err(ReadError::TooManyRows { limit: self.limit });
        }
        self.count += 1;
        Ok(self.count)
    }

    pub(crate) fn give(&mut self, row: Row) -> ControlFlow<()> {
        (self.give)(row)
    }
}
