//! The one thread that writes: durable before visible, visible before the response.
//!
//! Uploads that arrive during a commit share the next one, and its fsync.

use std::{sync::Arc, thread::JoinHandle};

use atlas::Atlas;
use demining::Outcome;
use jiff::Timestamp;
use store::{Committed, Kept, Received, Store, StoreError, Upload, UploadError};
use tokio::sync::{mpsc, oneshot};

use super::WriteHealth;
use crate::{
    background,
    collections::Gathered,
    events::EventsOf,
    fault::Fault,
    integrity::{Corruption, IntegrityCheck},
    snapshot::SnapshotSaver,
};

/// Uploads that may wait; further ones are refused with 503.
const QUEUE: usize = 512;

/// Uploads in one commit.
const GROUP: usize = 128;

/// Rows in one commit, so that many large uploads do not make one endless transaction.
const GROUP_ROWS: usize = 200_000;

enum Job {
    /// Commit, fold and reply.
    Commit(Upload, Reply<Result<Committed, UploadError>>),
    /// Return what a commit would do.
    Attempt(Upload, Reply<Vec<Outcome>>),
    /// Store a message before it is parsed.
    Receive(Received, Reply<Kept>),
    /// Check that the store can be written.
    Probe(Reply<()>),
}

type Reply<T> = oneshot::Sender<Result<T, Refused>>;

/// Why an upload was not committed; nothing of it was stored.
enum Refused {
    /// The store failed.
    Store(Arc<str>),
    /// The store cannot hold this upload.
    Upload(UploadError),
}

/// A handle to the writing thread.
#[derive(Clone)]
pub struct Writer {
    jobs: mpsc::Sender<Job>,
    corruption: Corruption,
    health: WriteHealth,
}

impl Writer {
    /// Starts the thread. It ends, closes the store and saves the atlas when every sender is dropped and
    /// every accepted upload has its reply. Nothing is written once `corruption` is found. Write failures are
    /// noted in `health`.
    ///
    /// # Errors
    /// When spawning the thread failed.
    pub fn start(
        store: Store,
        atlas: Arc<Atlas>,
        events: EventsOf,
        saver: SnapshotSaver,
        check: Option<IntegrityCheck>,
        corruption: Corruption,
        health: WriteHealth,
    ) -> std::io::Result<(Self, JoinHandle<()>)> {
        let (jobs, queue) = mpsc::channel(QUEUE);
        let thread = background::start("writer", move || write(store, &atlas, &events, saver, check, queue))?;
        Ok((Self { jobs, corruption, health }, thread))
    }

    /// Commits an upload; when this returns it is durable and visible.
    ///
    /// # Errors
    /// If the store cannot be written or too many uploads wait.
    pub async fn commit(&self, upload: Upload) -> Result<Committed, Fault> {
        match self.commit_once(upload).await? {
            Ok(committed) => Ok(committed),
            Err(before) => Err(Fault::internal(&before)),
        }
    }

    /// Commits an upload together with its message. If the message was received before, the inner error says
    /// so and nothing is written.
    ///
    /// # Errors
    /// As [`Self::commit`].
    pub async fn commit_once(&self, upload: Upload) -> Result<Result<Committed, UploadError>, Fault> {
        self.ask(|reply| Job::Commit(upload, reply)).await
    }

    /// Returns what would become of an upload now, without writing.
    ///
    /// # Errors
    /// As [`Self::commit`].
    pub async fn attempt(&self, upload: Upload) -> Result<Vec<Outcome>, Fault> {
        self.ask(|reply| Job::Attempt(upload, reply)).await
    }

    /// Stores a message; when this returns it is durable.
    ///
    /// # Errors
    /// As [`Self::commit`].
    pub async fn receive(&self, received: Received) -> Result<Kept, Fault> {
        self.ask(|reply| Job::Receive(received, reply)).await
    }

    /// Checks that the store can be written.
    ///
    /// # Errors
    /// As [`Self::commit`].
    pub async fn probe(&self) -> Result<(), Fault> {
        self.ask(Job::Probe).await
    }

