//! Facts collected from the log, to compare the derived tables with.

use std::hash::{BuildHasher, RandomState};

use uuid::Uuid;

use crate::{chain::Head, findings::marks::Marks};

/// Facts collected from the log.
#[derive(Debug, Default)]
pub(crate) struct Seen {
    /// The end of the log.
    pub head: Head,
    /// Number of changes.
    pub n_changes: u64,
    /// Texts that were redacted.
    pub n_redacted: u64,
    /// The numbers of all records that ever existed.
    pub numbers: Marks,
    /// The changes that a later change of the same record follows.
    pub followed: Marks,
    /// The ids of all records that ever existed.
    pub ids: IdSum,
}

/// A sum over ids with their numbers, in any order. Its hash keys are secret, so only equal sets of ids have
/// equal sums.
#[derive(Debug, Default, Clone)]
pub(crate) struct IdSum {
    keys: RandomState,
    sum: u64,
}

impl IdSum {
    pub(crate) fn add(&mut self, id: Uuid, number: u32) {
        self.sum = self.sum.wrapping_add(self.keys.hash_one((id, number)));
    }

    /// Returns an empty sum with the same keys, for comparison.
    pub(crate) fn empty(&self) -> Self {
        Self { keys: self.keys.clone(), sum: 0 }
    }

    pub(crate) fn equals(&self, other: &Self) -> bool {
        self.sum == other.sum
    }
}
