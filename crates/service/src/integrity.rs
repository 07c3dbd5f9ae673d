//! The integrity check of the store's file, which a fast start postpones.

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

/// Time to work before resting for as long.
const WORK: Duration = Duration::from_millis(10);

/// Whether the store was found damaged while serving; shared by all that need to know.
#[derive(Debug, Clone, Default)]
pub struct Corruption(Arc<OnceLock<()>>);

impl Corruption {
    /// Returns `true` if damage was found.
    pub fn is_found(&self) -> bool {
        self.0.get().is_some()
    }

    fn note(&self) {
        let _ = self.0.set(());
    }
}

/// A running check.
pub struct IntegrityCheck {
    stop: Arc<AtomicBool>,
    thread: JoinHandle<()>,
}

impl IntegrityCheck {
    /// Starts to read the whole store in the background. It rests after each piece of work about as long as
    /// that took, so that requests come first.
    ///
    /// # Errors
    /// If the thread cannot be created.
    pub fn begin(reader: Reader, corruption: Corruption) -> io::Result<Self> {
        let stop = Arc::new(AtomicBool::new(false));
        let stopped = Arc::clone(&stop);
        let check = move || {
            let (began, mut worked) = (Instant::now(), Instant::now());
            let told = reader.check(move || {
                let work = worked.elapsed();
                if work >= WORK {
                    // On a slow disk, bound the rest.
                    thread::sleep(work.min(WORK * 2));
                    worked = Instant::now();
                }
                !stopped.load(Ordering::Relaxed)
            });
            match told {
                Ok(true) => tracing::info!(
                    duration_ms = began.elapsed().as_millis() as u64,
                    "checked the store and found no damage"
                ),
                Ok(false) => {}
                Err(error @ StoreError::Damaged(_)) => {
                    tracing::error!(%error, "the store is damaged and no longer written; stop the server and restore a backup");
                    corruption.note();
                }
                Err(error) => tracing::error!(%error, "the store could not be checked"),
            }
        };
        let thread = background::start("check", check)?;
        Ok(Self { stop, thread })
    }

    /// Stops the check.
    pub fn end(self) {
        self.stop.store(true, Ordering::Relaxed);
        let _ = self.thread.join();
    }
}
