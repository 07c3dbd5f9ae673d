//! The party that a request counts against.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use store::Proof;

/// One of the parties that share the server: a caller with a token or session, or else an address.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Party {
    /// All requests with one token or with sessions that began with it; otherwise those of one session.
    Caller(Proof),
    /// An IPv4 address, or an IPv6 /64. All local clients count as one address.
    Address(IpAddr),
}

impl Party {
    /// The server itself, when it resumes messages that it received earlier.
    pub fn server() -> Self {
        Self::Address(Ipv4Addr::UNSPECIFIED.into())
    }
}

/// Returns the network that counts as one client: an IPv4 address, or an IPv6 /64, because one client usually
/// controls a whole /64.
pub fn network(client: IpAddr) -> IpAddr {
    match client {
        IpAddr::V6(address) => {
            let [a, b, c, d, ..] = address.segments();
            Ipv6Addr::new(a, b, c, d, 0, 0, 0, 0).into()
        }
        address @ IpAddr::V4(_) => address,
    }
}
