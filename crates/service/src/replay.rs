//! Builds the atlas from a store.

use std::{
    num::NonZero,
    panic::resume_unwind,
    sync::atomic::{AtomicU32, Ordering},
    thread,
};

use atlas::{Atlas, Loading};
use demining::{AccidentDetails, Details, Precision, Revision};
use store::{Position, Reader, StoreError};

use crate::{fingerprint, start_error::StartError};

/// Maximum number of reading threads.
const MOST_THREADS: usize = 8;

/// Changes read from the log at once.
pub const CHANGES: usize = 10_000;

/// Builds the atlas from the store that `open` opens for reading, on all cores.
///
/// # Errors
/// If the store cannot be read.
pub fn replay(open: impl Fn() -> Result<Reader, StoreError> + Sync) -> Result<Atlas, StartError> {
    let reader = open()?;
    let (atlas, _) = without_records(&reader, Precision::default())?;
    read_records(&atlas, &reader, open)?;
    Ok(atlas)
}

/// Creates an atlas with the store's regions, places and reported figures only, and returns a hash of the
/// regions.
///
/// # Errors
/// If the store cannot be read, or a boundary in it is not a valid polygon.
pub fn without_records(reader: &Reader, precision: Precision) -> Result<(Atlas, String), StartError> {
    let regions = reader.regions()?;
    let hash = fingerprint::of_regions(&regions);
    let atlas = Atlas::new(regions, reader.places()?, reader.reported_figures()?)?;
    Ok((atlas.disclosing(precision), hash))
}

/// Reads all records into the atlas.
///
/// # Errors
/// As [`replay`].
pub fn read_records(
    atlas: &Atlas,
    reader: &Reader,
    open: impl Fn() -> Result<Reader, StoreError> + Sync,
) -> Result<(), StartError> {
    let revision = reader.revision()?;
    let n_stretches = reader.last_number()? / Loading::STRETCH + 1;
    let (loading, next) = (atlas.loading(), AtomicU32::new(0));
    let are_of_it = on_all_cores(|| {
        let reader = open()?;
        loop {
            let at = next.fetch_add(1, Ordering::Relaxed);
            if at >= n_stretches {
                // Check that nothing was committed while the others read.
                return Ok::<_, StoreError>(reader.revision()? == revision);
            }
            if read_stretch(&reader, &loading, at)? != revision {
                return Ok(false);
            }
        }
    })?;
    if are_of_it.into_iter().all(|is_of_it| is_of_it) && read_small(reader, &loading)? == revision {
        return take_in(atlas, reader, loading, revision);
    }
    // The store is being written: a single reader sees one consistent state of a collection, and changes
    // since then bring the detections to the state of the collections read after them.
    let mut loading = atlas.loading();
    let mut stretch = loading.stretch(0);
    let read_at = reader.records(|record| stretch.add(&record))?;
    stretch.end();
    let revision = read_small(reader, &loading)?;
    catch_up(reader, &mut loading, read_at, revision)?;
    take_in(atlas, reader, loading, revision)
}

/// Reads the records of small collections, of which no saved atlas has any, and returns their revision.
///
/// # Errors
/// If the store cannot be read.
pub fn read_small(reader: &Reader, loading: &Loading) -> Result<Revision, StoreError> {
    let mut accidents = Vec::new();
    let revision = reader.records::<AccidentDetails>(|record| accidents.push(record))?;
    loading.add_accidents(accidents);
    Ok(revision)
}

/// Applies the changes of detections after one revision up to another.
fn catch_up(reader: &Reader, loading: &mut Loading, after: Revision, to: Revision) -> Result<(), StoreError> {
    let (mut from, end) = (Position::after(after), Position::after(to));
    while from < end {
        let page = reader.changes_since(from, CHANGES)?;
        for run in &page.runs {
            let changes = run.of::<Details>();
            loading.apply(&changes[..changes.partition_point(|change| change.revision <= to)]);
        }
        if !page.more {
            break;
        }
        from = page.next;
    }
    Ok(())
}

fn take_in(atlas: &Atlas, reader: &Reader, loading: Loading, revision: Revision) -> Result<(), StartError> {
    Ok(atlas
        .loaded(loading, revision, reader.shown_at(revision)?)
        .map_err(|error| StoreError::Damaged(error.to_string()))?)
}

fn read_stretch(reader: &Reader, loading: &Loading, at: u32) -> Result<Revision, StoreError> {
    let first = at * Loading::STRETCH;
    let mut stretch = loading.stretch(at);
    let revision =
        reader.records_between(first..=first + (Loading::STRETCH - 1), |record| stretch.add(&record))?;
    stretch.end();
    Ok(revision)
}

/// Runs `work` on a thread per core.
///
/// # Errors
/// The first failure.
pub fn on_all_cores<T: Send, E: Send>(work: impl Fn() -> Result<T, E> + Sync) -> Result<Vec<T>, E> {
    let n_threads = thread::available_parallelism().map_or(1, NonZero::get).min(MOST_THREADS);
    thread::scope(|scope| {
        let threads: Vec<_> = (0..n_threads).map(|_| scope.spawn(&work)).collect();
        threads.into_iter().map(|thread| thread.join().unwrap_or_else(|panic| resume_unwind(panic))).collect()
    })
}
