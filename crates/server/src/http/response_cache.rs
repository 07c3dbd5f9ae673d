//! A cache of responses: bounded in bytes, and each response is built only once for all callers.
//!
//! A response is cached under its address, and again in each coding requested: every copy counts. It is valid
//! until what it shows changes, which the caller states as a [`Revision`]. The first caller to find it
//! missing builds it; others wait and get the same. If the builder fails or disconnects, the next waiting
//! caller builds it.

use std::{num::NonZero, sync::Arc, thread::available_parallelism};

use atlas::Scope;
use axum::http::HeaderMap;
use demining::Revision;
use quick_cache::{
    DefaultHashBuilder, Equivalent, OptionsBuilder, Weighter,
    sync::{Cache, DefaultLifecycle, EntryAction, EntryResult},
};
use service::intake::Encoding;
use tokio::sync::Semaphore;

use crate::http::{
    cached_response::CachedResponse,
    encoding,
    problem::{Answer, Problem},
};

/// The bytes of an entry besides its name and body.
const OVERHEAD: usize = 256;

/// The number of shards, each with a lock and its share of the bytes. A response can be as large as a share:
/// 2 MiB of the usual 32 MiB.
const SHARDS: usize = 16;

/// The cache, and the limit on building responses.
pub struct ResponseCache {
    cache: Cache<Key, Arc<CachedResponse>, Weight>,
    /// One permit per core: building is processor-bound, so more at once would only delay callers whose
    /// response is ready.
    makers: Semaphore,
}

/// The key of a cached response.
#[derive(Clone, PartialEq, Eq, Hash)]
struct Key {
    scope: Scope,
    name: Box<str>,
    encoding: Encoding,
}

/// A borrowed key, for lookups.
#[derive(PartialEq, Eq, Hash)]
struct Lookup<'a> {
    scope: Scope,
    name: &'a str,
    encoding: Encoding,
}

impl Equivalent<Key> for Lookup<'_> {
    fn equivalent(&self, key: &Key) -> bool {
        self.encoding == key.encoding && self.scope == key.scope && *self.name == *key.name
    }
}

#[derive(Clone)]
struct Weight;

impl Weighter<Key, Arc<CachedResponse>> for Weight {
    fn weight(&self, key: &Key, answer: &Arc<CachedResponse>) -> u64 {
        (key.name.len() + answer.len() + OVERHEAD) as u64
    }
}

impl ResponseCache {
    /// Creates a cache of at most `max_bytes`.
    pub fn new(max_bytes: u64) -> Self {
        let options = OptionsBuilder::new()
            .estimated_items_capacity((max_bytes / 4096).max(64) as usize)
            .weight_capacity(max_bytes)
            .shards(SHARDS)
            .build()
            .expect("items and weight are given");
        let cache =
            Cache::with_options(options, Weight, DefaultHashBuilder::default(), DefaultLifecycle::default());
        Self { cache, makers: Semaphore::new(available_parallelism().map_or(2, NonZero::get)) }
    }

    /// Returns the response cached under `name` for this scope, in the coding that the client prefers, if it
    /// was built at `changed` or later; otherwise builds it.
    ///
    /// # Errors
    /// The errors of `make`.
    pub async fn get(
        &self,
        (scope, name): (Scope, &str),
        headers: &HeaderMap,
        changed: Revision,
        make: impl FnOnce() -> Answer<CachedResponse> + Send,
    ) -> Answer<Arc<CachedResponse>> {
        let encoding = encoding::of_answer(headers);
        if let Some(kept) = self.kept(scope, name, encoding, changed) {
            return Ok(kept);
        }
        let plain = match self.kept(scope, name, Encoding::Identity, changed) {
            Some(plain) => plain,
            None => self.made_once((scope, name), Encoding::Identity, changed, make).await?,
        };
        if encoding == Encoding::Identity || !plain.is_worth_packing() {
            return Ok(plain);
        }
        self.made_once((scope, name), encoding, plain.revision(), || Ok(plain.packed(encoding))).await
    }

    /// Builds and compresses a response without caching it, for addresses that are unlikely to be requested
    /// again.
    ///
    /// # Errors
    /// The errors of `make`.
    pub async fn once(
        &self,
        headers: &HeaderMap,
        make: impl FnOnce() -> Answer<CachedResponse> + Send,
    ) -> Answer<CachedResponse> {
        let encoding = encoding::of_answer(headers);
        self.make(|| {
            let plain = make()?;
            let packs = encoding != Encoding::Identity && plain.is_worth_packing();
            Ok(if packs { plain.packed(encoding) } else { plain })
        })
        .await
    }

    fn kept(
        &self,
        scope: Scope,
        name: &str,
        encoding: Encoding,
        changed: Revision,
    ) -> Option<Arc<CachedResponse>> {
        self.cache.get(&Lookup { scope, name, encoding }).filter(|kept| kept.revision() >= changed)
    }

    /// Waits for the caller that builds the response, or builds it. One too large to cache is built by each
    /// caller, one after the other.
    async fn made_once(
        &self,
        (scope, name): (Scope, &str),
        encoding: Encoding,
        changed: Revision,
        make: impl FnOnce() -> Answer<CachedResponse> + Send,
    ) -> Answer<Arc<CachedResponse>> {
        let key = Key { scope, name: name.into(), encoding };
        let found = self.cache.entry_async(&key, |_, kept| {
            if kept.revision() >= changed {
                EntryAction::Retain(Arc::clone(kept))
            } else {
                EntryAction::ReplaceWithGuard
            }
        });
        let guard = match found.await {
            EntryResult::Retained(kept) => return Ok(kept),
            EntryResult::Vacant(guard) | EntryResult::Replaced(guard, _) => guard,
            EntryResult::Removed(..) | EntryResult::Timeout => {
                return Err(Problem::internal(&"a cache entry was neither present nor vacant"));
            }
        };
        // If the guard is dropped without a value, by an error or a disconnected caller, it passes to the
        // next waiting caller.
        let made = Arc::new(self.make(make).await?);
        // The entry may have been evicted meanwhile; the response is still valid.
        let _ = guard.insert(Arc::clone(&made));
        Ok(made)
    }

