//! A store at work: the projection, the ways to the store, and what runs beside them.

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

/// A store, open for a server, and its atlas as far as that was saved.
pub struct Opened {
    /// The store. What is written to it before the server starts is in the atlas too; only
    /// regions must not be replaced by others.
    pub store: Store,
    saved: Option<Saved>,
    policy: Policy,
}

impl Opened {
    /// Opens the store at `path`; makes it when there is no file. The whole file is read to check it,
    /// unless it was closed in order and the atlas beside it is sure to be of it: then the check is
    /// left until the server runs.
    ///
    /// # Errors
    /// As [`Store::open`].
    pub fn open(path: &Path, policy: Policy) -> Result<Self, StoreError> {
        let precision = policy.precision();
        let mut saved = None;
        let mut store = Store::open_trusting(path, |reader| {
            // As the store itself has its name, links resolved.
            let path = path.canonicalize().unwrap_or_else(|_| path.to_owned());
            saved = snapshot::load(&path, reader, precision).inspect_err(say).ok();
            saved.is_some()
        })?;
        if let Some(from) = store.updated_from() {
            tracing::info!(from, "the store was brought up to date; a copy from before lies beside it");
        }
        store.disclose(precision);
        Ok(Self { store, saved, policy })
    }
}

fn say(doubt: &Doubt) {
    match doubt {
        Doubt::Missing => tracing::info!("no atlas is saved; it is built from the store"),
        doubt => tracing::warn!(%doubt, "the saved atlas is not used; it is built from the store"),
    }
}

/// A store at work.
pub struct Service {
    /// Everything derived.
    pub atlas: Arc<Atlas>,
    /// The store, to be read.
    pub readers: Readers,
    /// The store, to be written.
    pub writer: Writer,
    /// The one way in.
    pub intake: Arc<Intake>,
    /// Changes, for event streams.
    pub events: EventsOf,
    /// The photos beside the store.
    pub photos: Arc<Photos>,
    /// The tokens that were revoked.
    pub revocations: Arc<Revocations>,
    /// What an operator chose.
    pub policy: Policy,
    /// What was found to be wrong with the store's file.
    pub corruption: Corruption,
    /// Whether writing works.
    pub health: WriteHealth,
    /// Where the store lies.
    pub store: PathBuf,
}

impl Service {
    /// Makes the atlas ready, from what was saved and from the store, and starts the writing thread,
    /// which ends when the service is dropped and all it accepted is answered: join it before the process
    /// ends.
    ///
    /// # Errors
    /// When the store cannot be read, or spawning a thread failed.
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
        // What is left unchecked although the atlas is built was found whole on the way.
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

    /// Starts what runs beside requests, on the runtime of the caller, until `stopping` says so: what waits in the
    /// inbox is judged, and tokens that other programs revoke lose their streams.
    pub fn watch(&self, stopping: &watch::Receiver<bool>) {
        tokio::spawn(intake::watch(Arc::clone(&self.intake), stopping.clone()));
        let (revocations, readers, stopping) =
            (Arc::clone(&self.revocations), self.readers.clone(), stopping.clone());
        tokio::spawn(async move { revocations.watch(&readers, stopping).await });
    }

    /// What cannot be done just now, as a sentence; none when all works.
    pub async fn hindrance(&self) -> Option<&'static str> {
        log::hindrance(&self.health, &self.photos, &self.writer).await
    }
}

/// Deletes old uploads whose rows are all in the log. A full disk does not stop reads, and nothing
/// acknowledged depends on this.
fn forget_received(store: &mut Store, health: &WriteHealth) {
    match store.forget_received(Timestamp::now() - SignedDuration::from_hours(24 * DAYS)) {
        Ok(n_forgotten) => tracing::debug!(n_forgotten, "old uploads that are in the log as a whole"),
        Err(error) => {
            tracing::warn!(%error, "old uploads stay, as nothing can be written just now");
            health.note(true);
        }
    }
    if !store.has_room() {
        tracing::error!("the disk of the store is full: records can be read, and none is taken");
        health.note(true);
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
