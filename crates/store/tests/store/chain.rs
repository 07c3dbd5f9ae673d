//! The hash chain through the log: an unmodified log is valid, and any change is found.

use std::{fs, path::Path};

use demining::Revision;
use store::{Head, Store, StoreError, Upload, check};

use crate::{original::*, samples::*};

/// The changes of [`Original`] without content.
const DELETIONS: [i32; 2] = [6, 11];

#[test]
fn every_changed_byte_of_every_value_of_the_log_is_found() {
    let original = Original::new();
    for table in TABLES {
        let (columns, rows) = (columns(table), original.rows(table));
        let (key, mut n_changed) = (&columns[0], 0);
        let conn = original.open_copy();
        for row in &rows {
            for (column, value) in columns.iter().zip(row) {
                let update = format!("UPDATE {table} SET {column} = ?1 WHERE {key} = ?2");
                for other in changed(value) {
                    // The value is taken by another row, or NULL is not allowed.
                    let Ok(1) = conn.execute(&update, (&other, &row[0])) else { continue };
                    n_changed += 1;
                    let is_whole = check(&original.copy, None).unwrap().is_whole();
                    assert!(!is_whole, "{table} {:?}: {column} {value:?} -> {other:?}", row[0]);
                    let key_now = if column == key { &other } else { &row[0] };
                    conn.execute(&update, (value, key_now)).unwrap();
                }
            }
        }
        assert!(n_changed > 40 * rows.len(), "{n_changed} values of {table} were changed");
        assert!(check(&original.copy, None).unwrap().is_whole(), "{table} is as it was");
    }
}

#[test]
fn entries_that_are_missing_moved_or_added_are_found() {
    let original = Original::new();
    for fid in 1..=13 {
        original.finds(&format!("DELETE FROM changes WHERE fid = {fid}"));
        if !DELETIONS.contains(&fid) {
            original.finds(&format!("DELETE FROM detections_content WHERE fid = {fid}"));
            original.finds(&format!("UPDATE detections_content SET fid = 14 WHERE fid = {fid}"));
        }
        original.finds(&format!(
            "INSERT INTO changes SELECT 14, revision, collection, number, previous, action, id, review, reason,
               reason_seal FROM changes WHERE fid = {fid}"
        ));
        for other in fid + 1..=13 {
            let swap = |table: &str| {
                format!(
                    "UPDATE {table} SET fid = -1 WHERE fid = {fid};
                     UPDATE {table} SET fid = {fid} WHERE fid = {other};
                     UPDATE {table} SET fid = {other} WHERE fid = -1;"
                )
            };
            let (changes, content) = (swap("changes"), swap("detections_content"));
            original.finds(&format!("{changes} {content}"));
            original.finds(&changes);
        }
    }
    for fid in DELETIONS {
        original.finds(&format!("INSERT INTO detections_content (fid) VALUES ({fid})"));
        original.finds(&format!("INSERT INTO detections_content (fid, kind) VALUES ({fid}, 'other')"));
    }
    for revision in 1..=5 {
        let gone = format!("DELETE FROM changes WHERE revision = {revision}");
        original.finds(&gone);
        original.finds(&format!("DELETE FROM revisions WHERE revision = {revision}"));
        original.finds(&format!("{gone}; DELETE FROM revisions WHERE revision = {revision}"));
    }
    original.finds("DELETE FROM changes; DELETE FROM revisions");
    original.finds(
        "UPDATE changes SET fid = fid + 1000; UPDATE revisions SET first_change = first_change + 1000",
    );
    original.finds("UPDATE revisions SET revision = 6 WHERE revision = 5; UPDATE changes SET revision = 6 WHERE revision = 5");
    original.finds("DELETE FROM log_head");
    for column in ["revision", "public_revision", "last_change", "last_number"] {
        original.finds(&format!("UPDATE log_head SET {column} = {column} + 1"));
        original.finds(&format!("UPDATE log_head SET {column} = 'x'"));
    }
    original.finds("UPDATE log_head SET hash = zeroblob(32)");
    original.finds("UPDATE log_head SET hash = x'00'");
}

#[test]
fn a_last_revision_that_was_taken_away_with_all_that_is_derived_of_it_is_found() {
    let original = Original::new();
    let checked = original.after(
        "DELETE FROM changes WHERE revision = 5; DELETE FROM revisions WHERE revision = 5;
         DELETE FROM clearline_records WHERE number > 5;
         DELETE FROM clearline_new_ids WHERE fid = (SELECT max(fid) FROM clearline_new_ids)",
    );
    assert!(checked.findings[0].what.contains("but log_head says 5:"), "{}", checked.findings[0]);
}

#[test]
fn what_is_derived_of_the_log_and_is_not_what_the_log_makes_is_found() {
    let original = Original::new();
    for number in 1..=7 {
        original.finds(&format!("DELETE FROM clearline_records WHERE number = {number}"));
        original.finds(&format!("UPDATE clearline_records SET number = 99 WHERE number = {number}"));
        original.finds(&format!("UPDATE clearline_records SET stands = 1 - stands WHERE number = {number}"));
        for change in 1..=14 {
            let sql =
                format!("UPDATE clearline_records SET change = ?1 WHERE number = {number} AND change <> ?1");
            let mut n = 0;
            let checked = original.edited(|conn| {
                n = conn.execute(&sql, [change])?;
                Ok(())
            });
            assert_eq!(checked.is_whole(), n == 0, "record {number} refers to change {change}");
        }
    }
    original.finds("DELETE FROM clearline_new_ids WHERE fid = 1");
    original.finds("UPDATE clearline_new_ids SET ids = substr(ids, 21) WHERE fid = 1");
    original.finds("UPDATE clearline_new_ids SET ids = x'00' WHERE fid = 1");
    original.finds("INSERT INTO clearline_ids VALUES (x'00112233445566778899aabbccddeeff', 3)");
    original.finds("DROP VIEW detections; CREATE VIEW detections AS SELECT * FROM changes");
    original.finds("ALTER TABLE changes ADD COLUMN said_later TEXT");
}

