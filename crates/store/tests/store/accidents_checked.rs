//! Accidents in the hash chain, in checks, in redaction, and after a crash.

use std::fs;

use demining::{AccidentDetails, Author, Expect, Revision};
use rusqlite::Connection;
use store::{FreeText, Reader, Redaction, Store, Upload, check};

use crate::{original::*, samples::*};

/// The tables of the log that hold accidents.
const OF_ACCIDENTS: [&str; 3] = ["changes", "accidents_content", "revisions"];

#[test]
fn every_changed_byte_of_every_value_of_a_mixed_log_is_found() {
    let original = Original::mixed();
    for table in OF_ACCIDENTS {
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
fn entries_that_are_missing_or_moved_to_another_collection_are_found() {
    let original = Original::mixed();
    for fid in 1..=12 {
        original.finds(&format!("DELETE FROM changes WHERE fid = {fid}"));
        for collection in ["detections", "accidents", "mines"] {
            let sql = format!(
                "UPDATE changes SET collection = '{collection}' WHERE fid = {fid} AND collection <> '{collection}'"
            );
            let mut n = 0;
            let checked = original.edited(|conn| conn.execute(&sql, []).map(|changed| n = changed));
            assert_eq!(checked.is_whole(), n == 0, "{sql}");
        }
        original.finds(&format!("DELETE FROM accidents_content WHERE fid = {fid}; DELETE FROM detections_content WHERE fid = {fid}; DELETE FROM changes WHERE fid = {fid}"));
    }
    for fid in [1, 2, 3, 6, 7, 10, 11] {
        original.finds(&format!("DELETE FROM accidents_content WHERE fid = {fid}"));
        original.finds(&format!("UPDATE accidents_content SET fid = 13 WHERE fid = {fid}"));
        original.finds(&format!("INSERT INTO detections_content (fid, kind) VALUES ({fid}, 'other')"));
        original.finds(&format!(
            "INSERT INTO detections_content (fid, geom) SELECT fid, geom FROM accidents_content WHERE fid = {fid};
             DELETE FROM accidents_content WHERE fid = {fid};"
        ));
    }
    original.finds("INSERT INTO accidents_content (fid) VALUES (4)");
    original.finds("INSERT INTO accidents_content (fid, class) VALUES (8, 'mine')");
    original.finds("DROP VIEW accidents; CREATE VIEW accidents AS SELECT * FROM changes");
    original.finds("ALTER TABLE accidents_content ADD COLUMN name TEXT");
    original.finds("INSERT INTO clearline_unapproved VALUES ('accidents', 'submitted', 1)");
    original.finds("UPDATE clearline_records SET stands = 1 - stands WHERE number = 1");
}

#[test]
fn a_history_that_goes_on_in_another_collection_is_told() {
    let original = Original::mixed();
    let told = original.after("UPDATE changes SET collection = 'detections' WHERE fid = 6").findings;
    let told: Vec<String> = told.iter().map(ToString::to_string).collect();
    let follows = "change 6 follows change 2, which is not an earlier one of this record";
    assert!(told.iter().any(|told| told.contains(follows)), "{told:?}");
}

#[test]
fn an_accident_that_was_edited_to_break_a_rule_is_told_with_table_fid_and_problem() {
    let (_folder, mut store) = new_store();
    commit(&mut store, 1, vec![put(plain(1))]);
    commit(&mut store, 2, (2..9).map(|n| put(full_accident(n))).collect());
    let aside = AccidentDetails { killed: Some(1), ..accident(8) };
    let upload = Upload { sets_aside: true, ..Upload::new("team 8", vec![put(aside)]) };
    store.commit(vec![upload], at(3)).unwrap().remove(0).unwrap();
    let path = store.path().to_owned();
    store.close().unwrap();
    let check = |sql: &str, expected: &str| {
        Connection::open(&path).unwrap().execute_batch(sql).unwrap();
        let error = Reader::open(&path).unwrap().records::<AccidentDetails>(|_| ()).unwrap_err().to_string();
        assert_eq!(error, format!("the store is damaged: accidents fid {expected}"));
    };
    let update = |set: &str, fid: u32| format!("UPDATE accidents_content SET {set} WHERE fid = {fid}");
    check(&update("killed = 2", 8), "8: killed 2 differs from the victims listed, of whom 1 are killed");
    check(&update("class = 'gone'", 7), "7: class \"gone\" is unknown");
    check(&update("time = '4:61'", 6), "6: time \"4:61\" is not a time");
    check(&update("occurred_on = NULL", 5), "5: occurred_on is empty");
    check(&update("geom = x'00'", 4), "4: the geometry is not a GeoPackage blob");
    check(&update("victims = '[{\"outcome\":\"gone\"}]'", 3), "3: victims is not the expected JSON");
    check(&update("victims = '{'", 2), "2: victims is not the expected JSON");
    // Detections remain readable, and so does the log up to the damage.
    let reader = Reader::open(&path).unwrap();
    assert_eq!(records(&reader).1.len(), 1);
    let error = reader.history::<AccidentDetails>(id(2)).unwrap_err().to_string();
    assert_eq!(error, "the store is damaged: changes fid 2: victims is not the expected JSON");
    // A quarantined write without its content is not passed over.
    Connection::open(&path).unwrap().execute("DELETE FROM accidents_held", []).unwrap();
    let error = reader.quarantined::<AccidentDetails>(0, 9).unwrap_err().to_string();
    assert!(error.starts_with("the store is damaged: clearline_held fid 1: "), "{error}");
    let sql = "UPDATE changes SET collection = 'mines' WHERE fid = 1";
    Connection::open(&path).unwrap().execute(sql, []).unwrap();
    let told = reader.collection_of(id(1)).unwrap_err().to_string();
    assert_eq!(told, "the store is damaged: changes fid 1: collection \"mines\" is unknown");
    let told = reader.changes_since(store::Position::after(Revision(0)), 9).unwrap_err().to_string();
    assert_eq!(told, "the store is damaged: changes fid 1: collection \"mines\" is unknown");
}

#[test]
fn a_redacted_text_of_an_accident_is_gone_and_the_chain_holds() {
    let (_folder, mut store) = new_store();
    let noted = |note: &str| AccidentDetails { note: Some(note.into()), ..full_accident(1) };
    commit(&mut store, 1, vec![put(noted("told by Leyla"))]);
    commit(&mut store, 2, vec![put(full(2))]);
    commit(&mut store, 3, vec![because(put_as(noted("Leyla came"), Expect::Any), "Leyla came back")]);
    let aside = Upload { sets_aside: true, ..Upload::new("team 8", vec![put(noted("not Leyla"))]) };
    store.commit(vec![aside], at(4)).unwrap().remove(0).unwrap();
    let head = check(store.path(), None).unwrap().head;
    let redaction = |field| Redaction {
        id: id(1),
        field,
        by: Author::from("admin"),
        reason: "it names a witness".into(),
    };
    assert_eq!(store.redact(&redaction(FreeText::Note), at(5)).unwrap(), 2);
    assert_eq!(store.redact(&redaction(FreeText::Reason), at(6)).unwrap(), 1);
    assert_eq!(store.redact(&redaction(FreeText::Extra), at(7)).unwrap(), 2);
    assert_eq!(store.redact(&redaction(FreeText::Note), at(8)).unwrap(), 0);
    let checked = check(store.path(), Some(head)).unwrap();
    assert_eq!((checked.findings, checked.head, checked.n_redacted), (Vec::new(), head, 5));
    let reader = store.reader().unwrap();
    for change in reader.history::<AccidentDetails>(id(1)).unwrap() {
        let content = &change.after.as_ref().unwrap().content;
        assert_eq!((&content.note, &content.extra, &change.reason), (&None, &None, &None));
        assert_eq!(content.victims, full_accident(1).victims);
    }
    assert_eq!(reader.quarantined_of::<AccidentDetails>(id(1)).unwrap()[0].wanted.note, None);
    assert_eq!(reader.find::<Details>(id(2)).unwrap().unwrap().content.note, full(2).note);
    drop(reader);
    let path = store.path().to_owned();
    store.close().unwrap();
    let bytes = fs::read(&path).unwrap();
    assert!(!bytes.windows(5).any(|window| window == b"Leyla"), "not even in unused parts of the file");
    // Without its redaction, the missing text is a finding.
    Connection::open(&path).unwrap().execute("DELETE FROM redactions WHERE change = 1", []).unwrap();
    assert!(!check(&path, None).unwrap().is_whole());
}

#[test]
fn after_a_crash_every_answered_accident_is_there_and_no_other() {
    let (folder, mut store) = new_store();
    let path = folder.path().join("clearline.gpkg");
    for n in 0..20_u64 {
        let of_n = |k: u64| n * 10 + k;
        if n % 3 == 0 {
            commit(&mut store, n.cast_signed(), vec![put(plain(of_n(0)))]);
        } else {
            commit(&mut store, n.cast_signed(), (0..n % 5).map(|k| put(full_accident(of_n(k)))).collect());
        }
        if n == 10 {
            store.tidy().unwrap();
        }
        if n % 4 == 3 {
            let copy = folder.path().join(format!("crash {n}.gpkg"));
            for ending in ["", "-wal"] {
                let from = format!("{}{ending}", path.display());
                fs::copy(from, format!("{}{ending}", copy.display())).unwrap();
            }
            let (reader, after) = (store.reader().unwrap(), Store::open(&copy).unwrap().reader().unwrap());
            assert!(all_runs(&after, 7) == all_runs(&reader, 7), "after {n}");
            assert!(accidents(&after) == accidents(&reader), "after {n}");
            assert_eq!(check(&copy, None).unwrap().findings, []);
        }
    }
}

#[test]
fn an_edit_of_accidents_by_another_program_is_known() {
    let (_folder, mut store) = new_store();
    commit(&mut store, 1, vec![put(plain(1))]);
    commit(&mut store, 2, vec![put(full_accident(2))]);
    let edited = |store: &Store| store.reader().unwrap().was_edited_since(Revision(2)).unwrap();
    assert!(!edited(&store));
    let other = Connection::open(store.path()).unwrap();
    other
        .execute_batch(
            "UPDATE accidents_content SET killed = 1;
             UPDATE gpkg_contents SET last_change = '2026-01-01T00:00:00.000Z' WHERE table_name = 'accidents'",
        )
        .unwrap();
    assert!(edited(&store));
    commit(&mut store, 3, vec![put(plain(3))]);
    assert!(edited(&store), "records read before the edit lack it");
}
