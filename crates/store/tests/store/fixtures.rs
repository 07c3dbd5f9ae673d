//! Stores of every version are upgraded with all their content, and their published heads stay valid.
//!
//! `fixtures/version-N.gpkg` holds what [`live`] creates, as version N of the tables stored it. Those up to 7
//! predate the operators of authors.

use std::{fs, path::PathBuf};

use demining::{AccidentDetails, Author, Change, Outcome, Record, Review, Revision};
use rusqlite::Connection;
use store::{Head, Reader, Store, StoreError, check};

use crate::{samples::*, story::live};

/// The newest version of the tables.
const VERSION: u32 = 11;

/// The heads of the logs of versions up to 7, 8, 9, 10 and 11: published heads stay valid.
const HEADS: [&str; 5] = [
    "8:0b6bf0cad82486705f56e3e34d85afd26d0a0583be0c6754934fdbdae49e5b26",
    "9:de529838ca791db86980caa429b8d13a53375562688d51e8a98f1f05499536e5",
    "9:d6fc6b9c37058cfda1d68cd6b1a53badcbda404e88463a1865a853ac790dda85",
    "9:88c299318031c290b9de9cd9f041657f9d8216ce6976eabb4d94cc57aa09ba5f",
    "13:ba74b0d1c9631842b91514ea4d484dd95dd3f7001d1e9bf143265675ed1243ff",
];

/// A note that version 8 and before stored completely, as it is read now.
const CUT: &str = "cut\u{fffd}here";

fn of_version(version: u32) -> (tempfile::TempDir, PathBuf) {
    fixture(&format!("version-{version}"))
}

/// Removes from a log what early versions did not store: how often the public view had changed.
fn without_shown(log: Vec<Change>) -> Vec<Change> {
    log.into_iter().map(|change| Change { shown: Revision(0), ..change }).collect()
}

#[test]
fn a_store_of_every_version_answers_as_before_is_whole_and_goes_on() {
    let head = |version: u32| HEADS[version.saturating_sub(7) as usize].parse::<Head>().unwrap();
    for version in 1..=VERSION {
        let (_same_folder, mut same) = new_store();
        live(&mut same, CUT, version);
        let (folder, path) = of_version(version);
        if version < VERSION {
            let before = fs::read(&path).unwrap();
            assert!(matches!(Reader::open(&path), Err(StoreError::Older { found, .. }) if found == version));
            assert_eq!(Store::open(&path).unwrap().updated_from(), Some(version));
            let copy = folder.path().join(format!("old.gpkg-before-{VERSION}"));
            let told = Connection::open(&copy).unwrap().query_row(
                "SELECT value FROM clearline_meta WHERE name = 'schema_version'",
                [],
                |row| row.get::<_, String>(0),
            );
            assert_eq!(told, Ok(version.to_string()));
            assert_eq!(fs::read(&copy).unwrap().len(), before.len(), "page by page");
        }
        let mut store = Store::open(&path).unwrap();
        assert_eq!(store.updated_from(), None);
        assert_eq!(folder.path().join(format!("old.gpkg-before-{VERSION}")).exists(), version < VERSION);
        let checked = check(&path, None).unwrap();
        assert_eq!(checked.findings, [], "version {version}");
        assert_eq!(checked.head, head(version), "version {version}");
        let published = checked.head;

        let (reader, same_reader) = (store.reader().unwrap(), same.reader().unwrap());
        assert_eq!(records(&reader), records(&same_reader), "version {version}");
        let (log, same_log) = (whole_log(&reader, 2), whole_log(&same_reader, 100));
        if version < 4 {
            assert_eq!(without_shown(log), without_shown(same_log), "version {version}");
        } else {
            assert_eq!(log, same_log, "version {version}");
        }
        assert_eq!(reader.find::<Details>(id(9)).unwrap().unwrap().content.note.as_deref(), Some(CUT));
        let sent_back =
            |reader: &Reader| reader.unapproved(Collection::Detections, Review::HasIssues, 0, 9).unwrap();
        assert_eq!(sent_back(&reader), sent_back(&same_reader));
        if version >= 5 {
            assert_eq!(
                reader.quarantined::<Details>(0, 9).unwrap(),
                same_reader.quarantined::<Details>(0, 9).unwrap(),
                "version {version}"
            );
            assert_eq!(
                reader.quarantined_of::<Details>(id(2)).unwrap(),
                same_reader.quarantined_of::<Details>(id(2)).unwrap()
            );
            assert_eq!(reader.waiting().unwrap(), [id(103)]);
        }
        if version >= 8 {
            let owner = Author::new("Team 7", Some("ANAMA".into()));
            assert_eq!(reader.owner(id(10)).unwrap(), Some(owner));
        }
        assert_eq!(accidents(&reader), accidents(&same_reader), "version {version}");
        if version >= 11 {
            assert_eq!(all_runs(&reader, 2), all_runs(&same_reader, 2), "version {version}");
            let held = |reader: &Reader| reader.quarantined::<AccidentDetails>(0, 9).unwrap();
            assert_eq!((held(&reader).len(), held(&reader)), (1, held(&same_reader)), "version {version}");
            let sent_back = reader.unapproved(Collection::Accidents, Review::HasIssues, 0, 9).unwrap();
            assert_eq!(sent_back.len(), 1, "version {version}");
        }
        assert_eq!((reader.epoch().unwrap(), reader.store_id().unwrap().is_nil()), (1, false));

        // Known ids are recognised, numbers and revisions continue, and a note with U+FFFD is not written
        // again.
        let wishes = || vec![put(plain(4)), put(plain(11)), because(delete(9), "twice"), delete(4)];
        let (went, goes) = (commit(&mut same, 20, wishes()), commit(&mut store, 20, wishes()));
        assert_eq!((&went.outcomes, went.revision), (&goes.outcomes, goes.revision), "version {version}");
        assert_eq!(goes.outcomes[1..], [Outcome::Created, Outcome::Deleted, Outcome::Deleted]);
        let numbers = |changes: &[Change]| changes.iter().map(|change| change.number).collect::<Vec<_>>();
        assert_eq!(numbers(&went.changes), numbers(&goes.changes));
        let more = vec![put(full_accident(50)), put(accident(4))];
        let of = Collection::Detections;
        let expected = [Outcome::Created, Outcome::OtherCollection { of }];
        assert_eq!(commit(&mut store, 21, more).outcomes, expected, "version {version}");
        let checked = check(&path, Some(published)).unwrap();
        assert_eq!(checked.findings, [], "version {version}");
    }
}

