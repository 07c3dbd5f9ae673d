//! A store of an earlier version is upgraded completely, or stays as it was.

use std::fs;

use rusqlite::Connection;
use store::{Reader, Store, StoreError};

use crate::samples::*;

#[test]
fn a_migration_that_cannot_be_finished_leaves_the_store_as_it_was() {
    let (folder, path) = fixture("version-1");
    let by_hand = Connection::open(&path).unwrap();
    by_hand.execute("UPDATE change_log SET latitude = 95 WHERE fid = 2", []).unwrap();
    drop(by_hand);
    let before = fs::read(&path).unwrap();
    Store::open(&path).unwrap_err();
    assert!(matches!(Reader::open(&path), Err(StoreError::Older { found: 1, .. })));
    assert_eq!(fs::read(&path).unwrap(), before);
    let copies = fs::read_dir(folder.path())
        .unwrap()
        .filter(|entry| entry.as_ref().unwrap().file_name().to_string_lossy().contains("before"));
    assert_eq!(copies.count(), 0, "no copy is kept if nothing changed");
    let by_hand = Connection::open(&path).unwrap();
    by_hand.execute("UPDATE change_log SET latitude = 40 WHERE fid = 2", []).unwrap();
    drop(by_hand);
    assert_eq!(records(&Store::open(&path).unwrap().reader().unwrap()).1.len(), 8);
}

#[test]
fn a_store_without_any_record_is_brought_up_to_date_too() {
    let (_folder, path) = fixture("version-4");
    let by_hand = Connection::open(&path).unwrap();
    by_hand
        .execute_batch(
            "DELETE FROM change_log; DELETE FROM revisions; DELETE FROM clearline_records; DELETE FROM clearline_shown;
             DELETE FROM clearline_new_ids; DELETE FROM clearline_ids; DELETE FROM clearline_unapproved;
             DELETE FROM clearline_meta WHERE name = 'log_head'",
        )
        .unwrap();
    drop(by_hand);
    let mut store = Store::open(&path).unwrap();
    commit(&mut store, 1, vec![put(full(1))]);
    let checked = store::check(&path, None).unwrap();
    assert_eq!((checked.findings, checked.n_records), (Vec::new(), 1));
}

#[test]
fn a_log_that_was_cut_off_before_is_still_told_of_after() {
    let (_folder, path) = fixture("version-8");
    let by_hand = Connection::open(&path).unwrap();
    by_hand
        .execute_batch("DELETE FROM change_log WHERE revision = 9; DELETE FROM revisions WHERE revision = 9")
        .unwrap();
    drop(by_hand);
    let mut store = Store::open(&path).unwrap();
    assert!(!store::check(&path, None).unwrap().is_whole());
    commit(&mut store, 20, vec![put(plain(30))]);
    let told: Vec<String> =
        store::check(&path, None).unwrap().findings.iter().map(ToString::to_string).collect();
    assert!(
        told.iter().any(|told| told.contains("it follows revision 8: some revisions are missing")),
        "{told:?}"
    );
}
