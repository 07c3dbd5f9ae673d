//! The server's state, and the options set at start-up. A handler takes only the part that it needs, such as
//! `State<Arc<Site>>`, never the whole.

use std::{net::IpAddr, ops::Deref, sync::Arc};

use axum::extract::FromRef;
use service::{
    Service,
    access::{Policy, RateLimits, Rates},
};
use tokio::sync::watch;

use crate::{
    access::Gate,
    api::page,
    basemap::BaseMap,
    export::{Exports, Unsent},
    html::About,
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

/// The options of a server.
#[derive(Debug, Clone)]
pub struct Config {
    /// The prefix of links; if `None`, the host that each client requested.
    pub public_url: Option<PublicUrl>,
    /// The addresses of proxies whose headers state the client, the scheme and the host.
    pub trusted_proxies: Vec<IpAddr>,
    /// The memory for cached responses, in bytes.
    pub cache_bytes: u64,
    /// What each role sees, and what needs review.
    pub policy: Policy,
    /// The rate limits for one client.
    pub limits: RateLimits,
    /// The limits on connections.
    pub bounds: Bounds,
    /// The origins whose pages may use the API from a browser; if `None`, any origin may read public data.
    pub origins: Option<Vec<String>>,
    /// The certificate for TLS; plain HTTP if `None`.
    pub tls: Option<Tls>,
    /// The identity provider for signing in with an existing account, if any.
    pub openid: Option<OpenId>,
    /// What the page draws below the records.
    pub base_map: BaseMap,
    /// What the page about the map says of this installation.
    pub about: About,
    /// The sites that may show the map in a frame; none if empty.
    pub embed_origins: Vec<String>,
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
            base_map: BaseMap::default(),
            about: About::default(),
            embed_origins: Vec::new(),
        }
    }
}

/// Returns the sources of `frame-ancestors`.
fn frame_ancestors(origins: &[String]) -> String {
    if origins.is_empty() { "'none'".to_owned() } else { origins.join(" ") }
}

/// A running server: the service, and the state of its HTTP layer.
#[derive(Clone)]
pub struct App(Arc<Parts>);

/// The parts of an [`App`].
pub struct Parts {
    pub(crate) service: Arc<Service>,
    pub(crate) gate: Arc<Gate>,
    pub(crate) site: Arc<Site>,
    pub(crate) cors: Cors,
    pub(crate) bodies: Arc<BodyMemory>,
    pub(crate) exports: Arc<Exports<Unsent>>,
    pub(crate) openid: Arc<Option<OpenId>>,
    pub(crate) base_map: Arc<BaseMap>,
    pub(crate) about: Arc<About>,
    pub(crate) bounds: Bounds,
    pub(crate) tls: Option<Tls>,
    pub(crate) stopping: watch::Sender<bool>,
}

impl App {
    /// Creates a server for a service.
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
            has_base_map: config.base_map.is_there(),
            page_policy: page::policy(config.base_map.other_origin(), "'self'"),
            embed_policy: page::policy(
                config.base_map.other_origin(),
                &frame_ancestors(&config.embed_origins),
            ),
        };
        Self(Arc::new(Parts {
            service,
            gate: Arc::new(gate),
            site: Arc::new(site),
            cors: Cors::new(config.origins, config.tls.is_some()),
            bodies: Arc::default(),
            exports: Arc::default(),
            openid: Arc::new(config.openid),
            base_map: Arc::new(config.base_map),
            about: Arc::new(config.about),
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

/// Makes these parts available to handlers.
macro_rules! parts {
    ($($part:ident: $what:ty),*) => {
        $(impl FromRef<App> for Arc<$what> {
            fn from_ref(app: &App) -> Self {
                Self::clone(&app.$part)
            }
        })*
    };
}

parts!(service: Service, gate: Gate, site: Site, bodies: BodyMemory, exports: Exports<Unsent>, openid: Option<OpenId>, base_map: BaseMap, about: About);

impl FromRef<App> for Stopping {
    fn from_ref(app: &App) -> Self {
        Self(app.stopping.subscribe())
    }
}
