//! Decides when to save the atlas: never while a request waits for it.

use std::{
    fs, io,
    path::{Path, PathBuf},
    sync::Arc,
    thread::{self, JoinHandle},
    time::Instant,
};

use atlas::{Atlas, Scope, View};
use store::ChangesOf;

use super::{Facts, path_of, save};
use crate::integrity::Corruption;

/// An idle writer saves the atlas when more than one record in this many has changed.
const IDLE_SHARE: u64 = 20;

/// A stopping server saves the atlas when more than one record in this many has changed. Fewer changes are
/// read from the log at the next start as fast as they are saved here.
const END_SHARE: u64 = 1_000;

/// Saves the atlas of a store.
pub struct SnapshotSaver {
    path: PathBuf,
    atlas: Arc<Atlas>,
    facts: Facts,
    /// Changes since the atlas was saved; `None` if it never was.
    n_changed: Option<u64>,
    saving: Option<JoinHandle<()>>,
    corruption: Corruption,
}

impl SnapshotSaver {
    /// Creates a saver for the store at `store`. `n_changed` is the number of changes since the existing
    /// file; `None` if no usable file exists.
    pub fn new(
        store: &Path,
        atlas: Arc<Atlas>,
        facts: Facts,
        n_changed: Option<u64>,
        corruption: Corruption,
    ) -> Self {
        let path = path_of(store);
        if n_changed.is_none() {
            // The file must never be used again, whatever happens to the store.
            match fs::remove_file(&path) {
                Err(error) if error.kind() != io::ErrorKind::NotFound => {
                    tracing::warn!(path = %path.display(), %error, "cannot remove an unusable saved atlas");
                }
                _ => {}
            }
        }
        Self { path, atlas, facts, n_changed, saving: None, corruption }
    }

    /// Notes changes that the atlas has folded in.
    pub fn note(&mut self, changes: &ChangesOf) {
        self.facts.note(changes);
        self.n_changed = self.n_changed.map(|n| n + changes.len() as u64);
    }

    /// Saves the atlas on a separate thread if enough has changed.
    pub fn when_idle(&mut self) {
        if self.saving.as_ref().is_some_and(|saving| !saving.is_finished()) {
            return;
        }
        if let Some((path, view, facts)) = self.due(IDLE_SHARE) {
            self.n_changed = Some(0);
            let saving =
                thread::Builder::new().name("saver".into()).spawn(move || save_and_say(&path, &view, &facts));
            self.saving = saving
                .inspect_err(|error| tracing::warn!(%error, "cannot start a thread to save the atlas"))
                .ok();
        }
    }

    /// Saves the atlas at the end of a server if enough has changed. Call this after closing the store.
    pub fn end(mut self) {
        if let Some(saving) = self.saving.take() {
            let _ = saving.join();
        }
        if let Some((path, view, facts)) = self.due(END_SHARE) {
            save_and_say(&path, &view, &facts);
        }
        if self.corruption.is_found() {
            // Force the next start to read the whole store.
            let _ = fs::remove_file(&self.path);
        }
    }

    /// Returns what to save if more than one record in `share` has changed.
    fn due(&self, share: u64) -> Option<(PathBuf, View, Facts)> {
        let n_records = u64::from(self.facts.last_number);
        let is_due = self.n_changed.is_none_or(|n| n > n_records / share);
        let is_something = self.facts.revision.0 > 0;
        if !is_due || !is_something || self.corruption.is_found() {
            return None;
        }
        let view = self.atlas.view(Scope::Full);
        // The writing thread updates both together.
        debug_assert_eq!(view.revision(), self.facts.revision);
        Some((self.path.clone(), view, self.facts.clone()))
    }
}

fn save_and_say(path: &Path, view: &View, facts: &Facts) {
    let began = Instant::now();
    match save(path, view, facts) {
        Ok(()) => tracing::info!(
            revision = facts.revision.0,
            duration_ms = began.elapsed().as_millis() as u64,
            "saved the atlas for the next start"
        ),
        Err(error) => {
            tracing::warn!(path = %path.display(), %error, "cannot save the atlas; the next start takes longer");
        }
    }
}
