//! A saved atlas is used if and only if it belongs to the current store.

use std::{
    fs,
    path::{Path, PathBuf},
};

use atlas::{Filter, Scope, View};
use demining::{
    Accident, AccidentDetails, Action, Content, Details, Detection, Expect, Kind, Level, Names, Precision,
    Region, Revision, Status, Write,
};
use geometry::LonLat;
use jiff::{Timestamp, civil::date};
use store::{Reader, Store, Upload};
use tempfile::TempDir;
use uuid::Uuid;

use super::{Doubt, Head, frames::Frames, load, path_of, read_head};
use crate::{
    access::Policy,
    service::{Opened, Service},
};

fn put(n: u64, quantity: u32) -> Write {
    let details = Details {
        id: Uuid::from_u64_pair(0x018f_3c1e_7a44_7cc1, 0x9000_0000_0000_0000 | n),
        location: LonLat::new(46.0 + n as f64 / 1e4, 40.0).unwrap(),
        kind: Kind::ApMine,
        quantity,
        detected_on: date(2023, 3, 14),
        status: Status::Detected,
        operator: Some(format!("operator {}", n % 3)),
        ..Details::blank(Uuid::nil(), LonLat::from_e7(0, 0).expect("a position"))
    };
    let detection = Detection::new(details, date(2024, 1, 1)).unwrap();
    Write { row: n, action: Action::Put(Box::new(detection)), expect: Expect::Any, reason: None }
}

fn at(n: i64) -> Timestamp {
    Timestamp::from_millisecond(1_700_000_000_000 + n).unwrap()
}

fn commit(store: &mut Store, n: i64, mut writes: Vec<Write>) {
    for write in &mut writes {
        write.reason = Some("a test".into());
    }
    store.commit(vec![Upload::new("team", writes)], at(n)).unwrap().remove(0).unwrap();
}

fn region(id: &str, west: f64) -> Region {
    let ring = vec![(west, 39.0), (west + 1.0, 39.0), (west + 1.0, 41.0), (west, 41.0), (west, 39.0)];
    Region {
        id: id.into(),
        level: Level::District,
        parent: None,
        names: Names { by_language: vec![("en".into(), id.into())], aliases: Vec::new() },
        boundary: geo::MultiPolygon::new(vec![geo::Polygon::new(ring.into(), Vec::new())]),
        label: LonLat::new(west + 0.5, 40.0).unwrap(),
        valid_from: None,
        valid_to: None,
        source: String::new(),
    }
}

/// A store of 200 records in two commits, with the atlas that a server saved.
fn saved_store() -> (TempDir, PathBuf) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().canonicalize().unwrap().join("store.gpkg");
    let mut store = Store::open(&path).unwrap();
    store.replace_reference(&[region("A", 46.0), region("B", 47.0)], &[], &[], at(0)).unwrap();
    commit(&mut store, 1, (0..200).map(|n| put(n, 1)).collect());
    commit(&mut store, 2, vec![put(7, 2), put(8, 2)]);
    drop(store);
    serve(&path);
    (folder, path)
}

/// Starts a server on the store and stops it. Returns its first view and whether the whole store was checked
/// before.
fn serve(path: &Path) -> (View, bool) {
    let opened = Opened::open(path, Policy::default()).unwrap();
    let is_checked = opened.store.is_checked();
    let (service, writer) = Service::start(opened).unwrap();
    let view = service.atlas.view(Scope::Full);
    drop(service);
    writer.join().unwrap();
    (view, is_checked)
}

fn head(path: &Path) -> Head {
    read_head(&mut Frames::open(&path_of(path)).unwrap()).unwrap()
}

fn doubt(path: &Path) -> Doubt {
    let reader = Reader::open(path).unwrap();
    load(path, &reader, Precision::default()).err().expect("a saved atlas that is to be doubted")
}

/// After a doubt, the server shows the content of the store, and the next start trusts its file again.
fn assert_recovers(path: &Path) {
    let mut stored = Vec::new();
    let revision = Reader::open(path).unwrap().records(|record| stored.push(record)).unwrap();
    let same = |view: &View| {
        let shown = view.page(&Filter::everything(), None, 10_000).records;
        assert_eq!(shown.into_iter().map(|found| (*found.record).clone()).collect::<Vec<_>>(), stored);
        assert_eq!(view.revision(), revision);
    };
    let (view, is_checked) = serve(path);
    same(&view);
    assert!(is_checked, "the whole store is checked after a doubt");
    let (view, is_checked) = serve(path);
    same(&view);
    assert!(!is_checked, "the new file is trusted");
}

