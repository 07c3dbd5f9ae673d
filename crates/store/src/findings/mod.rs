//! The results of a store check.
//!
//! - `marks`: sets of numbers
//! - `seen`: facts collected from the log

pub(crate) mod marks;
pub(crate) mod seen;

use std::fmt;

use demining::Revision;
use uuid::Uuid;

use crate::{chain::Head, error::StoreError};

/// Listed findings; further ones are only counted.
const MOST_FINDINGS: usize = 100;

/// The result of a store check.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Checked {
    /// The end of the log: publish it if nothing is wrong.
    pub head: Head,
    /// Entries of the log.
    pub n_changes: u64,
    /// Texts that were redacted.
    pub n_redacted: u64,
    /// Existing records.
    pub n_records: u64,
    /// The first 100 findings.
    pub findings: Vec<Finding>,
    /// Total number of findings.
    pub n_findings: u64,
    /// The first 100 records without a known operator: only a token with the author's name and no operator
    /// owns them.
    pub without_operator: Vec<Uuid>,
    /// Total number of records without an operator.
    pub n_without_operator: u64,
}

impl Checked {
    /// Returns `true` if nothing is wrong.
    pub fn is_whole(&self) -> bool {
        self.n_findings == 0
    }
}

/// A problem of a store.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// The revision concerned.
    pub revision: Option<Revision>,
    /// The number of the record concerned.
    pub number: Option<i64>,
    /// The problem.
    pub what: String,
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(revision) = self.revision {
            write!(f, "revision {}: ", revision.0)?;
        }
        if let Some(number) = self.number {
            write!(f, "record {number}: ")?;
        }
        f.write_str(&self.what)
    }
}

/// The findings so far.
#[derive(Debug, Default)]
pub(crate) struct Findings {
    pub told: Vec<Finding>,
    pub n: u64,
}

impl Findings {
    pub(crate) fn add(&mut self, revision: Option<i64>, number: Option<i64>, what: impl Into<String>) {
        self.n += 1;
        if self.told.len() < MOST_FINDINGS {
            let revision = revision.map(|revision| Revision(revision.cast_unsigned()));
            self.told.push(Finding { revision, number, what: what.into() });
        }
    }

    /// Adds a finding about the store as a whole.
    pub(crate) fn add_general(&mut self, what: impl Into<String>) {
        self.add(None, None, what);
    }

    /// Returns the value, or `None` after adding a finding if the file's content could not be read.
    pub(crate) fn or_none<T>(&mut self, read: Result<T, StoreError>) -> Result<Option<T>, StoreError> {
        match read {
            Err(StoreError::Damaged(problem)) => self.add_general(problem),
            Err(StoreError::Unexpected(error)) => self.add_general(error),
            read => return read.map(Some),
        }
        Ok(None)
    }

    /// Returns the value, or its default after adding a finding if the file's content could not be read.
    pub(crate) fn or_default<T: Default>(&mut self, read: Result<T, StoreError>) -> Result<T, StoreError> {
        Ok(self.or_none(read)?.unwrap_or_default())
    }
}
