//! Request rate limits, so that no client delays the others.

use std::{
    net::IpAddr,
    num::NonZero,
    sync::atomic::{AtomicU32, Ordering},
};

use governor::{Quota, RateLimiter, clock::Clock, clock::DefaultClock, state::keyed::HashMapStateStore};

use store::Proof;

use super::party::network;

/// Number of requests after which idle clients are forgotten.
const SWEEP_EVERY: u32 = 10_000;

/// Rate limits. Requests from the machine itself are not counted, unless a trusted proxy names the client.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RateLimits {
    /// Rate of an address, for the public.
    pub of_address: Rate,
    /// Rate of a caller with a token or session.
    pub of_caller: Rate,
}

/// A rate and its burst size.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rate {
    /// Requests per second.
    pub a_second: NonZero<u32>,
    /// Burst size: requests at once after a pause.
    pub at_once: NonZero<u32>,
}

impl Rate {
    const fn new(a_second: u32, at_once: u32) -> Self {
        match (NonZero::new(a_second), NonZero::new(at_once)) {
            (Some(a_second), Some(at_once)) => Self { a_second, at_once },
            _ => panic!("a limit is at least one"),
        }
    }

    fn quota(self) -> Quota {
        Quota::per_second(self.a_second).allow_burst(self.at_once)
    }
}

impl Default for RateLimits {
    /// Moving a map requests dozens of tiles at once.
    fn default() -> Self {
        Self { of_address: Rate::new(100, 1_000), of_caller: Rate::new(200, 2_000) }
    }
}

/// A rate limiter per key.
type Keyed<K> = RateLimiter<K, HashMapStateStore<K>, DefaultClock>;

/// The recent requests of each client.
pub struct Rates {
    addresses: Keyed<IpAddr>,
    callers: Keyed<Proof>,
    n_counted: AtomicU32,
}

impl Rates {
    /// Creates limiters that have counted no request.
    pub fn new(limits: &RateLimits) -> Self {
        let (addresses, callers) = (limits.of_address.quota(), limits.of_caller.quota());
        Self {
            addresses: RateLimiter::hashmap(addresses),
            callers: RateLimiter::hashmap(callers),
            n_counted: AtomicU32::new(0),
        }
    }

    /// Counts a request with this credential from this address. Local requests have no address and are not
    /// counted. Requests with an invalid token count against the anonymous rate limit.
    ///
    /// # Errors
    /// [`TooMany`] if the request exceeds the limit.
    pub fn count(&self, proof: &Proof, client: Option<IpAddr>) -> Result<(), TooMany> {
        let Some(client) = client else { return Ok(()) };
        let counted = match proof {
            Proof::None => self.addresses.check_key(&network(client)),
            proof => self.callers.check_key(proof),
        };
        if self.n_counted.fetch_add(1, Ordering::Relaxed).is_multiple_of(SWEEP_EVERY) {
            self.addresses.retain_recent();
            self.callers.retain_recent();
        }
        counted.map_err(|until| TooMany {
            wait_s: until.wait_time_from(DefaultClock::default().now()).as_secs() + 1,
        })
    }
}

/// The request exceeds the rate limit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TooMany {
    /// Seconds until the next request is accepted.
    pub wait_s: u64,
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rates(a_second: u32, at_once: u32) -> Rates {
        let of_address = Rate::new(a_second, at_once);
        Rates::new(&RateLimits { of_address, of_caller: of_address })
    }

    fn ask(rates: &Rates, client: Option<&str>) -> bool {
        rates.count(&Proof::None, client.map(|address| address.parse().unwrap())).is_ok()
    }

    #[test]
    fn one_too_many_is_refused_and_only_of_this_client() {
        let rates = rates(1, 3);
        let told = [(); 5].map(|()| ask(&rates, Some("192.0.2.1")));
        assert_eq!(told, [true, true, true, false, false]);
        assert!(ask(&rates, Some("192.0.2.2")));
        assert!((0..10).all(|_| ask(&rates, None)), "the machine itself is not counted");
        let told = (1..=4).map(|n| ask(&rates, Some(&format!("2001:db8:0:1::{n}"))));
        assert_eq!(told.collect::<Vec<_>>(), [true, true, true, false], "one client has all of these");
        assert!(ask(&rates, Some("2001:db8:0:2::1")));
    }
}
