//! Change events for every open map that shows a change.
//!
//! Maps that show the same, such as the detections of a filter, are one audience: its event is computed once,
//! written once and shared. The first change is sent at once; changes within the next [`PAUSE`] are sent
//! together after it, so a hundred uploads per second make five events.

mod shows;

use std::{
    collections::{HashMap, VecDeque},
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use atlas::{Atlas, Delta, Folded, Scope};
use bytes::Bytes;
use serde_json::{Value, json};
use tokio::sync::{OwnedSemaphorePermit, Semaphore, broadcast, watch};

use shows::Change;
pub use shows::Shows;

/// Open streams at most; another is refused with 503.
pub const STREAMS: usize = 4_000;

/// How long changes are collected after an event before the next one.
const PAUSE: Duration = Duration::from_millis(200);

/// Folds that a client can catch up on with `Last-Event-ID` after a disconnect.
const REMEMBERED: usize = 1_000;

/// Changes in all remembered folds, each about 200 bytes. The newest fold is always remembered.
const REMEMBERED_CHANGES: usize = 100_000;

/// Events that a slow client may lag behind before it must fetch everything again.
const QUEUE: usize = 64;

/// Number of changes from which filtering them leaves the request threads.
const MANY: usize = 1_000;

/// The audiences of one scope, and its recent changes.
pub struct Events {
    atlas: Arc<Atlas>,
    scope: Scope,
    log: Mutex<Log>,
    /// The newest revision in the log; a change wakes every audience.
    newest: watch::Sender<u64>,
    /// Audiences by what they are shown: the kind, and the parameters of its filter in canonical order.
    audiences: Mutex<HashMap<Key, broadcast::Sender<Told>>>,
    places: Arc<Semaphore>,
}

type Key = (&'static str, String);

/// All [`STREAMS`] streams are in use.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TooManyStreams;

/// The events of each scope.
#[derive(Clone)]
pub struct EventsOf {
    full: Arc<Events>,
    public: Arc<Events>,
}

impl EventsOf {
    /// Creates events without history or listeners.
    pub fn new(atlas: &Arc<Atlas>) -> Self {
        let of = |scope| Arc::new(Events::new(Arc::clone(atlas), scope));
        Self { full: of(Scope::Full), public: of(Scope::Public) }
    }

    /// Returns the events of a scope.
    pub fn of(&self, scope: Scope) -> &Arc<Events> {
        match scope {
            Scope::Full => &self.full,
            Scope::Public => &self.public,
        }
    }

    /// Runs `work` for each scope.
    pub fn each(&self, work: impl Fn(&Events)) {
        work(&self.full);
        work(&self.public);
    }
}

/// The recent folds, oldest first.
struct Log {
    folds: VecDeque<Arc<Folded>>,
    n_changes: usize,
    /// The revision of the last forgotten fold.
    forgotten: u64,
    scope: Scope,
}

/// An event, serialised for the whole audience.
#[derive(Clone)]
struct Told {
    revision: u64,
    bytes: Bytes,
}

/// A subscription to an audience.
pub struct Listener {
    events: Arc<Events>,
    receiver: broadcast::Receiver<Told>,
    /// The event to send first, for a client that reconnects.
    caught_up: Option<Told>,
    last_told: Option<u64>,
    _place: OwnedSemaphorePermit,
}

impl Events {
    /// Creates events without history or listeners.
    pub fn new(atlas: Arc<Atlas>, scope: Scope) -> Self {
        let now = atlas.view(scope).revision().0;
        Self {
            atlas,
            scope,
            log: Mutex::new(Log { folds: VecDeque::new(), n_changes: 0, forgotten: now, scope }),
            newest: watch::channel(now).0,
            audiences: Mutex::default(),
            places: Arc::new(Semaphore::new(STREAMS)),
        }
    }

    /// Sends a fold to every audience if it changes anything in this scope.
    pub fn publish(&self, folded: &Folded) {
        if folded.n_changes(self.scope) > 0 {
            self.log().push(folded.clone());
        }
        self.newest.send_if_modified(|newest| {
            let revision = folded.revision_of(self.scope).0;
            std::mem::replace(newest, revision) != revision
        });
    }

    /// Joins the audience that is shown the same. `parameters` are those of its filter: equal filters must
    /// have equal ones. `since` is the last revision that a reconnecting client received.
    ///
    /// # Errors
    /// [`TooManyStreams`] if all streams are in use.
    pub fn listen(
        self: &Arc<Self>,
        parameters: String,
        shows: &Shows,
        since: Option<u64>,
    ) -> Result<Listener, TooManyStreams> {
        let key = (shows.kind(), parameters);
        let place = Arc::clone(&self.places).try_acquire_owned().map_err(|_| TooManyStreams)?;
        let receiver = {
            let mut audiences = lock(&self.audiences);
            if let Some(audience) = audiences.get(&key) {
                audience.subscribe()
            } else {
                let (sender, receiver) = broadcast::channel(QUEUE);
                audiences.insert(key.clone(), sender.clone());
                let newest = self.newest.subscribe();
                let reached = *newest.borrow();
                tokio::spawn(Arc::clone(self).tell(key, shows.clone(), sender, newest, reached));
                receiver
            }
        };
        // The audience sends what follows; some of it may be sent twice.
        let caught_up = since.and_then(|since| self.missed(shows, since));
        Ok(Listener { events: Arc::clone(self), receiver, last_told: None, caught_up, _place: place })
    }

    /// Sends an audience the changes after `reached`, until it has no listeners.
    async fn tell(
        self: Arc<Self>,
        key: Key,
        shows: Shows,
        sender: broadcast::Sender<Told>,
        mut newest: watch::Receiver<u64>,
        mut reached: u64,
    ) {
        loop {
            tokio::select! {
                changed = newest.changed() => if changed.is_err() { return },
                () = sender.closed() => {
                    let mut audiences = lock(&self.audiences);
                    // A listener may have joined meanwhile.
                    if sender.receiver_count() == 0 {
                        audiences.remove(&key);
                        return;
                    }
                    continue;
                }
            }
            let now = *newest.borrow_and_update();
            if let Some(told) = self.since(&shows, reached, now) {
                // Sending without listeners is no error.
                let _ = sender.send(told);
            }
            reached = now;
            tokio::time::sleep(PAUSE).await;
        }
    }

    /// Returns what a client missed since the revision `since`; `None` if nothing that it shows changed.
    fn missed(&self, shows: &Shows, since: u64) -> Option<Told> {
        let now = *self.newest.borrow();
        // A revision in the future comes from another log.
        if since > now { Some(everything(now)) } else { self.since(shows, since, now) }
    }

    /// Returns what changed for an audience after one revision up to another; `None` if nothing did.
    fn since(&self, shows: &Shows, after: u64, now: u64) -> Option<Told> {
        let Some(folds) = self.log().between(after, now) else { return Some(everything(now)) };
        let n_changes: usize = folds.iter().map(|folded| folded.n_changes(self.scope)).sum();
        let seen = || {
            let view = self.atlas.view(self.scope);
            folds.iter().filter_map(|folded| shows.seen(folded, &view)).reduce(Change::and)
        };
        let seen = if n_changes < MANY { seen() } else { tokio::task::block_in_place(seen) };
        seen.map(|seen| match seen {
            Change::Places(seen) => told(now, &seen),
            Change::Anywhere => everything(now),
        })
    }

    fn log(&self) -> MutexGuard<'_, Log> {
        lock(&self.log)
    }
}

impl Log {
    fn push(&mut self, folded: Folded) {
        self.n_changes += folded.n_changes(self.scope);
        self.folds.push_back(Arc::new(folded));
        while self.folds.len() > REMEMBERED || self.n_changes > REMEMBERED_CHANGES && self.folds.len() > 1 {
            let Some(oldest) = self.folds.pop_front() else { break };
            self.n_changes -= oldest.n_changes(self.scope);
            self.forgotten = oldest.revision_of(self.scope).0;
        }
    }

    /// Returns the folds after one revision up to another; `None` if some are forgotten.
    fn between(&self, after: u64, now: u64) -> Option<Vec<Arc<Folded>>> {
        let wanted =
            self.folds.iter().filter(|folded| (after + 1..=now).contains(&folded.revision_of(self.scope).0));
        (after >= self.forgotten).then(|| wanted.cloned().collect())
    }
}

impl Listener {
    /// Waits for the next event to send; `None` if no more will come.
    pub async fn next(&mut self) -> Option<Bytes> {
        loop {
            let told = match self.caught_up.take() {
                Some(told) => told,
                None => match self.receiver.recv().await {
                    Ok(told) => told,
                    // The client was too slow: it must fetch everything again.
                    Err(broadcast::error::RecvError::Lagged(_)) => everything(*self.events.newest.borrow()),
                    Err(broadcast::error::RecvError::Closed) => return None,
                },
            };
            if Some(told.revision) > self.last_told {
                self.last_told = Some(told.revision);
                return Some(told.bytes);
            }
        }
    }
}

fn told(revision: u64, seen: &Delta) -> Told {
    let tiles: Vec<_> = seen.tiles.iter().map(|t| json!({"z": t.z(), "x": t.x(), "y": t.y()})).collect();
    event(revision, &json!({"revision": revision, "bounds": seen.bounds.to_array(), "tiles": tiles}))
}

/// The event for a client that missed too much: `tiles` is null, so any tile may have changed.
fn everything(revision: u64) -> Told {
    event(revision, &json!({"revision": revision, "bounds": null, "tiles": null}))
}

fn event(revision: u64, data: &Value) -> Told {
    Told { revision, bytes: format!("event: revision\nid: {revision}\ndata: {data}\n\n").into() }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests;
