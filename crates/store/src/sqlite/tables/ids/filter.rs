//! A filter of all ids, for large commits.

use std::{
    collections::HashSet,
    hash::{BuildHasher, BuildHasherDefault, Hasher, RandomState},
};

use uuid::Uuid;

/// Recognises most ids that were never used, with 5 to 10 bytes per id. Its hash keys are random, so nobody
/// can craft ids that collide.
#[derive(Debug, Default)]
pub(super) struct Filter {
    keys: RandomState,
    prints: HashSet<u32, BuildHasherDefault<Spread>>,
}

impl Filter {
    fn print(&self, id: Uuid) -> u32 {
        self.keys.hash_one(id) as u32
    }

    pub(super) fn add(&mut self, id: Uuid) {
        self.prints.insert(self.print(id));
    }

    pub(super) fn lacks(&self, id: Uuid) -> bool {
        !self.prints.contains(&self.print(id))
    }
}

/// Spreads an already random number over all bits of a hash.
#[derive(Default)]
struct Spread(u64);

impl Hasher for Spread {
    fn finish(&self) -> u64 {
        self.0
    }

    fn write(&mut self, bytes: &[u8]) {
        for byte in bytes {
            self.write_u32(u32::from(*byte));
        }
    }

    fn write_u32(&mut self, number: u32) {
        // 2^64 divided by the golden ratio (Knuth).
        self.0 = (self.0 ^ u64::from(number)).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    }
}
