//! The number of each id. An id keeps its number for ever, so this is shared by all snapshots.

use std::{
    collections::HashMap,
    sync::{PoisonError, RwLock},
};

use uuid::Uuid;

const SHARDS: usize = 256;

/// Numbers by id, in parts that are locked one by one, so that a part that grows holds up nobody else.
#[derive(Debug)]
pub struct Ids {
    shards: Vec<RwLock<HashMap<Uuid, u32>>>,
}

impl Default for Ids {
    fn default() -> Self {
        Self { shards: (0..SHARDS).map(|_| RwLock::default()).collect() }
    }
}

impl Ids {
    /// The number of the id, if a record ever had it.
    pub fn get(&self, id: Uuid) -> Option<u32> {
        let shard = self.shard(id).read().unwrap_or_else(PoisonError::into_inner);
        shard.get(&id).copied()
    }

    /// Notes the number of an id.
    pub fn insert(&self, id: Uuid, number: u32) {
        let mut shard = self.shard(id).write().unwrap_or_else(PoisonError::into_inner);
        shard.insert(id, number);
    }

    /// Forgets all.
    pub fn clear(&self) {
        for shard in &self.shards {
            shard.write().unwrap_or_else(PoisonError::into_inner).clear();
        }
    }

    fn shard(&self, id: Uuid) -> &RwLock<HashMap<Uuid, u32>> {
        // The last byte is random in every version of id that is in use.
        &self.shards[usize::from(id.as_bytes()[15])]
    }
}