    /// Builds a response in a way that does not block the async threads.
    async fn make(&self, make: impl FnOnce() -> Answer<CachedResponse> + Send) -> Answer<CachedResponse> {
        let _place = self.makers.acquire().await.map_err(|e| Problem::internal(&e))?;
        tokio::task::block_in_place(make)
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicUsize, Ordering};

    use axum::http::{HeaderValue, header};
    use futures::{future::join_all, poll};
    use tokio::sync::SemaphorePermit;

    use super::*;

    const TILE: (Scope, &str) = (Scope::Public, "tile");

    fn accepting(encoding: &'static str) -> HeaderMap {
        HeaderMap::from_iter([(header::ACCEPT_ENCODING, HeaderValue::from_static(encoding))])
    }

    fn text(length: usize, revision: u64) -> CachedResponse {
        CachedResponse::new("text/plain", "x".repeat(length), Revision(revision))
    }

    /// Acquires all build permits: nothing is built until they are released.
    async fn all_places(answers: &ResponseCache) -> SemaphorePermit<'_> {
        answers.makers.acquire_many(answers.makers.available_permits() as u32).await.unwrap()
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn a_kept_answer_falls_when_what_it_shows_has_changed() {
        let (answers, plain) = (ResponseCache::new(1 << 20), HeaderMap::new());
        let ask = async |changed, length, revision| {
            answers.get(TILE, &plain, Revision(changed), || Ok(text(length, revision))).await.unwrap().len()
        };
        assert_eq!(ask(1, 1, 5).await, 1);
        assert_eq!(ask(5, 2, 6).await, 1, "nothing has changed since");
        assert_eq!(ask(6, 3, 6).await, 3);
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn many_who_ask_for_the_same_get_what_one_of_them_made() {
        let (answers, made) = (ResponseCache::new(1 << 20), AtomicUsize::new(0));
        for headers in [HeaderMap::new(), accepting("gzip")] {
            let places = all_places(&answers).await;
            let name = format!("tile {headers:?}");
            let mut askers: Vec<_> = (0..100)
                .map(|_| {
                    Box::pin(answers.get((Scope::Public, &name), &headers, Revision(1), || {
                        made.fetch_add(1, Ordering::Relaxed);
                        Ok(text(10_000, 1))
                    }))
                })
                .collect();
            for asker in &mut askers {
                assert!(poll!(asker).is_pending());
            }
            drop(places);
            let all = join_all(askers).await;
            let first = all[0].as_ref().unwrap();
            assert!(all.iter().all(|answer| Arc::ptr_eq(answer.as_ref().unwrap(), first)));
        }
        assert_eq!(made.into_inner(), 2, "one for each name");
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn when_the_maker_goes_away_the_next_one_makes_it() {
        let (answers, plain) = (ResponseCache::new(1 << 20), HeaderMap::new());
        let places = all_places(&answers).await;
        let mut gone = Box::pin(answers.get(TILE, &plain, Revision(1), || panic!("not polled again")));
        let mut next = Box::pin(answers.get(TILE, &plain, Revision(1), || Ok(text(7, 1))));
        assert!(poll!(&mut gone).is_pending());
        assert!(poll!(&mut next).is_pending());
        drop((gone, places));
        assert_eq!(next.await.unwrap().len(), 7);
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn when_the_maker_fails_the_next_one_makes_it() {
        let (answers, plain) = (ResponseCache::new(1 << 20), HeaderMap::new());
        let places = all_places(&answers).await;
        let fail = || Err(Problem::not_found("no such tile"));
        let mut failing = Box::pin(answers.get(TILE, &plain, Revision(1), fail));
        let mut next = Box::pin(answers.get(TILE, &plain, Revision(1), || Ok(text(7, 1))));
        assert!(poll!(&mut failing).is_pending());
        assert!(poll!(&mut next).is_pending());
        drop(places);
        assert!(failing.await.is_err());
        assert_eq!(next.await.unwrap().len(), 7);
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn every_copy_is_counted_and_all_together_stay_below_the_bound() {
        let answers = ResponseCache::new(4 << 20);
        let (plain, packed) = (HeaderMap::new(), accepting("gzip"));
        let a = answers.get((Scope::Public, "0"), &plain, Revision(1), || Ok(text(10_000, 1))).await.unwrap();
        let b =
            answers.get((Scope::Public, "0"), &packed, Revision(1), || Ok(text(10_000, 1))).await.unwrap();
        assert!(b.len() < a.len());
        assert_eq!(answers.cache.weight(), (a.len() + b.len() + 2 * (OVERHEAD + 1)) as u64);
        for n in 0..1_000 {
            answers
                .get((Scope::Public, &n.to_string()), &packed, Revision(1), || Ok(text(10_000, 1)))
                .await
                .unwrap();
        }
        assert!(answers.cache.weight() <= 4 << 20);
        assert!(answers.cache.weight() > 2 << 20, "and it is made use of");
    }
}