#[test]
fn what_was_saved_is_used_and_what_came_after_is_taken_from_the_log() {
    let (_folder, path) = saved_store();
    assert_eq!((head(&path).revision, head(&path).read_at, head(&path).last_number), (2, 2, 200));
    let mut store = Store::open(&path).unwrap();
    commit(&mut store, 3, vec![put(500, 1), put(9, 4)]);
    let gone = Write { row: 1, action: Action::Delete(put(10, 1).id()), expect: Expect::Any, reason: None };
    commit(&mut store, 4, vec![gone]);
    drop(store);
    let reader = Reader::open(&path).unwrap();
    let (atlas, facts, n_changes) =
        load(&path, &reader, Precision::default()).unwrap().catch_up(&reader).unwrap();
    assert_eq!(
        (facts.revision, facts.read_at, facts.last_number, n_changes),
        (Revision(4), Revision(2), 201, 3)
    );
    assert_eq!(facts.mark, super::mark_at(&reader, Revision(4)).unwrap());
    let view = atlas.view(Scope::Full);
    assert_eq!(view.count(&Filter::everything()).records, 200);
    assert!(view.get(put(10, 1).id()).is_none() && view.get(put(500, 1).id()).is_some());
    drop(reader);
    let (view, is_checked) = serve(&path);
    assert_eq!((view.revision(), is_checked), (Revision(4), false));
    assert_eq!((head(&path).revision, head(&path).read_at), (4, 2), "saved at the end");
}

#[test]
fn accidents_are_read_from_the_store_beside_the_saved_detections() {
    let (_folder, path) = saved_store();
    let mut store = Store::open(&path).unwrap();
    let accident = |n: u64| {
        let place = LonLat::new(46.5, 40.0).unwrap();
        let details = AccidentDetails::blank(Uuid::from_u64_pair(7, 0x9000_0000_0000_0000 | n), place);
        let content = Box::new(Accident::new(details, date(2024, 1, 1)).unwrap());
        Write { row: n, action: Action::Put(content), expect: Expect::Any, reason: None }
    };
    let accidents = Upload::new("team", vec![accident(1), accident(2)]);
    store.commit(vec![accidents], at(3)).unwrap().remove(0).unwrap();
    commit(&mut store, 4, vec![put(500, 1)]);
    store.commit(vec![Upload::new("team", vec![accident(3)])], at(5)).unwrap().remove(0).unwrap();
    drop(store);
    let reader = Reader::open(&path).unwrap();
    let (atlas, facts, n_changes) =
        load(&path, &reader, Precision::default()).unwrap().catch_up(&reader).unwrap();
    assert_eq!((facts.revision, facts.last_number, n_changes), (Revision(5), 204, 4));
    assert_eq!(facts.mark, super::mark_at(&reader, Revision(5)).unwrap());
    assert!(!facts.mark.is_empty(), "an accident marks its revision too");
    let view = atlas.view(Scope::Full);
    assert_eq!(view.revision(), Revision(5));
    assert_eq!((view.count(&Filter::everything()).records, view.accidents().all().count()), (201, 3));
    drop(reader);
    // The file that is saved now has the revision of an accident.
    serve(&path);
    assert_eq!((head(&path).revision, head(&path).last_number), (5, 204));
    let (view, is_checked) = serve(&path);
    assert_eq!((view.accidents().all().count(), is_checked), (3, false));
}

#[test]
fn a_file_that_is_missing_costs_nothing_but_time() {
    let (_folder, path) = saved_store();
    fs::remove_file(path_of(&path)).unwrap();
    assert!(matches!(doubt(&path), Doubt::Missing));
    assert_recovers(&path);
}

#[test]
fn a_file_cut_short_or_with_a_wrong_bit_anywhere_is_not_used() {
    let (_folder, path) = saved_store();
    let whole = fs::read(path_of(&path)).unwrap();
    for length in (0..whole.len()).step_by(7) {
        fs::write(path_of(&path), &whole[..length]).unwrap();
        assert!(matches!(doubt(&path), Doubt::Damaged | Doubt::Version), "{length} of {} bytes", whole.len());
    }
    for at in (0..whole.len()).step_by(5) {
        let mut wrong = whole.clone();
        wrong[at] ^= 0x10;
        fs::write(path_of(&path), &wrong).unwrap();
        assert!(matches!(doubt(&path), Doubt::Damaged | Doubt::Version), "byte {at}");
    }
    let twice = [&whole[..], &whole[16..]].concat();
    fs::write(path_of(&path), twice).unwrap();
    doubt(&path);
    assert_recovers(&path);
}

