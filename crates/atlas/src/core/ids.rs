//! The record number of each id. An id keeps its number for ever, so all snapshots share this.
//!
//! The slot table holds the ids themselves. This table holds only a hash of each id with its number, 8 bytes,
//! so a lookup yields candidates: the caller checks whether the record there has the id.

use std::{
    hash::{BuildHasher, RandomState},
    sync::{PoisonError, RwLock},
};

use uuid::Uuid;

const SHARDS: usize = 256;
/// An empty entry: no record has this number.
const FREE: u64 = u32::MAX as u64;
/// Maximum load, four fifths: a free entry is few steps away, and an id takes 10 to 13 bytes.
const FULL: (usize, usize) = (4, 5);

/// Numbers by id, in separately locked shards, so that a growing shard does not block the others.
#[derive(Debug)]
pub struct Ids {
    shards: Vec<RwLock<Shard>>,
    /// Randomly seeded, so that nobody can craft ids that collide.
    hash: RandomState,
}

impl Default for Ids {
    fn default() -> Self {
        Self { shards: (0..SHARDS).map(|_| RwLock::default()).collect(), hash: RandomState::new() }
    }
}

impl Ids {
    /// Returns the first candidate number for which `is_its` is true.
    pub fn find(&self, id: Uuid, mut is_its: impl FnMut(u32) -> bool) -> Option<u32> {
        let (shard, hash) = self.place(id);
        let shard = shard.read().unwrap_or_else(PoisonError::into_inner);
        shard.numbers(hash).find(|number| is_its(*number))
    }

    /// Adds the number of an id.
    pub fn insert(&self, id: Uuid, number: u32) {
        let (shard, hash) = self.place(id);
        shard.write().unwrap_or_else(PoisonError::into_inner).insert(hash, number);
    }

    /// Replaces the content with these pairs, in which each number occurs once.
    pub fn fill(&self, pairs: &[Pairs]) {
        for (at, shard) in self.shards.iter().enumerate() {
            let entries = pairs.iter().flat_map(|pairs| pairs.0[at].iter().copied());
            *shard.write().unwrap_or_else(PoisonError::into_inner) = Shard::of(entries);
        }
    }

    fn place(&self, id: Uuid) -> (&RwLock<Shard>, u32) {
        let (shard, hash) = self.shard_and_hash(id);
        (&self.shards[shard], hash)
    }

    fn shard_and_hash(&self, id: Uuid) -> (usize, u32) {
        let hash = self.hash.hash_one(id);
        (hash as usize % SHARDS, (hash >> 32) as u32)
    }
}

/// Collected ids and numbers, by shard.
#[derive(Debug)]
pub struct Pairs(Vec<Vec<u64>>);

impl Pairs {
    /// Creates room for this many pairs and somewhat more, because they are not spread evenly.
    pub fn of(most: usize) -> Self {
        Self((0..SHARDS).map(|_| Vec::with_capacity(most / SHARDS * 17 / 16)).collect())
    }

    /// Collects a pair for these ids.
    pub fn add(&mut self, ids: &Ids, id: Uuid, number: u32) {
        let (shard, hash) = ids.shard_and_hash(id);
        self.0[shard].push(entry(hash, number));
    }
}

/// A table of hashes and numbers with linear probing: an entry is at its hash's place or in the next free
/// one.
#[derive(Debug, Default)]
struct Shard {
    /// Hash in the upper half, number in the lower.
    entries: Vec<u64>,
    n_used: usize,
}

impl Shard {
    /// Creates a table of these entries, which are distinct.
    fn of(entries: impl Iterator<Item = u64> + Clone) -> Self {
        let n_used = entries.clone().count();
        let mut shard = Self { entries: vec![FREE; n_used * FULL.1 / FULL.0 + 16], n_used };
        entries.for_each(|entry| shard.put(entry));
        shard
    }

    fn numbers(&self, hash: u32) -> impl Iterator<Item = u32> {
        let used = self.from(hash).map(|at| self.entries[at]).take_while(|entry| *entry != FREE);
        used.filter(move |entry| (entry >> 32) as u32 == hash).map(|entry| entry as u32)
    }

    fn insert(&mut self, hash: u32, number: u32) {
        if self.n_used * FULL.1 >= self.entries.len() * FULL.0 {
            let grown = vec![FREE; self.entries.len() * 5 / 4 + 16];
            let old = std::mem::replace(&mut self.entries, grown);
            old.into_iter().filter(|entry| *entry != FREE).for_each(|entry| self.put(entry));
        }
        if !self.numbers(hash).any(|known| known == number) {
            self.put(entry(hash, number));
            self.n_used += 1;
        }
    }

    fn put(&mut self, entry: u64) {
        if let Some(free) = self.from((entry >> 32) as u32).find(|at| self.entries[*at] == FREE) {
            self.entries[free] = entry;
        }
    }

    /// Returns the positions where an entry with this hash may be, in order.
    fn from(&self, hash: u32) -> impl Iterator<Item = usize> + use<> {
        let len = self.entries.len();
        let first = ((u64::from(hash) * len as u64) >> 32) as usize;
        let mut next = first;
        (0..len).map(move |_| {
            let at = next;
            next = if at + 1 == len { 0 } else { at + 1 };
            at
        })
    }
}

fn entry(hash: u32, number: u32) -> u64 {
    u64::from(hash) << 32 | u64::from(number)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_id_is_found_also_after_growth_and_a_second_time() {
        let ids = Ids::default();
        let id = |number: u32| Uuid::from_u128(u128::from(number) * 0x1234_5678_9abc_def1);
        for number in 0..50_000 {
            ids.insert(id(number), number);
            ids.insert(id(number / 2), number / 2);
        }
        for number in 0..50_000 {
            assert_eq!(ids.find(id(number), |found| found == number), Some(number));
        }
        let stranger = ids.find(Uuid::max(), |number| id(number) == Uuid::max());
        assert_eq!(stranger, None);
        ids.fill(&[]);
        assert_eq!(ids.find(id(1), |_| true), None);
    }

    #[test]
    fn ids_that_were_gathered_are_found_and_more_can_be_noted() {
        let ids = Ids::default();
        let id = |number: u32| Uuid::from_u128(u128::from(number) * 0x1234_5678_9abc_def1);
        let mut pairs = [Pairs::of(0), Pairs::of(0)];
        for number in 0..20_000 {
            pairs[number as usize % 2].add(&ids, id(number), number);
        }
        ids.insert(id(7), 99_999);
        ids.fill(&pairs);
        for number in 0..30_000 {
            if number >= 20_000 {
                ids.insert(id(number), number);
            }
            assert_eq!(ids.find(id(number), |found| found == number), Some(number));
        }
        assert_eq!(ids.find(id(7), |found| found == 99_999), None);
    }

    #[test]
    fn ids_with_one_hash_keep_their_own_numbers() {
        let mut shard = Shard::default();
        for number in 0..40 {
            shard.insert(u32::MAX - number % 2, number);
        }
        let mut numbers: Vec<u32> = shard.numbers(u32::MAX).collect();
        numbers.sort_unstable();
        assert_eq!(numbers, (0..40).step_by(2).collect::<Vec<_>>());
    }
}
