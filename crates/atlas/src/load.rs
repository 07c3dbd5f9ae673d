//! Bulk load: records as they come from the store, to the snapshots of all scopes, on two cores.

use std::{panic::resume_unwind, sync::mpsc, thread};

use demining::{Record, Revision};
use geometry::index::Index;

use crate::{
    cube::Cube,
    ground::Ground,
    ids::Ids,
    operators::Operators,
    records::Records,
    row::Row,
    scope::Scope,
    snapshot::{Snapshot, derive},
};

/// Records handed over at once.
const BATCH: usize = 4_096;
/// Batches that may wait.
const QUEUE: usize = 4;

/// Records in their slots, and the row of each.
#[derive(Default)]
struct Placed {
    records: Records,
    operators: Operators,
    rows: Vec<Row>,
}

/// Snapshots of these records. Reading them and placing them go on at once: the records come on
/// the calling thread, a second one finds district, operator and slot.
pub fn load(
    ground: &Ground,
    ids: &Ids,
    records: impl IntoIterator<Item = Record>,
    revision: Revision,
) -> [Snapshot; 2] {
    let placed = thread::scope(|scope| {
        let (send, receive) = mpsc::sync_channel::<Vec<Record>>(QUEUE);
        let placing = scope.spawn(move || {
            let mut placed = Placed::default();
            for record in receive.into_iter().flatten() {
                placed.place(ground, ids, &record);
            }
            placed.records.shrink();
            placed
        });
        let mut batch = Vec::with_capacity(BATCH);
        for record in records {
            batch.push(record);
            if batch.len() == BATCH
                && send.send(std::mem::replace(&mut batch, Vec::with_capacity(BATCH))).is_err()
            {
                break;
            }
        }
        // It only fails when the other side has panicked, which joining tells.
        let _ = send.send(batch);
        drop(send);
        placing.join().unwrap_or_else(|panic| resume_unwind(panic))
    });
    placed.snapshots(ground, revision)
}

impl Placed {
    fn place(&mut self, ground: &Ground, ids: &Ids, record: &Record) {
        let derived = derive(record, ground, &mut self.operators);
        self.rows.push(Row::new(record, derived));
        ids.insert(record.detection.id, record.number);
        self.records.put(record.number, record, derived, &self.operators);
    }

    /// What each scope shows of them, one scope on each core.
    fn snapshots(self, ground: &Ground, revision: Revision) -> [Snapshot; 2] {
        let Self { records, operators, rows } = self;
        let snapshot = |scope: Scope| {
            let shown: Vec<Row> = rows.iter().filter_map(|row| scope.show(*row, ground)).collect();
            let cube = Cube::build(ground.n_districts(), &shown);
            let index = Index::build(shown);
            Snapshot { scope, revision, index, cube, records: records.clone(), operators: operators.clone() }
        };
        thread::scope(|threads| {
            let all = Scope::ALL.map(|scope| threads.spawn(move || snapshot(scope)));
            all.map(|one| one.join().unwrap_or_else(|panic| resume_unwind(panic)))
        })
    }
}
