//! A text is removed from the log, and the published head stays valid.

use demining::{Author, Details, Expect};
use rusqlite::Connection;
use store::{FreeText, Head, Redaction, Store, StoreError, Upload, check};

use crate::samples::*;

fn redaction(n: u64, field: FreeText) -> Redaction {
    let by = Author::new("admin", Some("ANAMA".into()));
    Redaction { id: id(n), field, by, reason: "it names a witness".into() }
}

/// Creates a record with notes, extras and reasons through three revisions, another record, and the head.
fn noted() -> (tempfile::TempDir, Store, Head) {
    let (folder, mut store) = new_store();
    commit(&mut store, 1, vec![put(full(1)), put(full(2))]);
    let noted = Details { note: Some("shown by Leyla".into()), ..full(1) };
    commit(&mut store, 2, vec![because(put_as(noted, Expect::Any), "Leyla came back")]);
    let aside = Details { note: Some("shown by Leyla, not Aysel".into()), ..full(1) };
    let upload = Upload { sets_aside: true, ..Upload::new("team 8", vec![put(aside)]) };
    store.commit(vec![upload], at(3)).unwrap().remove(0).unwrap();
    commit(&mut store, 4, vec![because(delete(2), "Leyla was wrong")]);
    let head = check(store.path(), None).unwrap().head;
    (folder, store, head)
}

#[test]
fn a_redacted_text_is_gone_and_the_chain_holds() {
    let (_folder, mut store, head) = noted();
    let holds = |store: &Store, n_redacted: u64| {
        let checked = check(store.path(), Some(head)).unwrap();
        assert_eq!((checked.findings, checked.head, checked.n_redacted), (Vec::new(), head, n_redacted));
    };
    holds(&store, 0);
    assert!(!store.reader().unwrap().was_edited_since(head.revision).unwrap());
    assert_eq!(store.redact(&redaction(1, FreeText::Note), at(5)).unwrap(), 2);
    holds(&store, 2);
    assert!(store.reader().unwrap().was_edited_since(head.revision).unwrap(), "saved records are of before");
    assert_eq!(store.redact(&redaction(1, FreeText::Reason), at(6)).unwrap(), 1);
    assert_eq!(store.redact(&redaction(1, FreeText::Extra), at(7)).unwrap(), 2);
    assert_eq!(store.redact(&redaction(2, FreeText::Reason), at(8)).unwrap(), 1);
    // Nothing of the text remains, and another record is unchanged.
    assert_eq!(store.redact(&redaction(1, FreeText::Note), at(9)).unwrap(), 0);
    assert_eq!(store.redact(&redaction(9, FreeText::Note), at(9)).unwrap(), 0);
    holds(&store, 6);
    let reader = store.reader().unwrap();
    let history = reader.history::<Details>(id(1)).unwrap();
    assert!(history.iter().all(|change| {
        let detection = &change.after.as_ref().unwrap().content;
        change.reason.is_none() && detection.note.is_none() && detection.extra.is_none()
    }));
    assert_eq!(reader.quarantined_of::<Details>(id(1)).unwrap()[0].wanted.note, None);
    assert_eq!(
        reader.history::<Details>(id(2)).unwrap()[1].after.as_ref().unwrap().content.note,
        full(2).note
    );
    // The log continues after it.
    commit(&mut store, 10, vec![because(put_as(full(1), Expect::Any), "as it was")]);
    assert_eq!(check(store.path(), Some(head)).unwrap().findings, []);
    // Not even in the unused parts of the files.
    drop(reader);
    let has = |path: &std::path::Path, text: &[u8]| {
        std::fs::read(path).unwrap().windows(text.len()).any(|window| window == text)
    };
    let log = store.path().with_file_name("clearline.gpkg-wal");
    assert!(!has(&log, b"Leyla") && has(&log, b"as it was"));
    let path = store.path().to_owned();
    store.close().unwrap();
    assert!(!has(&path, b"Leyla") && has(&path, b"it names a witness"));
}

