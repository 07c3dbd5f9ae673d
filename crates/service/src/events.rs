//! What changed, told to every open map that shows it.
//!
//! Maps with the same filter are one audience: what a change is to it is found out once, written
//! once, and shared by all of them. The first change is told at once; what comes in the next
//! [`PAUSE`] is told together after it, so that a hundred uploads a second are five events.

use std::{
    collections::{HashMap, VecDeque},
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use atlas::{Atlas, Delta, Filter, Folded, Scope};
use bytes::Bytes;
use serde_json::{Value, json};
use tokio::sync::{OwnedSemaphorePermit, Semaphore, broadcast, watch};

/// Streams that may be open at once; one more is answered 503.
pub const STREAMS: usize = 4_000;

/// How long changes are collected after an event, before the next one.
const PAUSE: Duration = Duration::from_millis(200);

/// Folds that a client which was away can catch up on by `Last-Event-ID`.
const REMEMBERED: usize = 1_000;

/// Changes in all remembered folds, each of about 200 bytes. The newest fold is always remembered.
const REMEMBERED_CHANGES: usize = 100_000;

/// Events that a slow client may lag behind before it is told to fetch everything again.
const QUEUE: usize = 64;

/// Changes from which looking through them leaves the threads that answer.
const MANY: usize = 1_000;

/// The audiences of one scope, and what happened lately in what it shows.
pub struct Events {
    atlas: Arc<Atlas>,
    scope: Scope,
    log: Mutex<Log>,
    /// The newest revision in the log: wakes every audience.
    newest: watch::Sender<u64>,
    /// By filter, as the parameters in one order.
    audiences: Mutex<HashMap<String, broadcast::Sender<Told>>>,
    places: Arc<Semaphore>,
}

/// As many streams are open as may be: [`STREAMS`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TooManyStreams;

/// The events of each scope.
#[derive(Clone)]
pub struct EventsOf {
    full: Arc<Events>,
    public: Arc<Events>,
}

impl EventsOf {
    /// Nothing has happened yet, and nobody listens.
    pub fn new(atlas: &Arc<Atlas>) -> Self {
        let of = |scope| Arc::new(Events::new(Arc::clone(atlas), scope));
        Self { full: of(Scope::Full), public: of(Scope::Public) }
    }

    /// Those of a scope.
    pub fn of(&self, scope: Scope) -> &Arc<Events> {
        match scope {
            Scope::Full => &self.full,
            Scope::Public => &self.public,
        }
    }

    /// Does the same for each.
    pub fn each(&self, work: impl Fn(&Events)) {
        work(&self.full);
        work(&self.public);
    }
}

/// The latest folds, oldest first.
struct Log {
    folds: VecDeque<Arc<Folded>>,
    n_changes: usize,
    /// The revision of the last fold that is not remembered.
    forgotten: u64,
    scope: Scope,
}

/// An event, written for all who get it.
#[derive(Clone)]
struct Told {
    revision: u64,
    bytes: Bytes,
}

/// A place in an audience.
pub struct Listener {
    events: Arc<Events>,
    receiver: broadcast::Receiver<Told>,
    /// What is told before all that comes.
    caught_up: Option<Told>,
    last_told: Option<u64>,
    _place: OwnedSemaphorePermit,
}

impl Events {
    /// Nothing has happened yet, and nobody listens.
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

    /// Tells every audience of a fold, if the scope shows anything of it.
    pub fn publish(&self, folded: &Folded) {
        if folded.n_changes(self.scope) > 0 {
            self.log().push(folded.clone());
        }
        self.newest.send_if_modified(|newest| {
            let revision = folded.revision_of(self.scope).0;
            std::mem::replace(newest, revision) != revision
        });
    }

    /// Joins the audience of a filter. `key` is the same for the same filter. `since` is the last
    /// revision that the caller was told of, if it was here before.
    ///
    /// # Errors
    /// When all streams are open that may be.
    pub fn listen(
        self: &Arc<Self>,
        key: String,
        filter: &Filter,
        since: Option<u64>,
    ) -> Result<Listener, TooManyStreams> {
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
                tokio::spawn(Arc::clone(self).tell(key, filter.clone(), sender, newest, reached));
                receiver
            }
        };
        // What comes from here on is told by the audience; a little of it may be told twice.
        let caught_up = since.and_then(|since| self.missed(filter, since));
        Ok(Listener { events: Arc::clone(self), receiver, last_told: None, caught_up, _place: place })
    }

    /// Tells an audience what comes after `reached`, until nobody is left in it.
    async fn tell(
        self: Arc<Self>,
        key: String,
        filter: Filter,
        sender: broadcast::Sender<Told>,
        mut newest: watch::Receiver<u64>,
        mut reached: u64,
    ) {
        loop {
            tokio::select! {
                changed = newest.changed() => if changed.is_err() { return },
                () = sender.closed() => {
                    let mut audiences = lock(&self.audiences);
                    // Somebody may have joined meanwhile.
                    if sender.receiver_count() == 0 {
                        audiences.remove(&key);
                        return;
                    }
                    continue;
                }
            }
            let now = *newest.borrow_and_update();
            if let Some(told) = self.since(&filter, reached, now) {
                // Nobody there is no error.
                let _ = sender.send(told);
            }
            reached = now;
            tokio::time::sleep(PAUSE).await;
        }
    }

    /// What a client missed that was told of `since`; none when nothing that it shows changed.
    fn missed(&self, filter: &Filter, since: u64) -> Option<Told> {
        let now = *self.newest.borrow();
        // A revision that is still to come was told by another log.
        if since > now { Some(everything(now)) } else { self.since(filter, since, now) }
    }

    /// What changed after one revision, up to another, under a filter; none when nothing did.
    fn since(&self, filter: &Filter, after: u64, now: u64) -> Option<Told> {
        let Some(folds) = self.log().between(after, now) else { return Some(everything(now)) };
        let n_changes: usize = folds.iter().map(|folded| folded.n_changes(self.scope)).sum();
        let seen = || {
            let view = self.atlas.view(self.scope);
            folds.iter().filter_map(|folded| folded.seen(&view, filter)).reduce(|all, seen| all.and(&seen))
        };
        let seen = if n_changes < MANY { seen() } else { tokio::task::block_in_place(seen) };
        seen.map(|seen| told(now, &seen))
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

    /// The folds after one revision, up to another; none when some are forgotten.
    fn between(&self, after: u64, now: u64) -> Option<Vec<Arc<Folded>>> {
        let wanted =
            self.folds.iter().filter(|folded| (after + 1..=now).contains(&folded.revision_of(self.scope).0));
        (after >= self.forgotten).then(|| wanted.cloned().collect())
    }
}

