//! What the server holds, and how it begins and ends.

use std::{sync::Arc, thread::JoinHandle};

use atlas::Atlas;
use store::{Reader, Store};
use tokio::sync::{Semaphore, watch};

use crate::{
    answers::Answers, body::Memory, events::Events, readers::Readers, upload::LARGE_AT_ONCE, writer::Writer,
};

/// What can be chosen when a server starts.
#[derive(Debug, Clone)]
pub struct Config {
    /// The address that links begin with, when it is not what the `Host` header says.
    pub public_url: Option<String>,
    /// Bytes of memory for ready answers.
    pub cache_bytes: u64,
}

impl Default for Config {
    fn default() -> Self {
        Self { public_url: None, cache_bytes: 128 << 20 }
    }
}

/// A server at work: the projection, the way to the store, and what is kept ready.
pub struct App {
    pub(crate) atlas: Arc<Atlas>,
    pub(crate) readers: Readers,
    pub(crate) writer: Writer,
    pub(crate) events: Arc<Events>,
    pub(crate) answers: Answers,
    pub(crate) memory: Memory,
    pub(crate) public_memory: Memory,
    pub(crate) large_uploads: Arc<Semaphore>,
    pub(crate) stopping: watch::Sender<bool>,
    pub(crate) public_url: Option<String>,
}

/// Why a server cannot start.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    /// The store cannot be read.
    #[error(transparent)]
    Store(#[from] store::StoreError),
    /// A boundary in the store is no polygon.
    #[error("the regions in the store cannot be used: {0}")]
    Regions(#[from] geometry::PolygonError),
    /// A thread or a socket cannot be had.
    #[error(transparent)]
    Io(#[from] std::io::Error),
}

impl App {
    /// Replays the store into a new atlas and starts the writing thread, which ends when the app is
    /// dropped and all it accepted is answered: join it before the process ends.
    ///
    /// # Errors
    /// When the store cannot be read or a thread cannot be had.
    pub fn start(store: Store, config: &Config) -> Result<(Arc<Self>, JoinHandle<()>), StartError> {
        let reader = store.reader()?;
        let atlas = Arc::new(replay(&reader)?);
        let readers = Readers::open(|| store.reader())?;
        let events = Arc::new(Events::new(Arc::clone(&atlas)));
        let (writer, thread) = Writer::start(store, Arc::clone(&atlas), Arc::clone(&events))?;
        let app = Self {
            atlas,
            readers,
            writer,
            events,
            answers: Answers::new(config.cache_bytes),
            memory: Memory::of_writers(),
            public_memory: Memory::of_the_public(),
            large_uploads: Arc::new(Semaphore::new(LARGE_AT_ONCE)),
            stopping: watch::channel(false).0,
            public_url: config.public_url.clone(),
        };
        Ok((Arc::new(app), thread))
    }
}

/// Everything derived, built anew from the store.
///
/// # Errors
/// When the store cannot be read.
pub fn replay(reader: &Reader) -> Result<Atlas, StartError> {
    let atlas = Atlas::new(reader.regions()?, reader.places()?, reader.reported_figures()?)?;
    let mut records = Vec::new();
    let revision = reader.records(|record| records.push(record))?;
    atlas.load(records, revision);
    Ok(atlas)
}