#[test]
fn what_is_taken_away_or_changed_otherwise_is_found() {
    let (_folder, mut store, head) = noted();
    store.redact(&redaction(1, FreeText::Note), at(5)).unwrap();
    let path = store.path().to_owned();
    store.close().unwrap();
    for sql in [
        // A text, a salt, a digest, and a redaction that nobody made.
        "UPDATE detections_content SET extra = '{}' WHERE fid = 1",
        "UPDATE detections_content SET extra = NULL WHERE fid = 1",
        "UPDATE detections_content SET extra = NULL, extra_seal = NULL WHERE fid = 1",
        "UPDATE detections_content SET extra_seal = randomblob(16) WHERE fid = 1",
        "UPDATE detections_content SET extra_seal = NULL WHERE fid = 1",
        "UPDATE detections_content SET extra = NULL, extra_seal = randomblob(32) WHERE fid = 1",
        "UPDATE changes SET reason = 'Leyla went away' WHERE fid = 3",
        "UPDATE changes SET reason = NULL WHERE fid = 3",
        "UPDATE changes SET reason_seal = randomblob(16) WHERE fid = 3",
        "UPDATE detections_content SET note_seal = randomblob(32) WHERE fid = 1",
        "UPDATE detections_content SET note_seal = NULL WHERE fid = 1",
        "UPDATE detections_content SET note = 'shown by Aysel' WHERE fid = 1",
        "UPDATE detections_content SET note = 'shown by Aysel', note_seal = randomblob(16) WHERE fid = 1",
        "DELETE FROM redactions WHERE change = 1",
        "INSERT INTO redactions SELECT 2, field, \"at\", \"by\", by_operator, reason FROM redactions WHERE change = 1",
    ] {
        let copy = path.with_file_name("copy.gpkg");
        std::fs::copy(&path, &copy).unwrap();
        let conn = Connection::open(&copy).unwrap();
        assert_eq!(conn.execute(sql, []), Ok(1), "{sql}");
        drop(conn);
        assert!(!check(&copy, Some(head)).unwrap().is_whole(), "{sql}");
    }
}

#[test]
fn a_text_that_version_8_hashed_cannot_be_redacted_and_nothing_of_it_is() {
    let (_folder, path) = fixture("version-8");
    let mut store = Store::open(&path).unwrap();
    let noted = Details { note: Some("shown by Leyla".into()), ..plain(9) };
    commit(&mut store, 20, vec![because(put_as(noted, Expect::Any), "noted")]);
    let told = store.redact(&redaction(9, FreeText::Note), at(21)).unwrap_err();
    assert!(matches!(told, StoreError::NotRedactable { revision: 7 }), "{told}");
    let note = store.reader().unwrap().find::<Details>(id(9)).unwrap().unwrap().content.note.clone();
    assert_eq!(note.as_deref(), Some("shown by Leyla"));
    assert_eq!(store.redact(&redaction(9, FreeText::Reason), at(21)).unwrap(), 1);
    assert_eq!(check(&path, None).unwrap().findings, []);
}

#[test]
fn no_text_with_a_null_character_is_stored() {
    let (_folder, mut store) = new_store();
    let mut refused = |upload: Upload, field: &'static str| {
        let told = store.commit(vec![upload], at(1)).unwrap().remove(0).unwrap_err();
        assert_eq!(told, store::UploadError::Unstorable { field });
    };
    let cut = || Some("cut\0here".to_owned());
    let of = |details: Details| Upload::new("team 7", vec![put(details)]);
    refused(of(Details { note: cut(), ..plain(1) }), "note");
    refused(of(Details { model: cut(), ..plain(1) }), "model");
    refused(of(Details { extra: cut(), ..plain(1) }), "extra");

    refused(Upload::new("team 7", vec![because(put(plain(1)), "\0")]), "reason");
    refused(Upload::new("team\0", vec![put(plain(1))]), "name");
    refused(Upload::new(Author::new("team 7", cut()), vec![put(plain(1))]), "operator");
    // Other uploads are unaffected.
    let told = store
        .commit(
            vec![of(Details { team: cut(), ..plain(1) }), Upload::new("team 7", vec![put(plain(2))])],
            at(2),
        )
        .unwrap();
    assert!(told[0].is_err() && told[1].is_ok());
    let bearer = store::Bearer { name: "a\0".into(), ..crate::tokens::bearer(demining::Role::Field) };
    let told = store::create_token(store.path(), &bearer, None, at(1)).unwrap_err();
    assert!(matches!(told, StoreError::Unstorable { field: "name" }), "{told}");
    let mut reason = redaction(2, FreeText::Note);
    reason.reason = "\0".into();
    assert!(matches!(store.redact(&reason, at(3)), Err(StoreError::Unstorable { field: "reason" })));
}