/// Rewrites the file with another header.
fn with_head(path: &Path, change: impl FnOnce(&mut Head)) {
    let mut frames = Frames::open(&path_of(path)).unwrap();
    let mut head = read_head(&mut frames).unwrap();
    change(&mut head);
    let mut all = vec![serde_json::to_vec(&head).unwrap()];
    let mut frame = super::Frame::default();
    while frames.next(&mut frame).unwrap() {
        all.push(frame.bytes().unwrap().to_vec());
    }
    super::frames::write(&path_of(path), all.into_iter()).unwrap();
}

#[test]
fn a_file_of_an_older_or_newer_program_is_not_used() {
    let (_folder, path) = saved_store();
    with_head(&path, |head| head.format += 1);
    assert!(matches!(doubt(&path), Doubt::Version));
    assert_recovers(&path);
    with_head(&path, |head| head.program = "0.0.9 1".into());
    assert!(matches!(doubt(&path), Doubt::Version));
    assert_recovers(&path);
    with_head(&path, |head| head.n_blocks += 1);
    assert!(matches!(doubt(&path), Doubt::Damaged));
    assert_recovers(&path);
}

#[test]
fn a_file_made_with_other_regions_is_not_used() {
    let (_folder, path) = saved_store();
    let mut store = Store::open(&path).unwrap();
    store.replace_reference(&[region("A", 46.001), region("B", 47.0)], &[], &[], at(3)).unwrap();
    drop(store);
    assert!(matches!(doubt(&path), Doubt::Regions));
    assert_recovers(&path);
}

#[test]
fn a_file_of_a_store_with_another_history_is_not_used() {
    let (_folder, path) = saved_store();
    // A backup in which the same revision later became another one.
    let (_other_folder, other) = saved_store();
    let mut store = Store::open(&other).unwrap();
    commit(&mut store, 3, vec![put(1, 5)]);
    drop(store);
    serve(&other);
    let mut store = Store::open(&path).unwrap();
    commit(&mut store, 4, vec![put(1, 5)]);
    drop(store);
    assert!(load(&path, &Reader::open(&path).unwrap(), Precision::default()).is_ok());
    fs::copy(path_of(&other), path_of(&path)).unwrap();
    assert_eq!(head(&path).revision, 3);
    assert!(matches!(doubt(&path), Doubt::History));
    assert_recovers(&path);
    // A backup that ends earlier.
    with_head(&path, |head| head.revision = 9);
    assert!(matches!(doubt(&path), Doubt::History));
    assert_recovers(&path);
}

#[test]
fn a_store_that_another_program_edited_is_read_anew_and_its_edit_is_shown() {
    let (_folder, path) = saved_store();
    // The store's tests use real programs; here, only set the date as they do.
    let sql = "UPDATE detections_content SET quantity = 9
           WHERE fid = (SELECT change FROM clearline_records WHERE number = 5);
         UPDATE gpkg_contents SET last_change = '2024-01-01T00:00:00.000Z' WHERE table_name = 'change_log'";
    let done = std::process::Command::new("sqlite3").arg(&path).arg(sql).status();
    assert!(done.expect("sqlite3 is installed by make test").success());
    assert!(matches!(doubt(&path), Doubt::Edited));
    // A commit before the next start must not hide the edit.
    let mut store = Store::open(&path).unwrap();
    commit(&mut store, 3, vec![put(300, 1)]);
    drop(store);
    assert!(matches!(doubt(&path), Doubt::Edited));
    assert_recovers(&path);
}

#[test]
fn an_unfinished_file_of_a_server_that_was_killed_is_cleared_away() {
    let (_folder, path) = saved_store();
    let unfinished = super::frames::unfinished(&path_of(&path));
    fs::write(&unfinished, b"half").unwrap();
    let (_, is_checked) = serve(&path);
    assert!(!is_checked && !unfinished.exists());
}

#[test]
fn a_server_that_cannot_save_its_atlas_serves_all_the_same() {
    let (_folder, path) = saved_store();
    fs::remove_file(path_of(&path)).unwrap();
    fs::create_dir(super::frames::unfinished(&path_of(&path))).unwrap();
    let (view, _) = serve(&path);
    assert_eq!(view.revision(), Revision(2));
    assert!(!path_of(&path).exists());
}
