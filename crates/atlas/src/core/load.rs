//! Bulk load: turns records of a store, or saved blocks, into the snapshots of all scopes, on two cores.
//!
//! Records come in stretches of numbers, from several threads and in any order. The derived data (the numbers
//! of ids, the cube and the index) are built once all records are loaded.

use std::{
    panic::resume_unwind,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    thread,
};

use demining::{Accident, Change, Record, Revision};
use geometry::index::Index;

use super::{
    ids::{Ids, Pairs},
    saved::{self, Unreadable},
    scope::Scope,
    snapshot::{Snapshot, derive},
    sparse,
};
use crate::{
    detections::{
        cube::Cube,
        operators::Operators,
        records::{RECORDS_OF_SHELF, Records, Shelf, Texts},
        row::Row,
    },
    reference::ReferenceData,
};

/// Records being loaded into an [`Atlas`](crate::Atlas): see [`Atlas::loading`](crate::Atlas::loading).
#[derive(Debug)]
pub struct Loading {
    reference: Arc<ReferenceData>,
    records: Mutex<Records>,
    operators: Mutex<Operators>,
    texts: Mutex<Texts>,
    accidents: Mutex<Vec<Arc<Record<Accident>>>>,
}

impl Loading {
    /// Number of record numbers in a stretch.
    pub const STRETCH: u32 = RECORDS_OF_SHELF;

    pub(crate) fn new(reference: Arc<ReferenceData>) -> Self {
        Self {
            reference,
            records: Mutex::default(),
            operators: Mutex::default(),
            texts: Mutex::default(),
            accidents: Mutex::default(),
        }
    }

    /// Begins the stretch of the numbers from `at * STRETCH` on. Begin each stretch only once.
    pub fn stretch(&self, at: u32) -> Stretch<'_> {
        let operators = lock(&self.operators).clone();
        Stretch { loading: self, at, shelf: Shelf::default(), operators }
    }

    /// Loads a block that [`View::saved`](crate::View::saved) returned.
    ///
    /// # Errors
    /// If the block is invalid.
    pub fn add_saved(&self, block: &[u8]) -> Result<(), Unreadable> {
        match saved::read(block, &self.texts)? {
            saved::Block::Operators(operators) => *lock(&self.operators) = operators,
            saved::Block::Shelf(at, shelf) => lock(&self.records).put_shelf(at, shelf),
        }
        Ok(())
    }

    /// Loads accidents, in any order. Saved blocks hold none: they are few.
    pub fn add_accidents(&self, records: impl IntoIterator<Item = Record<Accident>>) {
        lock(&self.accidents).extend(records.into_iter().map(Arc::new));
    }

    /// Takes the loaded accidents.
    pub(crate) fn take_accidents(&self) -> Vec<Arc<Record<Accident>>> {
        std::mem::take(&mut *lock(&self.accidents))
    }

    /// Applies changes of detections to the loaded records, in the order of their revisions.
    pub fn apply(&mut self, changes: &[Change]) {
        let records = self.records.get_mut().unwrap_or_else(PoisonError::into_inner);
        let operators = self.operators.get_mut().unwrap_or_else(PoisonError::into_inner);
        for change in changes {
            if let Some(record) = change.after.as_deref() {
                let derived = derive(record, &self.reference, operators);
                records.put(change.number, record, derived, operators);
            } else {
                records.remove(change.number);
            }
        }
    }

    /// Builds the snapshots of all loaded records, one per scope, and fills `ids`.
    pub(crate) fn finish(self, ids: &Ids, at: [Revision; 2]) -> Result<[Snapshot; 2], Unreadable> {
        let Self { reference, records, operators, texts, .. } = self;
        drop(texts);
        let inner = |poison: PoisonError<_>| poison.into_inner();
        let (records, operators) = (
            records.into_inner().unwrap_or_else(inner),
            operators.into_inner().unwrap_or_else(PoisonError::into_inner),
        );
        let (rows, pairs) = derived_from(&records, &operators, &reference, ids)?;
        Ok(snapshots_of(&reference, &records, &operators, &rows, (ids, &pairs), at))
    }
}

