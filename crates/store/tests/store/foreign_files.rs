//! Files that are not an intact store of this version are refused with a clear error and left unchanged.

use std::{collections::BTreeMap, fs, path::Path};

use rusqlite::Connection;
use store::{Reader, Store, StoreError};

use crate::samples::*;

/// Returns every file in the folder except locks, with its bytes.
fn files(folder: &Path) -> BTreeMap<String, Vec<u8>> {
    let files = fs::read_dir(folder).unwrap().map(|file| file.unwrap().path());
    files
        .filter(|path| !path.display().to_string().ends_with("-lock"))
        .map(|path| (path.file_name().unwrap().display().to_string(), fs::read(&path).unwrap()))
        .collect()
}

/// Opens the store at `path`, which must fail and change nothing.
fn refused(path: &Path) -> StoreError {
    let before = files(path.parent().unwrap());
    let error = Store::open(path).expect_err("this file is to be refused");
    assert!(files(path.parent().unwrap()) == before, "something was changed beside {}", path.display());
    error
}

/// Creates an intact store of some records, closed cleanly.
fn closed_store() -> (tempfile::TempDir, std::path::PathBuf) {
    let (folder, mut store) = new_store();
    commit(&mut store, 1, (0..500).map(|n| put(full(n))).collect());
    let path = store.path().to_owned();
    store.close().unwrap();
    (folder, path)
}

#[test]
fn other_files_are_not_ours() {
    let folder = tempfile::tempdir().unwrap();
    let check = |name: &str, bytes: &[u8]| {
        let path = folder.path().join(name);
        fs::write(&path, bytes).unwrap();
        let error = refused(&path);
        assert!(matches!(error, StoreError::NotOurs { .. }), "{name}: {error}");
        assert!(matches!(Reader::open(&path), Err(StoreError::NotOurs { .. })), "{name}");
        error.to_string()
    };
    check("short.txt", b"id,kind\n");
    check("long.txt", &b"no database, but more than a page of text. ".repeat(500));
    check("zeros.gpkg", &[0; 8192]);
    assert!(check("empty.gpkg", b"").ends_with("empty.gpkg is not a Clearline store: an empty file"));
    assert!(!folder.path().join("short.txt-lock").exists(), "no lock is created beside another file");
}

#[test]
fn databases_of_others_are_not_ours_whether_in_wal_mode_or_not() {
    for journal in ["DELETE", "WAL"] {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("theirs.db");
        let theirs = Connection::open(&path).unwrap();
        theirs.query_row(&format!("PRAGMA journal_mode = {journal}"), [], |_| Ok(())).unwrap();
        theirs
            .execute_batch("CREATE TABLE detections (id TEXT); INSERT INTO detections VALUES ('x');")
            .unwrap();
        // While the other program has it open, and afterwards.
        assert!(matches!(refused(&path), StoreError::NotOurs { .. }));
        drop(theirs);
        assert!(matches!(refused(&path), StoreError::NotOurs { .. }));
        assert!(matches!(Reader::open(&path), Err(StoreError::NotOurs { .. })));
        assert!(matches!(
            store::create_token(&path, &crate::tokens::bearer(demining::Role::Admin), None, at(0)),
            Err(StoreError::NotOurs { .. })
        ));
    }
}

#[test]
fn a_geopackage_of_others_is_not_ours() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("theirs.gpkg");
    let theirs = Connection::open(&path).unwrap();
    theirs
        .execute_batch("PRAGMA application_id = 0x47504B47; CREATE TABLE gpkg_contents (table_name TEXT);")
        .unwrap();
    drop(theirs);
    let error = refused(&path).to_string();
    assert!(
        error.ends_with("theirs.gpkg is not a Clearline store: a GeoPackage without Clearline's tables"),
        "{error}"
    );
}

#[test]
fn a_folder_and_a_path_that_leads_nowhere_are_told_as_what_they_are() {
    let folder = tempfile::tempdir().unwrap();
    assert!(matches!(Store::open(folder.path()), Err(StoreError::NotOurs { .. })));
    let nowhere = folder.path().join("no/such/clearline.gpkg");
    assert!(matches!(Store::open(&nowhere), Err(StoreError::Io { .. })));
    let absent = folder.path().join("absent.gpkg");
    assert!(matches!(Reader::open(&absent), Err(StoreError::Io { .. })));
    assert!(matches!(
        store::create_token(&absent, &crate::tokens::bearer(demining::Role::Admin), None, at(0)),
        Err(StoreError::Io { .. })
    ));
    assert!(!absent.exists());
}

