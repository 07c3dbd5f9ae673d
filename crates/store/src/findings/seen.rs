//! What was seen in the log: enough to compare with it what is derived from it.

use std::hash::{BuildHasher, RandomState};

use uuid::Uuid;

use crate::{chain::Head, findings::marks::Marks};

/// What was seen in the log.
#[derive(Debug, Default)]
pub(crate) struct Seen {
    /// Its end.
    pub head: Head,
    /// How many entries it has.
    pub n_changes: u64,
    /// Texts that were redacted.
    pub n_redacted: u64,
    /// The numbers of all records there ever were.
    pub numbers: Marks,
    /// The changes that were followed by another of the same record.
    pub followed: Marks,
    /// The ids of all records there ever were.
    pub ids: IdSum,
}

/// A sum over ids with their numbers, in any order: with keys that nobody knows, it is the same only of the same ids.
#[derive(Debug, Default, Clone)]
pub(crate) struct IdSum {
    keys: RandomState,
    sum: u64,
}

impl IdSum {
    pub(crate) fn add(&mut self, id: Uuid, number: u32) {
        self.sum = self.sum.wrapping_add(self.keys.hash_one((id, number)));
    }

    /// The sum over nothing, to be compared with this one.
    pub(crate) fn empty(&self) -> Self {
        Self { keys: self.keys.clone(), sum: 0 }
    }

    pub(crate) fn equals(&self, other: &Self) -> bool {
        self.sum == other.sum
    }
}