/// A stretch of records being loaded.
#[derive(Debug)]
pub struct Stretch<'a> {
    loading: &'a Loading,
    at: u32,
    shelf: Shelf,
    /// A recent copy: most names are already known, so no thread has to wait.
    operators: Operators,
}

impl Stretch<'_> {
    /// Loads a record; a record beyond this stretch ends it and begins its own.
    pub fn add(&mut self, record: &Record) {
        let at = record.number / Loading::STRETCH;
        if at != self.at {
            std::mem::replace(self, self.loading.stretch(at)).end();
        }
        let name = record.content.operator.as_deref();
        if name.is_some_and(|name| self.operators.number(name).is_none()) {
            let mut all = lock(&self.loading.operators);
            all.number_or_new(name);
            self.operators = all.clone();
        }
        let derived = derive(record, &self.loading.reference, &mut self.operators);
        self.shelf.put(record.number % Loading::STRETCH, record, derived);
    }

    /// Ends the stretch.
    pub fn end(mut self) {
        self.shelf.shrink(&mut lock(&self.loading.texts));
        lock(&self.loading.records).put_shelf(self.at as usize, self.shelf);
    }
}

/// Derives the rows of all records, and the numbers of their ids.
fn derived_from(
    records: &Records,
    operators: &Operators,
    reference: &ReferenceData,
    ids: &Ids,
) -> Result<([Vec<Row>; 2], [Pairs; 2]), Unreadable> {
    let n_shelves = records.n_shelves();
    let half = |shelves: std::ops::Range<usize>| {
        // Allocate the maximum: growing would leave holes in memory that nothing fits into later.
        let most = shelves.len() * RECORDS_OF_SHELF as usize;
        let (mut rows, mut pairs) = (Vec::with_capacity(most), Pairs::of(most));
        for shelf in shelves {
            for packed in records.shelf(shelf) {
                let row = packed
                    .checked_row()
                    .filter(|row| row.operator < operators.len() && reference.has_district(row.region));
                rows.push(row.ok_or(Unreadable("a record is invalid"))?);
                pairs.add(ids, packed.id(), packed.number);
            }
        }
        Ok((rows, pairs))
    };
    let (first, second) = both(|| half(0..n_shelves / 2), || half(n_shelves / 2..n_shelves));
    let ((first, a), (second, b)) = (first?, second?);
    Ok(([first, second], [a, b]))
}

/// Builds the snapshot of each scope, one scope per core.
fn snapshots_of(
    reference: &ReferenceData,
    records: &Records,
    operators: &Operators,
    rows: &[Vec<Row>; 2],
    (ids, pairs): (&Ids, &[Pairs]),
    [revision, public_revision]: [Revision; 2],
) -> [Snapshot; 2] {
    let snapshot = |scope: Scope, revision: Revision| {
        let mut shown = Vec::with_capacity(rows.iter().map(Vec::len).sum());
        shown.extend(rows.iter().flatten().filter_map(|row| scope.show(*row, reference)));
        if scope == Scope::Public {
            sparse::scatter(&mut shown, reference);
        }
        let cube = Cube::build(reference.n_districts(), &shown);
        let (records, operators) = (records.clone(), operators.clone());
        let (is_coarse, index) = (scope.is_coarse(reference), Index::build(shown));
        Snapshot { scope, revision, is_coarse, index, cube, records, operators }
    };
    let (full, public) = both(
        || snapshot(Scope::Full, revision),
        || {
            ids.fill(pairs);
            snapshot(Scope::Public, public_revision)
        },
    );
    [full, public]
}

/// Runs both concurrently.
fn both<A: Send, B: Send>(a: impl FnOnce() -> A + Send, b: impl FnOnce() -> B) -> (A, B) {
    thread::scope(|scope| {
        let a = scope.spawn(a);
        let b = b();
        (a.join().unwrap_or_else(|panic| resume_unwind(panic)), b)
    })
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
