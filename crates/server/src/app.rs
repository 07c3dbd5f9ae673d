//! What a server holds, and what can be chosen when it starts. A handler names the part that it needs, such as
//! `State<Arc<Site>>`, and never the whole.

use std::{net::IpAddr, ops::Deref, sync::Arc};

use axum::extract::FromRef;
use service::{
    Service,
    access::{Policy, RateLimits, Rates},
};
use tokio::sync::watch;

use crate::{
    access::Gate,
    export::{Exports, Unsent},
    http::{
        Stopping,
        body::BodyMemory,
        connections::Bounds,
        cors::Cors,
        response_cache::ResponseCache,
        sending::Sending,
        site::{PublicUrl, Site, TrustedProxies},
        tls::Tls,
    },
    oidc::OpenId,
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

/// A server at work: the service, and what HTTP needs beside it.
#[derive(Clone)]
pub struct App(Arc<Parts>);

/// What an [`App`] holds.
pub struct Parts {
    pub(crate) service: Arc<Service>,
    pub(crate) gate: Arc<Gate>,
    pub(crate) site: Arc<Site>,
    pub(crate) cors: Cors,
    pub(crate) bodies: Arc<BodyMemory>,
    pub(crate) exports: Arc<Exports<Unsent>>,
    pub(crate) openid: Arc<Option<OpenId>>,
    pub(crate) bounds: Bounds,
    pub(crate) tls: Option<Tls>,
    pub(crate) stopping: watch::Sender<bool>,
}

impl App {
    /// Puts HTTP before a service.
    pub fn new(service: Service, config: Config) -> Self {
        let service = Arc::new(service);
        let gate = Gate {
            service: Arc::clone(&service),
            rates: Rates::new(&config.limits),
            sending: Sending::default(),
        };
        let site = Site {
            public_url: config.public_url,
            proxies: TrustedProxies::new(&config.trusted_proxies),
            is_tls: config.tls.is_some(),
            responses: ResponseCache::new(config.cache_bytes),
        };
        Self(Arc::new(Parts {
            service,
            gate: Arc::new(gate),
            site: Arc::new(site),
            cors: Cors::new(config.origins, config.tls.is_some()),
            bodies: Arc::default(),
            exports: Arc::default(),
            openid: Arc::new(config.openid),
            bounds: config.bounds,
            tls: config.tls,
            stopping: watch::channel(false).0,
        }))
    }
}

impl Deref for App {
    type Target = Parts;

    fn deref(&self) -> &Parts {
        &self.0
    }
}

/// The parts that handlers may name.
macro_rules! parts {
    ($($part:ident: $what:ty),*) => {
        $(impl FromRef<App> for Arc<$what> {
            fn from_ref(app: &App) -> Self {
                Self::clone(&app.$part)
            }
        })*
    };
}

parts!(service: Service, gate: Gate, site: Site, bodies: BodyMemory, exports: Exports<Unsent>, openid: Option<OpenId>);

impl FromRef<App> for Stopping {
    fn from_ref(app: &App) -> Self {
        Self(app.stopping.subscribe())
    }
}
