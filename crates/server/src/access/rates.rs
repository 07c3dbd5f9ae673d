//! How much one client may ask: so that none keeps the others waiting.

use std::{
    net::{IpAddr, Ipv6Addr, SocketAddr},
    num::NonZero,
    sync::atomic::{AtomicU32, Ordering},
};

use axum::{
    extract::ConnectInfo,
    http::{Extensions, HeaderMap, HeaderValue, StatusCode, header},
};
use governor::{Quota, RateLimiter, clock::Clock, clock::DefaultClock, state::keyed::HashMapStateStore};

use super::{Caller, Proof};
use crate::problem::{Answer, Problem};

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
    /// Addresses of proxies whose `X-Forwarded-For` is believed.
    pub trusted_proxies: Vec<IpAddr>,
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
        Self {
            of_address: Limit::new(100, 1_000),
            of_caller: Limit::new(200, 2_000),
            trusted_proxies: Vec::new(),
        }
    }
}

/// A limiter of each key.
type Keyed<K> = RateLimiter<K, HashMapStateStore<K>, DefaultClock>;

/// What was asked lately.
pub struct Rates {
    limits: Limits,
    addresses: Keyed<IpAddr>,
    callers: Keyed<Proof>,
    n_counted: AtomicU32,
}

impl Rates {
    /// Nothing was asked yet.
    pub fn new(limits: Limits) -> Self {
        let (addresses, callers) = (limits.of_address.quota(), limits.of_caller.quota());
        Self {
            limits,
            addresses: RateLimiter::hashmap(addresses),
            callers: RateLimiter::hashmap(callers),
            n_counted: AtomicU32::new(0),
        }
    }

    /// Counts a request.
    ///
    /// # Errors
    /// 429 when it is one too many.
    pub fn count(&self, caller: &Caller, headers: &HeaderMap, known: &Extensions) -> Answer<()> {
        self.count_by(caller.proof(), headers, known)
    }

    /// Counts a request of somebody whose token is none.
    ///
    /// # Errors
    /// 429 when it is one too many.
    pub fn count_stranger(&self, headers: &HeaderMap, known: &Extensions) -> Answer<()> {
        self.count_by(&Proof::None, headers, known)
    }

    fn count_by(&self, proof: &Proof, headers: &HeaderMap, known: &Extensions) -> Answer<()> {
        let peer = known.get::<ConnectInfo<SocketAddr>>().map(|info| info.0.ip());
        let Some(client) = peer.and_then(|peer| self.client(peer, headers)) else { return Ok(()) };
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

    /// The address of whoever asks; none when it is not counted.
    fn client(&self, peer: IpAddr, headers: &HeaderMap) -> Option<IpAddr> {
        let is_trusted = |address: &IpAddr| self.limits.trusted_proxies.contains(address);
        if !is_trusted(&peer) {
            return (!peer.is_loopback()).then_some(peer);
        }
        // Each proxy adds at the end whom it heard: the last that is no proxy of ours is the client.
        let lists = headers.get_all("x-forwarded-for").iter().filter_map(|value| value.to_str().ok());
        let chain: Vec<&str> = lists.flat_map(|list| list.split(',')).map(str::trim).collect();
        let client =
            chain.iter().rev().map_while(|text| text.parse().ok()).find(|address| !is_trusted(address));
        client.or(Some(peer))
    }
}

/// What is counted as one client: an IPv4 address, or the /64 that somebody with IPv6 has all addresses of.
fn network(client: IpAddr) -> IpAddr {
    match client.to_canonical() {
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

    const PROXY: &str = "10.0.0.1";

    fn rates(a_second: u32, at_once: u32) -> Rates {
        let of_address = Limit::new(a_second, at_once);
        let trusted_proxies = vec![PROXY.parse().unwrap()];
        Rates::new(Limits { of_address, of_caller: of_address, trusted_proxies })
    }

    fn ask(rates: &Rates, peer: &str, forwarded: &[&str]) -> bool {
        let mut known = Extensions::new();
        known.insert(ConnectInfo(SocketAddr::new(peer.parse().unwrap(), 80)));
        let name = || header::HeaderName::from_static("x-forwarded-for");
        let headers = forwarded.iter().map(|value| (name(), HeaderValue::from_str(value).unwrap()));
        rates.count(&Caller::public(), &headers.collect(), &known).is_ok()
    }

    #[test]
    fn one_too_many_is_refused_and_only_of_this_client() {
        let rates = rates(1, 3);
        assert_eq!([(); 5].map(|()| ask(&rates, "192.0.2.1", &[])), [true, true, true, false, false]);
        assert!(ask(&rates, "192.0.2.2", &[]));
        assert!((0..10).all(|_| ask(&rates, "127.0.0.1", &[])), "the machine itself is not counted");
        let told = (1..=4).map(|n| ask(&rates, &format!("2001:db8:0:1::{n}"), &[]));
        assert_eq!(told.collect::<Vec<_>>(), [true, true, true, false], "one client has all of these");
        assert!(ask(&rates, "2001:db8:0:2::1", &[]));
    }

    #[test]
    fn a_trusted_proxy_says_for_whom_it_asks_and_nobody_else_is_believed() {
        let rates = rates(1, 1);
        assert!(ask(&rates, PROXY, &["198.51.100.7"]));
        assert!(!ask(&rates, PROXY, &["198.51.100.7"]));
        assert!(!ask(&rates, PROXY, &["203.0.113.9, 198.51.100.7"]), "what the client wrote itself");
        assert!(!ask(&rates, PROXY, &["203.0.113.9", "198.51.100.7, 10.0.0.1"]));
        assert!(ask(&rates, PROXY, &["198.51.100.8"]));
        assert!(ask(&rates, "192.0.2.1", &["198.51.100.9"]));
        assert!(!ask(&rates, "192.0.2.1", &["198.51.100.10"]), "no proxy of ours");
        assert!(ask(&rates, PROXY, &[]), "and one that says nothing counts itself");
        assert!(!ask(&rates, PROXY, &["no address"]));
    }
}
