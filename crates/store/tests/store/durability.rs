//! Acknowledged uploads are durable, stored data are complete, and there is one writer.

use std::{collections::BTreeMap, fs, path::Path};

use demining::{Change, Details, Expect, Outcome, Record, Revision, Status};
use proptest::prelude::*;
use store::{Reader, Store, StoreError, Upload};

use crate::samples::*;

/// A write of a random test: few ids, so that they collide.
#[derive(Debug, Clone)]
enum Wish {
    Put { n: u64, quantity: u32, status: Status, any: bool, reason: bool },
    Delete { n: u64 },
}

fn wish() -> impl Strategy<Value = Wish> {
    let status = prop::sample::select(Status::ALL.to_vec());
    let write = (0_u64..12, 1_u32..4, status, any::<bool>(), any::<bool>())
        .prop_map(|(n, quantity, status, any, reason)| Wish::Put { n, quantity, status, any, reason });
    prop_oneof![4 => write, 1 => (0_u64..12).prop_map(|n| Wish::Delete { n })]
}

fn write_of(wish: &Wish) -> demining::Write {
    match *wish {
        Wish::Delete { n } => delete(n),
        Wish::Put { n, quantity, status, any, reason } => {
            let base = if status == Status::Neutralised { neutralised(n) } else { plain(n) };
            let details = Details { quantity, status, ..base };
            let write = put_as(details, if any { Expect::Any } else { Expect::Same });
            if reason { because(write, "a correction") } else { write }
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn replay_of_the_log_equals_the_records_after_any_uploads_and_restarts(
        groups in prop::collection::vec(
            (prop::collection::vec((prop::collection::vec(wish(), 0..8), any::<bool>()), 1..4), any::<bool>()),
            1..8,
        )
    ) {
        let (folder, mut store) = new_store();
        let mut told: Vec<Change> = Vec::new();
        let mut numbers: BTreeMap<uuid::Uuid, u32> = BTreeMap::new();
        for (n, (uploads, restart)) in (0..).zip(groups) {
            let uploads = uploads.iter().map(|(wishes, atomic)| Upload {
                atomic: *atomic,
                ..Upload::new("team", wishes.iter().map(write_of).collect::<Vec<_>>())
            });
            for done in store.commit(uploads.collect(), at(n)).unwrap() {
                let done = done.unwrap();
                let did = |o: &&Outcome| matches!(o, Outcome::Created | Outcome::Updated | Outcome::Deleted);
                if !done.changes.is_empty() {
                    prop_assert_eq!(done.outcomes.iter().filter(did).count(), done.changes.len());
                }
                told.extend(done.changes.of().iter().cloned());
            }
            if restart {
                drop(store);
                store = Store::open(folder.path().join("clearline.gpkg")).unwrap();
            }
        }
        prop_assert_eq!(store::check(store.path(), None).unwrap().findings, []);
        let reader = store.reader().unwrap();
        let (revision, live) = records(&reader);
        prop_assert_eq!(&whole_log(&reader, 3), &told);
        prop_assert_eq!(revision, told.last().map_or(Revision(0), |c| c.revision));
        prop_assert_eq!(&live, &replay(&told));
        for change in &told {
            prop_assert_eq!(*numbers.entry(change.id).or_insert(change.number), change.number);
            let mut history = reader.history::<Details>(change.id).unwrap();
            history.reverse();
            let of_log: Vec<_> = told.iter().filter(|c| c.id == change.id).cloned().collect();
            prop_assert_eq!(history, of_log);
        }
        let mut given: Vec<_> = numbers.into_values().collect();
        given.sort_unstable();
        prop_assert!(given.windows(2).all(|w| w[0] < w[1]));
    }
}

/// Copies the file and its log as a crash would leave them.
fn copy_as_after_a_crash(from: &Path, to: &Path) {
    for ending in ["", "-wal"] {
        let with = |path: &Path| format!("{}{ending}", path.display());
        fs::copy(with(from), with(to)).unwrap();
    }
}

#[test]
fn after_a_crash_every_answered_upload_is_there_and_no_other() {
    let (folder, mut store) = new_store();
    let path = folder.path().join("clearline.gpkg");
    let mut told: Vec<Change> = Vec::new();
    for n in 0..30_u64 {
        told.extend(
            commit(&mut store, n.cast_signed(), (0..=(n % 7)).map(|k| put(plain(n * 10 + k))).collect())
                .changes,
        );
        if n == 15 {
            store.tidy().unwrap();
        }
        if n % 5 == 0 {
            let copy = folder.path().join(format!("crash {n}.gpkg"));
            copy_as_after_a_crash(&path, &copy);
            let after = Store::open(&copy).unwrap();
            let reader = after.reader().unwrap();
            assert_eq!(whole_log(&reader, 100), told);
            assert_eq!(records(&reader).1, replay(&told));
        }
    }
}

#[test]
fn a_log_cut_anywhere_leaves_whole_uploads_and_the_next_one_goes_on_from_there() {
    let (folder, mut store) = new_store();
    let path = folder.path().join("clearline.gpkg");
    let mut states: Vec<Vec<Record>> = vec![Vec::new()];
    for n in 0..8_u64 {
        commit(&mut store, n.cast_signed(), (0..20).map(|k| put(plain(n * 100 + k))).collect());
        states.push(records(&store.reader().unwrap()).1);
    }
    let length = fs::metadata(format!("{}-wal", path.display())).unwrap().len();
    let copy = folder.path().join("cut.gpkg");
    for cut in (0..=23).map(|k| length * k / 23) {
        copy_as_after_a_crash(&path, &copy);
        let log = fs::OpenOptions::new().write(true).open(format!("{}-wal", copy.display())).unwrap();
        log.set_len(cut).unwrap();
        drop(log);
        let mut after = Store::open(&copy).unwrap();
        let (revision, read) = records(&after.reader().unwrap());
        assert_eq!(read, states[revision.0 as usize], "cut at {cut} of {length}");
        assert_eq!(commit(&mut after, 99, vec![put(plain(9_999))]).revision, Revision(revision.0 + 1));
    }
}

#[test]
fn a_second_writer_is_told_that_the_store_is_in_use_and_readers_are_not() {
    let (folder, mut store) = new_store();
    let path = folder.path().join("clearline.gpkg");
    assert!(matches!(Store::open(&path), Err(StoreError::InUse { .. })));
    commit(&mut store, 1, vec![put(plain(1))]);
    assert_eq!(Reader::open(&path).unwrap().len().unwrap(), 1);
    drop(store);
    assert_eq!(Store::open(&path).unwrap().reader().unwrap().len().unwrap(), 1);
}

#[test]
fn a_link_to_the_store_is_the_same_store() {
    let (folder, _store) = new_store();
    let link = folder.path().join("link.gpkg");
    std::os::unix::fs::symlink(folder.path().join("clearline.gpkg"), &link).unwrap();
    assert!(matches!(Store::open(&link), Err(StoreError::InUse { .. })));
}

#[test]
fn a_program_that_keeps_the_file_locked_makes_a_commit_fail_as_busy_and_nothing_of_it_stays() {
    let (folder, mut store) = new_store();
    let other = rusqlite::Connection::open(folder.path().join("clearline.gpkg")).unwrap();
    other.execute_batch("BEGIN IMMEDIATE").unwrap();
    let upload = || vec![Upload::new("a", vec![put(plain(1))])];
    assert!(matches!(store.commit(upload(), at(1)), Err(StoreError::Busy)));
    other.execute_batch("ROLLBACK").unwrap();
    let told = store.commit(upload(), at(2)).unwrap().remove(0).unwrap();
    assert_eq!((told.revision, told.outcomes), (Revision(1), vec![Outcome::Created]));
}

#[test]
fn a_reader_sees_one_revision_while_the_writer_goes_on() {
    let (_folder, mut store) = new_store();
    commit(&mut store, 1, (0..200).map(|n| put(plain(n))).collect());
    let reader = store.reader().unwrap();
    let mut seen = Vec::new();
    let revision = reader.records::<Details>(|record| {
        if seen.len() == 10 {
            commit(&mut store, 2, (0..300).map(|n| put_as(neutralised(n), Expect::Any)).collect());
            store.tidy().unwrap();
        }
        seen.push(record);
    });
    assert_eq!(revision.unwrap(), Revision(1));
    assert_eq!(seen.len(), 200);
    assert!(seen.iter().all(|r| r.revision == Revision(1) && r.content.status == Status::Detected));
    assert_eq!(reader.revision().unwrap(), Revision(2));
}

#[test]
fn the_log_beside_the_file_stays_bounded_also_after_a_reader_held_it_up() {
    let (folder, mut store) = new_store();
    let log = folder.path().join("clearline.gpkg-wal");
    let mib = || fs::metadata(&log).unwrap().len() / (1024 * 1024);
    let reader = store.reader().unwrap();
    commit(&mut store, 0, vec![put(plain(0))]);
    let mut n = 0;
    let mut more = |store: &mut Store| {
        for _ in 0..8 {
            n += 5_000;
            commit(
                store,
                1,
                (n..n + 5_000)
                    .map(|k| put(Details { note: Some("x".repeat(1_500)), ..plain(k % 400_000) }))
                    .collect(),
            );
            store.tidy().unwrap();
        }
    };
    let mut once = true;
    reader
        .records::<Details>(|_| {
            if std::mem::take(&mut once) {
                more(&mut store);
            }
        })
        .unwrap();
    let held_up = mib();
    assert!(held_up > 64, "the reader was to hold the log up: {held_up} MiB");
    for _ in 0..4 {
        more(&mut store);
    }
    assert!(mib() <= 80, "{} MiB", mib());
}

#[test]
fn a_store_that_another_program_left_in_the_middle_of_a_write_is_restored() {
    let (folder, mut store) = new_store();
    let done = commit(&mut store, 1, (0..200).map(|n| put(plain(n))).collect());
    let path = store.path().to_owned();
    store.close().unwrap();
    // QGIS takes a file out of WAL mode when it closes it.
    let other = rusqlite::Connection::open(&path).unwrap();
    other.query_row("PRAGMA journal_mode = DELETE", [], |_| Ok(())).unwrap();
    other
        .execute_batch(
            "PRAGMA cache_size = 2; BEGIN; UPDATE detections_content SET note = hex(randomblob(2000))",
        )
        .unwrap();
    let killed = folder.path().join("killed.gpkg");
    for ending in ["", "-journal"] {
        fs::copy(format!("{}{ending}", path.display()), format!("{}{ending}", killed.display())).unwrap();
    }
    let after = Store::open(&killed).unwrap();
    assert_eq!(records(&after.reader().unwrap()).1, replay(&done.changes));
}