#[test]
fn a_review_of_a_record_with_a_null_character_writes_it_without() {
    let (_folder, path) = of_version(8);
    let mut store = Store::open(&path).unwrap();
    let write: demining::Write = demining::Write {
        row: 1,
        action: demining::Action::Review(id(9), Review::HasIssues),
        expect: demining::Expect::Any,
        reason: Some("which road?".into()),
    };
    commit(&mut store, 20, vec![write]);
    let notes = |record: Option<&std::sync::Arc<Record>>| record.unwrap().content.note.clone();
    let history = store.reader().unwrap().history::<Details>(id(9)).unwrap();
    assert!(history.iter().all(|change| notes(change.after.as_ref()).as_deref() == Some(CUT)));
    let conn = Connection::open(&path).unwrap();
    let n: i64 = conn
        .query_row("SELECT count(*) FROM detections_content WHERE instr(note, char(0)) > 0", [], |row| {
            row.get(0)
        })
        .unwrap();
    assert_eq!(n, 1, "only the revision of before has it, for its hash covers it");
    assert_eq!(check(&path, None).unwrap().findings, []);
}

#[test]
fn the_encoding_of_a_revision_cannot_be_changed() {
    for version in [7, 9] {
        let (_folder, path) = of_version(version);
        drop(Store::open(&path).unwrap());
        assert!(check(&path, None).unwrap().is_whole());
        for encoding in ["1", "2", "3", "'2'"] {
            let conn = Connection::open(&path).unwrap();
            let sql = format!("UPDATE revisions SET encoding = {encoding} WHERE revision = 3");
            conn.execute_batch(&format!("SAVEPOINT a; {sql}")).unwrap();
            let same: bool = conn
                .query_row(
                    "SELECT count(DISTINCT encoding) = 1 AND typeof(min(encoding)) = 'integer' FROM revisions",
                    [],
                    |row| row.get(0),
                )
                .unwrap();
            conn.execute_batch("RELEASE a").unwrap();
            drop(conn);
            assert_eq!(check(&path, None).unwrap().is_whole(), same, "version {version}, {encoding}");
        }
    }
}

#[test]
fn nothing_can_be_added_to_a_revision_beside_what_its_encoding_covers() {
    let (_folder, path) = of_version(7);
    drop(Store::open(&path).unwrap());
    for sql in [
        "UPDATE changes SET reason_seal = x'00' WHERE fid = 4",
        "UPDATE detections_content SET note_seal = x'00112233445566778899aabbccddeeff' WHERE fid = 1",
        "UPDATE changes SET collection = 'accidents' WHERE fid = 2",
        "INSERT INTO detections_content (fid) VALUES (99)",
        "UPDATE detections_content SET note = NULL WHERE note IS NOT NULL",
        "UPDATE detections_content SET note = 'cut' WHERE instr(note, char(0)) > 0",
    ] {
        let damaged = path.with_file_name("damaged.gpkg");
        fs::copy(&path, &damaged).unwrap();
        let conn = Connection::open(&damaged).unwrap();
        assert!(conn.execute(sql, []).unwrap() > 0, "{sql}");
        drop(conn);
        assert!(!check(&damaged, None).unwrap().is_whole(), "{sql}");
    }
}

/// Creates the fixture of the current version. When the version increases, run it once with
/// `CLEARLINE_WRITE_FIXTURE=1`.
#[test]
fn the_fixture_of_this_version_can_be_made_anew() {
    let (_folder, mut store) = new_store();
    live(&mut store, CUT, VERSION);
    let path = store.path().to_owned();
    store.close().unwrap();
    let conn = Connection::open(&path).unwrap();
    conn.execute_batch(
        "PRAGMA journal_mode = DELETE; PRAGMA page_size = 1024; VACUUM; PRAGMA journal_mode = WAL;",
    )
    .unwrap();
    drop(conn);
    assert!(check(&path, None).unwrap().is_whole());
    if std::env::var_os("CLEARLINE_WRITE_FIXTURE").is_some() {
        let fixture = format!("{}/tests/fixtures/version-{VERSION}.gpkg", env!("CARGO_MANIFEST_DIR"));
        fs::copy(path, fixture).unwrap();
    }
}
