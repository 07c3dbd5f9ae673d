//! What the check of a store tells.
//!
//! - `marks`: sets of numbers
//! - `seen`: what was seen in the log

pub(crate) mod marks;
pub(crate) mod seen;

use std::fmt;

use demining::Revision;
use uuid::Uuid;

use crate::{chain::Head, error::StoreError};

/// Findings that are told; more are only counted.
const MOST_FINDINGS: usize = 100;

/// What the check of a store told.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Checked {
    /// The end of the log: what to publish when nothing is wrong.
    pub head: Head,
    /// Entries of the log.
    pub n_changes: u64,
    /// Texts that were redacted.
    pub n_redacted: u64,
    /// Records that stand.
    pub n_records: u64,
    /// What is wrong, the first 100 things.
    pub findings: Vec<Finding>,
    /// How many things are wrong.
    pub n_findings: u64,
    /// The records of which no operator is known, the first 100: they are nobody's but that one's whose token bears
    /// the name and no operator.
    pub without_operator: Vec<Uuid>,
    /// How many there are.
    pub n_without_operator: u64,
}

impl Checked {
    /// Whether nothing is wrong.
    pub fn is_whole(&self) -> bool {
        self.n_findings == 0
    }
}

/// Something that is wrong with a store.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// The revision that it was found at.
    pub revision: Option<Revision>,
    /// The number of the record that it is about.
    pub number: Option<i64>,
    /// What it is.
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

/// What was found so far.
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

    /// About the store as a whole.
    pub(crate) fn add_general(&mut self, what: impl Into<String>) {
        self.add(None, None, what);
    }

    /// What was read, or none: what cannot be read, because something in the file is not what it should be, is found
    /// too.
    pub(crate) fn or_none<T>(&mut self, read: Result<T, StoreError>) -> Result<Option<T>, StoreError> {
        match read {
            Err(StoreError::Damaged(problem)) => self.add_general(problem),
            Err(StoreError::Unexpected(error)) => self.add_general(error),
            read => return read.map(Some),
        }
        Ok(None)
    }

    /// What was read; what cannot be read, because something in the file is not what it should be, is found too.
    pub(crate) fn or_default<T: Default>(&mut self, read: Result<T, StoreError>) -> Result<T, StoreError> {
        Ok(self.or_none(read)?.unwrap_or_default())
    }
}
