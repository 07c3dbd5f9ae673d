//! The party that a request counts against.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use store::Proof;

/// One of the parties that share the server: a caller with a token or session, otherwise an address.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Party {
    /// Everything that is sent with one token, or in sessions that began with it; else in one session.
    Caller(Proof),
    /// An IPv4 address, or an IPv6 /64. Programs on the machine itself are one address together.
    Address(IpAddr),
}

impl Party {
    /// The server itself, which takes up what was received before.
    pub fn server() -> Self {
        Self::Address(Ipv4Addr::UNSPECIFIED.into())
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
