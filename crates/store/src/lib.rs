//! The only durable room: the change log and the records as they stand, in one `GeoPackage`.
//!
//! The file is `SQLite` in WAL mode with `synchronous=FULL`: what [`Store::commit`] has answered was
//! on the disk before. GDAL and QGIS open it while the server runs. There is one [`Store`] for a
//! file, the writer, which holds a lock on it and one beside it; any number of [`Reader`]s read at one revision
//! each. This room holds no clock: instants come in as arguments.
//!
//! ```
//! use demining::{Action, Detection, Expect, RawDetection, RawLocation, Revision, Value, Write};
//! use jiff::{Timestamp, civil::date};
//! use store::{Store, Upload};
//!
//! # let folder = tempfile::tempdir()?;
//! # let path = folder.path().join("clearline.gpkg");
//! let location = RawLocation::At { lon: 46.0412, lat: 40.1063, as_given: None, transform_accuracy_m: 0.0 };
//! let text = |name: &str, value: &str| (RawDetection::name(name), Value::Text(value.to_owned()));
//! let properties = vec![text("kind", "ap_mine"), text("detected_on", "2023-03-14")];
//! let row = RawDetection { row: 1, id: Value::Null, location, properties };
//! let detection = Detection::judge(row, date(2024, 1, 10), uuid::Uuid::new_v4).unwrap();
//!
//! let mut store = Store::open(&path)?;
//! let write = Write { row: 1, action: Action::Put(Box::new(detection)), expect: Expect::Same, reason: None };
//! let told = store.commit(vec![Upload::new("team 7", vec![write])], Timestamp::UNIX_EPOCH)?;
//! let done = told.into_iter().next().unwrap()?;
//! assert_eq!(done.revision, Revision(1));
//! assert_eq!(store.reader()?.history(done.changes[0].id)?, done.changes);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

#![cfg_attr(test, allow(clippy::unwrap_used))]

mod chain;
mod check;
mod checkpoint;
mod columns;
mod commit;
mod connection;
mod decision;
mod edits;
mod error;
mod gpkg;
mod held;
mod ids;
mod inbox;
mod lock;
mod open;
mod owners;
mod photos;
mod reader;
mod reference;
mod refused;
mod reserve;
mod schema;
mod store;
mod tokens;
mod uploads;
mod walk;

pub use chain::{Head, NoHead, RevisionHash};
pub use check::{Checked, Finding, check};
pub use commit::{Committed, Report, Told, Upload};
pub use error::{StoreError, UploadError};
pub use held::{Decided, Decision, Held};
pub use inbox::{Kept, Received};
pub use photos::PhotoUse;
pub use reader::{Changes, Position, Reader};
pub use refused::{Refused, Settled, Settlement};
pub use store::Store;
pub use tokens::{
    Bearer, Proof, Session, TOKEN_BEGINS, Token, begin_session, create_token, end_session, revoke_token,
};
pub use uploads::UploadReport;
