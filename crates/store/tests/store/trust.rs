//! What a caller who knows a store may rely on: that nobody edited it outside the log, and when the whole
//! file is checked.

use demining::{Expect, Revision};
use rusqlite::Connection;
use std::{fs, path::Path, process::Command};
use store::{Reader, Store, StoreError};

use crate::samples::*;

fn edited(path: &Path, seen: u64) -> bool {
    Reader::open(path).unwrap().was_edited_since(Revision(seen)).unwrap()
}

/// Creates some records in two commits, and closes the store cleanly.
fn closed_store() -> (tempfile::TempDir, std::path::PathBuf) {
    let (folder, mut store) = new_store();
    let path = store.path().to_owned();
    assert!(!edited(&path, 0), "an empty store is as it was made");
    commit(&mut store, 1, (0..300).map(|n| put(full(n))).collect());
    commit(&mut store, 2, vec![put(plain(1_000)), delete(3)]);
    store.close().unwrap();
    (folder, path)
}

/// Edits the log as GDAL and QGIS would: with the date of the layer's last change.
fn edit(path: &Path) {
    let other = Connection::open(path).unwrap();
    let sql = "UPDATE detections_content SET quantity = 9
         WHERE fid = (SELECT change FROM clearline_records WHERE number = 5)";
    other.execute(sql, []).unwrap();
    let dated = "UPDATE gpkg_contents SET last_change = strftime('%Y-%m-%dT%H:%M:%fZ', 'now')
         WHERE table_name = 'change_log'";
    other.execute(dated, []).unwrap();
}

#[test]
fn commits_tokens_and_reports_are_no_edits_by_others() {
    let (_folder, path) = closed_store();
    assert!(!edited(&path, 0));
    store::create_token(&path, &crate::tokens::bearer(demining::Role::Manager), None, at(3)).unwrap();
    let mut store = Store::open(&path).unwrap();
    commit(&mut store, 4, vec![put_as(neutralised(7), Expect::Any)]);
    commit(&mut store, 5, vec![put_as(neutralised(7), Expect::Any)]);
    assert!(!edited(&path, 0));
    drop(store);
    assert!(!edited(&path, 0));
}

#[test]
fn an_edit_by_another_program_is_known_at_once_and_remembered_after_the_next_commit() {
    let (_folder, path) = closed_store();
    edit(&path);
    assert!(edited(&path, 2));
    let mut store = Store::open(&path).unwrap();
    // A commit without changes leaves it as it is.
    commit(&mut store, 3, vec![put(plain(1_000))]);
    assert!(edited(&path, 2));
    commit(&mut store, 4, vec![put(plain(1_001))]);
    assert!(edited(&path, 2), "records read before the edit lack it");
    assert!(!edited(&path, 3), "records read after the edit have it");
    // The same while the store is open.
    edit(&path);
    assert!(edited(&path, 3));
    commit(&mut store, 5, vec![put(plain(1_002))]);
    commit(&mut store, 6, vec![put(plain(1_003))]);
    assert!(edited(&path, 3) && !edited(&path, 4));
}

#[test]
fn gdal_cannot_append_a_feature_to_the_log() {
    let (folder, path) = closed_store();
    let copy = folder.path().join("one.gpkg");
    let ogr2ogr = |arguments: &[&str], to: &Path, from: &Path| {
        let told = Command::new("ogr2ogr").args(arguments).arg(to).arg(from).arg("change_log").output();
        told.expect("ogr2ogr is there (Debian: apt-get install gdal-bin)").status.success()
    };
    assert!(ogr2ogr(&["-f", "GPKG", "-where", "fid = 5"], &copy, &path));
    assert!(!edited(&path, 2), "reading is no edit");
    assert!(!ogr2ogr(&["-append"], &path, &copy));
    assert!(store::check(&path, None).unwrap().is_whole());
}

#[test]
fn the_file_is_read_whole_unless_it_was_closed_in_order_and_is_trusted() {
    let (_folder, path) = closed_store();
    assert!(Store::open(&path).unwrap().is_checked());
    assert!(Store::open_trusting(&path, |_| false).unwrap().is_checked());
    let mut seen = None;
    let mut store = Store::open_trusting(&path, |reader| {
        seen = Some(reader.revision().unwrap());
        true
    })
    .unwrap();
    assert_eq!((seen, store.is_checked()), (Some(Revision(2)), false));
    assert!(store.reader().unwrap().check(|| true).unwrap());
    commit(&mut store, 3, vec![put(plain(2_000))]);

    // As after a kill: the caller sees the content with the log, and the file is checked.
    let killed = path.with_file_name("killed.gpkg");
    for ending in ["", "-wal"] {
        fs::copy(format!("{}{ending}", path.display()), format!("{}{ending}", killed.display())).unwrap();
    }
    let store = Store::open_trusting(&killed, |reader| {
        seen = Some(reader.revision().unwrap());
        true
    })
    .unwrap();
    assert_eq!((seen, store.is_checked()), (Some(Revision(3)), true));
}

#[test]
fn a_check_tells_of_damage_and_can_be_ended() {
    let (_folder, path) = closed_store();
    let pages: i64 = Connection::open(&path)
        .unwrap()
        .query_row("SELECT rootpage FROM sqlite_master WHERE name = 'uploads'", [], |row| row.get(0))
        .unwrap();
    let mut bytes = fs::read(&path).unwrap();
    // The page size is in bytes 16 and 17 of the header.
    let size = usize::from(u16::from_be_bytes([bytes[16], bytes[17]]));
    let page = (pages as usize - 1) * size;
    bytes[page..page + size].fill(0xa5);
    fs::write(&path, &bytes).unwrap();
    let store = Store::open_trusting(&path, |_| true).unwrap();
    let reader = store.reader().unwrap();
    assert!(matches!(reader.check(|| true), Err(StoreError::Damaged(_))));
    drop((reader, store));

    let (_folder, path) = closed_store();
    let reader = Reader::open(&path).unwrap();
    assert!(!reader.check(|| false).unwrap());
    assert!(reader.check(|| true).unwrap(), "the next one goes on to its end");
}

#[test]
fn records_read_in_parts_are_all_records_once() {
    let (_folder, path) = closed_store();
    let reader = Reader::open(&path).unwrap();
    let last = reader.last_number().unwrap();
    let (mut all, mut parts) = (Vec::new(), Vec::new());
    reader.records::<Details>(|record| all.push(record)).unwrap();
    for part in [0..=99, 100..=100, 101..=last, last + 1..=u32::MAX] {
        assert_eq!(reader.records_between(part, |record| parts.push(record)).unwrap(), Revision(2));
    }
    assert_eq!((last, all.len()), (301, 300));
    assert_eq!(all, parts);
}
