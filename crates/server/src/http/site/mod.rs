//! Establishes where a request comes from and which address of this server it used, once, before anything
//! else reads it.
//!
//! After [`Site::settle`], the headers `Host` and `X-Forwarded-Proto` each contain one validated value, and
//! the extension [`Client`] contains the client's address; the other forwarding headers are removed. Later
//! code therefore cannot read values that a client made up.
//!
//! - [`authority`] and [`public_url`] define hosts and addresses of a site.
//! - [`forwarded`] parses proxies' headers; only proxies trusted by the configuration are used.

mod authority;
mod forwarded;
mod public_url;

use std::net::{IpAddr, SocketAddr};

use axum::{
    extract::{ConnectInfo, Request},
    http::{Extensions, HeaderMap, HeaderName, HeaderValue, StatusCode, Version, header},
};

pub use authority::Authority;
pub use forwarded::X_FORWARDED_PROTO as SCHEME;
pub use public_url::PublicUrl;

use forwarded::{Told, X_FORWARDED_FOR, X_FORWARDED_HOST, told};

use crate::http::{
    cached_response::Keep,
    problem::{Answer, Problem},
    response_cache::ResponseCache,
};

/// Headers removed by [`Site::settle`].
const HIDDEN: [HeaderName; 4] =
    [header::FORWARDED, X_FORWARDED_FOR, X_FORWARDED_HOST, HeaderName::from_static("x-forwarded-port")];

/// The proxies whose forwarding headers are trusted.
#[derive(Clone, Debug, Default)]
pub struct TrustedProxies(Vec<IpAddr>);

impl TrustedProxies {
    /// Trusts the proxies at these addresses.
    pub fn new(addresses: &[IpAddr]) -> Self {
        Self(addresses.iter().map(IpAddr::to_canonical).collect())
    }

    /// Returns whether the proxy at `address`, in canonical form, is trusted.
    pub fn contain(&self, address: IpAddr) -> bool {
        self.0.contains(&address)
    }
}

/// The client's address for rate limits; `None` for local programs, which are not limited.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Client(pub Option<IpAddr>);

impl Client {
    /// Returns the client's address, if rate limits apply to it.
    pub fn of(known: &Extensions) -> Option<IpAddr> {
        known.get::<Self>().and_then(|client| client.0)
    }
}

/// This server as its clients see it: its address and its cached responses.
pub struct Site {
    /// The prefix of links; if `None`, the host that each client requested.
    pub public_url: Option<PublicUrl>,
    /// The proxies whose forwarding headers are trusted.
    pub proxies: TrustedProxies,
    /// Whether this server terminates TLS.
    pub is_tls: bool,
    /// Cached responses.
    pub responses: ResponseCache,
    /// Whether the page has a base map to request.
    pub has_base_map: bool,
    /// The content security policy of the page.
    pub page_policy: HeaderValue,
    /// The same for the map in a frame of another site.
    pub embed_policy: HeaderValue,
}

impl Site {
    /// Establishes and validates the origin of a request.
    ///
    /// # Errors
    /// 400 when the requested host is invalid or stated twice, or a trusted proxy's headers are malformed.
    pub fn settle(&self, mut request: Request) -> Answer<Request> {
        let peer =
            request.extensions().get::<ConnectInfo<SocketAddr>>().map(|info| info.0.ip().to_canonical());
        let is_trusted = |address| self.proxies.contain(address);
        let told = match peer {
            Some(peer) if is_trusted(peer) => {
                let told = told(request.headers(), is_trusted);
                let Told { client, scheme, host } = told.map_err(|reason| wrong("Forwarded", "", reason))?;
                Told { client: client.or(Some(peer)), scheme, host }
            }
            peer => Told { client: peer.filter(|peer| !peer.is_loopback()), ..Told::default() },
        };
        let scheme = match &told.scheme {
            Some(given) => {
                scheme(given).ok_or_else(|| wrong("X-Forwarded-Proto", given, "it must be http or https"))?
            }
            None if self.is_tls => "https",
            None => "http",
        };
        let asked = asked_for(&request)?;
        let host = match told.host {
            Some(given) => Some(authority("X-Forwarded-Host", &given)?),
            None => asked,
        };
        request.extensions_mut().insert(Client(told.client));
        let headers = request.headers_mut();
        for name in HIDDEN {
            headers.remove(name);
        }
        headers.insert(SCHEME, HeaderValue::from_static(scheme));
        headers.remove(header::HOST);
        if let Some(host) = host {
            let host =
                HeaderValue::try_from(host.at(scheme).to_string()).map_err(|e| Problem::internal(&e))?;
            headers.insert(header::HOST, host);
        }
        Ok(request)
    }

    /// Prefixes the addresses in a response's headers with the path of the configured address.
    pub fn place(&self, headers: &mut HeaderMap) {
        let Some(path) = self.public_url.as_ref().map(PublicUrl::path).filter(|path| !path.is_empty()) else {
            return;
        };
        for name in [header::LOCATION, header::CONTENT_LOCATION] {
            let told = headers.get(&name).and_then(|told| told.to_str().ok());
            let placed = told.filter(|told| told.starts_with('/')).map(|told| format!("{path}{told}"));
            if let Some(placed) = placed.and_then(|placed| HeaderValue::from_str(&placed).ok()) {
                headers.insert(name, placed);
            }
        }
    }

    /// Returns the prefix of links, without a trailing slash: the configured address, or the host that a
    /// settled request named.
    pub fn base(&self, headers: &HeaderMap) -> String {
        if let Some(url) = &self.public_url {
            return url.as_str().to_owned();
        }
        let text = |name| headers.get(name).and_then(|value| value.to_str().ok());
        format!("{}://{}", text(SCHEME).unwrap_or("http"), text(header::HOST).unwrap_or("localhost"))
    }

    /// Returns how long a response with links may be cached: unless the address is configured, the links are
    /// specific to one client.
    pub fn keep(&self, keep: Keep) -> Keep {
        if self.public_url.is_some() { keep } else { Keep::Private }
    }
}

/// Returns `http` or `https`.
fn scheme(text: &str) -> Option<&'static str> {
    ["http", "https"].into_iter().find(|scheme| text.eq_ignore_ascii_case(scheme))
}

/// Returns the requested host: of the request target if it names one (RFC 9112, 3.2.2), otherwise of `Host`.
/// Only HTTP/1.0 may omit it.
fn asked_for(request: &Request) -> Answer<Option<Authority>> {
    let lines: Vec<&HeaderValue> = request.headers().get_all(header::HOST).iter().collect();
    let given = match (request.uri().authority(), &lines[..]) {
        (_, [_, _, ..]) => return Err(wrong("Host", "", "it is sent twice")),
        // Required even if the target names a host (RFC 9112, 3.2).
        (_, []) if request.version() == Version::HTTP_11 => return Err(wrong("Host", "", "it is missing")),
        (Some(target), _) => target.as_str(),
        (None, [line]) => line.to_str().unwrap_or("?"),
        (None, []) if request.version() < Version::HTTP_11 => return Ok(None),
        (None, []) => return Err(wrong("Host", "", "it is missing")),
    };
    authority("Host", given).map(Some)
}

fn authority(name: &str, given: &str) -> Answer<Authority> {
    Authority::parse(given).map_err(|reason| wrong(name, given, reason))
}

fn wrong(name: &str, value: &str, reason: &str) -> Problem {
    let shown: String = value.chars().take(80).collect();
    let detail = format!("header {name}: {shown:?}: {reason}");
    Problem::new(StatusCode::BAD_REQUEST, "header", detail)
}
