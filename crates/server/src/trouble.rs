//! Whether what was to be written last could be: `/readyz` tells, and finds out when it is over.

use std::sync::{
    Arc,
    atomic::{AtomicBool, Ordering},
};

use tokio::sync::Mutex;

use crate::{app::App, behind};

/// Trouble with writing, shared by all who write.
#[derive(Clone, Debug, Default)]
pub struct Trouble(Arc<AtomicBool>, Arc<Mutex<()>>);

impl Trouble {
    /// Something could not be written, or could again.
    pub fn note(&self, is_there: bool) {
        // The same over and over: what all processors share is written only when it changes.
        if self.0.load(Ordering::Relaxed) != is_there {
            self.0.store(is_there, Ordering::Relaxed);
        }
    }
}

impl App {
    /// Whether records and photos can be written. What failed last is tried again, a little of each; only
    /// one at a time does that.
    pub(crate) async fn can_write(self: &Arc<Self>) -> bool {
        if !self.trouble.0.load(Ordering::Relaxed) {
            return true;
        }
        let Ok(_trying) = self.trouble.1.try_lock() else { return false };
        let photos = Arc::clone(&self.photos);
        let has_room = behind::run("photo", move || photos.attempt()).await;
        let can = matches!(has_room, Ok(Ok(()))) && self.writer.probe().await.is_ok();
        self.trouble.note(!can);
        can
    }
}
