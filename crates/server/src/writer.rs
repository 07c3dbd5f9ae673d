//! The one thread that writes: durable before visible, visible before the reply.
//!
//! Uploads that wait while a commit is under way share the next one, and its fsync.

use std::{sync::Arc, thread::JoinHandle};

use atlas::Atlas;
use jiff::Timestamp;
use store::{Committed, Store, StoreError, Upload, UploadError};
use tokio::sync::{mpsc, oneshot};

use crate::{
    events::Events,
    problem::{Answer, Problem},
};

/// Uploads that may wait; beyond them the answer is 503.
const QUEUE: usize = 512;

/// Uploads in one commit.
const GROUP: usize = 128;

/// Rows in one commit, so that a crowd of large uploads does not make one endless transaction.
const GROUP_ROWS: usize = 200_000;

struct Job {
    upload: Upload,
    reply: oneshot::Sender<Result<Committed, Refused>>,
}

/// Why an upload was not committed; nothing of it was kept.
enum Refused {
    /// The store failed.
    Store(Arc<str>),
    /// The store cannot hold this upload.
    Upload(UploadError),
}

/// The way to the writing thread.
pub struct Writer {
    jobs: mpsc::Sender<Job>,
}

impl Writer {
    /// Starts the thread. It ends, and closes the store, when every sender is gone and every
    /// upload that was accepted is answered.
    pub fn start(
        store: Store,
        atlas: Arc<Atlas>,
        events: Arc<Events>,
    ) -> std::io::Result<(Self, JoinHandle<()>)> {
        let (jobs, queue) = mpsc::channel(QUEUE);
        let thread = std::thread::Builder::new()
            .name("writer".into())
            .spawn(move || write(store, &atlas, &events, queue))?;
        Ok((Self { jobs }, thread))
    }

    /// Commits an upload; when this returns it is durable and visible.
    ///
    /// # Errors
    /// 503 when the store cannot be written or too many uploads wait.
    pub async fn commit(&self, upload: Upload) -> Answer<Committed> {
        let (reply, answer) = oneshot::channel();
        self.jobs
            .try_send(Job { upload, reply })
            .map_err(|_| Problem::unavailable("too many uploads wait; try again"))?;
        match answer.await {
            Ok(Ok(committed)) => Ok(committed),
            Ok(Err(Refused::Store(cause))) => {
                tracing::error!(%cause, "the store failed");
                Err(Problem::unavailable(
                    "the store cannot be written just now; nothing of this upload was kept",
                ))
            }
            Ok(Err(Refused::Upload(error))) => Err(Problem::internal(&error)),
            Err(_) => Err(Problem::unavailable(
                "the server is stopping; nothing is known of this upload: send it again",
            )),
        }
    }
}

fn write(mut store: Store, atlas: &Atlas, events: &Events, mut queue: mpsc::Receiver<Job>) {
    while let Some(first) = queue.blocking_recv() {
        let mut rows = first.upload.writes.len();
        let mut group = vec![first];
        while group.len() < GROUP && rows < GROUP_ROWS {
            let Ok(next) = queue.try_recv() else { break };
            rows += next.upload.writes.len();
            group.push(next);
        }
        let (uploads, replies): (Vec<_>, Vec<_>) =
            group.into_iter().map(|job| (job.upload, job.reply)).unzip();
        match store.commit(uploads, Timestamp::now()) {
            Ok(committed) => fold_and_reply(atlas, events, committed, replies),
            Err(error) => refuse(&error, replies),
        }
        // Nobody waits: the time for housekeeping.
        if queue.is_empty()
            && let Err(error) = store.tidy()
        {
            tracing::error!(%error, "the write-ahead log could not be folded into the store");
        }
    }
    if let Err(error) = store.close() {
        tracing::error!(%error, "the store could not be closed well; everything acknowledged is in it");
    }
}

fn fold_and_reply(
    atlas: &Atlas,
    events: &Events,
    committed: Vec<Result<Committed, UploadError>>,
    replies: Vec<oneshot::Sender<Result<Committed, Refused>>>,
) {
    let changes: Vec<_> = committed.iter().flatten().flat_map(|c| c.changes.iter().cloned()).collect();
    if !changes.is_empty() {
        events.publish(atlas.fold(&changes));
    }
    for (committed, reply) in committed.into_iter().zip(replies) {
        // A client that went away has its upload all the same, and finds it when it sends it again.
        let _ = reply.send(committed.map_err(Refused::Upload));
    }
}

fn refuse(error: &StoreError, replies: Vec<oneshot::Sender<Result<Committed, Refused>>>) {
    let cause: Arc<str> = error.to_string().into();
    for reply in replies {
        let _ = reply.send(Err(Refused::Store(Arc::clone(&cause))));
    }
}
