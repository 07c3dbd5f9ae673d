//! A commit: uploads become changes, decided on, written to the log and to the records, in one transaction.
//!
//! - `upload`: does one upload, or leaves no trace of it
//! - `write`: does one wish, or sets it aside
//! - `rows`: writes rows to the log and into the hash of their revision
//! - `batch`: holds the statements, and what goes back when an upload is undone
//! - `extent`: keeps the extent of all records

mod batch;
mod extent;
mod rows;
mod upload;
mod write;

use demining::Precision;
use jiff::Timestamp;
use rusqlite::Connection;

use self::batch::Batch;
use crate::{
    error::{Failure, StoreError, UploadError},
    sqlite::tables::ids::Ids,
    upload::{Committed, Upload},
};

/// Does all uploads in the transaction that is open on `conn`. Nothing is kept before it commits.
pub(crate) fn write_all(
    conn: &Connection,
    uploads: Vec<Upload>,
    at: Timestamp,
    precision: Precision,
    ids: &mut Ids,
) -> Result<Vec<Result<Committed, UploadError>>, StoreError> {
    // The store keeps milliseconds, and what is told must be what is kept.
    let at = Timestamp::from_millisecond(at.as_millisecond()).unwrap_or(at);
    let mut batch = Batch::begin(conn, at, precision, ids)?;
    let mut told = Vec::with_capacity(uploads.len());
    for upload in uploads {
        match batch.upload(upload) {
            Ok(committed) => told.push(Ok(committed)),
            Err(Failure::Upload(error)) => told.push(Err(error)),
            Err(Failure::Store(error)) => return Err(error),
        }
    }
    batch.describe()?;
    batch.ids.write(conn)?;
    Ok(told)
}
