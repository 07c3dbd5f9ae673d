//! A running service over a new store with two regions, and the callers and messages of the tests.

use std::{path::PathBuf, sync::Arc, thread::JoinHandle};

use atlas::{Scope, View};
use demining::{
    Accident, AccidentClass, AccidentDetails, Collection, Content, Details, Detection, Kind, Level, Names,
    Region, Role, Write,
};
use geometry::LonLat;
use jiff::{
    Timestamp,
    civil::{Date, date},
};
use serde_json::{Value, json};
use service::{
    Opened, Service,
    access::{Caller, Grant, Party, Policy},
    intake::{
        self, COLLECTION, Channel, FileOptions, InboundMessage, IntakeOutcome, Report, Statements, upload_of,
    },
};
use store::{Bearer, Committed, Store, Writes};
use tempfile::TempDir;
use uuid::Uuid;

/// A running service. Dropping its parts stops it.
pub struct World {
    pub service: Arc<Service>,
    pub path: PathBuf,
    thread: JoinHandle<()>,
    folder: TempDir,
}

impl World {
    /// Starts a service over a store with the regions A (46 to 47 east) and B (47 to 48 east).
    pub fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().canonicalize().unwrap().join("store.gpkg");
        let mut store = Store::open(&path).unwrap();
        let regions = [region("A", 46.0), region("B", 47.0)];
        store.replace_reference(&regions, &[], &[], Timestamp::UNIX_EPOCH).unwrap();
        store.close().unwrap();
        Self::start(folder, path)
    }

    fn start(folder: TempDir, path: PathBuf) -> Self {
        let opened = Opened::open(&path, Policy::default()).unwrap();
        let (service, thread) = Service::start(opened).unwrap();
        Self { service: Arc::new(service), path, thread, folder }
    }

    /// Stops the service and starts another over the same store.
    pub fn restarted(self) -> Self {
        let Self { service, path, thread, folder } = self;
        drop(service);
        thread.join().unwrap();
        Self::start(folder, path)
    }

    pub fn view(&self) -> View {
        self.service.atlas.view(Scope::Full)
    }

    /// Uploads features to a collection.
    pub async fn upload(&self, caller: &Caller, said: Statements, features: Vec<Value>) -> Report {
        let body = json!({"type": "FeatureCollection", "features": features});
        let message = self.message(said, None, &body, Channel::Uploads);
        match intake::take(&self.service.intake, caller, message).await.unwrap() {
            IntakeOutcome::Judged(report) => report,
            other => panic!("{other:?}"),
        }
    }

    /// Sends one feature to a collection.
    pub async fn send(&self, caller: &Caller, key: Option<&str>, feature: &Value) -> IntakeOutcome {
        let message = self.message(of_accidents(), key, feature, Channel::Items);
        intake::take_items(&self.service.intake, caller, message, None).await.unwrap()
    }

    pub fn message(
        &self,
        said: Statements,
        key: Option<&str>,
        body: &Value,
        channel: fn(FileOptions) -> Channel,
    ) -> InboundMessage {
        let bytes = self.service.intake.memory.hold(&Party::server(), body.to_string().into()).unwrap();
        let channel = channel(FileOptions::read(said, None, None).unwrap());
        InboundMessage { channel, key: key.map(str::to_owned), bytes }
    }

    /// Commits writes as a manager.
    pub async fn commit(&self, writes: impl Into<Writes>) -> Committed {
        let upload = upload_of(&self.service.intake, &manager(), writes.into());
        self.service.writer.commit(upload).await.unwrap()
    }
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

/// A field team of ANAMA that records in region A.
pub fn team(name: &str) -> Caller {
    let (operator, regions) = (Some("ANAMA".to_owned()), Some(vec!["A".to_owned()]));
    let bearer = Bearer { name: name.into(), role: Role::Field, operator, regions };
    Caller::sender(bearer, Grant::Own)
}

/// A manager of every region.
pub fn manager() -> Caller {
    let bearer = Bearer { name: "manager".into(), role: Role::Manager, operator: None, regions: None };
    Caller::sender(bearer, Grant::Regions)
}

/// A manager of region B.
pub fn manager_of_b() -> Caller {
    let regions = Some(vec!["B".to_owned()]);
    let bearer = Bearer { name: "manager of B".into(), role: Role::Manager, operator: None, regions };
    Caller::sender(bearer, Grant::Regions)
}

/// States that a file has accidents.
pub fn of_accidents() -> Statements {
    Statements::default().and(COLLECTION, Collection::Accidents.name())
}

pub fn id(n: u64) -> Uuid {
    Uuid::from_u64_pair(0x018f_3c1e_7a44_7cc1, 0x9000_0000_0000_0000 | n)
}

pub const DAY: Date = date(2023, 9, 19);

/// An accident as a feature, at 40 north.
pub fn feature(n: u64, lon: f64) -> Value {
    json!({
        "type": "Feature", "id": id(n), "geometry": {"type": "Point", "coordinates": [lon, 40.0]},
        "properties": {"class": "mine", "occurred_on": DAY.to_string()},
    })
}

/// Sets a property of a feature.
pub fn with(mut feature: Value, name: &str, value: impl Into<Value>) -> Value {
    feature["properties"][name] = value.into();
    feature
}

/// An accident at 40 north.
pub fn accident(n: u64, lon: f64) -> AccidentDetails {
    let blank = AccidentDetails::blank(id(n), LonLat::new(lon, 40.0).unwrap());
    AccidentDetails { class: AccidentClass::Mine, occurred_on: DAY, ..blank }
}

pub fn put(details: AccidentDetails) -> Write<Accident> {
    let content = Accident::new(details, date(2024, 1, 1)).unwrap();
    Write {
        row: 1,
        action: demining::Action::Put(Box::new(content)),
        expect: demining::Expect::Any,
        reason: Some("a test".into()),
    }
}

/// A detection at 40 north.
pub fn put_detection(n: u64, lon: f64) -> Write {
    let blank = Details::blank(id(n), LonLat::new(lon, 40.0).unwrap());
    let content = Detection::new(Details { kind: Kind::ApMine, ..blank }, date(2024, 1, 1)).unwrap();
    Write {
        row: 1,
        action: demining::Action::Put(Box::new(content)),
        expect: demining::Expect::Any,
        reason: Some("a test".into()),
    }
}
