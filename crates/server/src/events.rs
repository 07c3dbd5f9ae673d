//! What changed, told to every open map.

use std::{
    collections::VecDeque,
    sync::{Arc, Mutex, PoisonError},
};

use atlas::Folded;
use tokio::sync::broadcast;

/// Revisions that a client which was away can catch up on by `Last-Event-ID`.
const REMEMBERED: usize = 1_000;

/// Revisions that a slow client may lag behind before it is told to fetch everything again.
const QUEUE: usize = 256;

/// The channel.
pub struct Events {
    sender: broadcast::Sender<Arc<Folded>>,
    recent: Mutex<VecDeque<Arc<Folded>>>,
}

impl Default for Events {
    fn default() -> Self {
        Self { sender: broadcast::channel(QUEUE).0, recent: Mutex::default() }
    }
}

impl Events {
    /// Tells every listener.
    pub fn publish(&self, folded: Folded) {
        let folded = Arc::new(folded);
        let mut recent = self.recent.lock().unwrap_or_else(PoisonError::into_inner);
        if recent.len() == REMEMBERED {
            recent.pop_front();
        }
        recent.push_back(Arc::clone(&folded));
        // Sent under the lock, so that a subscriber sees each event either here or in `recent`.
        // No receiver is no error.
        let _ = self.sender.send(folded);
    }

    /// A receiver of all that comes, and what came after revision `since`; none when that is too
    /// long ago to be remembered. `now` is the present revision.
    pub fn subscribe(
        &self,
        since: Option<u64>,
        now: u64,
    ) -> (broadcast::Receiver<Arc<Folded>>, Option<Vec<Arc<Folded>>>) {
        let recent = self.recent.lock().unwrap_or_else(PoisonError::into_inner);
        let receiver = self.sender.subscribe();
        let Some(since) = since else { return (receiver, Some(Vec::new())) };
        let oldest = recent.front().map_or(now, |f| f.revision.0.saturating_sub(1));
        let missed = (since >= oldest && since <= now)
            .then(|| recent.iter().filter(|f| f.revision.0 > since).cloned().collect());
        (receiver, missed)
    }
}
