//! How much one client may ask: so that none keeps the others waiting.

use std::{
    net::{IpAddr, Ipv6Addr},
    num::NonZero,
    sync::atomic::{AtomicU32, Ordering},
};

use axum::http::{Extensions, HeaderValue, StatusCode, header};
use governor::{Quota, RateLimiter, clock::Clock, clock::DefaultClock, state::keyed::HashMapStateStore};

use super::{Caller, Proof};
use crate::{
    origin::Client,
    problem::{Answer, Problem},
};

/// Requests after which clients that have not asked for a while are forgotten.
const SWEEP_EVERY: u32 = 10_000;

/// How much may be asked. Clients on the machine itself are not counted, unless a proxy that is trusted
/// says for whom it asks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Requests a second of an address, for the public; and how many at once after a pause.
    pub of_address: Limit,
    /// The same of whoever showed a token or signed in.
    pub of_caller: Limit,
}

/// A rate, and what may come at once.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limit {
    /// Requests a second.
    pub a_second: NonZero<u32>,
    /// Requests at once.
    pub at_once: NonZero<u32>,
}

impl Limit {
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

impl Default for Limits {
    /// A map that is moved asks for some dozens of tiles at once.
    fn default() -> Self {
        Self { of_address: Limit::new(100, 1_000), of_caller: Limit::new(200, 2_000) }
    }
}

/// A limiter of each key.
type Keyed<K> = RateLimiter<K, HashMapStateStore<K>, DefaultClock>;

/// What was asked lately.
pub struct Rates {
    addresses: Keyed<IpAddr>,
    callers: Keyed<Proof>,
    n_counted: AtomicU32,
}

impl Rates {
    /// Nothing was asked yet.
    pub fn new(limits: &Limits) -> Self {
        let (addresses, callers) = (limits.of_address.quota(), limits.of_caller.quota());
        Self {
            addresses: RateLimiter::hashmap(addresses),
            callers: RateLimiter::hashmap(callers),
            n_counted: AtomicU32::new(0),
        }
    }

    /// Counts a request.
    ///
    /// # Errors
    /// 429 when it is one too many.
    pub fn count(&self, caller: &Caller, known: &Extensions) -> Answer<()> {
        self.count_by(caller.proof(), known)
    }

    /// Counts a request of somebody whose token is none.
    ///
    /// # Errors
    /// 429 when it is one too many.
    pub fn count_stranger(&self, known: &Extensions) -> Answer<()> {
        self.count_by(&Proof::None, known)
    }

    fn count_by(&self, proof: &Proof, known: &Extensions) -> Answer<()> {
        let Some(Client(Some(client))) = known.get::<Client>().copied() else { return Ok(()) };
        let counted = match proof {
            Proof::None => self.addresses.check_key(&network(client)),
            proof => self.callers.check_key(proof),
        };
        if self.n_counted.fetch_add(1, Ordering::Relaxed).is_multiple_of(SWEEP_EVERY) {
            self.addresses.retain_recent();
            self.callers.retain_recent();
        }
        counted.map_err(|until| {
            let wait = until.wait_time_from(DefaultClock::default().now()).as_secs() + 1;
            Problem::new(
                StatusCode::TOO_MANY_REQUESTS,
                "too-many",
                "too many requests at once; try again in a while",
            )
            .with_header(header::RETRY_AFTER, HeaderValue::from(wait))
        })
    }
}

/// What is counted as one client: an IPv4 address, or the /64 that somebody with IPv6 has all addresses of.
pub fn network(client: IpAddr) -> IpAddr {
    match client {
        IpAddr::V6(address) => {
            let [a, b, c, d, ..] = address.segments();
            Ipv6Addr::new(a, b, c, d, 0, 0, 0, 0).into()
        }
        address @ IpAddr::V4(_) => address,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rates(a_second: u32, at_once: u32) -> Rates {
        let of_address = Limit::new(a_second, at_once);
        Rates::new(&Limits { of_address, of_caller: of_address })
    }

    fn ask(rates: &Rates, client: Option<&str>) -> bool {
        let mut known = Extensions::new();
        known.insert(Client(client.map(|address| address.parse().unwrap())));
        rates.count(&Caller::public(), &known).is_ok()
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