#[test]
fn a_finding_says_where_it_lies() {
    let original = Original::new();
    let told = |sql: &str| original.after(sql).findings.iter().map(ToString::to_string).collect::<Vec<_>>();
    let changed = "revision 3: its entries or its hash were altered";
    assert_eq!(told("UPDATE changes SET reason = 'right item' WHERE reason = 'wrong item'"), [changed]);
    let [begun, other] = &told("UPDATE changes SET previous = NULL WHERE fid = 8")[..] else { panic!() };
    assert_eq!(begun, "revision 3: record 3: change 8 creates a record that already exists");
    assert_eq!(other, changed);
    let led = told("UPDATE clearline_records SET change = 2 WHERE number = 2");
    assert_eq!(led, ["record 2: it refers to change 2, which is not its last one"]);
    let added = told(
        "INSERT INTO changes (revision, collection, number, action, id)
         VALUES (0, 'detections', 9, 'created', 'x')",
    );
    assert!(
        added[0]
            .starts_with("revision 5: record 9: change 14 is among its changes but names another revision"),
        "{added:?}"
    );
}

#[test]
fn a_log_that_was_cut_off_and_written_again_is_told_by_a_head_that_was_published() {
    let original = Original::new();
    fs::write(&original.copy, &original.bytes).unwrap();
    let is_whole = |path: &Path, head: Head| check(path, Some(head)).unwrap().is_whole();
    assert!(is_whole(&original.copy, original.head));
    assert!(is_whole(&original.copy, Head::default()));

    let (_folder, mut other) = new_store();
    for n in 1..=6 {
        commit(&mut other, n, vec![put(plain(n.cast_unsigned()))]);
        assert!(check(other.path(), None).unwrap().is_whole());
        let checked = check(other.path(), Some(original.head)).unwrap();
        assert_eq!(checked.n_findings, 1);
        let told = checked.findings[0].to_string();
        assert!(told.contains(if n < 5 { "its end was removed" } else { "the log was rewritten" }), "{told}");
    }

    // The same log, continued, still contains all its earlier heads.
    let mut goes_on = Store::open(&original.copy).unwrap();
    commit(&mut goes_on, 9, vec![put(plain(9))]);
    assert!(is_whole(&original.copy, original.head));
}

#[test]
fn a_check_beside_the_writer_sees_each_commit_and_a_try_or_an_undone_upload_leaves_nothing() {
    let (_folder, mut store) = new_store();
    let head = |store: &Store| {
        let checked = check(store.path(), None).unwrap();
        assert_eq!(checked.findings, []);
        checked.head
    };
    assert_eq!(head(&store), Head::default());
    commit(&mut store, 1, vec![put(plain(1))]);
    let first = head(&store);
    assert_eq!(first.revision, Revision(1));
    store.attempt(Upload::new("dry run", vec![put(plain(2)), delete(1)]), at(2)).unwrap().unwrap();
    let undone =
        || Upload { atomic: true, ..Upload::new("team 7", vec![put(plain(3)), put(neutralised(1))]) };
    store.commit(vec![undone()], at(3)).unwrap();
    assert_eq!(head(&store), first);
    store.commit(vec![undone(), Upload::new("team 8", vec![put(plain(4))]), undone()], at(4)).unwrap();
    let second = head(&store);
    assert_eq!(second.revision, Revision(2));
    store.commit(vec![Upload::new("team 8", vec![put(plain(4))])], at(5)).unwrap();
    assert_eq!(head(&store), second);
}

#[test]
fn a_check_leaves_the_file_and_its_folder_as_they_are() {
    let original = Original::new();
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("alone.gpkg");
    fs::write(&path, &original.bytes).unwrap();
    assert!(check(&path, None).unwrap().is_whole());
    assert_eq!(fs::read(&path).unwrap(), original.bytes);
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1);
    assert!(matches!(check(folder.path().join("none.gpkg"), None), Err(StoreError::Io { .. })));
}

#[test]
fn every_flipped_byte_of_the_file_where_the_log_lies_is_found_unless_it_changes_nothing() {
    let original = Original::new();
    let log = TABLES.map(|table| original.rows(table));
    let mut bytes = original.bytes.clone();
    let (mut n_found, mut n_idle) = (0, Vec::new());
    for (offset, size) in pages(&bytes, TABLES) {
        // The page header with the cell pointers, and the cells up to the end of the page; the space between
        // them is free.
        let head = &bytes[offset..offset + 8];
        let n_cells = usize::from(u16::from_be_bytes([head[3], head[4]]));
        let first_cell = usize::from(u16::from_be_bytes([head[5], head[6]]));
        for at in (0..8 + 2 * n_cells).chain(first_cell..size).map(|within| offset + within) {
            let flip = [0x01, 0x80, 0xff, 0x10][at % 4];
            bytes[at] ^= flip;
            fs::write(&original.copy, &bytes).unwrap();
            bytes[at] ^= flip;
            if check(&original.copy, None).is_ok_and(|checked| checked.is_whole()) {
                let same = TABLES.map(|table| rows(&original.copy, table));
                assert_eq!(same, log.clone().map(Ok), "byte {at} ^ {flip:#x}");
                n_idle.push(at - offset);
            } else {
                n_found += 1;
            }
        }
    }
    // A row has several encodings: NULL has more than one code, and so does the length of a row.
    assert!(n_found > 2_000 && n_idle.len() < 60, "{n_found} were found, these change nothing: {n_idle:?}");
}
