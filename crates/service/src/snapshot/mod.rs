//! The atlas as a file beside the store, so that a start need not read and locate every record again.
//!
//! The file is only a cache: it is used only if it certainly belongs to the current store. Anything else is a
//! [`Doubt`], and the atlas is built from the store. Deleting the file costs one slow start.
//!
//! The file holds the detections. Small collections are read from the store at every start.

mod frames;
mod saver;
#[cfg(test)]
mod tests;

use std::{
    fs, io,
    path::{Path, PathBuf},
    sync::{
        Mutex, PoisonError,
        atomic::{AtomicUsize, Ordering},
    },
};

use atlas::{Atlas, Loading, View};
use demining::{Change, Precision, Revision, for_collection};
use serde::{Deserialize, Serialize};
use store::{ChangesOf, Position, Reader, StoreError};

use crate::{
    fingerprint,
    replay::{CHANGES, on_all_cores, read_small, without_records},
    start_error::StartError,
};
use frames::{Frame, Frames};
pub use saver::SnapshotSaver;

/// The version of the file around the atlas's blocks.
const FORMAT: u32 = 1;

/// New records that are always read from the log. Beyond them, and beyond an eighth of all, reading all
/// records again is faster.
const FEW_NEW: u32 = 100_000;

/// Why a saved atlas is not used.
#[derive(Debug, thiserror::Error)]
pub enum Doubt {
    /// There is no file.
    #[error("the file is missing")]
    Missing,
    /// The file cannot be read.
    #[error("it cannot be read: {0}")]
    Io(#[from] io::Error),
    /// The bytes are not those that were written.
    #[error("it is damaged or cut short")]
    Damaged,
    /// Another version of the program wrote it, or it is another kind of file.
    #[error("another version of the program wrote it")]
    Version,
    /// The regions, and so the districts of records, may have changed.
    #[error("the regions of the store have changed")]
    Regions,
    /// The store's log has another change at the file's revision.
    #[error("the store has another history")]
    History,
    /// The log does not contain every change of the records.
    #[error("another program edited the records since")]
    Edited,
    /// Too many changes are newer.
    #[error("most of the records are newer")]
    Old,
    /// The checksums match, but the bytes are not a valid atlas.
    #[error(transparent)]
    Unreadable(#[from] atlas::Unreadable),
    /// The store cannot be read.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The store cannot be used.
    #[error(transparent)]
    Start(#[from] StartError),
}

/// The file's header: its first frame, as JSON.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
struct Head {
    format: u32,
    /// The versions of the program and of the atlas's blocks.
    program: String,
    /// A hash of all region data that the district of a record depends on.
    regions: String,
    /// The revision of the atlas.
    revision: u64,
    /// A hash of the first change of that revision.
    mark: String,
    /// The revision at which the records were last read from their layer; later changes come from the log.
    /// Earlier edits by other programs are included.
    read_at: u64,
    /// The highest record number.
    last_number: u32,
    /// Number of frames that follow.
    n_blocks: usize,
}

/// The facts about an atlas and its store by which a saved atlas is validated.
#[derive(Debug, Clone)]
pub struct Facts {
    /// A hash of all region data that the district of a record depends on.
    pub regions: String,
    /// The newest revision in the atlas.
    pub revision: Revision,
    /// A hash of the first change of that revision.
    pub mark: String,
    /// The revision at which the records were last read from their layer.
    pub read_at: Revision,
    /// The highest record number.
    pub last_number: u32,
}

impl Facts {
    /// Updates the facts for changes that the atlas has applied, in the order of the log.
    pub fn note(&mut self, changes: &ChangesOf) {
        for_collection!(changes.collection(), T => self.note_each(changes.of::<T>()));
    }

    fn note_each<C>(&mut self, changes: &[Change<C>]) {
        let Some(last) = changes.last().map(|change| change.revision) else { return };
        // A batch that continues a revision does not contain its first change.
        if last > self.revision
            && let Some(first) = changes.iter().find(|change| change.revision == last)
        {
            self.mark = mark(first);
        }
        self.revision = last;
        self.last_number = changes.iter().map(|change| change.number).fold(self.last_number, u32::max);
    }
}

/// A saved atlas, as read from its file.
pub struct Saved {
    pub atlas: Atlas,
    pub loading: Loading,
    pub facts: Facts,
}

/// Returns the path of a store's saved atlas.
pub fn path_of(store: &Path) -> PathBuf {
    let mut name = store.as_os_str().to_owned();
    name.push("-atlas");
    name.into()
}

/// Reads the saved atlas of the store at `store`, which `reader` reads. `precision` is that of the public
/// view.
///
/// # Errors
/// If it cannot be used with certainty.
pub fn load(store: &Path, reader: &Reader, precision: Precision) -> Result<Saved, Doubt> {
    let path = path_of(store);
    // Remove what a killed server left behind.
    let _ = fs::remove_file(frames::unfinished(&path));
    let mut frames = Frames::open(&path)?;
    let head = read_head(&mut frames)?;
    let (atlas, regions) = without_records(reader, precision)?;
    // A store without regions usually gets some next.
    if atlas.reference().regions().is_empty() {
        return Err(Doubt::Regions);
    }
    let facts = trusted(&head, reader, regions)?;
    let loading = atlas.loading();
    let (frames, n_read) = (Mutex::new(frames), AtomicUsize::new(0));
    on_all_cores(|| {
        let mut frame = Frame::default();
        while frames.lock().unwrap_or_else(PoisonError::into_inner).next(&mut frame)? {
            loading.add_saved(frame.bytes()?)?;
            n_read.fetch_add(1, Ordering::Relaxed);
        }
        Ok::<_, Doubt>(())
    })?;
    if n_read.into_inner() != head.n_blocks {
        return Err(Doubt::Damaged);
    }
    Ok(Saved { atlas, loading, facts })
}

impl Saved {
    /// Applies the changes since the atlas was saved and returns their number.
    ///
    /// # Errors
    /// If the store cannot be read, or the atlas is invalid.
    pub fn catch_up(self, reader: &Reader) -> Result<(Atlas, Facts, usize), Doubt> {
        let Self { atlas, mut loading, mut facts } = self;
        let (mut from, mut n_changes) = (Position::after(facts.revision), 0);
        loop {
            let piece = reader.changes_since(from, CHANGES)?;
            for run in &piece.runs {
                loading.apply(run.of());
                facts.note(run);
                n_changes += run.len();
            }
            if !piece.more {
                break;
            }
            from = piece.next;
        }
        // The check ran before the store was opened for writing; another program may have edited it since.
        if reader.was_edited_since(facts.read_at)? {
            return Err(Doubt::Edited);
        }
        if read_small(reader, &loading)? != facts.revision {
            return Err(Doubt::Edited);
        }
        atlas.loaded(loading, facts.revision, reader.shown_at(facts.revision)?)?;
        Ok((atlas, facts, n_changes))
    }
}

fn read_head(frames: &mut Frames) -> Result<Head, Doubt> {
    let mut frame = Frame::default();
    if !frames.next(&mut frame)? {
        return Err(Doubt::Damaged);
    }
    // An intact header with other content is of another version.
    serde_json::from_slice(frame.bytes()?).map_err(|_| Doubt::Version)
}

/// Returns the facts of the header if it belongs to this store.
fn trusted(head: &Head, reader: &Reader, regions: String) -> Result<Facts, Doubt> {
    let (revision, read_at) = (Revision(head.revision), Revision(head.read_at));
    if head.format != FORMAT || head.program != program() {
        return Err(Doubt::Version);
    }
    if head.regions != regions {
        return Err(Doubt::Regions);
    }
    if head.mark.is_empty() || mark_at(reader, revision)? != head.mark {
        return Err(Doubt::History);
    }
    if reader.was_edited_since(read_at)? {
        return Err(Doubt::Edited);
    }
    let last_number = reader.last_number()?;
    if last_number.saturating_sub(head.last_number) > FEW_NEW.max(last_number / 8) {
        return Err(Doubt::Old);
    }
    Ok(Facts { regions, revision, mark: head.mark.clone(), read_at, last_number: head.last_number })
}

/// Saves a view that `facts` describe.
///
/// # Errors
/// If the disk fails; the previous file remains then.
fn save(path: &Path, view: &View, facts: &Facts) -> io::Result<()> {
    let blocks = view.saved();
    let head = Head {
        format: FORMAT,
        program: program(),
        regions: facts.regions.clone(),
        revision: facts.revision.0,
        mark: facts.mark.clone(),
        read_at: facts.read_at.0,
        last_number: facts.last_number,
        n_blocks: blocks.len(),
    };
    let head = serde_json::to_vec(&head)?;
    frames::write(path, std::iter::once(head).chain(blocks))
}

fn program() -> String {
    format!("{} {}", env!("CARGO_PKG_VERSION"), atlas::SAVED_VERSION)
}

/// Returns a mark that distinguishes the logs of different stores at this revision; empty if there is no
/// change.
///
/// # Errors
/// If the store cannot be read.
pub fn mark_at(reader: &Reader, revision: Revision) -> Result<String, StoreError> {
    let Some(before) = revision.0.checked_sub(1) else { return Ok(String::new()) };
    let piece = reader.changes_since(Position::after(Revision(before)), 1)?;
    Ok(piece.runs.first().and_then(|run| mark_of(run, revision)).unwrap_or_default())
}

/// Returns the mark of changes that begin with a revision.
fn mark_of(run: &ChangesOf, revision: Revision) -> Option<String> {
    for_collection!(run.collection(), T => {
        run.of::<T>().first().filter(|change| change.revision == revision).map(mark)
    })
}

fn mark<C>(change: &Change<C>) -> String {
    let Change { revision, at, by, reason, id, number, after, .. } = change;
    fingerprint::of([format!(
        "{} {} {id} {number} {} {by} {reason:?}",
        revision.0,
        at.as_millisecond(),
        after.is_some()
    )])
}
