//! What reading gives out: rows, one after another, and at the end what the file was.

use std::ops::ControlFlow;

use demining::{FieldProblem, RawDetection};

use crate::{error::ReadError, options::ReadOptions};

/// A row: readable, though perhaps wrong, or a problem that keeps it from being read at all.
pub type Row = Result<RawDetection, FieldProblem>;

/// What a file turned out to be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Document {
    /// A single Feature.
    Feature,
    /// A `FeatureCollection`.
    FeatureCollection,
    /// Features one after another.
    Sequence,
    /// A table.
    Table,
}

/// What was read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ReadSummary {
    /// What it was.
    pub document: Document,
    /// Rows given out.
    pub rows: u64,
    /// Bytes read, after decompression.
    pub bytes: u64,
    /// Whether the reading ended because the caller broke it off.
    pub stopped: bool,
}

/// Hands rows out and counts them.
pub(crate) struct Rows<F> {
    give: F,
    limit: u64,
    /// Rows given out so far.
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
