//! When the atlas is saved: never while anybody waits for it.

use std::{
    fs, io,
    path::{Path, PathBuf},
    sync::Arc,
    thread::{self, JoinHandle},
    time::Instant,
};

use atlas::{Atlas, Scope, View};
use demining::Change;

use super::{Facts, path_of, save};
use crate::integrity::Corruption;

/// An idle writer has the atlas saved when more than one record in so many has changed.
const IDLE_SHARE: u64 = 20;

/// At its end a server saves the atlas when more than one record in so many has changed; fewer are
/// taken from the log at the next start as fast as they are written here.
const END_SHARE: u64 = 1_000;

/// Saves the atlas of a store.
pub struct SnapshotSaver {
    path: PathBuf,
    atlas: Arc<Atlas>,
    facts: Facts,
    /// Changes since the atlas was saved; none when it never was.
    n_changed: Option<u64>,
    saving: Option<JoinHandle<()>>,
    corruption: Corruption,
}

impl SnapshotSaver {
    /// Keeps the atlas of the store at `store`. `n_changed` as in the file that is there, none when
    /// none is good.
    pub fn new(
        store: &Path,
        atlas: Arc<Atlas>,
        facts: Facts,
        n_changed: Option<u64>,
        corruption: Corruption,
    ) -> Self {
        let path = path_of(store);
        if n_changed.is_none() {
            // It must not be believed later on, whatever happens to the store.
            match fs::remove_file(&path) {
                Err(error) if error.kind() != io::ErrorKind::NotFound => {
                    tracing::warn!(path = %path.display(), %error, "a saved atlas that is no good cannot be removed");
                }
                _ => {}
            }
        }
        Self { path, atlas, facts, n_changed, saving: None, corruption }
    }

    /// Takes in changes that the atlas has folded in.
    pub fn note(&mut self, changes: &[Change]) {
        self.facts.note(changes);
        self.n_changed = self.n_changed.map(|n| n + changes.len() as u64);
    }

    /// Has a thread of its own save the atlas, if that is due.
    pub fn when_idle(&mut self) {
        if self.saving.as_ref().is_some_and(|saving| !saving.is_finished()) {
            return;
        }
        if let Some((path, view, facts)) = self.due(IDLE_SHARE) {
            self.n_changed = Some(0);
            let saving =
                thread::Builder::new().name("saver".into()).spawn(move || save_and_say(&path, &view, &facts));
            self.saving =
                saving.inspect_err(|error| tracing::warn!(%error, "no thread to save the atlas")).ok();
        }
    }

    /// Saves the atlas, if that is due at a server's end. To be called when the store is closed.
    pub fn end(mut self) {
        if let Some(saving) = self.saving.take() {
            let _ = saving.join();
        }
        if let Some((path, view, facts)) = self.due(END_SHARE) {
            save_and_say(&path, &view, &facts);
        }
        if self.corruption.is_found() {
            // So that the next start reads the whole store before it goes on.
            let _ = fs::remove_file(&self.path);
        }
    }

    /// What is to be saved, when more than one record in `share` has changed.
    fn due(&self, share: u64) -> Option<(PathBuf, View, Facts)> {
        let n_records = u64::from(self.facts.last_number);
        let is_due = self.n_changed.is_none_or(|n| n > n_records / share);
        let is_something = self.facts.revision.0 > 0;
        if !is_due || !is_something || self.corruption.is_found() {
            return None;
        }
        let view = self.atlas.view(Scope::Full);
        // They are noted together by the one thread that writes.
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
            "the atlas is saved for the next start"
        ),
        Err(error) => {
            tracing::warn!(path = %path.display(), %error, "the atlas cannot be saved: the next start takes longer");
        }
    }
}
