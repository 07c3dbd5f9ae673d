//! A store of an earlier version is brought to the present one when it is opened.

use std::path::Path;

use demining::{Details, Expect, Outcome, Revision};
use rusqlite::Connection;
use store::{Position, Reader, Store, StoreError};

use crate::samples::*;

const CONTENT: &str = "kind, model, made_in_year, quantity, depth_cm, detected_on, status, neutralised_on, \
     disposal, operator, team, hazard_area, accuracy_m, fix, source_reliability, note, photos, extra, \
     location_as_given, crs_as_given, review";

/// Records that were created, updated, deleted, and came back, by two people in four revisions.
fn lived_in() -> (tempfile::TempDir, Store) {
    let (folder, mut store) = new_store();
    commit(&mut store, 1, vec![put(full(1)), put(plain(2)), put(plain(3))]);
    let moved = Details { location: full(9).location, ..plain(2) };
    let moved = because(put_as(moved, Expect::Any), "measured again");
    commit(&mut store, 2, vec![moved, put_as(neutralised(3), Expect::Any), delete(1)]);
    commit(&mut store, 3, vec![put(full(4)), because(put_as(plain(3), Expect::Any), "wrong item")]);
    let back = vec![put(plain(1)), put(plain(5)), because(delete(5), "entered twice")];
    store.commit(vec![store::Upload::new("team 8", back)], at(4)).unwrap().remove(0).unwrap();
    (folder, store)
}

/// Writes what `store` holds to a file as version 1 kept it.
fn as_version_1(store: &Store, path: &Path) {
    let old = Connection::open(path).unwrap();
    old.execute_batch(include_str!("../../src/sqlite/schema/migrations/1.sql")).unwrap();
    old.execute("ATTACH ?1 AS new", [store.path().to_str().unwrap()]).unwrap();
    old.execute_batch(&format!(
        "INSERT INTO change_log (fid, revision, seq, action, number, id, \"at\", \"by\", reason, {CONTENT})
           SELECT l.fid, revision, l.fid - first_change, action, number, id, \"at\", \"by\", reason, {CONTENT}
           FROM new.change_log AS l JOIN new.revisions AS r USING (revision);
         INSERT INTO detections (fid, geom, id, {CONTENT}, revision, updated_at, updated_by)
           SELECT fid, geom, id, {CONTENT}, revision, updated_at, updated_by FROM new.detections;
         UPDATE sqlite_sequence SET seq = 5 WHERE name = 'detections';"
    ))
    .unwrap();
    for (change, fid) in whole_log(&store.reader().unwrap(), 100).iter().zip(1..) {
        if let Some(record) = &change.after {
            let here = record.detection.location;
            let sql = "UPDATE change_log SET longitude = ?1, latitude = ?2 WHERE fid = ?3";
            old.execute(sql, (here.lon(), here.lat(), fid)).unwrap();
        }
        let table = if change.number % 2 == 0 { "clearline_ids" } else { "clearline_new_ids" };
        let sql = format!("INSERT OR IGNORE INTO {table} VALUES (?1, ?2)");
        old.execute(&sql, (change.id.as_bytes(), change.number)).unwrap();
    }
}

#[test]
fn a_store_of_version_1_answers_as_before_and_goes_on() {
    let (folder, mut store) = lived_in();
    let path = folder.path().join("old.gpkg");
    as_version_1(&store, &path);
    assert!(matches!(Reader::open(&path), Err(StoreError::Older { found: 1, .. })));

    let mut migrated = Store::open(&path).unwrap();
    let (chained, head) =
        (store::check(&path, None).unwrap(), store::check(store.path(), None).unwrap().head);
    assert_eq!((chained.findings, chained.head), (Vec::new(), head));
    let (reader, same) = (migrated.reader().unwrap(), store.reader().unwrap());
    assert_eq!(records(&reader), records(&same));
    assert_eq!(reader.len().unwrap(), 4);
    assert_eq!(whole_log(&reader, 2), whole_log(&same, 100));
    for n in 1..=6 {
        assert_eq!(reader.history(id(n)).unwrap(), same.history(id(n)).unwrap());
        assert_eq!(reader.find(id(n)).unwrap(), same.find(id(n)).unwrap());
    }
    assert_eq!(reader.history(id(1)).unwrap().len(), 3);
    for seq in 0..4 {
        let position = Position { revision: Revision(2), seq };
        assert_eq!(reader.changes_since(position, 2).unwrap(), same.changes_since(position, 2).unwrap());
    }

    // Known ids are known, the number of the deleted record is its own, and the next one is new.
    let wishes = || vec![put(full(4)), put(plain(3)), put(plain(2)), put(plain(5)), put(plain(6)), delete(1)];
    let (went, goes) = (commit(&mut store, 5, wishes()), commit(&mut migrated, 5, wishes()));
    assert_eq!(goes, went);
    let (same, made) = (Outcome::Unchanged, Outcome::Created);
    // The third was so once.
    assert_eq!(goes.outcomes, [same, same, same, made, made, Outcome::Deleted]);
    assert_eq!(goes.changes.iter().map(|c| c.number).collect::<Vec<_>>(), [5, 6, 1]);
}

#[test]
fn a_migration_that_cannot_be_finished_leaves_the_store_as_it_was() {
    let (folder, store) = lived_in();
    let path = folder.path().join("old.gpkg");
    as_version_1(&store, &path);
    let by_hand = Connection::open(&path).unwrap();
    by_hand.execute("UPDATE change_log SET latitude = 95 WHERE fid = 2", []).unwrap();
    drop(by_hand);
    Store::open(&path).unwrap_err();
    assert!(matches!(Reader::open(&path), Err(StoreError::Older { found: 1, .. })));
    let by_hand = Connection::open(&path).unwrap();
    by_hand.execute("UPDATE change_log SET latitude = 40 WHERE fid = 2", []).unwrap();
    drop(by_hand);
    assert_eq!(records(&Store::open(&path).unwrap().reader().unwrap()).1.len(), 4);
}