impl Listener {
    /// What to send next; none when no event will come any more. Waits until there is something.
    pub async fn next(&mut self) -> Option<Bytes> {
        loop {
            let told = match self.caught_up.take() {
                Some(told) => told,
                None => match self.receiver.recv().await {
                    Ok(told) => told,
                    // The client was too slow: it is told to fetch all it shows again.
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

/// Told to a client that missed too much: `tiles` is null, so all of them may have changed.
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
mod tests {
    use super::*;

    fn nobody_yet() -> Arc<Events> {
        Arc::new(Events::new(Arc::new(Atlas::new(vec![], vec![], vec![]).unwrap()), Scope::Full))
    }

    #[tokio::test]
    async fn one_stream_too_many_is_refused_until_another_ends() {
        let events = nobody_yet();
        let listen = || events.listen(String::new(), &Filter::default(), None);
        let mut open: Vec<Listener> = (0..STREAMS).map(|_| listen().unwrap()).collect();
        assert!(listen().is_err());
        open.pop();
        assert!(listen().is_ok());
    }

    #[tokio::test]
    async fn an_audience_ends_with_its_last_listener() {
        let events = nobody_yet();
        let listen = |key: &str| events.listen(key.into(), &Filter::default(), None).unwrap();
        let (a, b, c) = (listen("a"), listen("a"), listen("c"));
        assert_eq!(lock(&events.audiences).len(), 2);
        drop((a, c));
        while lock(&events.audiences).len() > 1 {
            tokio::task::yield_now().await;
        }
        assert!(lock(&events.audiences).contains_key("a"));
        drop(b);
        while !lock(&events.audiences).is_empty() {
            tokio::task::yield_now().await;
        }
    }

    #[tokio::test]
    async fn whoever_comes_from_another_log_is_told_to_fetch_everything() {
        let mut listener = nobody_yet().listen(String::new(), &Filter::default(), Some(7)).unwrap();
        let event = listener.next().await.unwrap();
        assert_eq!(
            event,
            &b"event: revision\nid: 0\ndata: {\"revision\":0,\"bounds\":null,\"tiles\":null}\n\n"[..]
        );
    }
}
