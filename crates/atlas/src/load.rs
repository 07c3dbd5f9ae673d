//! Bulk load: records as they come from the store, to a snapshot, on two cores.

use std::{panic::resume_unwind, sync::mpsc, thread};

use demining::{Record, Revision};
use geometry::index::Index;

use crate::{cube::Cube, ground::Ground, ids::Ids, row::Row, snapshot::Snapshot};

/// Records handed over at once.
const BATCH: usize = 4_096;
/// Batches that may wait.
const QUEUE: usize = 4;

/// A snapshot of these records. Reading them and placing them go on at once: the records come on
/// the calling thread, a second one finds district, operator and slot.
pub fn load(
    ground: &Ground,
    ids: &Ids,
    records: impl IntoIterator<Item = Record>,
    revision: Revision,
) -> Snapshot {
    let (mut snapshot, rows) = thread::scope(|scope| {
        let (send, receive) = mpsc::sync_channel::<Vec<Record>>(QUEUE);
        let placing = scope.spawn(move || {
            let mut placed = (Snapshot::empty(ground), Vec::new());
            for record in receive.into_iter().flatten() {
                place(ground, ids, &record, &mut placed.0, &mut placed.1);
            }
            placed.0.records.shrink();
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
    let n_districts = ground.n_districts();
    let (cube, index) = thread::scope(|scope| {
        let counting = scope.spawn(|| Cube::build(n_districts, &rows));
        let index = Index::build(rows.clone());
        (counting.join().unwrap_or_else(|panic| resume_unwind(panic)), index)
    });
    (snapshot.cube, snapshot.index, snapshot.revision) = (cube, index, revision);
    snapshot
}

fn place(ground: &Ground, ids: &Ids, record: &Record, snapshot: &mut Snapshot, rows: &mut Vec<Row>) {
    let derived = snapshot.derive(record, ground);
    rows.push(Row::new(record, derived));
    ids.insert(record.detection.id, record.number);
    snapshot.records.put(record.number, record, derived, &snapshot.operators);
}
