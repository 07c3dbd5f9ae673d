//! The check of a store's file that a fast start leaves for later.

use std::{
    io,
    sync::{
        Arc, OnceLock,
        atomic::{AtomicBool, Ordering},
    },
    thread::{self, JoinHandle},
    time::{Duration, Instant},
};

use store::{Reader, StoreError};

use crate::background;

/// Work after which it rests as long as that took.
const WORK: Duration = Duration::from_millis(10);

/// What was found to be wrong with the store while it served; shared by all who need to know.
#[derive(Debug, Clone, Default)]
pub struct Corruption(Arc<OnceLock<()>>);

impl Corruption {
    /// Whether anything was found.
    pub fn is_found(&self) -> bool {
        self.0.get().is_some()
    }

    fn note(&self) {
        let _ = self.0.set(());
    }
}

/// A check under way.
pub struct IntegrityCheck {
    stop: Arc<AtomicBool>,
    thread: JoinHandle<()>,
}

impl IntegrityCheck {
    /// Begins to read the whole store, resting after each piece of work about as long as it took, so
    /// that requests come first.
    ///
    /// # Errors
    /// When there is no thread to be had.
    pub fn begin(reader: Reader, corruption: Corruption) -> io::Result<Self> {
        let stop = Arc::new(AtomicBool::new(false));
        let stopped = Arc::clone(&stop);
        let check = move || {
            let (began, mut worked) = (Instant::now(), Instant::now());
            let told = reader.check(move || {
                let work = worked.elapsed();
                if work >= WORK {
                    // A slow disk makes work long, not rest.
                    thread::sleep(work.min(WORK * 2));
                    worked = Instant::now();
                }
                !stopped.load(Ordering::Relaxed)
            });
            match told {
                Ok(true) => tracing::info!(
                    duration_ms = began.elapsed().as_millis() as u64,
                    "the store is checked and whole"
                ),
                Ok(false) => {}
                Err(error @ StoreError::Damaged(_)) => {
                    tracing::error!(%error, "nothing more is written; stop the server and put a backup in place");
                    corruption.note();
                }
                Err(error) => tracing::error!(%error, "the store could not be checked"),
            }
        };
        let thread = background::start("check", check)?;
        Ok(Self { stop, thread })
    }

    /// Ends it, wherever it is.
    pub fn end(self) {
        self.stop.store(true, Ordering::Relaxed);
        let _ = self.thread.join();
    }
}