#[test]
fn a_store_of_a_newer_version_is_refused_with_both_versions() {
    let (_folder, path) = closed_store();
    let newer = Connection::open(&path).unwrap();
    newer.execute("UPDATE clearline_meta SET value = '99' WHERE name = 'schema_version'", []).unwrap();
    drop(newer);
    assert!(matches!(refused(&path), StoreError::Newer { found: 99, .. }));
    assert!(matches!(Reader::open(&path), Err(StoreError::Newer { found: 99, .. })));
}

#[test]
fn a_store_cut_anywhere_is_damaged() {
    let (_folder, path) = closed_store();
    let whole = fs::read(&path).unwrap();
    for cut in [1, 3, 7, 15] {
        fs::write(&path, &whole[..whole.len() * cut / 16]).unwrap();
        let error = refused(&path);
        assert!(matches!(error, StoreError::Damaged(_)), "{cut}/16: {error}");
    }
}

#[test]
fn a_store_overwritten_anywhere_is_damaged() {
    let (_folder, path) = closed_store();
    let whole = fs::read(&path).unwrap();
    // The first page except its header, and one page in eight of the others.
    for page in (0..whole.len() / 4096).step_by(8) {
        let mut broken = whole.clone();
        broken[(page * 4096).max(100)..(page + 1) * 4096].fill(0xa5);
        fs::write(&path, &broken).unwrap();
        let error = refused(&path);
        assert!(matches!(error, StoreError::Damaged(_)), "page {page}: {error}");
    }
}

#[test]
fn a_damaged_store_whose_server_was_killed_keeps_its_write_ahead_log_as_it_is() {
    let (folder, mut store) = new_store();
    commit(&mut store, 1, (0..500).map(|n| put(full(n))).collect());
    let killed = folder.path().join("killed");
    fs::create_dir(&killed).unwrap();
    let path = killed.join("clearline.gpkg");
    fs::copy(store.path(), &path).unwrap();
    fs::copy(format!("{}-wal", store.path().display()), format!("{}-wal", path.display())).unwrap();
    let newer = "UPDATE clearline_meta SET value = 'torn' WHERE name = 'schema_version'";
    let other = Connection::open(store.path()).unwrap();
    other.execute(newer, []).unwrap();
    fs::copy(format!("{}-wal", store.path().display()), format!("{}-wal", path.display())).unwrap();
    assert!(matches!(refused(&path), StoreError::Damaged(_)));
}

#[test]
fn a_log_whose_store_is_gone_is_not_thrown_away() {
    let (folder, mut store) = new_store();
    commit(&mut store, 1, vec![put(plain(1))]);
    let lonely = folder.path().join("lonely.gpkg");
    fs::copy(format!("{}-wal", store.path().display()), format!("{}-wal", lonely.display())).unwrap();
    assert!(matches!(Store::open(&lonely), Err(StoreError::Damaged(_))));
    assert!(!lonely.exists());
}

#[test]
fn a_row_that_was_edited_to_break_a_rule_is_told_with_table_fid_and_problem() {
    let (_folder, path) = closed_store();
    let check = |sql: &str, expected: &str| {
        let by_hand = Connection::open(&path).unwrap();
        by_hand.execute_batch("SAVEPOINT a").unwrap();
        by_hand.execute_batch(sql).unwrap();
        by_hand.execute_batch("RELEASE a").unwrap();
        let error = Reader::open(&path).unwrap().records::<Details>(|_| ()).unwrap_err().to_string();
        assert!(error.starts_with(&format!("the store is damaged: detections fid {expected}")), "{error}");
    };
    check("UPDATE detections_content SET quantity = 0 WHERE fid = 9", "9: quantity 0 is outside 1..1000000");
    check("UPDATE detections_content SET status = 'gone' WHERE fid = 8", "8: status \"gone\" is unknown");
    check(
        "UPDATE detections_content SET detected_on = '14.03.2023' WHERE fid = 7",
        "7: detected_on \"14.03.2023\" is not a day",
    );
    check(
        "UPDATE detections_content SET neutralised_on = NULL WHERE fid = 6",
        "6: neutralised_on is missing",
    );
    check(
        "UPDATE detections_content SET geom = x'00' WHERE fid = 5",
        "5: the geometry is not a GeoPackage blob",
    );
    check("UPDATE detections_content SET photos = '{' WHERE fid = 4", "4: photos is not the expected JSON");
}
