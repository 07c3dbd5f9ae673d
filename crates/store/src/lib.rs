//! The durable storage: the change log and the current records, in one `GeoPackage`.
//!
//! The file is `SQLite` in WAL mode with `synchronous=FULL`: whatever [`Store::commit`] returned is on disk.
//! GDAL and QGIS can open it while the server runs. A file has one [`Store`], the writer, which holds a lock
//! on it and one beside it, and any number of [`Reader`]s, each reading one revision. This crate has no
//! clock: callers pass instants as arguments.
//!
//! The types of the interface:
//!
//! - `upload`: an upload, its outcome, and its report
//! - `inbox`: a received upload, and one that a manager has to settle
//! - `quarantine`: a write that a manager has to decide on
//! - `collections`: the collections, and what holds records of any one of them
//! - `changes`: a position in the change log, and a page of it
//! - `access`: tokens, sessions, and their holders
//! - `findings`: the results of a store check
//! - `redaction`: a text to be removed from the log
//! - `error`: errors
//!
//! The rules, the same for every database:
//!
//! - `decide`: what a write does, depending on the current record
//! - `chain`: the hash chain through the log
//! - `fields`: the fields of a record: their numbers, columns, reading and writing
//! - `unstorable`: refuses texts that no store can keep
//! - `value`: the value of a column, and how days, instants and ids are written
//!
//! The databases:
//!
//! - `sqlite`: a `GeoPackage`, a file of `SQLite`: [`Store`], [`Reader`], [`check`] and tokens
//!
//! ```
//! use demining::{Action, Detection, Expect, RawRecord, RawLocation, Revision, Value, Write};
//! use jiff::{Timestamp, civil::date};
//! use store::{Store, Upload};
//!
//! # let folder = tempfile::tempdir()?;
//! # let path = folder.path().join("clearline.gpkg");
//! let location = RawLocation::At { lon: 46.0412, lat: 40.1063, as_given: None, transform_accuracy_m: 0.0 };
//! let text = |name: &str, value: &str| (RawRecord::name(name), Value::Text(value.to_owned()));
//! let properties = vec![text("kind", "ap_mine"), text("detected_on", "2023-03-14")];
//! let row = RawRecord { row: 1, id: Value::Null, location, properties };
//! let detection = Detection::judge(row, date(2024, 1, 10), uuid::Uuid::new_v4).unwrap();
//!
//! let mut store = Store::open(&path)?;
//! let write = Write { row: 1, action: Action::Put(Box::new(detection)), expect: Expect::Same, reason: None };
//! let told = store.commit(vec![Upload::new("team 7", vec![write])], Timestamp::UNIX_EPOCH)?;
//! let done = told.into_iter().next().unwrap()?;
//! assert_eq!(done.revision, Revision(1));
//! let changes = done.changes.of::<demining::Details>();
//! assert_eq!(store.reader()?.history(changes[0].id)?, changes);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

#![cfg_attr(test, allow(clippy::unwrap_used))]

mod access;
mod chain;
mod changes;
mod collections;
mod decide;
mod error;
mod fields;
mod findings;
mod inbox;
mod quarantine;
mod redaction;
mod sqlite;
mod unstorable;
mod upload;
mod value;

pub use access::{Bearer, Proof, Session, TOKEN_BEGINS, Token};
pub use chain::{Head, NoHead, RevisionHash};
pub use changes::{Changes, Position};
pub use collections::{ChangesOf, Stored, Writes};
pub use error::{StoreError, UploadError};
pub use findings::{Checked, Finding};
pub use inbox::{Kept, Received, Refused, Settled, Settlement};
pub use quarantine::{Decided, PhotoUse, QuarantineDecision, QuarantinedWrite};
pub use redaction::{FreeText, Redaction};
pub use sqlite::{Reader, Store, begin_session, check, create_token, end_session, revoke_token};
pub use upload::{Committed, ReportMaker, Told, Upload, UploadReport};
