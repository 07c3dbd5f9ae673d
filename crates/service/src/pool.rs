//! A resource that clients share, with a limit in total and per client.
//!
//! Nothing waits here: a client that exceeds a limit is refused at once and tries again, so a waiting client
//! occupies no slot and no memory.

use std::{
    collections::HashMap,
    hash::Hash,
    sync::{Arc, Mutex, PoisonError},
};

/// The shared resource, counted by client.
#[derive(Debug)]
pub struct Pool<K> {
    most: usize,
    most_of_one: usize,
    held: Mutex<Held<K>>,
}

#[derive(Debug)]
struct Held<K> {
    in_all: usize,
    by: HashMap<K, usize>,
}

/// Why a request for more is refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Full {
    /// This client has its full share.
    ForOne,
    /// The resource is used up.
    ForAll,
}

/// The share of a client, returned when it is dropped.
#[derive(Debug)]
pub struct Share<K: Eq + Hash> {
    pool: Arc<Pool<K>>,
    client: K,
    n_held: usize,
}

impl<K: Eq + Hash + Clone> Pool<K> {
    /// Creates a pool of `most` units, at most `most_of_one` per client.
    pub fn new(most: usize, most_of_one: usize) -> Arc<Self> {
        let held = Mutex::new(Held { in_all: 0, by: HashMap::new() });
        Arc::new(Self { most, most_of_one, held })
    }

    /// Returns an empty share for a client: see [`Share::grow`].
    pub fn share(self: &Arc<Self>, client: K) -> Share<K> {
        Share { pool: Arc::clone(self), client, n_held: 0 }
    }

    /// Takes `n` units for a client.
    ///
    /// # Errors
    /// If there are not enough units.
    pub fn take(self: &Arc<Self>, client: K, n: usize) -> Result<Share<K>, Full> {
        let mut share = self.share(client);
        share.grow(n)?;
        Ok(share)
    }
}

impl<K: Eq + Hash + Clone> Share<K> {
    /// Takes `n` more units.
    ///
    /// # Errors
    /// If there are not enough units; the share is unchanged then.
    pub fn grow(&mut self, n: usize) -> Result<(), Full> {
        let Pool { most, most_of_one, held } = &*self.pool;
        let mut held = held.lock().unwrap_or_else(PoisonError::into_inner);
        if n > most - held.in_all {
            return Err(Full::ForAll);
        }
        let of_one = held.by.get(&self.client).copied().unwrap_or(0);
        if n > most_of_one.saturating_sub(of_one) {
            return Err(Full::ForOne);
        }
        held.in_all += n;
        held.by.insert(self.client.clone(), of_one + n);
        self.n_held += n;
        Ok(())
    }
}

impl<K: Eq + Hash> Drop for Share<K> {
    fn drop(&mut self) {
        let mut held = self.pool.held.lock().unwrap_or_else(PoisonError::into_inner);
        held.in_all -= self.n_held;
        if let Some(of_one) = held.by.get_mut(&self.client) {
            *of_one -= self.n_held;
            if *of_one == 0 {
                held.by.remove(&self.client);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_client_gets_its_share_and_all_get_what_there_is() {
        let pool = Pool::new(10, 6);
        let mut first = pool.take('a', 4).unwrap();
        assert_eq!(first.grow(3), Err(Full::ForOne));
        assert_eq!(first.grow(2), Ok(()));
        assert_eq!(pool.take('a', 1).err(), Some(Full::ForOne));
        let second = pool.take('b', 4).unwrap();
        assert_eq!(pool.take('c', 1).err(), Some(Full::ForAll));
        drop(first);
        assert!(pool.take('c', 6).is_ok(), "what was given back is there again");
        drop(second);
        assert!(pool.held.lock().unwrap().by.is_empty(), "nobody is remembered who holds nothing");
    }

    #[test]
    fn a_refused_client_holds_nothing() {
        let pool = Pool::new(1, 1);
        assert!(pool.take('a', 2).is_err());
        assert!(pool.take('b', 1).is_ok());
    }
}
