//! What the server holds, and how it begins and ends.

use std::{
    net::IpAddr,
    path::{Path, PathBuf},
    sync::Arc,
    thread::JoinHandle,
    time::Instant,
};

use atlas::Atlas;
use demining::Precision;
use jiff::{SignedDuration, Timestamp};
use store::{Reader, Store, StoreError};
use tokio::sync::{Semaphore, watch};

use crate::{
    access::{Ended, Limits, Policy, Rates},
    answers::Answers,
    body::Memory,
    checking::{Checking, Damage},
    connections::Bounds,
    cors::Cors,
    events::EventsOf,
    export::{Exports, Unsent},
    intake::{DAYS, Inbox, LARGE_AT_ONCE},
    openid::OpenId,
    origin::{PublicUrl, TrustedProxies},
    photos::Photos,
    readers::Readers,
    replay::{read_records, without_records},
    saved::{self, Doubt, Facts, Keeper, Saved},
    sending::Sending,
    tls::Tls,
    trouble::Trouble,
    writer::Writer,
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
    pub limits: Limits,
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
            limits: Limits::default(),
            bounds: Bounds::default(),
            origins: None,
            tls: None,
            openid: None,
        }
    }
}

/// A server at work: the projection, the way to the store, and what is kept ready.
pub struct App {
    pub(crate) atlas: Arc<Atlas>,
    pub(crate) readers: Readers,
    pub(crate) writer: Writer,
    pub(crate) events: EventsOf,
    pub(crate) answers: Answers,
    pub(crate) memory: Memory,
    pub(crate) public_memory: Memory,
    pub(crate) sign_in_memory: Memory,
    pub(crate) exports: Exports<Unsent>,
    pub(crate) sending: Sending,
    pub(crate) inbox: Inbox,
    pub(crate) ended: Ended,
    pub(crate) large_uploads: Arc<Semaphore>,
    pub(crate) stopping: watch::Sender<bool>,
    pub(crate) public_url: Option<PublicUrl>,
    pub(crate) proxies: TrustedProxies,
    pub(crate) damage: Damage,
    pub(crate) photos: Arc<Photos>,
    pub(crate) trouble: Trouble,
    pub(crate) policy: Policy,
    pub(crate) rates: Rates,
    pub(crate) bounds: Bounds,
    pub(crate) cors: Cors,
    pub(crate) tls: Option<Tls>,
    pub(crate) openid: Option<OpenId>,
    /// Where the store lies.
    pub(crate) store: PathBuf,
}

/// A store, open for a server, and its atlas as far as that was saved.
pub struct Opened {
    /// The store. What is written to it before the server starts is in the atlas too; only
    /// regions must not be replaced by others.
    pub store: Store,
    pub(crate) saved: Option<Saved>,
    config: Config,
}

impl Opened {
    /// Opens the store at `path`; makes it when there is no file. The whole file is read to check it,
    /// unless it was closed in order and the atlas beside it is sure to be of it: then the check is
    /// left until the server runs.
    ///
    /// # Errors
    /// As [`Store::open`].
    pub fn open(path: &Path, config: Config) -> Result<Self, StoreError> {
        let precision = config.policy.precision();
        let mut saved = None;
        let mut store = Store::open_trusting(path, |reader| {
            // As the store itself has its name, links resolved.
            let path = path.canonicalize().unwrap_or_else(|_| path.to_owned());
            saved = saved::load(&path, reader, precision).inspect_err(say).ok();
            saved.is_some()
        })?;
        store.disclose(precision);
        Ok(Self { store, saved, config })
    }
}

fn say(doubt: &Doubt) {
    match doubt {
        Doubt::Missing => tracing::info!("no atlas is saved; it is built from the store"),
        doubt => tracing::warn!(%doubt, "the saved atlas is not used; it is built from the store"),
    }
}

