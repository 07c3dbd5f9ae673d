//! Builds the atlas from a store.

use std::{
    num::NonZero,
    panic::resume_unwind,
    sync::atomic::{AtomicU32, Ordering},
    thread,
};

use atlas::{Atlas, Loading};
use demining::{Precision, Revision};
use store::{Reader, StoreError};

use crate::{fingerprint, start_error::StartError};

/// Maximum number of reading threads.
const MOST_THREADS: usize = 8;

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
    if are_of_it.into_iter().all(|is_of_it| is_of_it) {
        return take_in(atlas, reader, loading, revision);
    }
    // The store is being written: only a single reader sees one consistent state.
    let loading = atlas.loading();
    let mut stretch = loading.stretch(0);
    let revision = reader.records(|record| stretch.add(&record))?;
    stretch.end();
    take_in(atlas, reader, loading, revision)
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
