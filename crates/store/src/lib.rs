//! The only durable room: the change log and the records as they stand, in one GeoPackage.
//!
//! The file is SQLite in WAL mode with `synchronous=FULL`: what [`Store::commit`] has answered was
//! on the disk before. GDAL and QGIS open it while the server runs. There is one [`Store`] for a
//! file, the writer, which holds a lock beside it; any number of [`Reader`]s read at one revision
//! each. This room holds no clock: instants come in as arguments.
//!
//! ```
//! use demining::{Action, Details, Detection, Expect, Review, Revision, Write};
//! use store::{Store, Upload};
//! # let dir = tempfile::tempdir()?;
//! # let path = dir.path().join("clearline.gpkg");
//! # let details = store::doc_example();
//! let mut store = Store::open(&path)?;
//! let detection = Detection::new(details, jiff::civil::date(2024, 1, 10)).unwrap();
//! let write = Write { row: 1, action: Action::Put(Box::new(detection)), expect: Expect::Same, reason: None };
//! let upload = Upload::new("team 7", vec![write]);
//! let done = store.commit(vec![upload], jiff::Timestamp::UNIX_EPOCH)?.remove(0)?;
//! assert_eq!(done.revision, Revision(1));
//! assert_eq!(store.reader()?.history(done.changes[0].id)?, done.changes);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

#![cfg_attr(test, allow(clippy::unwrap_used))]

mod checkpoint;
mod columns;
mod commit;
mod connection;
mod decision;
mod error;
mod gpkg;
mod lock;
mod open;
mod reader;
mod reference;
mod schema;
mod store;
mod tokens;
mod uploads;

pub use commit::{Committed, Report, Upload};
pub use error::{StoreError, UploadError};
pub use reader::{Changes, Position, Reader};
pub use store::Store;
pub use tokens::{Token, create_token, revoke_token};
pub use uploads::UploadReport;