    async fn ask<T>(&self, job: impl FnOnce(Reply<T>) -> Job) -> Result<T, Fault> {
        if self.corruption.is_found() {
            return Err(Fault::Unavailable(
                "the store is damaged: nothing can be written until a backup is restored; \
                 keep this upload and send it again then",
            ));
        }
        let (reply, answer) = oneshot::channel();
        let busy = |_| Fault::Unavailable("too many uploads are waiting; try again later");
        self.jobs.try_send(job(reply)).map_err(busy)?;
        match answer.await {
            Ok(Ok(done)) => {
                self.health.note(false);
                Ok(done)
            }
            Ok(Err(Refused::Store(cause))) => {
                tracing::error!(%cause, "the store failed");
                self.health.note(true);
                Err(Fault::Unavailable(
                    "the store cannot be written at the moment; nothing of this upload was stored",
                ))
            }
            Ok(Err(Refused::Upload(UploadError::Revoked))) => Err(Fault::Revoked),
            Ok(Err(Refused::Upload(error))) => Err(Fault::internal(&error)),
            Err(_) => Err(Fault::Unavailable(
                "the server is stopping; the outcome of this upload is unknown: send it again",
            )),
        }
    }
}

fn write(
    mut store: Store,
    atlas: &Atlas,
    events: &EventsOf,
    mut saver: SnapshotSaver,
    check: Option<IntegrityCheck>,
    mut queue: mpsc::Receiver<Job>,
) {
    saver.when_idle();
    while let Some(first) = queue.blocking_recv() {
        let (mut uploads, mut replies, mut rows) = (Vec::new(), Vec::new(), 0);
        let (mut received, mut receipts) = (Vec::new(), Vec::new());
        let mut next = Some(first);
        while let Some(job) = next {
            match job {
                Job::Commit(upload, reply) => {
                    rows += upload.writes.len();
                    uploads.push(upload);
                    replies.push(reply);
                }
                Job::Attempt(upload, reply) => attempt(&mut store, upload, reply),
                Job::Probe(reply) => {
                    let done = store.attempt_to_write().map_err(|e| Refused::Store(e.to_string().into()));
                    let _ = reply.send(done);
                }
                Job::Receive(upload, reply) => {
                    received.push(upload);
                    receipts.push(reply);
                }
            }
            let n_jobs = uploads.len() + received.len();
            next = if n_jobs < GROUP && rows < GROUP_ROWS { queue.try_recv().ok() } else { None };
        }
        if !received.is_empty() {
            receive(&mut store, &received, receipts);
        }
        if !uploads.is_empty() {
            match store.commit(uploads, Timestamp::now()) {
                Ok(committed) => fold_and_reply(atlas, events, &mut saver, committed, replies),
                Err(error) => refuse(&error, replies),
            }
        }
        // The queue is empty: do the housekeeping.
        if queue.is_empty() {
            if let Err(error) = store.tidy() {
                tracing::error!(%error, "cannot checkpoint the write-ahead log");
            }
            saver.when_idle();
        }
    }
    if let Some(check) = check {
        check.end();
    }
    if let Err(error) = store.close() {
        tracing::error!(%error, "cannot close the store cleanly; it contains everything acknowledged");
    }
    saver.end();
}

fn receive(store: &mut Store, received: &[Received], receipts: Vec<Reply<Kept>>) {
    match store.receive(received, Timestamp::now()) {
        Ok(kept) => {
            for (kept, receipt) in kept.into_iter().zip(receipts) {
                let _ = receipt.send(Ok(kept));
            }
        }
        Err(error) => refuse(&error, receipts),
    }
}

fn attempt(store: &mut Store, upload: Upload, reply: Reply<Vec<Outcome>>) {
    let told = match store.attempt(upload, Timestamp::now()) {
        Ok(told) => told.map_err(Refused::Upload),
        Err(error) => Err(Refused::Store(error.to_string().into())),
    };
    let _ = reply.send(told);
}

fn fold_and_reply(
    atlas: &Atlas,
    events: &EventsOf,
    saver: &mut SnapshotSaver,
    committed: Vec<Result<Committed, UploadError>>,
    replies: Vec<Reply<Result<Committed, UploadError>>>,
) {
    let mut changes = Gathered::default();
    for committed in committed.iter().flatten() {
        changes.add(&committed.changes);
    }
    if !changes.is_empty() {
        // No view shows some uploads of the commit without the others, whatever their collections.
        let folded = atlas.fold_all(changes.all());
        events.each(|events| events.publish(&folded));
        committed.iter().flatten().for_each(|committed| saver.note(&committed.changes));
    }
    for (committed, reply) in committed.into_iter().zip(replies) {
        // The upload of a disconnected client is committed; the client gets its outcome when it sends it
        // again.
        let _ = reply.send(match committed {
            Err(told @ (UploadError::Before { .. } | UploadError::Decided)) => Ok(Err(told)),
            committed => committed.map(Ok).map_err(Refused::Upload),
        });
    }
}

fn refuse<T>(error: &StoreError, replies: Vec<Reply<T>>) {
    let cause: Arc<str> = error.to_string().into();
    for reply in replies {
        let _ = reply.send(Err(Refused::Store(Arc::clone(&cause))));
    }
}
