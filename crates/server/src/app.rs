//! What a server holds, and what can be chosen when it starts.

use std::{net::IpAddr, sync::Arc};

use service::{
    Service,
    access::{Policy, RateLimits, Rates},
    memory::Memory,
};
use tokio::sync::watch;

use crate::{
    answers::Answers,
    connections::Bounds,
    cors::Cors,
    export::{Exports, Unsent},
    openid::OpenId,
    origin::{PublicUrl, TrustedProxies},
    sending::Sending,
    tls::Tls,
};

/// What can be chosen when a server starts.
#[derive(Debug, Clone)]
pub struct Config {
    /// The address that links begin with; the host that each client asks for when none.
    pub public_url: Option<PublicUrl>,
    /// Addresses of proxies that say for whom they ask, by which scheme and for which host.
    pub trusted_proxies: Vec<IpAddr>,
    /// Bytes of memory for ready answers.
    pub cache_bytes: u64,
    /// Who sees what, and what needs review.
    pub policy: Policy,
    /// How much one client may ask.
    pub limits: RateLimits,
    /// How many connections there may be.
    pub bounds: Bounds,
    /// Origins whose pages may ask from a browser; every one for what is public when none.
    pub origins: Option<Vec<String>>,
    /// By what the server speaks TLS itself; plain HTTP when none.
    pub tls: Option<Tls>,
    /// Where people sign in with an account that they have already; nowhere when none.
    pub openid: Option<OpenId>,
}

impl Default for Config {
    fn default() -> Self {
        Self {
            public_url: None,
            trusted_proxies: Vec::new(),
            cache_bytes: 32 << 20,
            policy: Policy::default(),
            limits: RateLimits::default(),
            bounds: Bounds::default(),
            origins: None,
            tls: None,
            openid: None,
        }
    }
}

/// A server at work: what the program does, and what HTTP needs beside it.
pub struct App {
    pub(crate) service: Service,
    pub(crate) answers: Answers,
    pub(crate) public_memory: Memory,
    pub(crate) sign_in_memory: Memory,
    pub(crate) exports: Exports<Unsent>,
    pub(crate) sending: Sending,
    pub(crate) stopping: watch::Sender<bool>,
    pub(crate) public_url: Option<PublicUrl>,
    pub(crate) proxies: TrustedProxies,
    pub(crate) rates: Rates,
    pub(crate) bounds: Bounds,
    pub(crate) cors: Cors,
    pub(crate) tls: Option<Tls>,
    pub(crate) openid: Option<OpenId>,
}

impl App {
    /// Puts HTTP before a service.
    pub fn new(service: Service, config: Config) -> Arc<Self> {
        Arc::new(Self {
            service,
            answers: Answers::new(config.cache_bytes),
            public_memory: Memory::of_the_public(),
            sign_in_memory: Memory::of_sign_ins(),
            exports: Exports::default(),
            sending: Sending::default(),
            stopping: watch::channel(false).0,
            public_url: config.public_url,
            proxies: TrustedProxies::new(&config.trusted_proxies),
            rates: Rates::new(&config.limits),
            bounds: config.bounds,
            cors: Cors::new(config.origins),
            tls: config.tls,
            openid: config.openid,
        })
    }
}
