//! Records, uploads and stores for tests.

use std::path::PathBuf;

use demining::{
    Accident, AccidentClass, AccidentDetails, Action, Activity, AgeGroup, AsGiven, Change, Content, Disposal,
    Expect, Fix, InformationReliability, Judged, Kind, Outcome, Record, Revision, SetOff, Sex,
    SourceReliability, Status, Victim, VictimOutcome, VictimStatus, Write, YesNo, field::Rows,
};
pub use demining::{Collection, Details};
use geometry::LonLat;
use jiff::{
    Timestamp,
    civil::{Date, date, time},
};
pub use store::Writes;
use store::{ChangesOf, Position, Reader, Store, Stored, Told, Upload};
use tempfile::TempDir;
use uuid::Uuid;

/// Creates a store in a temporary folder.
pub fn new_store() -> (TempDir, Store) {
    let folder = tempfile::tempdir().unwrap();
    let store = Store::open(folder.path().join("clearline.gpkg")).unwrap();
    (folder, store)
}

pub fn today() -> Date {
    date(2024, 1, 10)
}

/// Returns the instant of the `n`th commit.
pub fn at(n: i64) -> Timestamp {
    Timestamp::from_millisecond(1_700_000_000_000 + n * 1_007).unwrap()
}

pub fn id(n: u64) -> Uuid {
    Uuid::from_u64_pair(n.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1, n)
}

/// Returns a minimal detection.
pub fn plain(n: u64) -> Details {
    Details {
        id: id(n),
        location: LonLat::new(46.0 + n as f64 / 1e4, 40.0 + n as f64 / 1e5).unwrap(),
        kind: Kind::ApMine,
        quantity: 1,
        detected_on: date(2023, 3, 14),
        status: Status::Detected,
        ..Details::blank(Uuid::nil(), LonLat::from_e7(0, 0).expect("a position"))
    }
}