/// Why a server cannot start.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    /// The store cannot be read.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// A boundary in the store is no polygon.
    #[error("the regions in the store cannot be used: {0}")]
    Regions(#[from] geometry::PolygonError),
    /// A thread or a socket cannot be had.
    #[error(transparent)]
    Io(#[from] std::io::Error),
}

impl App {
    /// Makes the atlas ready, from what was saved and from the store, and starts the writing thread,
    /// which ends when the app is dropped and all it accepted is answered: join it before the process
    /// ends.
    ///
    /// # Errors
    /// When the store cannot be read or a thread cannot be had.
    pub fn start(opened: Opened) -> Result<(Arc<Self>, JoinHandle<()>), StartError> {
        let (began, damage) = (Instant::now(), Damage::default());
        let Opened { mut store, saved, config } = opened;
        let trouble = Trouble::default();
        // On a full disk whoever reads is served; nothing that is acknowledged needs this.
        match store.forget_received(Timestamp::now() - SignedDuration::from_hours(24 * DAYS)) {
            Ok(n_forgotten) => tracing::debug!(n_forgotten, "old uploads that are in the log as a whole"),
            Err(error) => {
                tracing::warn!(%error, "old uploads stay, as nothing can be written just now");
                trouble.note(true);
            }
        }
        if !store.has_room() {
            tracing::error!("the disk of the store is full: records can be read, and none is taken");
            trouble.note(true);
        }
        let precision = config.policy.precision();
        let (atlas, facts, n_changed) = atlas_of(&store, saved, precision)?;
        let path = store.path().to_owned();
        let atlas = Arc::new(atlas);
        tracing::info!(
            revision = facts.revision.0,
            from_saved = n_changed.is_some(),
            duration_ms = began.elapsed().as_millis() as u64,
            "the atlas is ready"
        );
        let keeper = Keeper::new(store.path(), Arc::clone(&atlas), facts, n_changed, damage.clone());
        let readers = Readers::open(|| store.reader())?;
        // What is left unchecked although the atlas is built was found whole on the way.
        let unchecked = !store.is_checked() && n_changed.is_some();
        let checking =
            unchecked.then(|| Checking::begin(store.reader()?, damage.clone()).map_err(StartError::Io));
        let events = EventsOf::new(&atlas);
        let (writer, thread) = Writer::start(
            store,
            Arc::clone(&atlas),
            events.clone(),
            keeper,
            checking.transpose()?,
            damage.clone(),
            trouble.clone(),
        )?;
        let app = Self {
            atlas,
            readers,
            writer,
            events,
            answers: Answers::new(config.cache_bytes),
            memory: Memory::of_writers(),
            public_memory: Memory::of_the_public(),
            sign_in_memory: Memory::of_sign_ins(),
            exports: Exports::default(),
            sending: Sending::default(),
            inbox: Inbox::default(),
            ended: Ended::default(),
            large_uploads: Arc::new(Semaphore::new(LARGE_AT_ONCE)),
            stopping: watch::channel(false).0,
            public_url: config.public_url,
            proxies: TrustedProxies::new(&config.trusted_proxies),
            damage,
            photos: Photos::beside(&path),
            trouble,
            policy: config.policy,
            rates: Rates::new(&config.limits),
            bounds: config.bounds,
            cors: Cors::new(config.origins),
            tls: config.tls,
            openid: config.openid,
            store: path,
        };
        Ok((Arc::new(app), thread))
    }
}

/// The atlas of a store, what is known of it, and how many changes it is away from the one that was
/// saved; none when that is no good.
fn atlas_of(
    store: &Store,
    saved: Option<Saved>,
    precision: Precision,
) -> Result<(Atlas, Facts, Option<u64>), StartError> {
    let reader = store.reader()?;
    match saved.map(|saved| saved.catch_up(&reader)) {
        Some(Ok((atlas, facts, n_changed))) => return Ok((atlas, facts, Some(n_changed as u64))),
        Some(Err(doubt)) => say(&doubt),
        None => {}
    }
    if !store.is_checked() {
        reader.check(|| true)?;
    }
    let (atlas, regions) = without_records(&reader, precision)?;
    let path = store.path();
    read_records(&atlas, &reader, || Reader::open(path))?;
    let revision = atlas.view(atlas::Scope::Full).revision();
    let facts = Facts {
        regions,
        revision,
        mark: saved::mark_at(&reader, revision)?,
        read_at: revision,
        last_number: reader.last_number()?,
    };
    Ok((atlas, facts, None))
}
