//! A running store: the atlas, access to the store, and background work.

use std::{
    path::{Path, PathBuf},
    sync::Arc,
    thread::JoinHandle,
    time::Instant,
};

use atlas::{Atlas, Scope};
use demining::Precision;
use jiff::{SignedDuration, Timestamp};
use store::{Reader, Store, StoreError};
use tokio::sync::watch;

use crate::{
    access::{Policy, Revocations},
    events::EventsOf,
    intake::{self, DAYS, Intake},
    integrity::{Corruption, IntegrityCheck},
    log::{self, WriteHealth, Writer},
    photos::Photos,
    readers::Readers,
    replay::{read_records, without_records},
    snapshot::{self, Doubt, Facts, Saved, SnapshotSaver},
    start_error::StartError,
};

/// A store opened for a server, with its saved atlas if there is one.
pub struct Opened {
    /// The store. Writes before the server starts also reach the atlas; only regions must not be replaced.
    pub store: Store,
    saved: Option<Saved>,
    policy: Policy,
}

impl Opened {
    /// Opens the store at `path`, or creates it if the file is missing. The whole file is read to check it,
    /// unless it was closed cleanly and the saved atlas certainly belongs to it: then the check runs in the
    /// background after the start.
    ///
    /// # Errors
    /// As [`Store::open`].
    pub fn open(path: &Path, policy: Policy) -> Result<Self, StoreError> {
        let precision = policy.precision();
        let mut saved = None;
        let mut store = Store::open_trusting(path, |reader| {
            // Resolve links, as the store itself does.
            let path = path.canonicalize().unwrap_or_else(|_| path.to_owned());
            saved = snapshot::load(&path, reader, precision).inspect_err(say).ok();
            saved.is_some()
        })?;
        if let Some(from) = store.updated_from() {
            tracing::info!(from, "upgraded the store; a copy of the old version is beside it");
        }
        store.disclose(precision);
        Ok(Self { store, saved, policy })
    }
}

fn say(doubt: &Doubt) {
    match doubt {
        Doubt::Missing => tracing::info!("no saved atlas; building it from the store"),
        doubt => tracing::warn!(%doubt, "ignoring the saved atlas; building it from the store"),
    }
}

/// A running store.
pub struct Service {
    /// The derived data.
    pub atlas: Arc<Atlas>,
    /// Reads the store.
    pub readers: Readers,
    /// Writes to the store.
    pub writer: Writer,
    /// The single path for incoming data.
    pub intake: Arc<Intake>,
    /// Changes, for event streams.
    pub events: EventsOf,
    /// The photos beside the store.
    pub photos: Arc<Photos>,
    /// The revoked tokens.
    pub revocations: Arc<Revocations>,
    /// The operator's choices.
    pub policy: Policy,
    /// Whether the store's file was found damaged.
    pub corruption: Corruption,
    /// Whether writing works.
    pub health: WriteHealth,
    /// The path of the store.
    pub store: PathBuf,
}

impl Service {
    /// Prepares the atlas from the saved one and the store, and starts the writing thread. The thread ends
    /// when the service is dropped and everything it accepted has a reply: join it before the process ends.
    ///
    /// # Errors
    /// If the store cannot be read, or spawning a thread failed.
    pub fn start(opened: Opened) -> Result<(Self, JoinHandle<()>), StartError> {
        let (began, corruption) = (Instant::now(), Corruption::default());
        let Opened { mut store, saved, policy } = opened;
        let health = WriteHealth::default();
        forget_received(&mut store, &health);
        let (atlas, facts, n_changed) = atlas_of(&store, saved, policy.precision())?;
        let path = store.path().to_owned();
        let atlas = Arc::new(atlas);
        tracing::info!(
            revision = facts.revision.0,
            from_saved = n_changed.is_some(),
            duration_ms = began.elapsed().as_millis() as u64,
            "the atlas is ready"
        );
        let saver =
            SnapshotSaver::new(store.path(), Arc::clone(&atlas), facts, n_changed, corruption.clone());
        let readers = Readers::open(|| store.reader())?;
        // Building the atlas from the store has already checked the file.
        let unchecked = !store.is_checked() && n_changed.is_some();
        let check = unchecked
            .then(|| IntegrityCheck::begin(store.reader()?, corruption.clone()).map_err(StartError::Io));
        let events = EventsOf::new(&atlas);
        let (writer, thread) = Writer::start(
            store,
            Arc::clone(&atlas),
            events.clone(),
            saver,
            check.transpose()?,
            corruption.clone(),
            health.clone(),
        )?;
        let ways = (Arc::clone(&atlas), readers.clone(), writer.clone());
        let service = Self {
            intake: Arc::new(Intake::new(ways, policy.clone(), health.clone())),
            atlas,
            readers,
            writer,
            events,
            photos: Photos::beside(&path),
            revocations: Arc::default(),
            policy,
            corruption,
            health,
            store: path,
        };
        Ok((service, thread))
    }

    /// Starts background tasks on the caller's runtime, which run until `stopping` is set: judging messages
    /// that wait in the inbox, and ending streams of tokens that other programs revoke.
    pub fn watch(&self, stopping: &watch::Receiver<bool>) {
        tokio::spawn(intake::watch(Arc::clone(&self.intake), stopping.clone()));
        let (revocations, readers, stopping) =
            (Arc::clone(&self.revocations), self.readers.clone(), stopping.clone());
        tokio::spawn(async move { revocations.watch(&readers, stopping).await });
    }

    /// Returns what cannot be done at the moment, as a sentence; `None` if everything works.
    pub async fn hindrance(&self) -> Option<&'static str> {
        log::hindrance(&self.health, &self.photos, &self.writer).await
    }
}

/// Deletes the bytes of old uploads whose rows are all in the log. A full disk does not stop reads, and
/// nothing acknowledged depends on this.
fn forget_received(store: &mut Store, health: &WriteHealth) {
    match store.forget_received(Timestamp::now() - SignedDuration::from_hours(24 * DAYS)) {
        Ok(n_forgotten) => tracing::debug!(n_forgotten, "deleted old uploads that are completely in the log"),
        Err(error) => {
            tracing::warn!(%error, "old uploads remain, because the store cannot be written");
            health.note(true);
        }
    }
    if !store.has_room() {
        tracing::error!("the disk of the store is full: records can be read but not written");
        health.note(true);
    }
}

/// Returns the atlas of a store, its facts, and the number of changes since the saved atlas; `None` if the
/// saved one cannot be used.
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
    let revision = atlas.view(Scope::Full).revision();
    let facts = Facts {
        regions,
        revision,
        mark: snapshot::mark_at(&reader, revision)?,
        read_at: revision,
        last_number: reader.last_number()?,
    };
    Ok((atlas, facts, None))
}