/// Returns a detection with a value in every field.
pub fn full(n: u64) -> Details {
    Details {
        location: LonLat::new(46.041_234_5, 40.106_312_3).unwrap(),
        location_as_given: Some(AsGiven {
            coordinates: "4435012.4 8531207.1".into(),
            crs: "EPSG:28408".into(),
        }),
        accuracy_m: Some(5.1),
        fix: Some(Fix::GnssCorrected),
        kind: Kind::AvMineImprovised,
        model: Some("TM-62M".into()),
        made_in_year: Some(2021),
        quantity: 3,
        depth_cm: Some(12.0),
        status: Status::Neutralised,
        neutralised_on: Some(date(2023, 3, 15)),
        disposal: Some(Disposal::MovedAndDestroyed),
        operator: Some("Ağdam 'ərazi' \"A\"".into()),
        team: Some("7".into()),
        hazard_area: Some("KAL-17".into()),
        source_reliability: Some(SourceReliability::Record),
        note: Some("Two lines,\nand a tab\t; and 地雷.".into()),
        photos: vec!["a;1.jpg".into(), "b \"2\".jpg".into()],
        extra: Some(r#"{"alpha":"1","zone":[1,2.50]}"#.into()),
        ..plain(n)
    }
}

pub fn neutralised(n: u64) -> Details {
    Details { status: Status::Neutralised, neutralised_on: Some(date(2023, 3, 20)), ..plain(n) }
}

/// Returns a minimal accident.
pub fn accident(n: u64) -> AccidentDetails {
    let place = LonLat::new(47.0 + n as f64 / 1e4, 39.5 + n as f64 / 1e5).unwrap();
    AccidentDetails {
        class: AccidentClass::Mine,
        occurred_on: date(2023, 9, 19),
        ..AccidentDetails::blank(id(n), place)
    }
}

/// Returns an accident with a value in every field.
pub fn full_accident(n: u64) -> AccidentDetails {
    let killed = Victim {
        outcome: Some(VictimOutcome::Killed),
        sex: Some(Sex::Male),
        age_group: Some(AgeGroup::Adult),
        status: Some(VictimStatus::Civilian),
        activity: Some(Activity::Herding),
        touched: Some(YesNo::No),
        risk_education_received: Some(YesNo::Yes),
    };
    let injured = Victim { outcome: Some(VictimOutcome::Injured), ..Victim::default() };
    AccidentDetails {
        location: LonLat::new(47.030_123_4, 39.720_432_1).unwrap(),
        location_as_given: Some(AsGiven {
            coordinates: "4398012.4 8673207.1".into(),
            crs: "EPSG:28408".into(),
        }),
        accuracy_m: Some(25.5),
        fix: Some(Fix::Gnss),
        time: Some(time(4, 30, 0, 0)),
        device: Some(Kind::AvMine),
        model: Some("TM-62M".into()),
        area_marked: Some(YesNo::No),
        set_off: Some(SetOff::ALL[0]),
        killed: Some(1),
        injured: Some(1),
        victims: Rows::new(vec![killed, injured]),
        certified_on: Some(date(2023, 10, 2)),
        operator: Some("Ağdam 'ərazi' \"A\"".into()),
        team: Some("7".into()),
        hazard_area: Some("KHO-3".into()),
        source_reliability: Some(SourceReliability::Record),
        information_reliability: Some(InformationReliability::ALL[0]),
        note: Some("Two lines,\nand a tab\t; and 地雷.".into()),
        extra: Some(r#"{"alpha":"1","zone":[1,2.50]}"#.into()),
        ..accident(n)
    }
}

pub fn delete_accident(n: u64) -> Write<Accident> {
    Write { row: 1, action: Action::Delete(id(n)), expect: Expect::Any, reason: None }
}

pub fn put_as<T: Content>(content: T, expect: Expect) -> Write<Judged<T>> {
    let record = Judged::new(content, today()).unwrap();
    Write { row: 1, action: Action::Put(Box::new(record)), expect, reason: None }
}

pub fn put<T: Content>(content: T) -> Write<Judged<T>> {
    put_as(content, Expect::Same)
}

pub fn delete(n: u64) -> Write {
    Write { row: 1, action: Action::Delete(id(n)), expect: Expect::Any, reason: None }
}

pub fn because<C>(write: Write<C>, reason: &str) -> Write<C> {
    Write { reason: Some(reason.into()), ..write }
}

/// A committed upload.
#[derive(Debug)]
pub struct Done<T: Content> {
    pub revision: Revision,
    pub outcomes: Vec<Outcome>,
    pub changes: Vec<Change<Judged<T>>>,
}

/// Commits one upload.
pub fn commit<T: Stored>(store: &mut Store, n: i64, writes: Vec<Write<Judged<T>>>) -> Done<T>
where
    Vec<Write<Judged<T>>>: Into<Writes>,
{
    let done = store.commit(vec![Upload::new("team 7", writes)], at(n)).unwrap().remove(0).unwrap();
    Done { revision: done.revision, outcomes: done.outcomes, changes: done.changes.of().to_vec() }
}

pub fn records(reader: &Reader) -> (Revision, Vec<Record>) {
    let mut all = Vec::new();
    let revision = reader.records(|record| all.push(record)).unwrap();
    (revision, all)
}

/// Returns the current accidents.
pub fn accidents(reader: &Reader) -> (Revision, Vec<Record<Accident>>) {
    let mut all = Vec::new();
    let revision = reader.records(|record| all.push(record)).unwrap();
    (revision, all)
}

/// Returns the runs of the whole log, read in pages of `limit`.
pub fn all_runs(reader: &Reader, limit: usize) -> Vec<ChangesOf> {
    let (mut runs, mut position) = (Vec::new(), Position::after(Revision(0)));
    loop {
        let page = reader.changes_since(position, limit).unwrap();
        runs.extend(page.runs);
        position = page.next;
        if !page.more {
            return runs;
        }
    }
}

/// Returns the whole log of detections, read in pages of `limit`.
pub fn whole_log(reader: &Reader, limit: usize) -> Vec<Change> {
    let (mut log, mut position) = (Vec::new(), Position::after(Revision(0)));
    loop {
        let page = reader.changes_since(position, limit).unwrap();
        log.extend(page.of().cloned());
        position = page.next;
        if !page.more {
            return log;
        }
    }
}

/// Returns the records that result from a log, in the order of their numbers.
pub fn replay<C: Clone>(log: &[Change<C>]) -> Vec<Record<C>> {
    let mut live = std::collections::BTreeMap::new();
    for change in log {
        match &change.after {
            Some(record) => live.insert(change.number, Record::clone(record)),
            None => live.remove(&change.number),
        };
    }
    live.into_values().collect()
}

/// Returns a report that no manager must see.
pub fn told(report: String) -> Told {
    Told { version: 1, report, is_refused: false, is_whole: true, is_personal: false }
}

/// Returns a copy of a store that an earlier version wrote, in a temporary folder.
pub fn fixture(name: &str) -> (TempDir, PathBuf) {
    let folder = tempfile::tempdir().unwrap();
    let from = format!("{}/tests/fixtures/{name}.gpkg", env!("CARGO_MANIFEST_DIR"));
    let path = folder.path().join("old.gpkg");
    std::fs::copy(from, &path).unwrap();
    (folder, path)
}
